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
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
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

/** The same octets as a plain Uint8Array: `slice` of a Buffer is no copy but another view. */
export function plainOctets(octets: Uint8Array): Uint8Array {
  if (octets.constructor === Uint8Array) return octets;
  return new Uint8Array(octets.buffer, octets.byteOffset, octets.byteLength);
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

/** Whether `octets` holds all of `wanted` at `at`. */
export function holdsAt(octets: Uint8Array, at: number, wanted: Uint8Array): boolean {
  const { length } = wanted;
  for (let i = 0; i < length; i++) if (octets[at + i] !== wanted[i]) return false;
  return true;
}

const DIGITS = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
const digits: number[] = [];

/** Lower-case hex of the octets from `start` up to `end`, in one piece: for texts that are made by the million. */
export function octetsToHex(octets: Uint8Array, start: number, end: number): string {
  digits.length = 0;
  for (let i = start; i < end; i++) {
    const octet = octets[i] as number;
    digits.push(DIGITS[octet >> 4] as number, DIGITS[octet & 15] as number);
  }
  return String.fromCharCode.apply(null, digits);
}
