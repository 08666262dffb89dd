import { brainpoolP256r1, brainpoolP384r1 } from '@noble/curves/misc.js';
import { p256, p384 } from '@noble/curves/nist.js';
import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js';
import { type Certificate, wholeCertificateHash } from '../dot2/index.ts';
import type { CertificateInfo } from './certificate-info.ts';
import { type HashName, hashOf } from './hashing.ts';

/** Octets of a HashedId10, the low-order ones of a hash (IEEE 1609.2 §6.3.29). */
const HASHED_ID10 = 10;

/** Orders of the groups that ECDSA signatures of certificates are made in. For SM2 n − s is no other signature. */
const ORDERS: Readonly<Record<string, bigint>> = {
  ecdsaNistP256Signature: p256.Point.Fn.ORDER,
  ecdsaBrainpoolP256r1Signature: brainpoolP256r1.Point.Fn.ORDER,
  ecdsaBrainpoolP384r1Signature: brainpoolP384r1.Point.Fn.ORDER,
  ecdsaNistP384Signature: p384.Point.Fn.ORDER,
};

type IdSource = Pick<CertificateInfo, 'certificate' | 'canonical' | 'hash' | 'hashAlgorithm'>;

/**
 * HashedId10s that a certificate goes by. Two for an explicit one, because whoever holds it can write n − s for s, and it
 * verifies as well (DECISIONS D20); in canonical form nothing else can be written in two ways. Twice as many where issuer and
 * own key differ in width: CRLs name certificates by the hash of either (see `wholeCertificateHash`).
 */
export function hashedId10sOf({ certificate, canonical, hash, hashAlgorithm = 'sha256' }: IdSource): Uint8Array[] {
  const ids: Uint8Array[] = [hash.slice(-HASHED_ID10)];
  const other = otherSignature(canonical, certificate.signature);
  if (other !== undefined) ids.push(hashedId10(hashAlgorithm, other));
  const wide = wholeCertificateHash(certificate);
  if (wide === hashAlgorithm) return ids;
  ids.push(hashedId10(wide, canonical));
  if (other !== undefined) ids.push(hashedId10(wide, other));
  return ids;
}

/** The same for a certificate in canonical form whose SHA-256 is known and that is signed, if at all, on P-256. */
export function hashedId10sOfOctets(octets: Uint8Array, hash: Uint8Array, isSigned: boolean): Uint8Array[] {
  const ids: Uint8Array[] = [hash.slice(-HASHED_ID10)];
  const other = isSigned ? withNegatedS(octets, 32, p256.Point.Fn.ORDER) : undefined;
  if (other !== undefined) ids.push(hashedId10('sha256', other));
  return ids;
}

function hashedId10(algorithm: HashName, octets: Uint8Array): Uint8Array {
  return hashOf(algorithm, octets).slice(-HASHED_ID10);
}

/** The canonical octets with the other s that verifies. */
function otherSignature(canonical: Uint8Array, signature: Certificate['signature']): Uint8Array | undefined {
  if (signature === undefined) return undefined;
  const order = ORDERS[signature.tag];
  if (order === undefined) return undefined;
  const { sSig } = signature.value as { sSig: Uint8Array };
  return withNegatedS(canonical, sSig.length, order);
}

/** s are the last octets of a certificate; undefined where it is out of range, and the signature therefore no signature. */
function withNegatedS(octets: Uint8Array, width: number, order: bigint): Uint8Array | undefined {
  const at = octets.length - width;
  const s = bytesToNumberBE(octets.subarray(at));
  if (s === 0n || s >= order) return undefined;
  const other = octets.slice();
  other.set(numberToBytesBE(order - s, width), at);
  return other;
}
