/**
 * Data of root management: the state of trust, artefacts, decisions, and the context for arithmetic and chains.
 * State and decisions are plain data that survive JSON unchanged: bytes are lower-case hex,
 * times decimal texts of TAI microseconds since 2004.
 */
import type { Finding, Validity } from '../certificates/index.ts';
import type { Certificate, SignatureValue } from '../dot2/index.ts';

/** Which of the two generations of root management is in force (DECISIONS D34). */
export type TrustMode = 'ballots' | 'ctl';

/**
 * Whether a root that a newer authenticated chain file no longer shows with a quorum of votes is removed (G6). An unauthenticated
 * file removes nothing (DECISIONS D42).
 */
export const IMPLICIT_ROOT_REVOCATION = ['off', 'authenticated'] as const;
/** Whether an authenticated chain file removes a root by leaving it out (G6). */
export type ImplicitRootRevocation = (typeof IMPLICIT_ROOT_REVOCATION)[number];

/** Choices of the device's operator. */
export interface TrustSettings {
  /** Electors and roots that fit (AE5, AR5). */
  readonly maxElectors: number;
  readonly maxRoots: number;
  /** The RA whose local chain files are meant for this device (G2); null for any. */
  readonly raHostname: string | null;
  /** The elector group whose CTLs are accepted (T1), 8 bytes; null: none. */
  readonly electorGroupId: string | null;
  readonly implicitRootRevocation: ImplicitRootRevocation;
}

/** The identity of an elector, root or component (DECISIONS D32). */
export interface Identity {
  /** Hash of the canonical certificate by the algorithm that its issuer field names. */
  readonly hash: string;
  /** The x-coordinate of its public key: −Q has the same owner. */
  readonly key: string;
  /** HashedId8 as messages and votes name it: the last 8 bytes of the hash as wide as its key. */
  readonly hashedId8: string;
}

/** A trusted certificate, as received. */
export interface TrustedCertificate extends Identity {
  readonly certificate: string;
  /** First and last moment of its validity; both belong to it. */
  readonly start: string;
  readonly end: string;
}

/** A component certificate that validated in its role, and the kind of file that brought it. */
export interface ComponentCertificate extends TrustedCertificate {
  readonly source: ComponentSource;
  /** The misbehaviour authority of a chain file is named as such: reports are encrypted to it (G9). */
  readonly role: 'ma' | 'component';
  /** Present if the newest authenticated chain file lists it; default: only unauthenticated files did. */
  readonly authenticated?: true;
}
/** The list that a component certificate came with. */
export type ComponentSource = 'global' | 'local' | 'ctl';

/** An elector or root that was removed: it never comes back, and its votes never count again (AE2, AR2, V5). */
export interface Tombstone extends Identity {
  readonly role: 'elector' | 'root';
  /** When the certificate would have expired: until then the tombstone stays. */
  readonly end: string;
  /** The votes that removed it, to be kept and relayed as long (RE8, K7); none if a CTL did. */
  readonly votes: readonly StoredVote[];
  /** sequenceNumber of the CTL that left it out, if one did. */
  readonly ctl?: number;
  /** The revision that it was removed in; unknown in states of before this was kept. */
  readonly revision?: number;
  /** HashedId8 of the CA certificates that went with a root; none in states of before they were kept. */
  readonly below?: readonly string[];
}

/** A root that was removed (DECISIONS D46): distinguishes certificates under it from those under an unknown one. */
export interface RemovedRoot {
  /** HashedId8 of the root, and of the CAs that went with it, hex. */
  readonly hashedId8s: readonly string[];
  /** When it was removed, and by whose votes. */
  readonly detail: string;
}

/** EndorsementType of the CAMP structures. */
export const ENDORSEMENT_TYPES = ['addRoot', 'addElector', 'removeRoot', 'removeElector'] as const;
/** The proposition of a vote. */
export type EndorsementType = (typeof ENDORSEMENT_TYPES)[number];

