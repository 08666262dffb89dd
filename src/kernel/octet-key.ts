/** Octets as a map key: one character an octet. */
export function octetKey(octets: Uint8Array): string {
  if (typeof Buffer !== 'undefined') {
    return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1');
  }
  let key = '';
  for (const octet of octets) key += String.fromCharCode(octet);
  return key;
}
