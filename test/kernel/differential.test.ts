/**
 * Every kernel on every path against node:crypto, item by item: honest signatures and the whole catalogue of adversarial
 * ones, mixed into batches of every size. SCMS_DIFFERENTIAL says how many signatures each kernel and path gets; SCMS_SEED
 * chooses others.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Kernel, Status } from '../../src/kernel/kernel.ts';
import { judge, rOf } from '../reference/judge.ts';
import { G, inverse, liftX, mod, multiply, N, P, verify as verifyByDefinition } from '../reference/p256.ts';
import { digitWalks, tournamentWalks } from '../support/digit-walks.ts';
import { kernels, type Path } from '../support/kernel-paths.ts';
import { type SignatureKinds, signatureKinds } from '../support/signature-kinds.ts';
import { type Affine, type Case, describeCase, digestOf, pack, SENT, type Sent } from '../support/signatures.ts';
import { Stream } from '../support/stream.ts';
import { TestingCore } from '../support/testing-core.ts';

const TOTAL = Number(process.env.SCMS_DIFFERENTIAL ?? 5000);
const SEED = process.env.SCMS_SEED ?? '1';
/** Items of one call that is larger than any region. */
const MANY = 20_000;
/** A minute, and a few milliseconds a signature. */
const TIMEOUT = 60_000 + 3 * TOTAL;

interface Batch {
  readonly composition: string;
  readonly hashed: boolean;
  readonly cases: readonly Case[];
  readonly expected: readonly Status[];
}

/** Around one, two and four lanes and what a batch equation may ask for at least: each with every composition. */
const SMALL = [1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 63, 64, 65];
/** Around the capacity of a call and above; the compositions take turns. */
const LARGE = [127, 255, 256, 257, 513, 1024];

/** What a batch is made of: so many cases, of kinds that it may choose from. */
type Composition = (kinds: SignatureKinds, random: Stream, size: number, usable: readonly string[]) => Case[];

/** Cases of adversarial kinds, until there are enough; the last kind may be cut. */
function adversarial(kinds: SignatureKinds, random: Stream, size: number, usable: readonly string[]): Case[] {
  const out: Case[] = [];
  while (out.length < size) out.push(...kinds.make(random.pick(usable)));
  return out.slice(0, size);
}

function honest(kinds: SignatureKinds, size: number, sent: () => Sent, keyCount = 0): Case[] {
  const keys = keyCount === 0 ? undefined : Array.from({ length: keyCount }, () => kinds.newKey());
  return Array.from({ length: size }, () => kinds.honest(sent(), keys));
}

const compressed = (): Sent => 'compressed';

const COMPOSITIONS: Readonly<Record<string, Composition>> = {
  'all valid, compressed': (kinds, _, size) => honest(kinds, size, compressed),
  'all valid, every encoding, few keys': (kinds, random, size) => honest(kinds, size, () => random.pick(SENT), 5),
  'one adversarial among valid': (kinds, random, size, usable) => [
    ...honest(kinds, size - 1, compressed),
    ...adversarial(kinds, random, 1, usable),
  ],
  'a tenth adversarial, one key for the others': (kinds, random, size, usable) => {
    const few = Math.ceil(size / 10);
    return [...honest(kinds, size - few, compressed, 1), ...adversarial(kinds, random, few, usable)];
  },
  'half adversarial': (kinds, random, size, usable) => [
    ...honest(kinds, size >> 1, () => random.pick(SENT), random.index(20)),
    ...adversarial(kinds, random, size - (size >> 1), usable),
  ],
  'all adversarial': adversarial,
  'none valid': (kinds, random, size, usable) => {
    const out: Case[] = [];
    while (out.length < size)
      out.push(...adversarial(kinds, random, size, usable).filter((one) => judge(one) !== Status.ok));
    return out.slice(0, size);
  },
  'few, repeated': (kinds, random, size, usable) => {
    const few = adversarial(kinds, random, 6, usable);
    return Array.from({ length: size }, () => random.pick(few));
  },
};

