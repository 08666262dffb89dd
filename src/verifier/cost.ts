import type { Item } from './types.ts';

/**
 * What a batch may cost, in messages of known senders (about 10 µs each on one core of 2024): as many of these as come together in a batch
 * at most, and a quarter as many of new senders. What is estimated too low is so by a factor of four at most (docs/architecture.md), so that a
 * batch is over in some 150 ms whatever it holds.
 */
export const BATCH_COST = 4096;

/**
 * Elements that all lists of an item may have together: certificates, permissions, places, recipients. Messages that are on the air have a dozen;
 * decoding an element costs a hundredth of a message, whoever sent it.
 */
export const MAX_ELEMENTS = 512;

/** Octets up to which an item is what known and new senders send. */
const KNOWN = 160;
const NEW = 384;
const NEW_COST = 4;
/** Octets of a larger item that cost as much as a message: decoding, hashing and comparing them. */
const OCTETS_A_UNIT = 8;
/** A verification on another curve than P-256. */
const RARE_COST = 100;
/** Octets that an attached certificate on such a curve has at least. */
const RARE_OCTETS = 160;

/** What makes an item dearer than its size says. */
export interface CostHints {
  /** Whether a signature or key in it is on another curve than P-256. */
  readonly isRare: boolean;
  /** Whether every error is asked for: then nothing is left out. */
  readonly isThorough: boolean;
}

/** An estimate of what it costs to judge an item, from what can be seen without decoding it. */
export function costOf({ bytes: { length } }: Pick<Item, 'bytes'>, { isRare, isThorough }: CostHints): number {
  const bySize = length <= KNOWN ? 1 : length <= NEW ? NEW_COST : length / OCTETS_A_UNIT;
  if (!isRare) return bySize;
  return bySize + RARE_COST * (isThorough ? Math.ceil(length / RARE_OCTETS) : 1);
}

/** Items cut into runs that cost no more than a batch may, or are one item. */
export function* runsOf(items: readonly Item[]): Generator<readonly Item[]> {
  let start = 0;
  let cost = 0;
  for (let i = 0; i < items.length; i++) {
    const own = costOf(items[i] as Item, NO_HINTS);
    if (i > start && cost + own > BATCH_COST) {
      yield items.slice(start, i);
      start = i;
      cost = 0;
    }
    cost += own;
  }
  if (start < items.length) yield start === 0 ? items : items.slice(start);
}

const NO_HINTS: CostHints = { isRare: false, isThorough: false };
