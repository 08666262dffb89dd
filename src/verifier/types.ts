import type { KernelName } from '../kernel/kernel.ts';
import type { RevocationData } from '../revocation/index.ts';
import type { RemovedRoot } from '../trust/types.ts';
import type { ItemKind } from '../verdict/index.ts';

/** A key vouched for from outside: it replaces the chain of exactly this certificate, and nothing else. */
export interface Pin {
  /** The certificate, octet for octet. */
  readonly certificate: Uint8Array;
  /** SEC 1 point, compressed or uncompressed, on the curve of the certificate: P-256, P-384, brainpoolP256r1 or brainpoolP384r1. */
  readonly publicKey: Uint8Array;
}

/** Trust anchors, and certificates that help to reach them. */
export interface TrustMaterial {
  /** Trust anchors: explicit certificates, usually self-signed root CAs. */
  readonly roots: readonly Uint8Array[];
  /** Further CA certificates and local chain files; never trusted by themselves. */
  readonly certificates?: readonly Uint8Array[];
  readonly pins?: readonly Pin[];
  /** Roots that a trust store has removed: a certificate under one is `rootRemoved` in place of `issuerNotFound`. */
  readonly removedRoots?: readonly RemovedRoot[];
}

/** A piece of trust material that could not be used, and why. */
export interface TrustWarning {
  readonly list: 'roots' | 'certificates' | 'pins';
  readonly index: number;
  readonly code: string;
  readonly detail: string;
}

/**
 * Leniencies: a closed list. None of them relaxes a signature, a chain or a quorum (DECISIONS D16). `min-chain-length`: a minChainLength
 * of 0 in certIssuePermissions. `request-chain-length`: the end entity that certRequestPermissions are for counts in their chain length
 * (IEEE 1609.2 §6.4.30). `crl-craca`: crlCraca may be any certificate under the signer's root. `crl-psid`: PSID 35 for 256.
 */
export const LENIENT_RULES = ['min-chain-length', 'request-chain-length', 'crl-craca', 'crl-psid'] as const;
/** A rule of {@link LENIENT_RULES}. */
export type LenientRule = (typeof LENIENT_RULES)[number];

/** Receiver-specific checks; each is off unless given. */
export interface RelevanceOptions {
  /** Oldest generation time, in seconds before the time of verification. */
  readonly maxAgeSeconds?: number;
  /** Latest generation time, in seconds after the time of verification. */
  readonly maxFutureSeconds?: number;
  /** Refuse messages whose expiryTime lies before the time of verification. */
  readonly checkExpiry?: boolean;
  /** Refuse messages whose signing certificate has expired at the time of verification. */
  readonly checkCertificateExpiry?: boolean;
  /** Where this receiver is, in 1e-7 degrees, and how far a message may come from, in metres. */
  readonly position?: { readonly latitude: number; readonly longitude: number; readonly maxDistanceMetres: number };
  /** Refuse messages that were accepted before, within this many seconds of the time of verification. */
  readonly replayWindowSeconds?: number;
}

/** The policies for CRLs past nextCrl by more than the tolerance. */
export const OVERDUE_POLICIES = ['undecided', 'reject', 'ignore'] as const;
/** A policy of {@link OVERDUE_POLICIES}. */
export type OverduePolicy = (typeof OVERDUE_POLICIES)[number];

/** The policy of verification; changing it does not affect trust. */
export interface Policy {
  /** Time of verification in TAI microseconds since 2004; the clock at each batch where absent. */
  readonly at?: bigint;
  /** Verify each certificate, and each message without generation time, at the start of its certificate's validity. */
  readonly atOwnStart?: boolean;
  /** A certificate with a region needs a location in the message. */
  readonly requireLocation?: boolean;
  /** Report every failed rule in `errors`. */
  readonly allErrors?: boolean;
  readonly lenient?: readonly LenientRule[];
  /** Certificates that no CRL covers are `revocationNotChecked`, undecided; anchors need none. */
  readonly requireCrl?: boolean;
  /**
   * What becomes of certificates whose newest CRL has been overdue for longer than is tolerated: `undecided` where absent;
   * `reject` makes them invalid, `ignore` lets such a CRL count. Who is on it is revoked in any case.
   */
  readonly overdue?: OverduePolicy;
  /** How long after its nextCrl a CRL counts without that; two weeks where absent. */
  readonly overdueToleranceSeconds?: number;
  readonly relevance?: RelevanceOptions;
}

/** Trust, policy and kernel of a verifier. */
export interface VerifierOptions extends Policy {
  readonly trust: TrustMaterial;
  /** What verdicts name the trust by; 1 where absent. Each `setTrust` counts on from it, unless it names another. */
  readonly trustRevision?: number;
  readonly kernel?: KernelName | 'auto';
  /** CRLs in force, as `buildRevocation` gives them. */
  readonly revocation?: RevocationData | undefined;
}

/** A certificate or signed message to verify. */
export interface Item {
  readonly kind: ItemKind;
  readonly bytes: Uint8Array;
  /** PSID that the layer below carried (WSMP), if there was one. */
  readonly lowerLayerPsid?: number | undefined;
  /** External data that the message's extDataHash is to be compared with. */
  readonly externalData?: Uint8Array | undefined;
  /** Time to verify this item at, in TAI microseconds since 2004, in place of the policy's: when its frame was captured. */
  readonly at?: bigint | undefined;
  /** Set by a reader that could not take the record out of its container; the verdict repeats it. */
  readonly unreadable?: string | undefined;
  /** Anything of the caller's: the verdict has the same value. It is neither read nor copied, and stays in the calling thread. */
  readonly tag?: unknown;
}
