import { CODES, type Code, type FailureCode, RESULT_NAMES, type ResultName, type Stage, stageIndex } from './codes.ts';
import type { RevocationHit } from './revocation-hit.ts';

/** One rule that failed. */
export interface Failure {
  readonly code: FailureCode;
  /** Where in the chain: 0 the item itself; for a message 1 is its signing certificate, then that one's issuer, … */
  readonly depth: number;
  /** The values compared, in words. */
  readonly detail: string;
  /** Where the rule belongs to another stage than its code usually does. */
  readonly stage?: Stage;
  /** Set if the rule was only checked because every error was asked for: the verdict is the same without it (DECISIONS D44). */
  readonly surplus?: true;
}

/** The result of verifying the signature of an item. */
export type SignatureState = 'ok' | 'bad' | 'notChecked';

/**
 * The answer of the CRLs for an item's certificate (a message's signer) and every certificate above it except the anchor:
 * - `notChecked`: no CRL covers the certificate (DECISIONS D8, D21), or nothing could be asked;
 * - `issuersNotChecked`: a CRL covers the certificate and does not name it; none covers one of its issuers;
 * - `notRevoked`: all of them are covered, and none is named;
 * - `overdue`: none is named, but a CRL has been overdue for longer than is tolerated;
 * - `notEvaluated`: a CRL covers one of them, and is not expanded for its period (D22);
 * - `revoked`: one of them is named; {@link Verdict.revokedBy} says where. An anchor can be, too.
 */
export const REVOCATION_STATES = [
  'notChecked',
  'issuersNotChecked',
  'notRevoked',
  'overdue',
  'notEvaluated',
  'revoked',
] as const;
/** A state of {@link REVOCATION_STATES}. */
export type RevocationState = (typeof REVOCATION_STATES)[number];

/** The entry that revokes, and which certificate of the chain it names. */
export interface RevokedBy extends RevocationHit {
  /** As {@link Failure.depth}. */
  readonly depth: number;
}

/** A warning that does not change the verdict. `crlOverdue`: a CRL that the verdict depends on is past its nextCrl. */
export type VerdictWarning = 'crlOverdue';

/** The kind of an item: a certificate or a signed message. */
export type ItemKind = 'certificate' | 'message';

/** The result of verifying one item. Plain data but for its `tag`: it survives structured clone and JSON unchanged. */
export interface Verdict {
  readonly kind: ItemKind;
  /** HashedId8 of the certificate, or of the one that signed the message; hex, null where it is not known. */
  readonly hashedId8: string | null;
  readonly verdict: 'valid' | 'invalid' | 'undecided';
  readonly code: Code;
  readonly depth: number;
  readonly detail: string;
  /** Offset of the offending octet within the item; null where the code is not one of decoding. */
  readonly errorOffset: number | null;
  /** The item's own signature, whatever the other rules say. */
  readonly signature: SignatureState;
  readonly resultCode: number | null;
  readonly resultName: ResultName | null;
  /** What the chain rests on: `root`, `pinned`, or `none` where it reaches nothing trusted. */
  readonly trust: 'root' | 'pinned' | 'none';
  /** Revision of the trust material that this verdict was given under. */
  readonly trustRevision: number;
  readonly revocation: RevocationState;
  /** Revision of the revocation data that this verdict was given under; 0 where there was none. */
  readonly crlRevision: number;
  /** Whether the generation location was compared with the certificate's region. */
  readonly regionChecked: boolean;
  /** Certificates: compressed SEC 1 key, hex; the reconstructed one for implicit certificates. */
  readonly publicKey?: string | null;
  /** Messages only, as far as they were decoded. */
  readonly psid?: number | null;
  /** RFC 3339. */
  readonly generationTime?: string | null;
  /** How the message names its signer: `digest`, `certificate` or `self`. */
  readonly signer?: string | null;
  /** Only where {@link revocation} is `revoked`: the one nearest to the root. */
  readonly revokedBy?: RevokedBy;
  /** Only where there are some. */
  readonly warnings?: readonly VerdictWarning[];
  /** Every rule that failed, in order of verification; only where all errors were asked for. */
  readonly errors?: readonly Failure[];
  /** Leniencies that this verdict made use of. */
  readonly lenient?: readonly string[];
  /** The tag of the item, if it has one. */
  readonly tag?: unknown;
}

/** Order of verification: earlier stages first, and inside a stage from the root down. */
export function compareFailures(a: Failure, b: Failure): number {
  return stageIndex(a) - stageIndex(b) || b.depth - a.depth;
}

/** Failures as `errors` of a verdict has them. */
export function listedErrors(failures: readonly Failure[]): Failure[] {
  return [...failures].sort(compareFailures).map(({ surplus: _, ...failure }) => failure);
}

/** The verdict's own fields for a list of failures: the first in order decides, surplus ones last; none means valid. */
export function decide(failures: readonly Failure[]): {
  verdict: Verdict['verdict'];
  code: Code;
  depth: number;
  detail: string;
  resultCode: number | null;
  resultName: ResultName | null;
} {
  const needed = failures.filter(({ surplus }) => !surplus);
  const first = [...(needed.length > 0 ? needed : failures)].sort(compareFailures)[0];
  if (first === undefined) {
    return { verdict: 'valid', code: 'ok', depth: 0, detail: '', resultCode: 0, resultName: 'success' };
  }
  const { verdict, resultName } = CODES[first.code];
  const resultCode = resultName === null ? null : RESULT_NAMES[resultName];
  return { verdict, code: first.code, depth: first.depth, detail: first.detail, resultCode, resultName };
}
