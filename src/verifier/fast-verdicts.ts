/** Verdicts on items that the fast path accepts. */
import {
  certificateVerdict,
  decide,
  type Failure,
  listedErrors,
  messageVerdict,
  type OpenVerdict,
  VALID,
  type Verdict,
} from '../verdict/index.ts';
import type { BatchContext } from './batch-context.ts';
import type { CertificateShape } from './certificate-shape.ts';
import type { MessageFrame } from './message-frame.ts';
import { wordAt } from './octets.ts';
import type { Signer } from './signer.ts';
import type { RevocationRules, Standing } from './standing.ts';
import { taiText } from './tai-text.ts';

/** What a verdict needs to know of an item in the fast path. */
interface Accepted {
  readonly bytes: Uint8Array;
  readonly under: BatchContext;
  readonly shape: CertificateShape | undefined;
  readonly frame: MessageFrame | undefined;
  readonly header: number;
  readonly hashedId8: string;
  readonly publicKey: string;
  readonly regionChecked: boolean;
  readonly standing: Standing | undefined;
}

/** An explicit certificate that is valid, or an implicit one whose chain is. */
export function verdictOnCertificate({ under, shape, hashedId8, publicKey, standing }: Accepted): Verdict {
  const { isExplicit, rights, outcome, checks } = shape as CertificateShape;
  const said = {
    hashedId8,
    errorOffset: null,
    signature: isExplicit ? 'ok' : 'notChecked',
    trust: rights.trust,
    revocation: standing?.stateUnder(under.rules) ?? 'notChecked',
    regionChecked: false,
  } as const;
  const verdict = withStanding(certificateVerdict(outcome, said, under, publicKey), standing, under.rules);
  if (under.policy.allErrors) verdict.errors = listedErrors(checks.itemFailures);
  return verdict;
}

/** A message that is valid, or a replay. */
export function verdictOnMessage(item: Accepted, signer: Signer, failures: readonly Failure[]): Verdict {
  const { bytes, under, standing, header } = item;
  const { psid, at } = item.frame as MessageFrame;
  const generated = header + at.generationTime;
  const said = {
    hashedId8: signer.hashedId8,
    errorOffset: null,
    signature: 'ok',
    trust: signer.rights.trust,
    revocation: standing?.stateUnder(under.rules) ?? 'notChecked',
    regionChecked: item.regionChecked,
  } as const;
  const outcome = failures.length === 0 ? VALID : decide(failures);
  const time = taiText(wordAt(bytes, generated) >>> 0, wordAt(bytes, generated + 4) >>> 0);
  const written = messageVerdict(outcome, said, under, psid, time, at.digest >= 0 ? 'digest' : 'certificate');
  const verdict = withStanding(written, standing, under.rules);
  if (under.policy.allErrors) verdict.errors = failures.length === 0 ? [] : listedErrors(failures);
  return verdict;
}

/** Adds what only some verdicts say. */
function withStanding(verdict: OpenVerdict, standing: Standing | undefined, rules: RevocationRules): OpenVerdict {
  if (standing === undefined) return verdict;
  if (standing.isOverdue(rules)) verdict.warnings = ['crlOverdue'];
  if (standing.lenient.lenient !== undefined) verdict.lenient = standing.lenient.lenient;
  return verdict;
}
