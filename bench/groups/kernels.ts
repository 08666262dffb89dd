/** The primitives below everything: field and point arithmetic inside WebAssembly, and hashing. */
import { createHash } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { kernels, type TestingCore, testingCores } from '../inputs/kernels.ts';
import { type Context, type Group, must, type Opened, type Task } from '../measure.ts';

/** Each is a loop inside WebAssembly: a call from JavaScript takes longer than a multiplication. */
interface Primitive {
  readonly title: string;
  /** Export of the test build: does the operation so many times, on all lanes. */
  readonly name: string;
  readonly times: number;
}

const PRIMITIVES: readonly Primitive[] = [
  { title: 'field multiplication', name: 'benchMul', times: 20_000 },
  { title: 'field squaring', name: 'benchSqr', times: 20_000 },
  { title: 'field inverse', name: 'benchInvert', times: 80 },
  { title: 'field square root', name: 'benchSquareRoot', times: 80 },
  { title: 'point addition', name: 'benchAdd', times: 2_000 },
];

const { Fp, BASE } = p256.Point;
/** 2^200 + 1 has a square root, and nothing small about it. */
const ELEMENT = Fp.sqr(2n ** 200n + 1n);
const POINT = BASE.multiply(3n);

/** The same with bigints, by the library that is the fastest at it. */
const NOBLE: Readonly<Record<string, { readonly times: number; run(): unknown }>> = {
  benchMul: { times: 500, run: () => Fp.mul(ELEMENT, ELEMENT) },
  benchSqr: { times: 500, run: () => Fp.sqr(ELEMENT) },
  benchInvert: { times: 20, run: () => Fp.inv(ELEMENT) },
  benchSquareRoot: { times: 5, run: () => Fp.sqrt(ELEMENT) },
  benchAdd: { times: 100, run: () => BASE.add(POINT) },
};

export const ARITHMETIC: Group = {
  section: 'kernels',
  title: 'field and point arithmetic',
  comparesWithOpenssl: false,
  open: openArithmetic,
};

export function openArithmetic(context: Context, cores: readonly TestingCore[] = testingCores(context)): Opened {
  for (const { name, exports } of cores) {
    const missing = PRIMITIVES.filter((primitive) => exports[primitive.name] === undefined).map(({ title }) => title);
    if (missing.length > 0) context.notice(`test build '${name}' has no loop for: ${missing.join(', ')}`);
  }
  return {
    tasks: PRIMITIVES.flatMap((primitive): Task[] => {
      const noble = nobleTask(primitive);
      const ours = cores.flatMap((core) => primitiveTask(core, primitive, noble));
      return ours.length > 0 ? [...ours, noble] : [];
    }),
  };
}

function nobleTask({ title, name }: Primitive): Task {
  const { times, run } = NOBLE[name] as (typeof NOBLE)[string];
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

function primitiveTask({ name: kernel, exports }: TestingCore, primitive: Primitive, noble: Task): Task[] {
  const { title, name, times } = primitive;
  const loop = exports[name] as ((times: number) => void) | undefined;
  if (loop === undefined) return [];
  const lanes = (exports.LANES as WebAssembly.Global).value as number;
  return [
    { operation: title, kernel, batch: lanes, items: lanes * times, relative: { noble }, run: () => loop(times) },
  ];
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
    const operation = 'SHA-256, a block of 64 octets';
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
    const ours = kernels(context, ['fma', 'simd', 'scalar']).map(
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
