import { createECDH } from 'node:crypto';
import type { WeierstrassPointCons } from '@noble/curves/abstract/weierstrass.js';
import { brainpoolP256r1, brainpoolP384r1 } from '@noble/curves/misc.js';
import { p256, p384 } from '@noble/curves/nist.js';
import { numberToBytesBE } from '@noble/curves/utils.js';
import { sha256, sha384 } from '@noble/hashes/sha2.js';
import type { Infer } from '../coer/index.ts';
import type { EccP256CurvePoint, PublicVerificationKeyValue } from '../dot2/index.ts';
import type { Random } from './random.ts';

/** Curves by the name that their keys have in PublicVerificationKey (IEEE 1609.2 §6.4.38). */
export type CurveName = 'ecdsaNistP256' | 'ecdsaBrainpoolP256r1' | 'ecdsaBrainpoolP384r1' | 'ecdsaNistP384';
/** A hash algorithm of IEEE 1609.2. */
export type HashName = 'sha256' | 'sha384';

/** An affine point as big-endian bytes: 32 or 48 a coordinate. */
export interface PointBytes {
  readonly x: Uint8Array;
  readonly y: Uint8Array;
}

export interface Curve {
  readonly name: CurveName;
  readonly octets: 32 | 48;
  /** The hash that goes with the curve: as wide as its order. */
  readonly hash: HashName;
  readonly Point: WeierstrassPointCons<bigint>;
}

/** The curves that the testbed signs on. */
export const CURVES: Readonly<Record<CurveName, Curve>> = {
  ecdsaNistP256: { name: 'ecdsaNistP256', octets: 32, hash: 'sha256', Point: p256.Point },
  ecdsaBrainpoolP256r1: { name: 'ecdsaBrainpoolP256r1', octets: 32, hash: 'sha256', Point: brainpoolP256r1.Point },
  ecdsaBrainpoolP384r1: { name: 'ecdsaBrainpoolP384r1', octets: 48, hash: 'sha384', Point: brainpoolP384r1.Point },
  ecdsaNistP384: { name: 'ecdsaNistP384', octets: 48, hash: 'sha384', Point: p384.Point },
};

/** Hashes data by the algorithm named. */
export function hashWith(hash: HashName, data: Uint8Array): Uint8Array {
  return hash === 'sha256' ? sha256(data) : sha384(data);
}

/** The order of a curve's group. */
export function orderOf(curve: Curve): bigint {
  return curve.Point.Fn.ORDER;
}

/** A private key with its curve. */
export interface PrivateKey {
  readonly curve: Curve;
  readonly d: bigint;
}

/** Makes a private key from a seeded source. */
export function generateKey(random: Random, curve: CurveName = 'ecdsaNistP256'): PrivateKey {
  return { curve: CURVES[curve], d: random.scalar(orderOf(CURVES[curve])) };
}

/** The public point of a private key, x and y. */
export function publicPoint(key: PrivateKey): PointBytes {
  return multiplyBase(key.curve, key.d);
}

const nativeP256 = createECDH('prime256v1');

/**
 * k·G. P-256 takes the platform's arithmetic, ten times as fast as anything in JavaScript: ten thousand certificates and
 * messages are made while a user waits.
 */
export function multiplyBase(curve: Curve, k: bigint): PointBytes {
  if (curve.name === 'ecdsaNistP256') {
    nativeP256.setPrivateKey(numberToBytesBE(k, 32));
    const point = new Uint8Array(nativeP256.getPublicKey());
    return { x: point.subarray(1, 33), y: point.subarray(33, 65) };
  }
  const { x, y } = curve.Point.BASE.multiply(k).toAffine();
  return { x: numberToBytesBE(x, curve.octets), y: numberToBytesBE(y, curve.octets) };
}

/** The form that a point is encoded in. */
export type PointForm = 'compressed' | 'uncompressed' | 'x-only';
/** Shape of both EccP256CurvePoint and EccP384CurvePoint; the widths are the schema's business. */
export type CurvePointValue = Infer<typeof EccP256CurvePoint>;

/** A point as IEEE 1609.2 writes it (§6.3.23). */
export function curvePoint({ x, y }: PointBytes, form: PointForm): CurvePointValue {
  if (form === 'x-only') return { tag: 'x-only', value: x };
  if (form === 'uncompressed') return { tag: 'uncompressed', value: { x, y } };
  return { tag: (y[y.length - 1] as number) & 1 ? 'compressed-y-1' : 'compressed-y-0', value: x };
}

/** The public key of a private one, as a PublicVerificationKey. */
export function publicKeyValue(key: PrivateKey, form: PointForm = 'compressed'): PublicVerificationKeyValue {
  return { tag: key.curve.name, value: curvePoint(publicPoint(key), form) };
}
