import type { Finding } from '../certificates/index.ts';
import type { SignatureOutcome } from './arithmetic.ts';
import type { CertificateInfo } from './certificate-info.ts';
import { type ChainNode, isProven } from './chain-node.ts';
import { type HashName, hashOf } from './hashing.ts';
import type { VerificationKey } from './keys.ts';
import type { LenientRule } from './types.ts';

/** One certificate against one possible issuer; `undefined` where none is known, `self` where it names itself. */
export interface Pairing {
  readonly info: CertificateInfo;
  readonly issuer: ChainNode | 'self' | undefined;
  /** Why there is no issuer any more: that was removed, or went with a root (DECISIONS D46). */
  readonly removal: string | undefined;
  /** Where it was attached to a message; of issuers good signatures are worth remembering too. */
  readonly attached: 'no' | 'signer' | 'issuer';
  /** Whether the point of its key is needed, whatever becomes of the rest. */
  readonly wantsKey: boolean;
  key: VerificationKey | undefined;
  signature: SignatureOutcome | 'notChecked';
  readonly findings: Finding[];
  /** Leniencies without which it would break another rule. */
  readonly leniencies: LenientRule[];
}

/**
 * Whether arithmetic on a certificate can matter: what is above it is genuine. On other curves than P-256, where it takes a hundred times
 * as long, also nothing else may be wrong (DECISIONS D44).
 */
export function isDue({ issuer, findings }: Pairing, isRare: boolean): boolean {
  if (typeof issuer !== 'object' || !issuer.isGenuine) return false;
  return !isRare || (findings.length === 0 && isProven(issuer));
}

const NOTHING = new Uint8Array(0);
const EMPTY_HASH: Readonly<Record<HashName, Uint8Array>> = {
  sha256: hashOf('sha256', NOTHING),
  sha384: hashOf('sha384', NOTHING),
};

/** Hash of the signer of a certificate, by the algorithm that the certificate names (§5.3.1: nothing where it is itself). */
export function signerHash(signer: CertificateInfo | 'self', algorithm: HashName): Uint8Array {
  if (signer === 'self') return EMPTY_HASH[algorithm];
  if (signer.hashAlgorithm === algorithm) return signer.hash;
  return hashOf(algorithm, signer.canonical);
}
