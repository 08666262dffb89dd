/** The one place that writes verdicts: every field, in one order for each kind, which engines and readers both like. */
import { decide, type Failure, type ItemKind, listedErrors, type Verdict } from './verdict.ts';

/** What failures alone decide. */
export type Outcome = ReturnType<typeof decide>;

/** No failures. */
export const VALID: Outcome = decide([]);

/** Revisions that a verdict was given under. */
export interface Revisions {
  readonly trustRevision: number;
  readonly crlRevision: number;
}

/** What verdicts of both kinds say beside their outcome. */
export type Said = Pick<Verdict, 'hashedId8' | 'errorOffset' | 'signature' | 'trust' | 'revocation' | 'regionChecked'>;

/** A verdict that may still be added to. */
export type OpenVerdict = { -readonly [K in keyof Verdict]: Verdict[K] };

const NOTHING: Said = {
  hashedId8: null,
  errorOffset: null,
  signature: 'notChecked',
  trust: 'none',
  revocation: 'notChecked',
  regionChecked: false,
};

export function certificateVerdict(
  outcome: Outcome,
  said: Said,
  revisions: Revisions,
  publicKey: Verdict['publicKey'],
): OpenVerdict {
  return {
    kind: 'certificate',
    hashedId8: said.hashedId8,
    verdict: outcome.verdict,
    code: outcome.code,
    depth: outcome.depth,
    detail: outcome.detail,
    resultCode: outcome.resultCode,
    resultName: outcome.resultName,
    errorOffset: said.errorOffset,
    signature: said.signature,
    trust: said.trust,
    trustRevision: revisions.trustRevision,
    revocation: said.revocation,
    crlRevision: revisions.crlRevision,
    regionChecked: said.regionChecked,
    publicKey,
  };
}

export function messageVerdict(
  outcome: Outcome,
  said: Said,
  revisions: Revisions,
  psid: Verdict['psid'],
  generationTime: Verdict['generationTime'],
  signer: Verdict['signer'],
): OpenVerdict {
  return {
    kind: 'message',
    hashedId8: said.hashedId8,
    verdict: outcome.verdict,
    code: outcome.code,
    depth: outcome.depth,
    detail: outcome.detail,
    resultCode: outcome.resultCode,
    resultName: outcome.resultName,
    errorOffset: said.errorOffset,
    signature: said.signature,
    trust: said.trust,
    trustRevision: revisions.trustRevision,
    revocation: said.revocation,
    crlRevision: revisions.crlRevision,
    regionChecked: said.regionChecked,
    psid,
    generationTime,
    signer,
  };
}

/** The verdict on an item with these failures, of which `known` is known beside. `everyError` adds them all. */
export function verdictOn(
  kind: ItemKind,
  failures: readonly Failure[],
  known: Partial<Verdict>,
  revisions: Revisions,
  everyError = false,
): Verdict {
  const outcome = decide(failures);
  const written =
    kind === 'certificate'
      ? certificateVerdict(outcome, NOTHING, revisions, null)
      : messageVerdict(outcome, NOTHING, revisions, null, null, null);
  Object.assign(written, known);
  // Nothing below a removed root is worth a look (DECISIONS D46).
  if (outcome.code === 'rootRemoved') written.signature = 'notChecked';
  if (everyError) written.errors = listedErrors(failures);
  return written;
}
