/** Unsigned integers of either byte order; the bytes have to be there. */
export function uint32At(bytes: Uint8Array, at: number, isLittleEndian: boolean): number {
  const [a, b, c, d] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]] as [number, number, number, number];
  return (isLittleEndian ? (d << 24) | (c << 16) | (b << 8) | a : (a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

export function uint16At(bytes: Uint8Array, at: number, isLittleEndian: boolean): number {
  const [a, b] = [bytes[at], bytes[at + 1]] as [number, number];
  return isLittleEndian ? (b << 8) | a : (a << 8) | b;
}
