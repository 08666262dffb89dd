import type { Finding, Validity } from '../certificates/index.ts';
import { decodeOrThrow, toHex } from '../coer/index.ts';
import {
  Certificate,
  canonicalCertificate,
  canonicalToBeSigned,
  validityMicros,
  wholeCertificateHash,
} from '../dot2/index.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { brokenBy, DecodedCertificateFacts, type Period, periodOf, RULE_BOOK, type RuleBook } from '../rules/index.ts';
import { type HashName, hashAll, hashOf } from './hashing.ts';
import { octetKey } from './octets.ts';
import type { LenientRule } from './types.ts';

/** Leniencies that change what a certificate is worth. */
export const CERTIFICATE_LENIENCIES = ['min-chain-length', 'request-chain-length'] as const satisfies LenientRule[];
export type CertificateLeniency = ReadonlySet<(typeof CERTIFICATE_LENIENCIES)[number]>;

/** No leniency. */
export const STRICTLY: CertificateLeniency = new Set();

/** Those of a policy's leniencies that are about certificates. */
export function leniencyOf(lenient: readonly LenientRule[] = []): CertificateLeniency {
  return new Set(CERTIFICATE_LENIENCIES.filter((rule) => lenient.includes(rule)));
}

export function isSameLeniency(a: CertificateLeniency, b: CertificateLeniency): boolean {
  return a.size === b.size && [...a].every((rule) => b.has(rule));
}

/** A decoded certificate and everything about it that depends on its octets alone; what hardly anybody asks for is found out when asked. */
export class CertificateInfo {
  readonly certificate: Certificate;
  readonly canonical: Uint8Array;
  /** The hash that its issuer field names; undefined for SM3 and for values from the future. */
  readonly hashAlgorithm: HashName | undefined;
  /** H(canonical certificate) by its own algorithm (SHA-256 where that one is not computed): its identity. */
  readonly hash: Uint8Array;
  /** Rules of structure that it breaks. */
  readonly structure: readonly Finding[];
  /** Leniencies without which it would break another one. */
  readonly leniencies: readonly LenientRule[];
  /** Leniencies that it may be verified with. */
  readonly allowed: CertificateLeniency;
  /** H(canonical toBeSigned), the data input of its signature; undefined until {@link hashToBeSigned}. */
  tbsHash: Uint8Array | undefined = undefined;
  private ownKey: string | undefined = undefined;
  private ownValidity: Validity | undefined = undefined;
  private ownPeriod: Period | undefined = undefined;
  private ownCanonicalTbs: Uint8Array | undefined = undefined;
  private ownSignerId8: Uint8Array | undefined = undefined;

  /** `hash` is the one that {@link CertificateInfo.hash} says, and this object's own. */
  constructor(
    certificate: Certificate,
    canonical: Uint8Array,
    hash: Uint8Array,
    structure: readonly Finding[],
    leniencies: readonly LenientRule[],
    allowed: CertificateLeniency,
  ) {
    this.certificate = certificate;
    this.canonical = canonical;
    this.hashAlgorithm = namedHash(certificate);
    this.hash = hash;
    this.structure = structure;
    this.leniencies = leniencies;
    this.allowed = allowed;
  }

  /** As it was received. */
  get octets(): Uint8Array {
    return this.certificate.encoded as Uint8Array;
  }

  /** Received octets as a map key. */
  get key(): string {
    this.ownKey ??= octetKey(this.octets);
    return this.ownKey;
  }

  get validity(): Validity {
    this.ownValidity ??= validityMicros(this.certificate.toBeSigned.validityPeriod);
    return this.ownValidity;
  }

  /** The same as rules compare it. */
  get period(): Period {
    this.ownPeriod ??= periodOf(this.validity);
    return this.ownPeriod;
  }

  get canonicalTbs(): Uint8Array {
    this.ownCanonicalTbs ??= canonicalToBeSigned(this.certificate);
    return this.ownCanonicalTbs;
  }

  /** Low-order octets of the hash. */
  get hashedId8(): Uint8Array {
    return this.hash.subarray(-8);
  }

  /** What a message's digest names it by; the same, unless issuer and own key differ in width. */
  get signerId8(): Uint8Array {
    this.ownSignerId8 ??= this.findSignerId8();
    return this.ownSignerId8;
  }

  /** The same on octets of its own: views would keep everything alive that they were cut out of. */
  detached(): CertificateInfo {
    const { certificate, octets, canonical, hash, structure, leniencies, allowed } = this;
    const own = decodeOrThrow(Certificate, octets.slice());
    const ownCanonical = canonical === octets ? (own.encoded as Uint8Array) : canonical;
    const info = new CertificateInfo(own, ownCanonical, hash, structure, leniencies, allowed);
    info.tbsHash = this.tbsHash;
    if (this.canonicalTbs !== certificate.toBeSigned.encoded) info.ownCanonicalTbs = this.canonicalTbs;
    return info;
  }

  private findSignerId8(): Uint8Array {
    const algorithm = wholeCertificateHash(this.certificate);
    const isSame = algorithm === (this.hashAlgorithm ?? 'sha256');
    return isSame ? this.hashedId8 : hashOf(algorithm, this.canonical).subarray(-8);
  }
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
  allowed: CertificateLeniency,
  book: RuleBook = RULE_BOOK,
): CertificateInfo[] {
  const lenientChainLength = allowed.has('min-chain-length');
  const canonical = certificates.map(canonicalCertificate);
  const hashes = hashAll(
    kernel,
    canonical.map((octets, i) => {
      return { algorithm: namedHash(certificates[i] as Certificate) ?? 'sha256', octets };
    }),
  );
  return certificates.map((certificate, i) => {
    const structure = brokenBy(book.certificate, new DecodedCertificateFacts(certificate, lenientChainLength));
    const isLenient = lenientChainLength && hasZeroChainLength(certificate);
    // A copy of the hash, because the digests of a batch share one array and this may be remembered.
    const hash = (hashes[i] as Uint8Array).slice();
    const leniencies: LenientRule[] = isLenient ? ['min-chain-length'] : [];
    return new CertificateInfo(certificate, canonical[i] as Uint8Array, hash, structure, leniencies, allowed);
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