/** Sizes and compositions without end. */
function* plans(): Generator<{ size: number; composition: string; hashed: boolean }> {
  const names = Object.keys(COMPOSITIONS);
  for (let round = 0; ; round++) {
    for (const [i, size] of SMALL.entries()) {
      for (const [j, composition] of names.entries()) yield { size, composition, hashed: (round + i + j) % 2 === 1 };
    }
    for (const [i, size] of LARGE.entries()) {
      const composition = names[(round * LARGE.length + i) % names.length]!;
      yield { size, composition, hashed: (round + i) % 2 === 1 };
    }
  }
}

/** Batches of every size and composition, with their expectations, until there are `total` cases. */
function makeBatches(total: number, kinds: SignatureKinds, random: Stream): Batch[] {
  const batches: Batch[] = [];
  let left = total;
  for (const plan of plans()) {
    if (left <= 0) break;
    const { composition, hashed } = plan;
    const size = Math.min(plan.size, left);
    const usable = hashed ? [...kinds.withInput, ...kinds.withDigest, ...kinds.withDigest] : kinds.withInput;
    const cases = random.shuffled(COMPOSITIONS[composition]!(kinds, random, size, usable));
    batches.push({ composition, hashed, cases, expected: cases.map(judge) });
    left -= size;
  }
  return batches;
}

const NAMES = Object.fromEntries(Object.entries(Status).map(([name, value]) => [value, name]));

/** What a kernel verified otherwise than expected, in words; a few of them. */
function differences(kernel: Kernel, path: Path, { composition, hashed, cases, expected }: Batch): string[] {
  const statuses = kernel.verify(pack(cases, hashed, path));
  if (statuses.length !== cases.length) return [`${statuses.length} statuses for ${cases.length} items`];
  return cases.flatMap((one, i) => {
    if (statuses[i] === expected[i]) return [];
    const place = `item ${i} of ${cases.length}, ${composition}${hashed ? ', hashed' : ''}`;
    return [`${place}: ${NAMES[statuses[i]!]}, not ${NAMES[expected[i]!]}: ${describeCase(one)}`];
  });
}

/** The first differences of all batches. */
function firstDifferences(kernel: Kernel, path: Path, batches: readonly Batch[]): string[] {
  const found: string[] = [];
  for (const batch of batches) {
    found.push(...differences(kernel, path, batch));
    if (found.length > 4) return found.slice(0, 5);
  }
  return found;
}

/** Made once for all kernels. */
let made: Batch[] | undefined;
function sharedBatches(): Batch[] {
  return (made ??= makeBatches(TOTAL, kinds, random));
}

/**
 * More than any region holds: a new key each, or one of more keys than any cache of tables holds, and now and then a bad item.
 */
function makeMany(): { cases: Case[]; bad: Case } {
  const recurring = Array.from({ length: 400 }, () => kinds.newKey());
  const bad = kinds.make('bit flip in the input')[0]!;
  const cases = Array.from({ length: MANY }, (_, i) => {
    if (i % 4999 === 17) return bad;
    return kinds.honest(random.chance(0.8) ? 'compressed' : random.pick(SENT), i % 2 ? recurring : undefined);
  });
  return { cases, bad };
}

let many: ReturnType<typeof makeMany> | undefined;
function manyCases(): ReturnType<typeof makeMany> {
  return (many ??= makeMany());
}

const single = (one: Case, hashed: boolean): Batch => ({
  composition: 'alone',
  hashed,
  cases: [one],
  expected: [judge(one)],
});

