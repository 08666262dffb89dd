import { checkPermissions, type Permissions, type RequestReading } from '../certificates/index.ts';
import type {
  Certificate,
  GeographicRegionValue,
  PsidGroupPermissions,
  PsidSsp,
  ToBeSignedCertificate,
} from '../dot2/index.ts';
import type { Verdict } from '../verdict/index.ts';
import { rSigFormOf, type SignedFacts } from './message-facts.ts';
import type { Micros, Period } from './micros.ts';

/** How a point is written; the two compressed forms are one. */
type PointForm = 'compressed' | 'uncompressed' | 'x-only' | 'fill';

/** What the octets of a certificate say. Field values, never conclusions: a template tells by comparing them what is fixed. */
export interface CertificateFacts {
  readonly version: number;
  readonly type: string;
  readonly issuer: Certificate['issuer'];
  /** Index of the id's alternative, if it is none that this edition knows. */
  readonly idAlternative: number | undefined;
  readonly region: GeographicRegionValue | undefined;
  readonly appPermissions: readonly PsidSsp[] | undefined;
  readonly certIssuePermissions: readonly PsidGroupPermissions[] | undefined;
  readonly certRequestPermissions: readonly PsidGroupPermissions[] | undefined;
  readonly keyIndicator: string;
  /** Index of the alternative of verifyKeyIndicator, or of the key in it, that this edition does not know. */
  readonly keyIndicatorAlternative: number | undefined;
  readonly keyAlternative: number | undefined;
  readonly keyForm: PointForm | undefined;
  readonly encryptionKey: ToBeSignedCertificate['encryptionKey'];
  readonly isSigned: boolean;
  readonly signatureAlternative: number | undefined;
  readonly rSigForm: SignedFacts['rSigForm'];
}

/** Policy that the structure of certificates depends on. */
export interface LeniencyFacts {
  /** The smallest minChainLength in certIssuePermissions: 1, or 0 under the leniency `min-chain-length`. */
  readonly leastChainLength: number;
}

/** Everything that a rule on a certificate by itself may read. */
export interface StructureFacts extends CertificateFacts, LeniencyFacts {}

/** Everything that a rule on a certificate under its issuer may read. */
export interface ChainFacts {
  readonly type: string;
  readonly region: GeographicRegionValue | undefined;
  readonly appPermissions: readonly PsidSsp[] | undefined;
  readonly certIssuePermissions: readonly PsidGroupPermissions[] | undefined;
  readonly certRequestPermissions: readonly PsidGroupPermissions[] | undefined;
  readonly validity: Period;
  /** Certificates of its chain above this one. */
  readonly certificatesAbove: number;
  /** Implicit certificates from this one up that were attached, and that nothing but their message proves. */
  readonly unprovenImplicit: number;
  readonly issuerGroups: readonly PsidGroupPermissions[] | undefined;
  readonly issuerValidity: Period;
  /** The issuer's own region, or the nearest one above it. */
  readonly issuerRegion: GeographicRegionValue | undefined;
  /** The certificates above, nearest first. */
  readonly issuers: readonly ToBeSignedCertificate[];
  /** As {@link requestReading} gives it. */
  readonly requestReading: RequestReading;
}

/** Everything that a rule on a certificate item, and on no other certificate, may read. */
export interface CertificateItemFacts {
  readonly type: string;
  readonly trust: Verdict['trust'];
  readonly validity: Period;
  /** The time of verification, or the start of its own validity if the policy says `atOwnStart`. */
  readonly verifiedAt: Micros;
}

/** The facts of a decoded certificate. */
export class DecodedCertificateFacts implements StructureFacts {
  readonly leastChainLength: number;
  private readonly certificate: Certificate;

  constructor(certificate: Certificate, isLenient: boolean) {
    this.certificate = certificate;
    this.leastChainLength = isLenient ? 0 : 1;
  }

  get version(): number {
    return this.certificate.version;
  }

  get type(): string {
    return this.certificate.type;
  }

  get issuer(): Certificate['issuer'] {
    return this.certificate.issuer;
  }

  get idAlternative(): number | undefined {
    const { id } = this.certificate.toBeSigned;
    return id.tag === 'unknown' ? id.index : undefined;
  }

  get region(): GeographicRegionValue | undefined {
    return this.certificate.toBeSigned.region;
  }

  get appPermissions(): readonly PsidSsp[] | undefined {
    return this.certificate.toBeSigned.appPermissions;
  }

  get certIssuePermissions(): readonly PsidGroupPermissions[] | undefined {
    return this.certificate.toBeSigned.certIssuePermissions;
  }

  get certRequestPermissions(): readonly PsidGroupPermissions[] | undefined {
    return this.certificate.toBeSigned.certRequestPermissions;
  }

  get keyIndicator(): string {
    return this.certificate.toBeSigned.verifyKeyIndicator.tag;
  }

  get keyIndicatorAlternative(): number | undefined {
    const indicator = this.certificate.toBeSigned.verifyKeyIndicator;
    return indicator.tag === 'unknown' ? indicator.index : undefined;
  }

  get keyAlternative(): number | undefined {
    const indicator = this.certificate.toBeSigned.verifyKeyIndicator;
    if (indicator.tag !== 'verificationKey' || indicator.value.tag !== 'unknown') return undefined;
    return indicator.value.index;
  }

  get keyForm(): PointForm | undefined {
    const indicator = this.certificate.toBeSigned.verifyKeyIndicator;
    if (indicator.tag === 'reconstructionValue') return formOf(indicator.value.tag);
    if (indicator.tag !== 'verificationKey' || indicator.value.tag === 'unknown') return undefined;
    return formOf(indicator.value.value.tag);
  }

  get encryptionKey(): ToBeSignedCertificate['encryptionKey'] {
    return this.certificate.toBeSigned.encryptionKey;
  }

  get isSigned(): boolean {
    return this.certificate.signature !== undefined;
  }

  get signatureAlternative(): number | undefined {
    const { signature } = this.certificate;
    return signature?.tag === 'unknown' ? signature.index : undefined;
  }

  get rSigForm(): SignedFacts['rSigForm'] {
    return rSigFormOf(this.certificate.signature);
  }
}

function formOf(tag: string): PointForm {
  return tag.startsWith('compressed') ? 'compressed' : (tag as PointForm);
}

/**
 * How the chain length of certRequestPermissions is read (IEEE 1609.2 §6.4.30): by its other reading only if that is allowed, and the
 * permissions hold by that alone.
 */
export function requestReading(
  subject: Permissions,
  issuers: readonly ToBeSignedCertificate[],
  mayReadRequested: boolean,
): RequestReading {
  if (!mayReadRequested || checkPermissions(subject, issuers).length === 0) return 'requester';
  return checkPermissions(subject, issuers, 'requested').length === 0 ? 'requested' : 'requester';
}