/** A vote that counted, whole: ballots that are kept and relayed are made of these. */
export interface StoredVote {
  /** Hash of the elector's certificate. */
  readonly voter: string;
  readonly effectiveTime: string;
  readonly octets: string;
}

/** A proposition that has its votes and waits for its time (BL6). One entry for a type and subject. */
export interface PendingBallot {
  readonly kind: 'ballot';
  readonly type: EndorsementType;
  readonly subject: TrustedCertificate;
  /** The votes that counted on receipt, one an elector, by its hash. */
  readonly votes: readonly StoredVote[];
  /** The quorum in force on receipt: a change never affects old ballots (P6). */
  readonly quorum: number;
  readonly effectiveTime: string;
  /** Its source, for the decision at its effective time. */
  readonly artefact: string;
}

/** A CTL whose effectiveDate lies ahead (T3). It is decided again then. */
export interface PendingCtl {
  readonly kind: 'ctl';
  readonly sequenceNumber: number;
  readonly effectiveTime: string;
  readonly artefact: string;
  /** The MultiSignedCtl. */
  readonly octets: string;
}

/** A policy file whose activeTime lies ahead (P2). It is decided again then. */
export interface PendingPolicy {
  readonly kind: 'policy';
  readonly effectiveTime: string;
  readonly artefact: string;
  readonly octets: string;
  /** As in {@link StoredPolicy}. */
  readonly signers?: readonly string[];
}

/** A ballot, CTL or policy that waits for its time. */
export type Pending = PendingBallot | PendingCtl | PendingPolicy;

/** A version of a kind of chain file (G2). */
export interface FileVersion {
  /** gccfVersion of a global file; gccfVersion, lccfVersion of a local one. */
  readonly version: readonly number[];
  /** SHA-256 of the file. */
  readonly sha256: string;
}

/** Versions of the chain files of one kind (DECISIONS D42). */
export interface FileVersions {
  /**
   * The highest version of a file whose certificates all validated in their roles. For display only: an unauthenticated file can
   * state any version. An authenticated file replaces what unauthenticated ones stated.
   */
  readonly newest: FileVersion | null;
  /** The highest version of an authenticated file: rollback and equivocation are checked against it (G2). */
  readonly authenticated: FileVersion | null;
}

/** The CRLs of a scope that are in force. */
export interface StoredCrl {
  /** Hash of the root that its signer's chain ends at. */
  readonly root: string;
  /** crlCraca, HashedId8. */
  readonly craca: string;
  readonly crlSeries: number;
  /** Time32; of the last CRL, as all that follow. */
  readonly issueDate: number;
  readonly nextCrl: number;
  /** crlSerial or indexWithinI. */
  readonly serial: number;
  /** The period that linkage entries start from; null for hash-based CRLs. */
  readonly iRev: number | null;
  /** A full SecuredCrl, then the deltas that follow it, with the SHA-256 of each. */
  readonly parts: readonly { readonly sha256: string; readonly octets: string }[];
}

/** The policy in force (P1–P8); null means the device's own defaults. */
export interface StoredPolicy {
  readonly policyId: string;
  readonly generationTime: string;
  readonly activeTime: string;
  /** The series of values that trust depends on; each is sorted by its start. */
  readonly certChainFileId: readonly TimedValue[];
  readonly overdueCrlToleranceSeconds: readonly TimedValue[];
  readonly quorum: readonly TimedValue[];
  /** The signed file, to be verified again when its signer's chain changes (P8, RR4). */
  readonly octets: string;
  /**
   * The certificates that its signature was verified with: chain files, which are not signed and may leave them out, have no
   * effect on it. Empty in states written before they were kept.
   */
  readonly signers?: readonly string[];
  /** Hash of the root that its signer's chain ends at. */
  readonly root?: string;
}

