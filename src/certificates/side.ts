/** Halves of products: what is split has at most 33 bits, so that everything below stays exact in a double. */
const HALF = 2 ** 17;

/**
 * The sign of a·b − c·d for integers below 2^33, exactly. Doubles decide it nearly always; where both products are large and close, it is
 * counted in two halves.
 */
export function signOfDifference(a: number, b: number, c: number, d: number): number {
  const left = a * b;
  const right = c * d;
  const difference = left - right;
  // Each product is off by at most 2^12, and their difference by as much again.
  if (difference > 2 ** 16 || difference < -(2 ** 16)) return difference > 0 ? 1 : -1;
  const [aHigh, cHigh] = [Math.floor(a / HALF), Math.floor(c / HALF)];
  const low = (a - aHigh * HALF) * b - (c - cHigh * HALF) * d;
  const carry = Math.floor(low / HALF);
  const high = aHigh * b - cHigh * d + carry;
  if (high !== 0) return high > 0 ? 1 : -1;
  return low - carry * HALF > 0 ? 1 : 0;
}
