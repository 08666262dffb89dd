/** What a revoked device costs in a week: its linkage chains evolved, and its linkage values expanded. */
import {
  CHAIN_BYTES,
  createLinkageKernel,
  type KernelName,
  type LinkageKernel,
  WORDS_PER_VALUE,
} from '../../src/kernel/index.ts';
import { Random } from '../../src/testbed/random.ts';
import { BY_SPEED } from '../inputs/kernels.ts';
import { OPERATIONS } from '../marks.ts';
import { type Context, type Group, must, type Task } from '../measure.ts';

const J_MAX = 20;
/** Entries or keys of one run. node:crypto takes them one by one, so that few show as much. */
const COUNT = 2048;
const NATIVE_COUNT = 256;
const CHAINS_PER_ENTRY = 2;

export const LINKAGE: Group = {
  section: 'operations',
  title: OPERATIONS.linkage.title,
  comparesWithOpenssl: false,
  open: (context) => ({
    tasks: besideNodeCrypto(context, (kernel, count) => {
      const { title: operation, mark } = OPERATIONS.linkage;
      const first = chainsOf(CHAINS_PER_ENTRY * count);
      const chains = first.slice();
      const out = new Uint32Array(WORDS_PER_VALUE * J_MAX * count);
      const week = (by: LinkageKernel): void => {
        by.evolve(chains, 1);
        by.expand(chains, CHAINS_PER_ENTRY, 0, J_MAX, 0, out);
      };
      week(createLinkageKernel('native'));
      const isRight = lastValueIs(out);
      return {
        operation,
        batch: count,
        mark,
        prepare: () => chains.set(first),
        run: () => {
          week(kernel);
          must(isRight(), `linkage values of ${kernel.name}`);
        },
      };
    }),
  }),
};

export const AES: Group = {
  section: 'kernels',
  title: 'AES-128',
  comparesWithOpenssl: false,
  open: (context) => ({
    tasks: besideNodeCrypto(context, (kernel, count) => {
      const chains = chainsOf(count);
      const out = new Uint32Array(WORDS_PER_VALUE * J_MAX * count);
      const expand = (by: LinkageKernel): void => by.expand(chains, 1, 0, J_MAX, 0, out);
      expand(createLinkageKernel('native'));
      const isRight = lastValueIs(out);
      return {
        operation: `AES-128, a block of a linkage value, a key for ${J_MAX}`,
        batch: count,
        items: J_MAX * count,
        run: () => {
          expand(kernel);
          must(isRight(), `AES-128 of ${kernel.name}`);
        },
      };
    }),
  }),
};

/** Whether the last value in `out` is again what it is now. Forgets it. */
function lastValueIs(out: Uint32Array): () => boolean {
  const expected = out.slice(-WORDS_PER_VALUE).join();
  out.fill(0);
  return () => out.subarray(-WORDS_PER_VALUE).join() === expected;
}

type Measurement = Omit<Task, 'kernel' | 'isPeer' | 'relative'>;

/** The same of every kernel that can run here, for so many keys or entries; what stands on node:crypto is the peer. */
function besideNodeCrypto(
  context: Context,
  measurementOf: (kernel: LinkageKernel, count: number) => Measurement,
): Task[] {
  const { mark: _, ...peer } = measurementOf(createLinkageKernel('native'), NATIVE_COUNT);
  const nodeCrypto: Task = { ...peer, kernel: 'node:crypto', isPeer: true };
  const ours = BY_SPEED.filter((name) => name !== 'native').flatMap((name): Task[] => {
    try {
      const kernel = createLinkageKernel(name as KernelName);
      return [{ ...measurementOf(kernel, COUNT), kernel: name, relative: { nodeCrypto } }];
    } catch (error) {
      context.notice(`linkage kernel '${name}' is left out: ${(error as Error).message}`);
      return [];
    }
  });
  return [...ours, nodeCrypto];
}

function chainsOf(count: number): Uint8Array {
  return new Random('linkage chains').bytes(CHAIN_BYTES * count);
}
