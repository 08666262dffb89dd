import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js';
import { concatBytes } from '@noble/hashes/utils.js';
import type { SignatureValue } from '../dot2/index.ts';
import {
  type Curve,
  curvePoint,
  type HashName,
  hashWith,
  multiplyBase,
  orderOf,
  type PointBytes,
  type PointForm,
  type PrivateKey,
} from './keys.ts';

/** An ECDSA signature with its whole point R, so that any form of rSig can be written. `s` is big-endian. */
export interface RawSignature {
  readonly R: PointBytes;
  readonly s: Uint8Array;
}

/** The digest that is signed: H( H(data) ‖ H(signer) ) (IEEE 1609.2 §5.3.1). `signer` is the certificate, or nothing. */
export function signingDigest(hash: HashName, data: Uint8Array, signerHash: Uint8Array): Uint8Array {
  return hashWith(hash, concatBytes(hashWith(hash, data), signerHash));
}

/** The digest as an integer: its leftmost bits, as many as the order has (FIPS 186-5 §6.4). */
function integerOf(digest: Uint8Array, curve: Curve): bigint {
  return bytesToNumberBE(digest.subarray(0, curve.octets));
}

/**
 * A nonce from key and digest alone: the same call gives the same signature, in whatever order things are signed.
 * Simpler than RFC 6979 on purpose; keys of a testbed guard nothing.
 */
function nonceFor(key: PrivateKey, digest: Uint8Array): bigint {
  const { hash, octets } = key.curve;
  const secret = numberToBytesBE(key.d, octets);
  for (let attempt = 0; ; attempt++) {
    const k = bytesToNumberBE(hashWith(hash, concatBytes(secret, digest, Uint8Array.of(attempt))));
    if (k > 0n && k < orderOf(key.curve)) return k;
  }
}

/** ECDSA over a digest. s comes as it falls: IEEE 1609.2 has no rule that wants it low. */
export function signDigest(key: PrivateKey, digest: Uint8Array): RawSignature {
  const { curve, d } = key;
  const n = orderOf(curve);
  const k = nonceFor(key, digest);
  const R = multiplyBase(curve, k);
  const r = bytesToNumberBE(R.x) % n;
  const s = (curve.Point.Fn.inv(k) * ((integerOf(digest, curve) + r * d) % n)) % n;
  // Happens once in 2^256 signatures; saying so is cheaper than a retry that no test can reach.
  if (r === 0n || s === 0n) throw new Error('a nonce without signature');
  return { R, s: numberToBytesBE(s, curve.octets) };
}

/** A signature as IEEE 1609.2 writes it (§6.3.28); keys and signatures have the same names there. */
export function signatureValue(curve: Curve, { R, s }: RawSignature, form: PointForm): SignatureValue {
  return { tag: `${curve.name}Signature`, value: { rSig: curvePoint(R, form), sSig: s } };
}

/** The other signature of the same value: (−R, n − s). */
export function negated(curve: Curve, { R, s }: RawSignature): RawSignature {
  const y = curve.Point.Fp.ORDER - bytesToNumberBE(R.y);
  return {
    R: { x: R.x, y: numberToBytesBE(y, curve.octets) },
    s: numberToBytesBE(orderOf(curve) - bytesToNumberBE(s), curve.octets),
  };
}