const random = new Stream(`differential ${SEED}`);
const kinds = signatureKinds(random, Math.min(1000, 40 + Math.floor(TOTAL / 400)));
const allKinds = [...kinds.withInput, ...kinds.withDigest];
/** ChainNode by how they are made, as there are thousands and they have no input for node:crypto; a sample of them is checked. */
const core = new TestingCore('scalar');
const [ofBase, ofKeys, ofIssuers] = ['BASE_WINDOW', 'KEY_WINDOW', 'ISSUER_WINDOW'].map((name) =>
  core.constant(name),
) as [number, number, number];
const tournaments = [
  ...tournamentWalks(random, [
    [ofBase, ofKeys],
    [ofBase, ofIssuers],
  ]),
];
const walks = [...digitWalks(random), ...tournaments];
const statusesOf = (cases: readonly Case[]) => cases.map(({ status }) => status!);
const underTest = kernels();

describe('the catalogue', () => {
  it('is what its kinds say, by node:crypto', () => {
    const wrong: string[] = [];
    for (const kind of allKinds) {
      for (const one of Array.from({ length: 4 }, () => kinds.make(kind)).flat()) {
        const status = judge(one);
        if (one.status !== undefined && status !== one.status) wrong.push(`${NAMES[status]}: ${describeCase(one)}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('is the same by arithmetic from the definitions', () => {
    for (const kind of allKinds) {
      const one = kinds.make(kind)[0]!;
      expect(verifyByDefinition(digestOf(one.input), rOf(one), one.s, one), describeCase(one)).toBe(
        judge(one) === Status.ok,
      );
    }
  });

  it('walks through digits to exceptional additions', () => {
    expect(walks.length).toBeGreaterThan(3500);
    expect(new Set(statusesOf(walks))).toEqual(new Set([Status.ok, Status.badSignature]));
    // Either sort of table, both signs: five rounds or six have an addition in which G meets Q.
    expect(tournaments.length).toBeGreaterThanOrEqual(20);
    for (const one of tournaments) expect(judge(one), one.kind).toBe(one.status);
    for (let i = 0; i < walks.length; i += 20) expect(judge(walks[i]!), walks[i]!.kind).toBe(walks[i]!.status);
  });

  it('reaches what it names', () => {
    const made = (kind: string) => Array.from({ length: 30 }, () => kinds.make(kind)).flat();
    expect(made('x(R) ≥ n sent as r').every(({ r }) => r >= N)).toBe(true);
    expect(made('valid with x(R) at an edge').some(({ r, rForm }) => rForm !== 0 && r >= N)).toBe(true);
    expect(made('valid with x(R) at an edge').some(({ r }) => r < P - N)).toBe(true);
    expect(made('r + n sent as if it were x, perhaps p or more').some(({ r }) => r >= P)).toBe(true);
    expect(made('a sent x that is no x of the curve').some(({ r }) => liftX(r, true))).toBe(false);
    expect(digestOf(made('a digest of n or more')[0]!.input) >= N).toBe(true);
    for (const [kind, relation] of [
      ['u1·G = u2·Q', (u1G, u2Q) => u1G.x === u2Q.x && u1G.y === u2Q.y],
      ['R is infinity', (u1G, u2Q) => u1G.x === u2Q.x && u1G.y !== u2Q.y],
    ] as const satisfies [string, (u1G: Affine, u2Q: Affine) => boolean][]) {
      const item = kinds.make(kind)[0]!;
      const w = inverse(item.s, N);
      const u1G = multiply(mod(digestOf(item.input) * w, N), G)!;
      const u2Q = multiply(mod(rOf(item) * w, N), item)!;
      expect(relation(u1G, u2Q), kind).toBe(true);
    }
  });
});

describe.each(underTest)('signatures, $name', ({ kernel, paths, memory }) => {
  let batches: Batch[];
  beforeAll(() => {
    batches = sharedBatches();
    // The native kernel is node:crypto, and a millisecond a digest: its glue is what there is to test.
    if (kernel.name === 'native') batches = batches.slice(0, 400);
  }, TIMEOUT);

  it.each(paths)('every kind alone and between neighbours, path %s', (path) => {
    const neighbours = kinds.honest('compressed');
    const found: string[] = [];
    for (const kind of allKinds) {
      const made = kinds.make(kind);
      const hashed = made.some(({ input }) => input.length === 32);
      const cases = [neighbours, ...made, neighbours, ...made.slice(0, 1)];
      found.push(...differences(kernel, path, single(made[0]!, hashed)));
      found.push(
        ...differences(kernel, path, { composition: 'between neighbours', hashed, cases, expected: cases.map(judge) }),
      );
    }
    expect(found.slice(0, 5)).toEqual([]);
  });

  it.each(paths)(
    `${TOTAL} signatures in batches, path %s`,
    (path) => {
      expect(firstDifferences(kernel, path, batches)).toEqual([]);
    },
    TIMEOUT,
  );

  it.each(paths)('additions that double or cancel on the way, in every walk through the digits, path %s', (path) => {
    if (kernel.name === 'native') return;
    const found: string[] = [];
    for (let from = 0; from < walks.length; from += 200) {
      const cases = walks.slice(from, from + 200);
      found.push(
        ...differences(kernel, path, { composition: 'walks', hashed: true, cases, expected: statusesOf(cases) }),
      );
    }
    expect(found.slice(0, 5)).toEqual([]);
  });

  it.each(paths)('one bad item is found at whichever place of a batch, path %s', (path) => {
    const size = 65;
    const valid = Array.from({ length: size }, () => kinds.honest('compressed'));
    const bad = kinds.make('bit flip in the input')[0]!;
    for (let place = 0; place < size; place++) {
      const statuses = kernel.verify(pack(valid.with(place, bad), false, path));
      expect(Array.from(statuses)).toEqual(valid.map((_, i) => (i === place ? Status.badSignature : Status.ok)));
    }
  });

  it.each(paths)('a call does not depend on the calls before it, path %s', (path) => {
    const batch = batches.find(({ cases }) => cases.length >= 63)!;
    const empty = pack([], batch.hashed, path);
    expect(kernel.verify(empty)).toEqual(new Uint8Array(0));
    const all = (cases: readonly Case[]) => Array.from(kernel.verify(pack(cases, batch.hashed, path)));
    const first = all(batch.cases);
    for (const part of [batch.cases.slice(0, 1), batch.cases.slice(7, 20), batch.cases.slice(1)]) all(part);
    expect(all(batch.cases)).toEqual(first);
    expect(all(batch.cases.toReversed())).toEqual(first.toReversed());
  });

  it.each(paths)(`a call of ${MANY} items takes no more memory, path %s`, (path) => {
    const { cases, bad } = manyCases();
    const before = { stated: kernel.memoryBytes, taken: memory() };
    if (kernel.name !== 'native') expect(before.taken).toBe(before.stated);
    const statuses = kernel.verify(pack(cases, false, path));
    expect(statuses.findIndex((status, i) => status !== (cases[i] === bad ? Status.badSignature : Status.ok))).toBe(-1);
    expect({ stated: kernel.memoryBytes, taken: memory() }).toEqual(before);
  });
});

describe('the batches', () => {
  it('hold enough of everything', () => {
    const batches = sharedBatches();
    const statuses = batches.flatMap(({ expected }) => expected);
    const share = (status: Status) => statuses.filter((one) => one === status).length / statuses.length;
    expect(share(Status.ok)).toBeGreaterThan(0.3);
    expect(share(Status.ok)).toBeLessThan(0.8);
    expect(share(Status.badSignature)).toBeGreaterThan(0.08);
    expect(share(Status.scalarOutOfRange)).toBeGreaterThan(0.02);
    expect(share(Status.notOnCurve)).toBeGreaterThan(0.02);
    const seen = new Set(batches.flatMap(({ cases }) => cases.map(({ kind }) => kind)));
    if (TOTAL < 5000) return;
    expect(allKinds.filter((kind) => !seen.has(kind))).toEqual([]);
    const combinations = new Set(batches.map(({ hashed, composition }) => `${composition} ${hashed}`));
    expect(combinations.size).toBe(2 * Object.keys(COMPOSITIONS).length);
  });
});