/** A policy that went with its signer: older ones of the same root do not come back (P2). */
export interface DroppedPolicy {
  readonly root: string;
  readonly generationTime: string;
  readonly activeTime: string;
}

/** A value and from when it is in force; the first of a series starts at 0. */
export interface TimedValue {
  readonly start: string;
  readonly value: number;
}

/** The CTL in force (T2, T3). */
export interface StoredCtl {
  readonly sequenceNumber: number;
  readonly effectiveTime: string;
  /** SHA-384 of tbsCtl. */
  readonly tbsCtlHash: string;
  /** The MultiSignedCtl, for relaying. */
  readonly octets: string;
}

/** Everything that a device has to remember of root management. Never changed in place. */
export interface TrustState {
  readonly format: 1;
  /** Counts changes of anything but the clock. */
  readonly revision: number;
  readonly mode: TrustMode;
  /** Distinct votes that a proposition needs now, and the fewest it may ever need (DECISIONS D31, P5). */
  readonly quorum: number;
  readonly floor: number;
  /** sequenceNumber of the last change of quorum that electors voted on: votes for it cannot be used again. */
  readonly quorumSequence: number;
  /** The highest time seen (DECISIONS D33). */
  readonly clock: string;
  readonly settings: TrustSettings;
  /** Hashes of the electors that were there from the start: no ballot has to show them (G10). */
  readonly founders: readonly string[];
  /** Each list is sorted by hash, so that equal trust is equal data. */
  readonly electors: readonly TrustedCertificate[];
  readonly roots: readonly TrustedCertificate[];
  readonly tombstones: readonly Tombstone[];
  readonly pending: readonly Pending[];
  readonly chainFiles: { readonly global: FileVersions; readonly local: FileVersions };
  readonly certificates: readonly ComponentCertificate[];
  readonly crls: readonly StoredCrl[];
  readonly policy: StoredPolicy | null;
  /** The last policy that was dropped, if any. */
  readonly droppedPolicy?: DroppedPolicy;
  readonly ctl: StoredCtl | null;
}

/**
 * An artefact to apply: a chain file, composite CRL, CTL, policy file, CRL or a ballot by itself, identified by its bytes.
 * `authenticated`: it came over a channel that authenticates its sender (E-1).
 */
export interface FileArtefact {
  readonly name: string;
  readonly octets: Uint8Array;
  readonly authenticated?: boolean;
}

/** A change of quorum by the operator (DECISIONS D35). Lowering it takes votes of as many electors as it needed (P6). */
export interface QuorumArtefact {
  readonly name: string;
  readonly quorum: number;
  /** Signed QuorumEndorsements, one an elector. */
  readonly votes?: readonly Uint8Array[];
}

/** A change of settings by the operator; see `settleSettings` for those that are safe to change. */
export interface SettingsArtefact {
  readonly name: string;
  readonly settings: { readonly [K in keyof TrustSettings]?: TrustSettings[K] };
}

/** A file, a change of the quorum or a change of settings. */
export type Artefact = FileArtefact | QuorumArtefact | SettingsArtefact;

/** The decision on one part of a bundle. */
export type DecisionKind = 'ACCEPT' | 'ACCEPT_NOOP' | 'PENDING' | 'REJECT';

/** The proposition of a decision: those of ballots, and others. */
export type Proposition =
  | EndorsementType
  | 'implicitRemoveRoot'
  | 'chainFile'
  | 'compositeCrl'
  | 'certificate'
  | 'crl'
  | 'policy'
  | 'quorum'
  | 'settings'
  | 'ctl';

/** The decision on one vote. */
export interface VoteDecision {
  /** HashedId8 of the elector; null if the vote names none. */
  readonly voter: string | null;
  readonly counted: boolean;
  readonly code: string;
}

