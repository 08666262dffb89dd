import type { GeographicRegionValue, PsidGroupPermissions, PsidSsp, ToBeSignedCertificate } from '../dot2/index.ts';
import { type ChainFacts, type Period, requestReading } from '../rules/index.ts';
import type { CertificateInfo } from './certificate-info.ts';
import { type ChainNode, issuersOf } from './chain-node.ts';
import type { Pairing } from './pairing.ts';

type Subject = Pick<CertificateInfo, 'certificate' | 'period' | 'allowed'>;

/** What the rules on a certificate under its issuer read; what costs most is found out when it is read. */
export function chainFacts(info: Subject, issuer: ChainNode, attached: Pairing['attached']): ChainFacts {
  return new DecodedChainFacts(info, issuer, attached);
}

/** Implicit certificates from this one up that were attached, and that nothing but their message proves. */
export function unprovenImplicit(
  { certificate }: Pick<CertificateInfo, 'certificate'>,
  issuer: Pick<ChainNode, 'unproven'> | undefined,
  attached: Pairing['attached'],
): number {
  const own = attached !== 'no' && certificate.type === 'implicit' ? 1 : 0;
  return own + (issuer?.unproven ?? 0);
}

class DecodedChainFacts implements ChainFacts {
  private readonly info: Subject;
  private readonly issuer: ChainNode;
  private readonly attached: Pairing['attached'];
  private ownIssuers: readonly ToBeSignedCertificate[] | undefined = undefined;
  private ownReading: ChainFacts['requestReading'] | undefined = undefined;

  constructor(info: Subject, issuer: ChainNode, attached: Pairing['attached']) {
    this.info = info;
    this.issuer = issuer;
    this.attached = attached;
  }

  get type(): string {
    return this.info.certificate.type;
  }

  get region(): GeographicRegionValue | undefined {
    return this.info.certificate.toBeSigned.region;
  }

  get appPermissions(): readonly PsidSsp[] | undefined {
    return this.info.certificate.toBeSigned.appPermissions;
  }

  get certIssuePermissions(): readonly PsidGroupPermissions[] | undefined {
    return this.info.certificate.toBeSigned.certIssuePermissions;
  }

  get certRequestPermissions(): readonly PsidGroupPermissions[] | undefined {
    return this.info.certificate.toBeSigned.certRequestPermissions;
  }

  get validity(): Period {
    return this.info.period;
  }

  get certificatesAbove(): number {
    return this.issuer.length;
  }

  get unprovenImplicit(): number {
    return unprovenImplicit(this.info, this.issuer, this.attached);
  }

  get issuerGroups(): readonly PsidGroupPermissions[] | undefined {
    return this.issuer.info.certificate.toBeSigned.certIssuePermissions;
  }

  get issuerValidity(): Period {
    return this.issuer.info.period;
  }

  get issuerRegion(): GeographicRegionValue | undefined {
    return this.issuer.region;
  }

  get issuers(): readonly ToBeSignedCertificate[] {
    this.ownIssuers ??= issuersOf({ issuer: this.issuer });
    return this.ownIssuers;
  }

  get requestReading(): ChainFacts['requestReading'] {
    this.ownReading ??= requestReading(this, this.issuers, this.info.allowed.has('request-chain-length'));
    return this.ownReading;
  }
}
