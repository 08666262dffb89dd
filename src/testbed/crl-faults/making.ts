/** How the CRLs of the specimens are made. */
import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js';
import { encode } from '../../coer/index.ts';
import { CrlContents } from '../../dot2/index.ts';
import { type CertificateFields, type Credential, issueExplicit } from '../certificates.ts';
import { type CrlRequest, type CrlSigning, crlContents, issueCrl, signCrl } from '../crls.ts';
import { trustWith } from '../faults/support.ts';
import { generateKey, hashWith, orderOf } from '../keys.ts';
import { PSID_CRL, SERIES_ROOT_MANAGED } from '../permissions.ts';
import type { Random } from '../random.ts';
import { type Scms, WEEK_SECONDS } from '../scms.ts';
import type { CrlCase } from './specimen.ts';

/** A CRL generator like the testbed's, but for some fields, and under another issuer. */
export function crlGenerator(
  scms: Scms,
  random: Random,
  fields: Partial<CertificateFields>,
  issuer: Credential = scms.root,
): Credential {
  const { verifyKeyIndicator: _, encoded: _encoded, ...own } = scms.crlg.toBeSigned;
  return issueExplicit({ issuer, key: generateKey(random), fields: { ...own, ...fields } });
}

export const issue =
  (request: CrlRequest, signing: CrlSigning = {}) =>
  (scms: Scms): Uint8Array =>
    issueCrl(scms, request, signing);

/** The contents, changed as bytes, signed as they then are. */
export const altered =
  (request: CrlRequest, change: (octets: Uint8Array) => Uint8Array) =>
  (scms: Scms): Uint8Array =>
    signCrl(scms, change(encode(CrlContents, crlContents(scms, request))));

/** Signed by a CRL generator of its own, which is in the trust material. */
export const byOther =
  (
    fields: (scms: Scms) => Partial<CertificateFields>,
    request: (by: Credential) => CrlRequest = () => ({}),
    psid = PSID_CRL,
  ) =>
  (scms: Scms, random: Random): CrlCase => {
    const by = crlGenerator(scms, random, fields(scms));
    return { bytes: issueCrl(scms, request(by), { by, psid }), trust: trustWith(scms, by) };
  };

export const appending =
  (...more: number[]) =>
  (octets: Uint8Array): Uint8Array =>
    Uint8Array.of(...octets, ...more);
export const cutBy =
  (count: number) =>
  (octets: Uint8Array): Uint8Array =>
    octets.subarray(0, octets.length - count);
export const HASHES = { kind: 'fullHashCrl', filler: 3 } as const;

export const HASH = { kind: 'fullHashCrl' } as const;
export const DELTA = { kind: 'deltaHashCrl' } as const;

/** So many seconds after the tolerance of a CRL that was issued at the start. */
export const overdueAt = (scms: Scms, seconds: number): bigint =>
  BigInt(scms.start + 3 * WEEK_SECONDS + seconds) * 1_000_000n;

/** The root's list of components that are no more. */
export const byRoot = (scms: Scms, certificates: readonly Credential[], request: CrlRequest = {}): Uint8Array =>
  issueCrl(scms, { kind: 'fullHashCrl', series: SERIES_ROOT_MANAGED, certificates, ...request }, { by: scms.root });

/** The same certificate with the other s that verifies, which is in its last bytes. */
export function withOtherSignature(credential: Credential): Credential {
  const { curve } = (credential.issuer ?? credential).key;
  const other = (octets: Uint8Array): Uint8Array => {
    const at = octets.length - curve.octets;
    const s = orderOf(curve) - bytesToNumberBE(octets.subarray(at));
    return Uint8Array.of(...octets.subarray(0, at), ...numberToBytesBE(s, curve.octets));
  };
  const canonical = other(credential.canonical);
  return { ...credential, bytes: other(credential.bytes), canonical, fullHash: hashWith(credential.hash, canonical) };
}
