import { brainpoolP256r1, brainpoolP384r1 } from '@noble/curves/misc.js';
import { p384 } from '@noble/curves/nist.js';
import type { KeyAlgorithm } from './keys.ts';

/** Curves that roots and electors may use but that are met too rarely to deserve arithmetic of their own. */
const CURVES = {
  ecdsaBrainpoolP256r1: brainpoolP256r1,
  ecdsaBrainpoolP384r1: brainpoolP384r1,
  ecdsaNistP384: p384,
} as const;
export type RareAlgorithm = keyof typeof CURVES;

export function isRareAlgorithm(algorithm: KeyAlgorithm): algorithm is RareAlgorithm {
  return Object.hasOwn(CURVES, algorithm);
}

export function isOnRareCurve(algorithm: RareAlgorithm, sec1: Uint8Array): boolean {
  try {
    CURVES[algorithm].Point.fromBytes(sec1).assertValidity();
    return true;
  } catch {
    return false;
  }
}

/**
 * ECDSA over a digest. `x` is the x-coordinate of R as encoded; r = x mod n, as on P-256. IEEE 1609.2 has no low-s rule.
 */
export function verifyRare(
  algorithm: RareAlgorithm,
  digest: Uint8Array,
  x: Uint8Array,
  reduce: boolean,
  s: Uint8Array,
  sec1: Uint8Array,
): boolean {
  const curve = CURVES[algorithm];
  const order = curve.Point.Fn.ORDER;
  let r = BigInt(`0x${[...x].map((octet) => octet.toString(16).padStart(2, '0')).join('')}`);
  if (reduce) r %= order;
  const rOctets = new Uint8Array(x.length);
  for (let i = x.length - 1; i >= 0; i--, r >>= 8n) rOctets[i] = Number(r & 0xffn);
  const signature = new Uint8Array(x.length + s.length);
  signature.set(rOctets);
  signature.set(s, x.length);
  try {
    return curve.verify(signature, digest, sec1, { lowS: false, prehash: false });
  } catch {
    return false;
  }
}
