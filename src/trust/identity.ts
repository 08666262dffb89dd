import { toHex } from '../coer/index.ts';
import type { Certificate } from '../dot2/index.ts';
import type { CertificateFacts, Identity, TrustedCertificate } from './types.ts';

/**
 * The x-coordinate of a certificate's public key, hex; undefined if it has no key of its own. Neither the curve nor the
 * sign of y tells owners apart (DECISIONS D32).
 */
export function keyOf({ toBeSigned: { verifyKeyIndicator: indicator } }: Certificate): string | undefined {
  if (indicator.tag !== 'verificationKey' || indicator.value.tag === 'unknown') return undefined;
  const point = indicator.value.value;
  if (point.tag === 'fill') return undefined;
  return toHex(point.tag === 'uncompressed' ? point.value.x : point.value);
}

/** A certificate as the state keeps it; undefined if it has no key of its own. */
export function trustedOf(facts: CertificateFacts): TrustedCertificate | undefined {
  const key = keyOf(facts.certificate);
  if (key === undefined || facts.certificate.type !== 'explicit') return undefined;
  return {
    hash: toHex(facts.hash),
    key,
    hashedId8: toHex(facts.signerId8),
    certificate: toHex(facts.octets),
    start: facts.validity.start.toString(),
    end: facts.validity.end.toString(),
  };
}

/** The digest by which a certificate names its issuer, hex; undefined for a self-signed one. */
export function issuerDigestOf({ issuer }: Certificate): string | undefined {
  return issuer.value instanceof Uint8Array ? toHex(issuer.value) : undefined;
}

/** Whether two identities are of one owner: the same certificate, or the same key. */
export function isSame(a: Pick<Identity, 'hash' | 'key'>, b: Pick<Identity, 'hash' | 'key'>): boolean {
  return a.hash === b.hash || a.key === b.key;
}

/** Sorts by certificate hash, as all lists of the state are. */
export function byHash(a: Pick<Identity, 'hash'>, b: Pick<Identity, 'hash'>): number {
  return a.hash < b.hash ? -1 : a.hash > b.hash ? 1 : 0;
}
