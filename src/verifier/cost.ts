import type { Item } from './types.ts';

/**
 * Cost of a batch at most, in messages of known senders (about 10 µs each on one core of 2024): as many of these as come together in a
 * batch, and a sixth as many of new senders. docs/architecture.md shows what estimates are worth.
 */
export const BATCH_COST = 4096;

/**
 * Elements that all lists of an item may have together: certificates, permissions, places, recipients. Items on the air have up to 16; reading
 * and comparing an element costs some hundredths of a message, whoever sent it.
 */
export const MAX_ELEMENTS = 128;

/** Bytes up to which an item is what known and new senders send. */
const KNOWN = 160;
const NEW = 384;
const NEW_COST = 6;
/** A certificate by itself: a signature is verified, or its key is made to be shown, whoever is said to have issued it. */
const CERTIFICATE_COST = 12;
/** Bytes of a larger item that cost as much as a message: decoding, hashing and comparing them. */
const BYTES_PER_UNIT = 32;
/** A verification on another curve than P-256. */
const RARE_COST = 100;

/**
 * Estimates the cost of verifying an item from what can be seen without decoding it. Of signatures on other curves than P-256 one is
 * verified, or all of them if every error is asked for (`isThorough`).
 */
export function costOf({ kind, bytes }: Pick<Item, 'kind' | 'bytes'>, isThorough: boolean): number {
  const { length } = bytes;
  if (length <= KNOWN) return kind === 'certificate' ? CERTIFICATE_COST : 1;
  const least = kind === 'certificate' ? CERTIFICATE_COST : NEW_COST;
  const bySize = Math.max(least, length <= NEW ? least : Math.ceil(length / BYTES_PER_UNIT));
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

/** Tags of signatures on other curves than P-256 in their CHOICE, from one to the other (IEEE 1609.2 §6.3.29). */
const BRAINPOOL_P256 = 0x81;
const NIST_P384 = 0x83;
/** Bytes of a signature on 256 bits with its tag: x of R alone, or both coordinates. */
const SIGNATURE_256 = 66;
const LONG_SIGNATURE_256 = 98;
/** Lengths of the open type that holds a signature on 384 bits, and how the second one begins. */
const SIGNATURE_384 = 97;
const LONG_SIGNATURE_384 = 145;
const LONG_LENGTH = 0x81;

/** Bytes up to which an item is looked through: a larger one may always hold such a signature. */
const SCANNED = 4096;

/** Counts what looks like a signature on another curve than P-256, up to a limit: all of them, and rarely anything else. */
function countRare(bytes: Uint8Array, limit: number): number {
  if (bytes.length > SCANNED) return Math.min(limit, bytes.length / SIGNATURE_384);
  let count = 0;
  for (let i = 0; i < bytes.length && count < limit; i++) {
    const tag = bytes[i] as number;
    if (tag >= BRAINPOOL_P256 && tag <= NIST_P384 && isRareSignature(bytes, i, tag)) count++;
  }
  return count;
}

function isRareSignature(bytes: Uint8Array, at: number, tag: number): boolean {
  const next = bytes[at + 1];
  if (tag === BRAINPOOL_P256) {
    return isTag(next) && mayFollow(bytes, at + (next === LAST_TAG ? LONG_SIGNATURE_256 : SIGNATURE_256));
  }
  if (next === LONG_LENGTH) return bytes[at + 2] === LONG_SIGNATURE_384 && isTag(bytes[at + 3]);
  return next === SIGNATURE_384 && isTag(bytes[at + 2]);
}

/** Tags of a point (x-only to uncompressed), and of a signature. */
const FIRST_TAG = 0x80;
const LAST_TAG = 0x84;

function isTag(byte: number | undefined): boolean {
  return byte !== undefined && byte >= FIRST_TAG && byte <= LAST_TAG;
}

const VERSION = 3;

/** Behind the signature of a certificate comes nothing, another certificate, or the signature of the message. */
function mayFollow(bytes: Uint8Array, at: number): boolean {
  const [tag, next] = [bytes[at], bytes[at + 1]];
  if (tag === undefined) return true;
  if ((tag === 0 || tag === FIRST_TAG) && next === VERSION) return true;
  return isTag(tag) && (isTag(next) || next === SIGNATURE_384);
}
