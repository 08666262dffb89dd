export { octetKey } from '../kernel/octet-key.ts';

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
