/**
 * No batch accepts invalid signatures that were made to cancel. A batch equation asks whether Σ zᵢ·(u1ᵢ·G + u2ᵢ·Qᵢ − Rᵢ) is
 * infinity. An attacker who knows (or guesses) the zᵢ chooses errors εᵢ·G with Σ zᵢ·εᵢ = 0 mod n: each signature is then
 * invalid, and the equation holds. Here such sets are made for multipliers that are equal, small, or known. They must be refused
 * one by one, and a core whose multipliers are fixed must accept them, or the sets would prove nothing.
 *
 * Errors in a small subgroup, which multipliers with common factors would let pass, do not exist: the order of P-256 is prime.
 */
import { describe, expect, it } from 'vitest';
import { Status } from '../../src/kernel/kernel.ts';
import { batchEquation } from '../reference/batch-equation.ts';
import { judge } from '../reference/judge.ts';
import { inverse, mod, N } from '../reference/p256.ts';
import { type KernelWithFixedMultipliers, kernelWithFixedMultipliers } from '../support/fixed-multipliers.ts';
import { kernels } from '../support/kernel-paths.ts';
import { type Made, type Multiple, type Nonce, nonces, pack, scalar, sentAs, sign } from '../support/signatures.ts';
import { Stream } from '../support/stream.ts';

/** Sets that every kernel and path is tried with: enough that multipliers of eight bits would not pass. */
const TRIES = Math.max(3000, Math.floor(Number(process.env.SCMS_DIFFERENTIAL ?? 0) / 10));
const TIMEOUT = 60_000 + 20 * TRIES;

const random = new Stream(`cancellation ${process.env.SCMS_SEED ?? '1'}`);
const nextNonce = nonces(random);
const { ok, badSignature } = Status;

/**
 * A signature that sends R = k·G while u1·G + u2·Q = (k + ε)·G: s = (e + r·d)/(k + ε). With ε = 0 it is valid, and with
 * ε = −2k too, as R then has the same x: its hint is wrong, and a hint does not matter.
 */
function withError(error: bigint, key: Multiple, k: Nonce, input: Uint8Array): Made {
  const s = mod(sign(key, k, input).s * k.log * inverse(k.log + error, N), N);
  const valid = mod(error, N) === 0n || mod(error + 2n * k.log, N) === 0n;
  return sentAs({ input, R: k, s, key }, 'compressed', valid ? ok : badSignature);
}

/** Errors ε₁ … εₘ with Σ zᵢ·εᵢ = 0: all but the last are arbitrary. */
function cancelling(multipliers: readonly bigint[], error: () => bigint): bigint[] {
  const errors = multipliers.slice(1).map(error);
  const sum = errors.reduce((total, one, i) => total + one * multipliers[i]!, 0n);
  return [...errors, mod(-sum * inverse(multipliers.at(-1)!, N), N)];
}

/** What the items of a set have in common. */
interface Shared {
  key?: Multiple;
  nonce?: Nonce;
  input?: Uint8Array;
}

function itemsWith(errors: readonly bigint[], shared: Shared): Made[] {
  return errors.map((error) =>
    withError(error, shared.key ?? nextNonce(), shared.nonce ?? nextNonce(), shared.input ?? random.octets(64)),
  );
}

interface CancellingSet {
  readonly name: string;
  readonly multipliers: readonly bigint[];
  readonly items: readonly Made[];
}

const SHARED: Readonly<Record<string, () => Shared>> = {
  'nothing shared': () => ({}),
  'one key': () => ({ key: nextNonce() }),
  'one R': () => ({ nonce: nextNonce() }),
  'one key, one R': () => ({ key: nextNonce(), nonce: nextNonce() }),
  'one key, one R, one input': () => ({ key: nextNonce(), nonce: nextNonce(), input: random.octets(64) }),
};

/** Multipliers that a bad implementation might have. */
const MULTIPLIERS: Readonly<Record<string, (count: number) => bigint[]>> = {
  equal: (count) => new Array<bigint>(count).fill(1n),
  'equal and large': (count) => new Array<bigint>(count).fill(random.integer(16) | 1n),
  'equal but the first': (count) => Array.from({ length: count }, (_, i) => (i === 0 ? 1n : 3n)),
  'counted up': (count) => Array.from({ length: count }, (_, i) => BigInt(i + 1)),
  'powers of two': (count) => Array.from({ length: count }, (_, i) => 1n << BigInt(i)),
  'a byte': (count) => Array.from({ length: count }, () => BigInt(1 + random.index(255))),
  known: (count) => Array.from({ length: count }, () => random.integer(16) | 1n),
};

const ERRORS: Readonly<Record<string, () => bigint>> = {
  'R shifted by ±G': () => (random.chance(0.5) ? 1n : N - 1n),
  'R shifted by any T': () => scalar(random),
};

const SIZES = [2, 2, 2, 3, 4, 8];

function makeSet(n: number, which = random.pick(Object.keys(MULTIPLIERS))): CancellingSet {
  const shared = random.pick(Object.keys(SHARED));
  const shift = random.pick(Object.keys(ERRORS));
  const multipliers = MULTIPLIERS[which]!(SIZES[n % SIZES.length]!);
  const errors = cancelling(multipliers, ERRORS[shift]!);
  return { name: `${which}, ${shared}, ${shift}`, multipliers, items: itemsWith(errors, SHARED[shared]!()) };
}

/** A valid signature with the wrong hint, whose error in the equation an invalid one takes back. */
function behindWrongHint(): CancellingSet {
  const [k, key] = [nextNonce(), nextNonce()];
  const hinted = withError(-2n * k.log, key, k, random.octets(64));
  const items = [hinted, ...itemsWith([mod(2n * k.log, N)], { key })];
  return { name: 'behind a wrong hint', multipliers: [1n, 1n], items };
}

