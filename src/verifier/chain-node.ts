import type { Finding } from '../certificates/index.ts';
import type { GeographicRegionValue, ToBeSignedCertificate } from '../dot2/index.ts';
import type { Failure, SignatureState, Verdict } from '../verdict/index.ts';
import type { CertificateInfo } from './certificate-info.ts';
import type { VerificationKey } from './keys.ts';
import type { LenientRule } from './types.ts';

/**
 * A certificate verified against one issuer, everything but times, location and revocation: what stays true as long as the
 * trust material does.
 */
export interface ChainNode {
  readonly info: CertificateInfo;
  /** Undefined for anchors, pins, untrusted self-signed certificates, and where no issuer is known. */
  readonly issuer: ChainNode | undefined;
  readonly trust: Verdict['trust'];
  /** Failed rules of this certificate alone and towards its issuers. */
  readonly findings: readonly Finding[];
  /** Leniencies without which it would fail another rule. */
  readonly leniencies: readonly LenientRule[];
  /** The certificate's own key; that of an implicit one is made when its point is needed. Undefined where there is none to use. */
  key: VerificationKey | undefined;
  readonly signature: SignatureState;
  /**
   * Whether every signature from here to what is trusted verifies, whatever else is wrong; what only a message can prove counts as if it
   * did. Below a certificate that is not genuine no arithmetic can matter (DECISIONS D44).
   */
  readonly isGenuine: boolean;
  /** Implicit certificates among this one and the attached ones above it, which nothing proves but a message. */
  readonly unproven: number;
  /** Certificates from this one to the end of its chain. */
  readonly length: number;
  /** The region it may act in: its own, or the nearest one above it. */
  readonly region: GeographicRegionValue | undefined;
}

/** Failures of a certificate and of everything above it; its own are reported at `depth`. */
export function failuresOf(node: ChainNode, depth: number): Failure[] {
  const failures: Failure[] = [];
  let at = depth;
  for (let one: ChainNode | undefined = node; one !== undefined; one = one.issuer, at++) {
    for (const finding of one.findings) {
      // A CA's wrong signature is another thing to mend than the item's own.
      const code = finding.code === 'badSignature' && at > 0 ? 'badChainSignature' : finding.code;
      failures.push({ ...finding, code, depth: at });
    }
  }
  return failures;
}

/** Whether a certificate and its whole chain stand, as far as that does not depend on time, place or revocation. */
export function isProven(node: ChainNode): boolean {
  for (let one: ChainNode | undefined = node; one !== undefined; one = one.issuer) {
    if (one.findings.length > 0) return false;
  }
  return node.trust !== 'none';
}

/** Leniencies that a certificate or its chain could not do without. */
export function lenienciesOf(node: ChainNode): LenientRule[] {
  const used = new Set<LenientRule>();
  for (let one: ChainNode | undefined = node; one !== undefined; one = one.issuer) {
    for (const rule of one.leniencies) used.add(rule);
  }
  return [...used];
}

/** The certificates above one, nearest first. */
export function issuersOf(node: { readonly issuer: ChainNode | undefined }): ToBeSignedCertificate[] {
  const issuers: ToBeSignedCertificate[] = [];
  for (let one = node.issuer; one !== undefined; one = one.issuer) issuers.push(one.info.certificate.toBeSigned);
  return issuers;
}
