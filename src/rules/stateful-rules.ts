/**
 * Rules whose facts are in the state of a verifier or of its kernel: declared here, so that the list of rules is whole, and evaluated where
 * that state is. The fast path keeps them in its own way, which `fastPath` names; it accepts nothing that it did not see kept.
 */
import { COER_ERROR_CODES, type CoerErrorCode } from '../coer/index.ts';
import type { FailureCode } from '../verdict/index.ts';

export interface StatefulRule {
  readonly id: string;
  readonly codes: readonly FailureCode[];
  readonly clause: string;
  /** What it is about, in words. */
  readonly holds: string;
  /**
   * How the fast path keeps it: `template`, all bytes that it depends on are compared; `arithmetic`, it is computed for each item; `memory`,
   * it is asked for each item; `fullPath`, such items never take the fast path.
   */
  readonly fastPath: 'template' | 'arithmetic' | 'memory' | 'fullPath';
}

export const STATEFUL_RULES: readonly StatefulRule[] = [
  {
    id: 'readable',
    codes: ['unreadableRecord'],
    clause: 'DECISIONS D40',
    holds: 'a reader took the record out of its container',
    fastPath: 'fullPath',
  },
  {
    id: 'decodable',
    codes: Object.keys(COER_ERROR_CODES) as CoerErrorCode[],
    clause: 'ITU-T X.696, IEEE 1609.2 §6',
    holds: 'the item is one value in its only encoding',
    fastPath: 'template',
  },
  {
    id: 'structureKind',
    codes: ['unexpectedStructure', 'notSigned'],
    clause: 'IEEE 1609.2 §6.3.2, §6.4.2',
    holds: 'the item is the kind of structure that was asked for',
    fastPath: 'template',
  },
  {
    id: 'signerFound',
    codes: ['certificateNotFound'],
    clause: 'IEEE 1609.2 §5.2.4.2.1',
    holds: 'the signing certificate is attached, trusted, or was proven before',
    fastPath: 'memory',
  },
  {
    id: 'signerListIsChain',
    codes: ['inconsistentInputParameters'],
    clause: 'IEEE 1609.2 §6.3.24, DECISIONS D12',
    holds: 'each certificate of an attached list issued the one before it',
    fastPath: 'memory',
  },
  {
    id: 'issuerFound',
    codes: ['issuerNotFound', 'rootRemoved'],
    clause: 'IEEE 1609.2 §5.1.2.1, DECISIONS D46',
    holds: 'the issuer is known, and was not removed',
    fastPath: 'template',
  },
  {
    id: 'chainEndsAtRoot',
    codes: ['chainEndedAtUntrustedRoot'],
    clause: 'IEEE 1609.2 §5.1.2.1',
    holds: 'a self-signed certificate is among the trust anchors',
    fastPath: 'template',
  },
  {
    id: 'publicKeyOnCurve',
    codes: ['invalidPublicKey'],
    clause: 'IEEE 1609.2 §6.3.23',
    holds: 'keys and reconstruction values are points of their curves',
    fastPath: 'arithmetic',
  },
  {
    id: 'keyReconstructed',
    codes: ['reconstructionFailed'],
    clause: 'IEEE 1609.2 §5.3.2',
    holds: 'an implicit certificate gives a key other than the point at infinity',
    fastPath: 'arithmetic',
  },
  {
    id: 'chainSignature',
    codes: ['badChainSignature', 'badSignature', 'nonCanonicalSignature', 'unsupportedAlgorithm'],
    clause: 'IEEE 1609.2 §5.3.1, §5.1.2',
    holds: "a certificate's signature verifies under its issuer's key",
    fastPath: 'arithmetic',
  },
  {
    id: 'messageSignature',
    codes: ['badSignature', 'nonCanonicalSignature', 'unsupportedAlgorithm'],
    clause: 'IEEE 1609.2 §5.2.4.1, §5.3.1',
    holds: "a message's signature verifies under its signer's key",
    fastPath: 'arithmetic',
  },
  {
    id: 'notReplayed',
    codes: ['replayedSpdu'],
    clause: 'IEEE 1609.2 §5.2.4.2.4, DECISIONS D23',
    holds: 'the same message of the same signer was not accepted within the replay window',
    fastPath: 'memory',
  },
  {
    id: 'verifierWorks',
    codes: ['internalFailure'],
    clause: 'DECISIONS D1',
    holds: 'the verifier did not fail on the item',
    fastPath: 'fullPath',
  },
];
