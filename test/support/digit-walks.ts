/**
 * Scalars and keys that drive a double multiplication u1·G + u2·Q into an exceptional addition at a place of one's choice.
 *
 * However it is done, digits of u1 and u2 stand for multiples of G and Q, and these are added up in some order: what is there
 * already is A·G + B·Q, what comes is a·G + b·Q. With Q = κ·G, κ = (±a − A)/(B ∓ b) makes both equal (to be doubled) or opposite
 * (infinity on the way). Doublings between the additions scale both sides and change nothing. Walks differ in their windows,
 * recodings and orders; those that implementations commonly take are here.
 */

import { Status } from '../../src/kernel/kernel.ts';
import { inverse, mod, N } from '../reference/p256.ts';
import { type Case, multiple, scalar, sentAs, signatureWith } from './signatures.ts';
import type { Stream } from './stream.ts';

/** One addition: coefficient·G or coefficient·Q, and the bit of the scalar that its digit starts at. */
interface Term {
  readonly of: 'G' | 'Q';
  readonly coefficient: bigint;
  readonly bit: number;
}

type Digits = readonly { readonly digit: bigint; readonly bit: number }[];
type Recoding = (k: bigint, window: number) => Digits;

/** Windows from the lowest on; `above` says where a digit is taken negative. */
function windows(k: bigint, window: number, above: bigint): Digits {
  const out = [];
  const size = 1n << BigInt(window);
  let rest = k;
  for (let bit = 0; rest > 0n; bit += window) {
    const low = rest % size;
    const digit = low > above ? low - size : low;
    out.push({ digit, bit });
    rest = (rest - digit) / size;
  }
  return out;
}

/** Every digit odd: an even k is replaced by −(n − k). See assembly/p256/scalar.ts. */
function oddDigits(k: bigint, count: number, start: (i: number) => number): Digits {
  const even = (k & 1n) === 0n;
  const odd = even ? N - k : k;
  return Array.from({ length: count }, (_, i) => {
    const bit = start(i);
    const size = 1n << BigInt(start(i + 1) - bit);
    const value = (odd >> BigInt(bit)) | 1n;
    const digit = i === count - 1 ? value : (value % (2n * size)) - size;
    return { digit: even ? -digit : digit, bit };
  });
}

/** The digits of a table's window: 256 / window of them, the lowest 256 % window one bit wider. */
function tableDigits(k: bigint, window: number): Digits {
  const wide = 256 % window;
  return oddDigits(k, Math.floor(256 / window), (i) => i * window + Math.min(i, wide));
}

const RECODINGS: Readonly<Record<string, Recoding>> = {
  unsigned: (k, window) => windows(k, window, 1n << BigInt(window)),
  'signed up to half': (k, window) => windows(k, window, 1n << BigInt(window - 1)),
  'signed below half': (k, window) => windows(k, window, (1n << BigInt(window - 1)) - 1n),
  odd: (k, window) => oddDigits(k, Math.ceil(256 / window), (i) => i * window),
  'non-adjacent': (k, window) => {
    const out = [];
    const size = 1n << BigInt(window);
    let rest = k;
    for (let bit = 0; rest > 0n; bit++, rest >>= 1n) {
      if ((rest & 1n) === 0n) continue;
      const low = rest % size;
      const digit = low > size / 2n ? low - size : low;
      out.push({ digit, bit });
      rest -= digit;
    }
    return out;
  },
};

/** Windows of G and of Q. */
const WINDOWS = [
  [4, 4],
  [5, 5],
  [6, 6],
  [7, 7],
  [8, 8],
  [10, 10],
  [8, 5],
  [11, 5],
  [13, 5],
  [10, 8],
] as const;

/** Orders of addition, as what decides between two terms. */
const ORDERS: Readonly<Record<string, (a: Term, b: Term) => number>> = {
  'from the top, Q first': (a, b) => b.bit - a.bit || b.of.localeCompare(a.of),
  'from the top, G first': (a, b) => b.bit - a.bit || a.of.localeCompare(b.of),
  'from below, Q first': (a, b) => a.bit - b.bit || b.of.localeCompare(a.of),
  'from below, G first': (a, b) => a.bit - b.bit || a.of.localeCompare(b.of),
  'all of Q from below, then G': (a, b) => b.of.localeCompare(a.of) || a.bit - b.bit,
  'all of G from below, then Q': (a, b) => a.of.localeCompare(b.of) || a.bit - b.bit,
  'all of Q from the top, then G': (a, b) => b.of.localeCompare(a.of) || b.bit - a.bit,
  'all of G from the top, then Q': (a, b) => a.of.localeCompare(b.of) || b.bit - a.bit,
};

