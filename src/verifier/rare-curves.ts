import { brainpoolP256r1, brainpoolP384r1 } from '@noble/curves/misc.js';
import { p384 } from '@noble/curves/nist.js';
import { bytesToNumberBE, hexToBytes, numberToBytesBE } from '@noble/curves/utils.js';
import { nodeCrypto } from '../kernel/node-crypto.ts';
import { type HashName, hashOf } from './hashing.ts';
import type { KeyAlgorithm } from './keys.ts';
import { concat } from './octets.ts';

type KeyObject = import('node:crypto').KeyObject;

/** Curves that roots and electors may use but that are met too rarely to deserve a kernel of their own. */
const CURVES = {
  ecdsaBrainpoolP256r1: { noble: brainpoolP256r1, oid: '2b2403030208010107' },
  ecdsaBrainpoolP384r1: { noble: brainpoolP384r1, oid: '2b240303020801010b' },
  ecdsaNistP384: { noble: p384, oid: '2b81040022' },
} as const;
export type RareAlgorithm = keyof typeof CURVES;

export function isRareAlgorithm(algorithm: KeyAlgorithm): algorithm is RareAlgorithm {
  return Object.hasOwn(CURVES, algorithm);
}

/** What the platform verifies with; undefined in a browser. */
const platform = nodeCrypto();
/** Whether the platform has a curve, found out when it is first needed. */
const present = new Map<RareAlgorithm, boolean>();
/** Keys by the octets that they were imported from; null for octets that are no point. */
const imported = new WeakMap<Uint8Array, KeyObject | null>();

/** Whether bytes are a point of the curve, compressed or uncompressed (SEC 1 §2.3.3). OpenSSL alone also takes the hybrid form. */
export function isOnRareCurve(algorithm: RareAlgorithm, sec1: Uint8Array): boolean {
  if (!isCompressedOrUncompressed(algorithm, sec1)) return false;
  const key = platformKey(algorithm, sec1);
  return key === undefined ? isOnCurveByNoble(algorithm, sec1) : key !== null;
}

/**
 * ECDSA over H(dataHash ‖ signerHash). `x` is the x-coordinate of R as encoded; with `reduce` r = x mod n, as on P-256. IEEE 1609.2 has no
 * low-s rule. By node:crypto, five to ten times as fast as what a browser has to take.
 */
export function verifyRare(
  algorithm: RareAlgorithm,
  hash: HashName,
  signed: { readonly dataHash: Uint8Array; readonly signerHash: Uint8Array },
  { x, reduce, s }: { readonly x: Uint8Array; readonly reduce: boolean; readonly s: Uint8Array },
  sec1: Uint8Array,
): boolean {
  const order = CURVES[algorithm].noble.Point.Fn.ORDER;
  const r = reduce ? numberToBytesBE(bytesToNumberBE(x) % order, x.length) : x;
  const signature = concat(r, s);
  const input = concat(signed.dataHash, signed.signerHash);
  const key = platformKey(algorithm, sec1);
  if (key === undefined) return verifyByNoble(algorithm, signature, hashOf(hash, input), sec1);
  if (key === null) return false;
  return platform?.verify(hash, input, { key, dsaEncoding: 'ieee-p1363' }, signature) ?? false;
}

function isCompressedOrUncompressed(algorithm: RareAlgorithm, sec1: Uint8Array): boolean {
  const { publicKey, publicKeyUncompressed } = CURVES[algorithm].noble.lengths;
  const [form] = sec1;
  return form === 4 ? sec1.length === publicKeyUncompressed : sec1.length === publicKey && (form === 2 || form === 3);
}

function isOnCurveByNoble(algorithm: RareAlgorithm, sec1: Uint8Array): boolean {
  try {
    CURVES[algorithm].noble.Point.fromBytes(sec1).assertValidity();
    return true;
  } catch {
    return false;
  }
}

function verifyByNoble(algorithm: RareAlgorithm, signature: Uint8Array, digest: Uint8Array, sec1: Uint8Array): boolean {
  try {
    return CURVES[algorithm].noble.verify(signature, digest, sec1, { lowS: false, prehash: false });
  } catch {
    return false;
  }
}

/** The key as the platform has it; null where the octets are no point of the curve, undefined where the platform lacks the curve. */
function platformKey(algorithm: RareAlgorithm, sec1: Uint8Array): KeyObject | null | undefined {
  if (!isPresent(algorithm)) return undefined;
  const known = imported.get(sec1);
  if (known !== undefined) return known;
  const key = importKey(algorithm, sec1);
  imported.set(sec1, key);
  return key;
}

function isPresent(algorithm: RareAlgorithm): boolean {
  const known = present.get(algorithm);
  if (known !== undefined) return known;
  const is = importKey(algorithm, CURVES[algorithm].noble.Point.BASE.toBytes(true)) !== null;
  present.set(algorithm, is);
  return is;
}

function importKey(algorithm: RareAlgorithm, sec1: Uint8Array): KeyObject | null {
  const key = subjectPublicKeyInfo(algorithm, sec1);
  try {
    return platform?.createPublicKey({ key, format: 'der', type: 'spki' }) ?? null;
  } catch {
    return null;
  }
}

/** id-ecPublicKey (RFC 5480 §2.1.1). */
const EC_PUBLIC_KEY = hexToBytes('06072a8648ce3d0201');

/** RFC 5480 §2; all lengths here have one octet. */
function subjectPublicKeyInfo(algorithm: RareAlgorithm, sec1: Uint8Array): Buffer {
  const oid = der(0x06, hexToBytes(CURVES[algorithm].oid));
  const key = der(0x03, Uint8Array.of(0), sec1);
  return Buffer.from(der(0x30, der(0x30, EC_PUBLIC_KEY, oid), key));
}

function der(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const content = concat(...parts);
  return concat(Uint8Array.of(tag, content.length), content);
}
