import { toHex } from '../coer/index.ts';
import { octetKey } from '../kernel/octet-key.ts';

export { octetKey } from '../kernel/octet-key.ts';

/** The octets of a key, on an array of their own. */
export function octetsOfKey(key: string): Uint8Array {
  const octets = new Uint8Array(key.length);
  for (let i = 0; i < key.length; i++) octets[i] = key.charCodeAt(i);
  return octets;
}

export function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  return sameSpan(a, 0, b, 0, a.length);
}

/** Several arrays behind one another; the one itself where the others are empty. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const [only, ...others] = parts.filter(({ length }) => length > 0);
  if (only !== undefined && others.length === 0) return only;
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/**
 * The same octets as a plain Uint8Array: `slice` of a Buffer is no copy but another view. Octets in shared memory are copied:
 * somebody else may write there while what was decoded is still in use.
 */
export function plainOctets(octets: Uint8Array): Uint8Array {
  if (isShared(octets)) return new Uint8Array(octets);
  if (octets.constructor === Uint8Array) return octets;
  return new Uint8Array(octets.buffer, octets.byteOffset, octets.byteLength);
}

function isShared({ buffer }: Uint8Array): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer;
}

/** Four octets as a signed 32-bit word, big-endian. */
export function wordAt(octets: Uint8Array, at: number): number {
  return (
    ((octets[at] as number) << 24) |
    ((octets[at + 1] as number) << 16) |
    ((octets[at + 2] as number) << 8) |
    (octets[at + 3] as number)
  );
}

/** Whether so many octets of two arrays are the same. */
export function sameSpan(a: Uint8Array, aAt: number, b: Uint8Array, bAt: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[aAt + i] !== b[bAt + i]) return false;
  return true;
}

/** A number of 32 bits that all of the octets go into; nothing that resists an adversary. */
export function wordsHash(octets: Uint8Array, start: number, length: number): number {
  let hash = length;
  const words = start + (length & ~3);
  for (let at = start; at < words; at += 4) hash = mixed(hash, wordAt(octets, at));
  for (let at = words; at < start + length; at++) hash = mixed(hash, octets[at] as number);
  return hash;
}

function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e3779b1);
  return product ^ (product >>> 15);
}

/** Whether `octets` holds all of `wanted` at `at`. */
export function holdsAt(octets: Uint8Array, at: number, wanted: Uint8Array): boolean {
  return sameSpan(octets, at, wanted, 0, wanted.length);
}

/** Texts cut out of one: what is cut out keeps all of it, and who keeps one should not keep a batch. */
const SHEET = 16;

/** Lower-case hex of records of so many octets that stand behind one another: a conversion for each would cost ten times as much. */
export function hexOfRecords(octets: Uint8Array, width: number): string[] {
  const texts = new Array<string>(octets.length / width);
  let next = 0;
  const sheet = SHEET * width;
  const hexOf = hexReader(octets);
  for (let at = 0; at < octets.length; at += sheet) {
    const text = hexOf(at, Math.min(at + sheet, octets.length));
    for (let start = 0; start < text.length; start += 2 * width) texts[next++] = text.slice(start, start + 2 * width);
  }
  return texts;
}

/** Records of so many octets that stand behind one another, each as a key of its own: as `octetKey`, without a view for each. */
export function keysOfRecords(octets: Uint8Array, width: number): string[] {
  const keys = new Array<string>(octets.length / width);
  const buffer =
    typeof Buffer === 'undefined' ? undefined : Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  for (let i = 0, at = 0; i < keys.length; i++, at += width) {
    keys[i] = buffer?.toString('latin1', at, at + width) ?? octetKey(octets.subarray(at, at + width));
  }
  return keys;
}

/** Gives the octets from one place up to another as hex: without a view for each. */
function hexReader(octets: Uint8Array): (from: number, to: number) => string {
  if (typeof Buffer === 'undefined') return (from, to) => toHex(octets.subarray(from, to));
  const buffer = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  return (from, to) => buffer.toString('hex', from, to);
}
