import type { Period } from '../rules/index.ts';
import { hashedId8Text } from './certificate-info.ts';
import { type ChainNode, isProven, lenienciesOf } from './chain-node.ts';
import type { CertificateTemplate } from './fast/certificate-template.ts';
import { type ImplicitKey, isMade, type PublicKey, type VerificationKey } from './keys.ts';
import { sameOctets, wordAt } from './octets.ts';
import type { RevocationStatus } from './revocation-status.ts';
import { type ProvenList, type Rights, rightsOf, Signatory } from './signatory.ts';

/** A signer whose certificate and chain stand: all that the rules on its messages and their signatures need. */
export class Signer extends Signatory {
  readonly rights: Rights;
  readonly period: Period;
  /** HashedId8 in two words, and as the verdicts print it. */
  readonly high: number;
  readonly low: number;
  readonly hashedId8: string;
  /** The octets of the certificates that it came with, its own first, as a key: a text is cheaper than an array of its own. */
  readonly octets: string;
  /** What the key is made of, where it has not been needed yet: the octets by their template, or an implicit certificate's parts. */
  readonly unmade: CertificateTemplate | ImplicitKey | undefined;
  key: PublicKey | undefined;
  /** What CRLs say of it and its issuers; undefined where none is asked. */
  revocationStatus: RevocationStatus | undefined = undefined;
  /** The list by which a message has taught it; undefined for certificates of the trust material. */
  list: ProvenList | undefined = undefined;

  constructor(
    hash: Uint8Array,
    hashedId8: string,
    octets: string,
    rights: Rights,
    period: Period,
    key: VerificationKey | CertificateTemplate,
  ) {
    super(hash);
    this.rights = rights;
    this.period = period;
    this.octets = octets;
    const isThere = !('byteTemplate' in key) && isMade(key);
    this.unmade = isThere ? undefined : (key as CertificateTemplate | ImplicitKey);
    this.key = isThere ? key : undefined;
    this.high = wordAt(hash, 24);
    this.low = wordAt(hash, 28);
    this.hashedId8 = hashedId8;
  }
}

/** A verified certificate as a signer; undefined where it does not stand, or is of a kind that the fast path leaves alone. */
export function signerOf(node: ChainNode, octets = node.info.key): Signer | undefined {
  const { info, key } = node;
  if (!isProven(node) || lenienciesOf(node).length > 0) return undefined;
  if (key?.algorithm !== 'ecdsaNistP256' || info.hashAlgorithm !== 'sha256') return undefined;
  if (!sameOctets(info.hashedId8, info.signerId8)) return undefined;
  return new Signer(info.hash, hashedId8Text(info), octets, rightsOf(node), info.period, key);
}
