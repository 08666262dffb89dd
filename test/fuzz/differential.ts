/**
 * Verifies the same items in several ways that have to agree: with and without the fast path, on every kernel, in other batches, with
 * memories of their own, and on the threads of a pool; trust, CRLs and policy change in between, for all of them at once.
 */
import { createKernel, type Kernel } from '../../src/kernel/index.ts';
import { createPool, type Pool } from '../../src/pool/index.ts';
import type { RevocationData } from '../../src/revocation/index-data.ts';
import type { Verdict } from '../../src/verdict/index.ts';
import { type Item, type Policy, type TrustMaterial, Verifier } from '../../src/verifier/index.ts';
import { WORKER_URL } from '../pool/support.ts';
import type { Dice } from './mutate.ts';
import type { World } from './world.ts';

/** One way of verifying. */
interface Way {
  readonly name: string;
  verify(items: readonly Item[]): Promise<Verdict[]> | Verdict[];
  setTrust(trust: TrustMaterial): Promise<unknown> | unknown;
  setRevocation(data: RevocationData | undefined): Promise<unknown> | unknown;
  /** Undefined: its policy stays. */
  setPolicy?(policy: Policy): void;
  close?(): Promise<void>;
}

export interface Session {
  readonly batches: number;
  readonly size: number;
  readonly withPool: boolean;
  /** Kernels beside the one that is taken by itself. */
  readonly kernels: readonly string[];
}

export interface Outcome {
  readonly items: number;
  readonly verdicts: number;
  /** How often each code came. */
  readonly codes: ReadonlyMap<string, number>;
}

const kernels = new Map<string, Kernel>();

/** Kernels live as long as the process: so they have tables of keys and statistics of earlier sessions, as in a program that runs. */
function kernelNamed(name: string): Kernel {
  const known = kernels.get(name) ?? createKernel(name as Kernel['name']);
  kernels.set(name, known);
  return known;
}

/** The kernels that can run here. */
export function kernelsHere(): string[] {
  return ['fma', 'simd', 'scalar', 'native'].filter((name) => {
    try {
      return kernelNamed(name) !== undefined;
    } catch {
      return false;
    }
  });
}

interface Start {
  readonly trust: TrustMaterial;
  readonly revocation: RevocationData | undefined;
  readonly policy: Policy;
}

function inline(name: string, start: Start, options: { kernel: string; fastPath?: boolean; cut?: Dice }): Way {
  const { trust, revocation, policy } = start;
  const { kernel, fastPath = true, cut } = options;
  const kernelInstance = kernelNamed(kernel);
  const verifier = new Verifier({ ...policy, trust, revocation, kernelInstance, fastPath });
  return {
    name,
    verify: (items) => {
      if (cut === undefined) return verifier.verify(items);
      const verdicts: Verdict[] = [];
      for (let at = 0; at < items.length; ) {
        const size = 1 + cut.below(cut.below(2) ? 4 : 100);
        verdicts.push(...verifier.verify(items.slice(at, at + size)));
        at += size;
      }
      return verdicts;
    },
    setTrust: (next) => verifier.setTrust(next),
    setRevocation: (next) => verifier.setRevocation(next),
    setPolicy: (next) => verifier.setPolicy(next),
  };
}

function pooled(pool: Pool): Way {
  return {
    name: 'pool',
    verify: (items) => pool.verifyAll(items),
    setTrust: (trust) => pool.setTrust(trust),
    setRevocation: (data) => pool.setRevocation(data),
    close: () => pool.close(),
  };
}

async function waysOf(start: Start, dice: Dice, { withPool, kernels: names }: Session): Promise<Way[]> {
  const [own = 'scalar'] = kernelsHere();
  const { policy, ...rest } = start;
  const pool = withPool
    ? [
        pooled(
          await createPool({ ...policy, ...rest, threads: 2, maxBatch: 1 + dice.below(100), workerUrl: WORKER_URL }),
        ),
      ]
    : [];
  return [
    inline('every rule, item by item', start, { kernel: own, fastPath: false, cut: dice }),
    inline('fast path', start, { kernel: own }),
    inline('fast path, other batches', start, { kernel: own, cut: dice }),
    ...names.map((name) => inline(`fast path, ${name}`, start, { kernel: name })),
    ...pool,
  ];
}

/** Runs a session, and stops with an error at the first difference. */
export async function runSession(world: World, dice: Dice, session: Session): Promise<Outcome> {
  const start: Start = {
    trust: dice.below(4) === 0 ? dice.pick(world.trusts) : (world.trusts[0] as TrustMaterial),
    revocation: dice.pick(world.revocations),
    policy: dice.below(2) ? (world.policies[0] as Policy) : dice.pick(world.policies),
  };
  const ways = await waysOf(start, dice, session);
  const codes = new Map<string, number>();
  let [items, verdicts] = [0, 0];
  try {
    for (let i = 0; i < session.batches; i++) {
      const batch = world.batch(dice, session.size);
      const [first, ...others] = await Promise.all(ways.map(async (way) => ({ way, given: await way.verify(batch) })));
      const expected = first as { way: Way; given: Verdict[] };
      for (const { code } of expected.given) codes.set(code, (codes.get(code) ?? 0) + 1);
      for (const other of others) compare(batch, expected, other);
      items += batch.length;
      verdicts += batch.length * ways.length;
      await change(world, dice, ways);
    }
  } finally {
    await Promise.all(ways.map((way) => way.close?.()));
  }
  return { items, verdicts, codes };
}

async function change(world: World, dice: Dice, ways: readonly Way[]): Promise<void> {
  const choice = dice.below(8);
  if (choice === 0) {
    const trust = dice.below(2) ? (world.trusts[0] as TrustMaterial) : dice.pick(world.trusts);
    for (const way of ways) await way.setTrust(trust);
  } else if (choice === 1) {
    const revocation = dice.pick(world.revocations);
    for (const way of ways) await way.setRevocation(revocation);
  } else if (choice === 2 && ways.every(({ setPolicy }) => setPolicy !== undefined)) {
    const policy = dice.pick(world.policies);
    for (const way of ways) way.setPolicy?.(policy);
  }
}

interface Given {
  readonly way: Way;
  readonly given: readonly Verdict[];
}

/** @throws Error with everything that it takes to see the difference again. */
function compare(batch: readonly Item[], expected: Given, other: Given): void {
  batch.forEach((item, i) => {
    const [one, two] = [expected.given[i], other.given[i]].map((verdict) => JSON.stringify(verdict, sorted));
    if (one !== undefined && one === two && expected.given[i]?.code !== 'internalFailure') return;
    throw new Error(
      [
        `item ${i} of ${batch.length}: ${item.kind} ${Buffer.from(item.bytes).toString('hex')}`,
        `${expected.way.name}: ${one}`,
        `${other.way.name}: ${two}`,
      ].join('\n'),
    );
  });
  if (other.given.length !== batch.length) throw new Error(`${other.given.length} verdicts on ${batch.length} items`);
}

/** Members in an order of their own: which of them came first is no difference. */
function sorted(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