/** The decision on one part of an artefact. */
export interface Decision {
  /** Name of the artefact. */
  readonly artefact: string;
  /** The path in it, e.g. `revokedElectors[0]`; empty for the whole. */
  readonly part: string;
  readonly proposition: Proposition | null;
  /** HashedId8 of the certificate it is about. */
  readonly subject: string | null;
  readonly decision: DecisionKind;
  /** `OK`, or the code of the first rule that failed. */
  readonly code: string;
  /** The values compared, in words. */
  readonly detail?: string;
  /** Its effective time, if later. */
  readonly effectiveTime?: string;
  readonly votes?: readonly VoteDecision[];
}

/** A condition of the state that asks for attention. */
export type TrustFlag =
  /** As many electors as the quorum: none may be lost (RE6). */
  | 'DEGRADED'
  /** Fewer electors than the quorum: nothing can be decided in band any more (RE6). */
  | 'FROZEN'
  /** A CRL in use is past its nextCrl (C7). */
  | 'STALE'
  /** No root is trusted: a legal state between two roots (RR8). */
  | 'NO_ROOT'
  /** Something waits for its time (BL6). */
  | 'PENDING';

/** The properties of a certificate that need no signature. */
export interface CertificateFacts {
  readonly octets: Uint8Array;
  readonly certificate: Certificate;
  /** Rules of structure that it breaks. */
  readonly structure: readonly Finding[];
  readonly validity: Validity;
  readonly canonical: Uint8Array;
  readonly hash: Uint8Array;
  readonly signerId8: Uint8Array;
}

/** A signature over signed data of a known certificate (IEEE 1609.2 §5.3.1). */
export interface VoteJob {
  readonly signer: CertificateFacts;
  readonly algorithm: 'sha256' | 'sha384';
  /** Canonical encoding of tbsData. */
  readonly data: Uint8Array;
  readonly signature: SignatureValue;
}

/** The result of verifying the signature of a vote. */
export type VoteOutcome = 'ok' | 'bad' | 'unsupported';

/** The trust that a chain is verified against. */
export interface ChainTrust {
  readonly roots: readonly Uint8Array[];
  readonly certificates: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
  readonly removedRoots: readonly RemovedRoot[];
  readonly at: bigint;
}

/** A result of the verifier: `ok`, or why not. */
export interface ChainVerdict {
  readonly ok: boolean;
  readonly code: string;
  readonly detail: string;
}

/** A signed message with the certificate that signed it, undefined if that is not known. */
export interface MessageVerdict extends ChainVerdict {
  readonly signer: Certificate | undefined;
}

/** CRLs verified by themselves and against those in force. */
export interface CrlResults {
  /** One for each of the new CRLs, with its crlCraca if that could be read. */
  readonly verdicts: readonly (ChainVerdict & { readonly craca: string | null })[];
  /** The CRLs in force after them. */
  readonly inForce: readonly StoredCrl[];
}

/**
 * The work that rules leave to the verifier: arithmetic, and chains. Synchronous and without visible memory:
 * the same questions get the same answers.
 */
export interface TrustContext {
  hash(algorithm: 'sha256' | 'sha384', octets: Uint8Array): Uint8Array;
  /** What {@link examine} says of a certificate that the state keeps as hex. */
  recall(certificate: string): CertificateFacts;
  /** Structure, canonical form and hashes; no signature, no point arithmetic. */
  examine(certificates: readonly Certificate[]): CertificateFacts[];
  /** The failure of each as a self-signed anchor: structure, key, self-signature. */
  checkAnchors(certificates: readonly CertificateFacts[]): (readonly Finding[])[];
  /** All signatures of a round in one batch. */
  verifySignatures(jobs: readonly VoteJob[]): VoteOutcome[];
  verifyCertificates(trust: ChainTrust, certificates: readonly Uint8Array[]): ChainVerdict[];
  verifyMessages(trust: ChainTrust, messages: readonly Uint8Array[]): MessageVerdict[];
  /** `trust.crls` are those that were in force. */
  verifyCrls(trust: ChainTrust, crls: readonly Uint8Array[]): CrlResults;
}
