import { type Unwrapped, unwrap } from '../unwrap.ts';
import { FIRST_VISIBLE, LAST_VISIBLE } from './ascii.ts';
import { type Standing, standing } from './structure.ts';

/** One way to take text as bytes. */
export interface Reading {
  /** What the text is in this reading, as an error says it: `hex`, `decimal numbers`. */
  readonly form: string;
  readonly bytes: Uint8Array;
  /** Other text looks like this form often: bytes that are nothing known are no evidence that it is meant. */
  readonly isWeak?: boolean | undefined;
}

/** Bytes that text stands for, or why it stands for none. */
export type Read = { readonly bytes: Uint8Array } | { readonly unreadable: string };

/** A reading, and what its bytes are to IEEE 1609.2. */
export interface Rated extends Reading {
  readonly standing: Standing;
}

export function rated(readings: readonly Reading[]): Rated[] {
  // Named one by one: copying all members takes several times as long, and text may hold millions of readings.
  return readings.map(({ form, bytes, isWeak }) => ({ form, bytes, isWeak, standing: standing(bytes) }));
}

/**
 * The rule by which text is accepted as bytes:
 * (a) its form allows one reading only, and no other text looks like that form; or
 * (b) exactly one of its readings decodes strictly as a whole IEEE 1609.2 structure; or
 * (c) none decodes, and exactly one begins as a structure: its bytes are handed on with the damage that they have, for
 *     the verifier to name. They cannot be accepted, because they do not decode.
 * Anything else is refused, with the readings named. Readings with the same bytes count once.
 */
export function choose(readings: readonly Rated[], complaint: string): Read {
  const first = readings[0];
  if (first === undefined) return { unreadable: complaint };
  const whole = distinctStructures(readings.filter((reading) => reading.standing === 'whole'));
  if (whole.length === 1) return { bytes: whole[0]!.bytes };
  if (whole.length > 1) return { unreadable: `ambiguous: decodes as ${formsOf(whole)}` };
  const begun = distinct(readings.filter((reading) => reading.standing !== 'unknown'));
  if (begun.length === 1) return { bytes: begun[0]!.bytes };
  const all = distinct(readings);
  if (all.length === 1 && !first.isWeak) return { bytes: first.bytes };
  if (all.length === 1) return { unreadable: `${complaint}; looks like ${first.form}, which decodes as no structure` };
  return { unreadable: `ambiguous: could be ${formsOf(all)}, and decodes as neither` };
}

/** Readings with the same bytes, once each: the first of them. */
export function distinct<T extends Reading>(readings: readonly T[]): T[] {
  const found: T[] = [];
  for (const reading of readings) if (!found.some(({ bytes }) => isSame(bytes, reading.bytes))) found.push(reading);
  return found;
}

/** Readings with the same structure behind layers, once each: the one with the fewest layers. A dump may fill its last word up. */
function distinctStructures(readings: readonly Rated[]): Rated[] {
  const structures = new Map<Rated, Unwrapped>();
  for (const reading of readings) {
    const inner = unwrap(reading.bytes);
    const same = [...structures].find(([, other]) => isSame(other.bytes, inner.bytes));
    if (same !== undefined && same[1].layers.length <= inner.layers.length) continue;
    if (same !== undefined) structures.delete(same[0]);
    structures.set(reading, inner);
  }
  return [...structures.keys()];
}

function formsOf(readings: readonly Reading[]): string {
  return readings.map(({ form }) => form).join(' or as ');
}

export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Whether bytes are ASCII text that may itself spell bytes, such as hex of hex. */
export function isAsciiText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => (byte >= FIRST_VISIBLE - 1 && byte <= LAST_VISIBLE) || (byte >= 0x09 && byte <= 0x0d));
}
