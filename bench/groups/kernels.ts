/** The primitives below everything: field and point arithmetic inside WebAssembly, and hashing. */
import { createHash } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { type Core, operand, testingCores } from '../inputs/cores.ts';
import { kernelSources } from '../inputs/kernels.ts';
import { type Context, type Group, must, type Opened, type Task } from '../measure.ts';

const { Point } = p256;
const { Fp } = Point;

interface Primitive {
  readonly title: string;
  /** Export of the test build: a loop inside WebAssembly, because a call from JavaScript takes longer than a product. */
  readonly name: string;
  readonly times: number;
  readonly of: 'elements' | 'points';
  /** Whether this is right, of the core's first two operands, after going round the loop once. */
  holds(core: Core, a: bigint, b: bigint): boolean;
  /** The same with bigints, by the library that is the fastest at it, and how often. */
  readonly noble: { readonly times: number; run(): unknown };
}

const [A, B] = [0, 1].map((i) => Point.fromBytes(Uint8Array.of(4, ...operand(i)))) as [
  typeof Point.BASE,
  typeof Point.BASE,
];

const PRIMITIVES: readonly Primitive[] = [
  {
    title: 'field multiplication',
    name: 'benchMul',
    times: 20_000,
    of: 'elements',
    holds: (core, a, b) => core.firstElement() === Fp.mul(a, b),
    noble: { times: 500, run: () => Fp.mul(A.X, B.X) },
  },
  {
    title: 'field squaring',
    name: 'benchSqr',
    times: 20_000,
    of: 'elements',
    holds: (core, a) => core.firstElement() === Fp.sqr(a),
    noble: { times: 500, run: () => Fp.sqr(A.X) },
  },
  {
    title: 'field inverse',
    name: 'benchInvert',
    times: 80,
    of: 'elements',
    holds: (core, a) => core.firstElement() === Fp.inv(a),
    noble: { times: 20, run: () => Fp.inv(A.X) },
  },
  {
    title: 'field square root',
    name: 'benchSquareRoot',
    times: 80,
    of: 'elements',
    // Of what is no square it is a root of the negative.
    holds: (core, a) => [a, Fp.neg(a)].includes(Fp.sqr(core.firstElement())),
    noble: { times: 5, run: () => Fp.sqrt(Fp.sqr(A.X)) },
  },
  {
    title: 'point addition',
    name: 'benchAdd',
    times: 2_000,
    of: 'points',
    holds: (core) => core.pointX() === pointOf(core, 0).add(pointOf(core, 1)).toAffine().x,
    noble: { times: 100, run: () => A.add(B) },
  },
];

/** An operand of the core's last lane. */
function pointOf({ lanes }: Core, i: number): typeof Point.BASE {
  return Point.fromBytes(Uint8Array.of(4, ...operand(i * lanes + lanes - 1)));
}

export const ARITHMETIC: Group = {
  section: 'kernels',
  title: 'field and point arithmetic',
  comparesWithOpenssl: false,
  open: openArithmetic,
};

export function openArithmetic(context: Context, cores: readonly Core[] = testingCores(context)): Opened {
  for (const core of cores) {
    const missing = PRIMITIVES.filter(({ name }) => !core.has(name)).map(({ title }) => title);
    if (missing.length > 0) context.notice(`test build '${core.name}' has no loop for: ${missing.join(', ')}`);
  }
  return {
    tasks: PRIMITIVES.flatMap((primitive): Task[] => {
      const noble = nobleTask(primitive);
      const able = cores.filter((core) => core.has(primitive.name));
      return able.length > 0 ? [...able.map((core) => coreTask(core, primitive, noble)), noble] : [];
    }),
  };
}

function coreTask(core: Core, { title, name, times, of, holds }: Primitive, noble: Task): Task {
  const { lanes } = core;
  const load = (): void => (of === 'points' ? core.loadPoints() : core.loadElements());
  load();
  core.run(name, 1);
  const [a, b] = [0, 1].map((i) => pointOf(core, i).X) as [bigint, bigint];
  must(holds(core, a, b), `${title} of '${core.name}'`);
  return {
    operation: title,
    kernel: core.name,
    batch: lanes,
    items: lanes * times,
    relative: { noble },
    prepare: load,
    run: () => core.run(name, times),
  };
}

function nobleTask({ title, noble: { times, run } }: Primitive): Task {
  return {
    operation: title,
    kernel: '@noble/curves',
    batch: 1,
    items: times,
    isPeer: true,
    run: () => {
      for (let i = 0; i < times; i++) run();
    },
  };
}

const BLOCK_OCTETS = 64;
const BLOCKS_A_MESSAGE = 4;
/** A message ends with at least nine octets of padding. */
const MESSAGE_OCTETS = BLOCK_OCTETS * BLOCKS_A_MESSAGE - 9;
const MESSAGES = 1024;

export const HASHING: Group = {
  section: 'kernels',
  title: 'SHA-256',
  comparesWithOpenssl: false,
  open: (context) => {
    const messages = Array.from({ length: MESSAGES }, (_, i) => new Uint8Array(MESSAGE_OCTETS).fill(i));
    const last = createHash('sha256')
      .update(messages[MESSAGES - 1] as Uint8Array)
      .digest();
    const operation = 'SHA-256, a block of 64 bytes';
    const shape = { operation, batch: MESSAGES, items: MESSAGES * BLOCKS_A_MESSAGE };
    const peer = (kernel: string, hash: (message: Uint8Array) => Uint8Array, relative: Task['relative']): Task => ({
      ...shape,
      kernel,
      batch: 1,
      isPeer: true,
      relative,
      run: () => {
        let digest: Uint8Array | undefined;
        for (const message of messages) digest = hash(message);
        must(last.equals(digest as Uint8Array), `SHA-256 of ${kernel}`);
      },
    });
    const noble = peer('@noble/hashes', sha256, {});
    const nodeCrypto = peer('node:crypto, createHash', (message) => createHash('sha256').update(message).digest(), {
      noble,
    });
    const ours = kernelSources(context, ['fma', 'simd', 'scalar'])
      .map(({ create }) => create())
      .map(
        (kernel): Task => ({
          ...shape,
          kernel: kernel.name,
          relative: { nodeCrypto, noble },
          run: () => must(last.equals(kernel.sha256(messages).subarray(-32)), `SHA-256 of ${kernel.name}`),
        }),
      );
    return { tasks: [...ours, nodeCrypto, noble] };
  },
};
