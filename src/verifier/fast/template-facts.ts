/**
 * Which facts a template fixes. A template compares all bytes but those of its open fields; so whatever a fact reads, it is fixed if it
 * comes out the same with any bytes in the open fields. That is tried, not believed: with fields of zeros, of ones, and of both mixed.
 */
import type { Span } from './byte-template.ts';

/** What open fields are filled with, one after the other; each byte by the one that stands there. */
export const FILLINGS: readonly ((byte: number) => number)[] = [() => 0, () => 0xff, (byte) => byte ^ 0x55];

/** A copy of the bytes with other ones in the open fields. */
export function filled(bytes: Uint8Array, open: readonly Span[], filling: (byte: number) => number): Uint8Array {
  const copy = new Uint8Array(bytes);
  for (const [start, end] of open) for (let at = start; at < end; at++) copy[at] = filling(copy[at] as number);
  return copy;
}

/** Whether two values of a fact are the same: plain data, compared all the way down. */
export function isSameFact(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    if (!(a instanceof Uint8Array && b instanceof Uint8Array) || a.length !== b.length) return false;
    return a.every((byte, i) => byte === b[i]);
  }
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  const [inA, inB] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(inA);
  return keys.length === Object.keys(inB).length && keys.every((key) => key in inB && isSameFact(inA[key], inB[key]));
}

/** A fact read of an example and of its copies. Reading may throw; then nothing fixes it. */
export function isFixed<F>(fact: keyof F, example: F, copies: readonly F[]): boolean {
  try {
    return copies.every((copy) => isSameFact(example[fact], copy[fact]));
  } catch {
    return false;
  }
}