const statuses = (items: readonly Made[]) => items.map(({ status }) => status);
const sets = [...Array.from({ length: TRIES }, (_, n) => makeSet(n)), ...Array.from({ length: 20 }, behindWrongHint)];
const honest = (): Made => withError(0n, nextNonce(), nextNonce(), random.octets(64));
const underTest = kernels();

describe('the sets', () => {
  it('are invalid item by item, by node:crypto', () => {
    for (const { name, items } of sets.slice(-200)) expect(items.map(judge), name).toEqual(statuses(items));
    expect(sets.every(({ items }) => items.some(({ status }) => status === badSignature))).toBe(true);
  });

  it('cancel for the multipliers that they are made for, and for no others', () => {
    const every = Object.keys(MULTIPLIERS).map((which, n) => makeSet(n, which));
    for (const { name, items, multipliers } of [...every, behindWrongHint()]) {
      expect(batchEquation(items, multipliers), name).toBeUndefined();
      expect(batchEquation(items, multipliers.with(0, multipliers[0]! + 1n)), name).toBeDefined();
    }
  });
});

describe.each(underTest.filter(({ name }) => name !== 'native'))('cancellation, $name', ({ kernel, paths }) => {
  it.each(paths)(
    'refuses each of them alone, path %s',
    (path) => {
      const accepted = sets.filter(({ items }) => {
        const judged = kernel.verify(pack(items, false, path));
        return items.some(({ status }, i) => judged[i] !== status);
      });
      expect(accepted.map(({ name }) => name)).toEqual([]);
    },
    TIMEOUT,
  );

  it.each(paths)(
    'refuses them among valid ones and each other, path %s',
    (path) => {
      const valid = Array.from({ length: 100 }, honest);
      for (const size of [16, 64, 256, 1024]) {
        for (const share of [0.05, 0.5, 1]) {
          const items: Made[] = [];
          while (items.length < size)
            items.push(...(random.chance(share) ? random.pick(sets).items : [random.pick(valid)]));
          const shuffled = random.chance(0.5) ? items : random.shuffled(items);
          expect(Array.from(kernel.verify(pack(shuffled, false, path))), `${size} ${share}`).toEqual(
            statuses(shuffled),
          );
        }
      }
    },
    TIMEOUT,
  );

  it.each(paths)('refuses one large set that cancels as a whole, path %s', (path) => {
    for (const size of [32, 64, 255, 256, 600]) {
      for (const hashed of [false, true]) {
        const items = itemsWith(cancelling(new Array<bigint>(size).fill(1n), ERRORS['R shifted by any T']!), {});
        expect(Array.from(kernel.verify(pack(items, hashed, path)))).toEqual(statuses(items));
      }
    }
  });

  it.each(paths)('refuses wrong items that are repeated, and memory full of one octet, path %s', (path) => {
    const [good, wrong] = [honest(), ...itemsWith([5n], {})] as [Made, Made];
    for (const count of [2, 3, 4, 16, 65]) {
      const repeated = (item: Made) => Array.from(kernel.verify(pack(new Array<Made>(count).fill(item), false, path)));
      expect(repeated(good)).toEqual(new Array(count).fill(ok));
      expect(repeated(wrong)).toEqual(new Array(count).fill(badSignature));
      for (const hashed of [false, true]) {
        for (const octet of [0, 1, 0x7f, 0xff]) {
          const size = (octets: number) => new Uint8Array(octets * count).fill(octet);
          for (const rForm of [0, 2, 3, 4]) {
            const batch = {
              path,
              count,
              hashed,
              input: size(hashed ? 32 : 64),
              rForm: new Uint8Array(count).fill(rForm),
              r: size(32),
              s: size(32),
              publicKey: size(64),
            };
            const number = BigInt(octet) * ((2n ** 256n - 1n) / 255n);
            const item = { input: batch.input.slice(0, hashed ? 32 : 64), rForm: rForm as 0, r: number, s: number };
            expect(Array.from(kernel.verify(batch))).toEqual(
              new Array(count).fill(judge({ ...item, x: number, y: number })),
            );
          }
        }
      }
    }
  });
});

function describeFixed(name: string, { kernel, fixMultipliers }: KernelWithFixedMultipliers): void {
  const verify = (items: readonly Made[]) => Array.from(kernel.verify(pack(items, false, 'batch')));
  /** Sets of several shapes in front of valid items, as a batch equation may ask for some size before it is tried. */
  const crafted = [...sets.slice(0, 60), ...sets.slice(-3)].map(({ name: shape, items, multipliers }) => ({
    shape,
    items: [...items, ...Array.from({ length: 64 }, honest)],
    multipliers: [...multipliers, ...Array.from({ length: 64 }, () => random.integer(16) | 1n)],
  }));

  describe(`fixed multipliers, ${name}`, () => {
    it('the equation takes what cancels for its multipliers: the sets bite', () => {
      for (const { shape, items, multipliers } of crafted) {
        fixMultipliers(multipliers);
        expect(verify(items), shape).toEqual(items.map(() => ok));
      }
    });

    it('refuses it for other multipliers', () => {
      for (const { shape, items, multipliers } of crafted) {
        fixMultipliers(multipliers.with(0, multipliers[0]! + 1n));
        expect(verify(items), shape).toEqual(statuses(items));
      }
    });

    it('refuses it once the multipliers are unpredictable again', () => {
      fixMultipliers([]);
      for (const { shape, items } of crafted) expect(verify(items), shape).toEqual(statuses(items));
    });
  });
}

for (const { name } of underTest) {
  if (name === 'native') continue;
  describeFixed(name, kernelWithFixedMultipliers(name as 'simd'));
}
