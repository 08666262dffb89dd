import { brainpoolP256r1 } from '@noble/curves/misc.js';
import { p256 } from '@noble/curves/nist.js';
import { type Infer, toHex } from '../coer/index.ts';
import type { PublicEncryptionKey } from '../dot2/crypto.ts';

interface Equation {
  readonly p: bigint;
  readonly a: bigint;
  readonly b: bigint;
}

/** GB/T 32918.5. */
const SM2_P = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn;
const CURVES: Readonly<Record<string, Equation>> = {
  eciesNistP256: p256.Point.CURVE(),
  eciesBrainpoolP256r1: brainpoolP256r1.Point.CURVE(),
  ecencSm2: { p: SM2_P, a: -3n, b: 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n },
};

/**
 * Why an encryption key of a certificate or message is not on its curve; undefined if it is, or carries no y. Canonical form keeps only
 * the lowest bit of y, so that no signature covers the rest: anybody on the way could replace it, and whoever then encrypts to the key
 * works on another curve.
 */
export function encryptionKeyFault(holder: Infer<typeof PublicEncryptionKey>): string | undefined {
  const key = holder.publicKey;
  if (key.tag === 'unknown' || key.value.tag !== 'uncompressed') return undefined;
  const { p, a, b } = CURVES[key.tag] as Equation;
  const [x, y] = [BigInt(`0x${toHex(key.value.value.x)}`), BigInt(`0x${toHex(key.value.value.y)}`)];
  if (x < p && y < p && (y * y - (x * x * x + a * x + b)) % p === 0n) return undefined;
  return `the ${key.tag} encryption key is not on its curve`;
}
