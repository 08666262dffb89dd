import { checkCertificateStructure, type Finding, type Validity } from '../certificates/index.ts';
import { toHex } from '../coer/index.ts';
import {
  type Certificate,
  canonicalCertificate,
  canonicalToBeSigned,
  validityMicros,
  wholeCertificateHash,
} from '../dot2/index.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { checkEncryptionKey } from './encryption-keys.ts';
import { type HashName, hashAll, hashOf } from './hashing.ts';
import { octetKey } from './octets.ts';
import type { LenientRule } from './types.ts';

/** A decoded certificate and everything about it that depends on its octets alone. */
export interface CertificateInfo {
  readonly octets: Uint8Array;
  /** Received octets as a map key. */
  readonly key: string;
  readonly certificate: Certificate;
  /** Rules of structure that it breaks. */
  readonly structure: readonly Finding[];
  /** Leniencies without which it would break another one. */
  readonly leniencies: readonly LenientRule[];
  readonly validity: Validity;
  readonly canonical: Uint8Array;
  readonly canonicalTbs: Uint8Array;
  /** The hash that its issuer field names; undefined for SM3 and for values from the future. */
  readonly hashAlgorithm: HashName | undefined;
  /** H(canonical certificate) by its own algorithm (SHA-256 where that one is not computed): its identity. */
  readonly hash: Uint8Array;
  /** Low-order octets of that hash. */
  readonly hashedId8: Uint8Array;
  /** What a message's digest names it by; the same, unless issuer and own key differ in width. */
  readonly signerId8: Uint8Array;
  /** H(canonical toBeSigned), the data input of its signature; undefined until {@link hashToBeSigned}. */
  tbsHash: Uint8Array | undefined;
}

/** The hash named by a certificate's issuer field (IEEE 1609.2 §6.4.7). */
function namedHash({ issuer }: Certificate): HashName | undefined {
  if (issuer.tag === 'sha256AndDigest') return 'sha256';
  if (issuer.tag === 'sha384AndDigest') return 'sha384';
  if (issuer.tag === 'self' && (issuer.value === 'sha256' || issuer.value === 'sha384')) return issuer.value;
  return undefined;
}

/** Examines many decoded certificates: structure, canonical form, and their hashes in one batch. */
export function examineAll(
  kernel: Kernel,
  certificates: readonly Certificate[],
  lenientChainLength: boolean,
): CertificateInfo[] {
  const forms = certificates.map((certificate) => ({
    canonical: canonicalCertificate(certificate),
    canonicalTbs: canonicalToBeSigned(certificate),
    hashAlgorithm: namedHash(certificate),
  }));
  const hashes = hashAll(
    kernel,
    forms.map(({ canonical, hashAlgorithm: algorithm = 'sha256' }) => ({ algorithm, octets: canonical })),
  );
  return certificates.map((certificate, i) => {
    // Copies, because the digests of a batch share one array and these may be remembered.
    const hash = (hashes[i] as Uint8Array).slice();
    const octets = certificate.encoded as Uint8Array;
    const form = forms[i] as (typeof forms)[number];
    const signerAlgorithm = wholeCertificateHash(certificate);
    const signerHash =
      signerAlgorithm === (form.hashAlgorithm ?? 'sha256') ? hash : hashOf(signerAlgorithm, form.canonical);
    return {
      octets,
      key: octetKey(octets),
      certificate,
      structure: [
        ...checkCertificateStructure(certificate, lenientChainLength),
        ...checkEncryptionKey(certificate.toBeSigned.encryptionKey),
      ],
      leniencies: lenientChainLength && hasZeroChainLength(certificate) ? ['min-chain-length'] : [],
      validity: validityMicros(certificate.toBeSigned.validityPeriod),
      ...form,
      hash,
      hashedId8: hash.subarray(-8),
      signerId8: signerHash.subarray(-8),
      tbsHash: undefined,
    };
  });
}

/** Hashes what is signed of certificates, those that are hashed already left out. */
export function hashToBeSigned(kernel: Kernel, infos: readonly CertificateInfo[]): void {
  const missing = [...new Set(infos)].filter(({ tbsHash }) => tbsHash === undefined);
  const hashes = hashAll(
    kernel,
    missing.map(({ canonicalTbs, hashAlgorithm: algorithm = 'sha256' }) => ({ algorithm, octets: canonicalTbs })),
  );
  missing.forEach((info, i) => {
    info.tbsHash = (hashes[i] as Uint8Array).slice();
  });
}

function hasZeroChainLength({ toBeSigned }: Certificate): boolean {
  return toBeSigned.certIssuePermissions?.some(({ minChainLength }) => minChainLength === 0) ?? false;
}

/** HashedId8 as the verdicts print it. */
export function hashedId8Text(info: CertificateInfo): string {
  return toHex(info.hashedId8);
}