function termsOf(of: 'G' | 'Q', digits: Digits): Term[] {
  return digits
    .filter(({ digit }) => digit !== 0n)
    .map(({ digit, bit }) => ({ of, coefficient: digit << BigInt(bit), bit }));
}

/** What terms add up to: A·G + B·Q. */
function sumOf(terms: readonly Term[]): [bigint, bigint] {
  let [A, B] = [0n, 0n];
  for (const { of, coefficient } of terms) {
    if (of === 'G') A += coefficient;
    else B += coefficient;
  }
  return [A, B];
}

/** κ that makes an addition exceptional: equal points for sign 1n, opposite ones for −1n. Undefined where there is none. */
function keyFor(there: readonly Term[], coming: readonly Term[], sign: 1n | -1n): bigint | undefined {
  const [A, B] = sumOf(there);
  const [a, b] = sumOf(coming);
  const [numerator, denominator] = [mod(sign * a - A, N), mod(B - sign * b, N)];
  return numerator === 0n || denominator === 0n ? undefined : mod(numerator * inverse(denominator, N), N);
}

/** For every walk, exceptions of both sorts at its first and last additions and at some between. Nearly all are valid. */
export function* digitWalks(random: Stream): Generator<Case> {
  for (const [recoding, recode] of Object.entries(RECODINGS)) {
    for (const [g, q] of WINDOWS) {
      for (const [order, compare] of Object.entries(ORDERS)) {
        for (const sign of [1n, -1n] as const) {
          for (const where of ['first', 'second', 'between', 'last but one', 'last']) {
            const [u1, u2] = [scalar(random), scalar(random)];
            const terms = [...termsOf('G', recode(u1, g)), ...termsOf('Q', recode(u2, q))].sort(compare);
            // The first of G and Q to meet the other, and everything behind it, can be made exceptional.
            const possible = terms.map((_, i) => i).slice(terms.findIndex(({ of }) => of !== terms[0]!.of));
            const at = { first: 0, second: 1, between: random.index(possible.length), 'last but one': -2, last: -1 }[
              where
            ]!;
            const place = possible.at(at)!;
            const log = keyFor(terms.slice(0, place), terms.slice(place, place + 1), sign);
            if (log === undefined) continue;
            const kind = `${recoding} ${g}/${q}, ${order}, ${where} ${sign === 1n ? 'doubles' : 'cancels'}`;
            yield caseFor(u1, u2, log, kind);
          }
        }
      }
    }
  }
}

/** A case whose key is known: `log` times G. */
interface Walk extends Case {
  readonly log: bigint;
}

function caseFor(u1: bigint, u2: bigint, log: bigint, kind: string): Walk {
  const infinite = mod(u1 + u2 * log, N) === 0n;
  const signature = signatureWith(multiple(log), u1, u2);
  return { ...sentAs(signature, 'compressed', infinite ? Status.badSignature : Status.ok), kind, log };
}

/**
 * The same for tables (assembly/p256/fixed-sum.ts): digits of u1, then of u2, from the lowest on, are added like a tournament, neighbours
 * first. Every addition in which both G and Q have a part is made exceptional, the last one too, where nothing is left but the verdict.
 */
export function* tournamentWalks(
  random: Stream,
  windowsOfTables: readonly (readonly [number, number])[],
): Generator<Walk> {
  for (const [g, q] of windowsOfTables) {
    const count = Math.floor(256 / g) + Math.floor(256 / q);
    for (let half = 1; half < count; half *= 2) {
      for (let from = 0; from + half < count; from += 2 * half) {
        for (const sign of [1n, -1n] as const) {
          const [u1, u2] = [scalar(random), scalar(random)];
          const terms = [...termsOf('G', tableDigits(u1, g)), ...termsOf('Q', tableDigits(u2, q))];
          const [left, right] = [terms.slice(from, from + half), terms.slice(from + half, from + 2 * half)];
          const log = keyFor(left, right, sign);
          if (log === undefined) continue;
          const kind = `table ${g}/${q}, ${from} and ${from + half}, ${half} each, ${sign === 1n ? 'double' : 'cancel'}`;
          yield caseFor(u1, u2, log, kind);
        }
      }
    }
  }
}
