import type { Item } from './types.ts';

/**
 * Cost of a batch at most, in messages of known senders (about 10 µs each on one core of 2024): as many of these as come together in a
 * batch, and a quarter as many of new senders. docs/architecture.md shows what estimates are worth.
 */
export const BATCH_COST = 4096;

/**
 * Elements that all lists of an item may have together: certificates, permissions, places, recipients. Messages that are on the air have a dozen;
 * decoding an element costs a hundredth of a message, whoever sent it.
 */
export const MAX_ELEMENTS = 512;

/** Bytes up to which an item is what known and new senders send. */
const KNOWN = 160;
const NEW = 384;
const NEW_COST = 4;
/** Bytes of a larger item that cost as much as a message: decoding, hashing and comparing them. */
const BYTES_PER_UNIT = 8;
/** A verification on another curve than P-256. */
const RARE_COST = 100;

/**
 * Estimates the cost of verifying an item from what can be seen without decoding it. Of signatures on other curves than P-256 one is
 * verified, or all of them if every error is asked for (`isThorough`).
 */
export function costOf({ bytes }: Pick<Item, 'bytes'>, isThorough: boolean): number {
  const { length } = bytes;
  if (length <= KNOWN) return 1;
  const bySize = length <= NEW ? NEW_COST : Math.ceil(length / BYTES_PER_UNIT);
  return bySize + RARE_COST * countRare(bytes, isThorough ? Number.POSITIVE_INFINITY : 1);
}

/** Cuts items into runs that cost no more than a batch may, or are one item. */
export function* runsOf(items: readonly Item[], isThorough: boolean): Generator<readonly Item[]> {
  let start = 0;
  let cost = 0;
  for (let i = 0; i < items.length; i++) {
    const own = costOf(items[i] as Item, isThorough);
    if (i > start && cost + own > BATCH_COST) {
      yield items.slice(start, i);
      start = i;
      cost = 0;
    }
    cost += own;
  }
  if (start < items.length) yield start === 0 ? items : items.slice(start);
}

/** Tags of signatures on other curves than P-256 in their CHOICE (IEEE 1609.2 §6.3.29). */
const BRAINPOOL_P256 = 0x81;
const BRAINPOOL_P384 = 0x82;
const NIST_P384 = 0x83;
/** Bytes of a signature on 256 bits with its tag: x of R alone, or both coordinates. */
const SIGNATURE_256 = 66;
const LONG_SIGNATURE_256 = 98;
/** Lengths of the open type that holds a signature on 384 bits, and how the second one begins. */
const SIGNATURE_384 = 97;
const LONG_SIGNATURE_384 = 145;
const LONG_LENGTH = 0x81;

/** Counts what looks like a signature on another curve than P-256, up to a limit: all of them, and rarely anything else. */
function countRare(bytes: Uint8Array, limit: number): number {
  let count = 0;
  for (let i = 0; i < bytes.length && count < limit; i++) if (isRareSignature(bytes, i)) count++;
  return count;
}

function isRareSignature(bytes: Uint8Array, at: number): boolean {
  const tag = bytes[at] as number;
  if (tag === BRAINPOOL_P256) {
    const isLong = bytes[at + 1] === LAST_TAG;
    return isTag(bytes[at + 1]) && mayFollow(bytes[at + (isLong ? LONG_SIGNATURE_256 : SIGNATURE_256)]);
  }
  if (tag !== BRAINPOOL_P384 && tag !== NIST_P384) return false;
  const length = bytes[at + 1];
  if (length === LONG_LENGTH) return bytes[at + 2] === LONG_SIGNATURE_384 && isTag(bytes[at + 3]);
  return length === SIGNATURE_384 && isTag(bytes[at + 2]);
}

/** Tags of a point (x-only to uncompressed), and of a signature. */
const FIRST_TAG = 0x80;
const LAST_TAG = 0x84;

function isTag(byte: number | undefined): boolean {
  return byte !== undefined && byte >= FIRST_TAG && byte <= LAST_TAG;
}

/** Behind the signature of a certificate comes nothing, another certificate, or the signature of the message. */
function mayFollow(byte: number | undefined): boolean {
  return byte === undefined || byte === 0 || isTag(byte);
}
