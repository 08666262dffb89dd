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
} from '../../verdict/index.ts';
import type { BatchContext } from '../batch-context.ts';
import { wordAt } from '../octets.ts';
import type { RevocationRules, RevocationStatus } from '../revocation-status.ts';
import type { Signer } from '../signer.ts';
import { taiText } from '../tai-text.ts';
import type { CertificateTemplate } from './certificate-template.ts';
import type { MessageTemplate } from './message-template.ts';

/** What a verdict needs to know of an item in the fast path. */
interface Accepted {
  readonly bytes: Uint8Array;
  readonly under: BatchContext;
  readonly template: CertificateTemplate | undefined;
  readonly frame: MessageTemplate | undefined;
  readonly header: number;
  readonly hashedId8: string;
  readonly publicKey: string;
  readonly regionChecked: boolean;
  readonly revocationStatus: RevocationStatus | undefined;
}

/** An explicit certificate that is valid, or an implicit one whose chain is. */
export function verdictOnCertificate({ under, template, hashedId8, publicKey, revocationStatus }: Accepted): Verdict {
  const { isExplicit, rights, outcome, checks } = template as CertificateTemplate;
  const said = {
    hashedId8,
    errorOffset: null,
    signature: isExplicit ? 'ok' : 'notChecked',
    trust: rights.trust,
    revocation: revocationStatus?.stateUnder(under.rules) ?? 'notChecked',
    regionChecked: false,
  } as const;
  const verdict = withStanding(certificateVerdict(outcome, said, under, publicKey), revocationStatus, under.rules);
  if (under.policy.allErrors) verdict.errors = listedErrors(checks.itemFailures);
  return verdict;
}

/** A message that is valid, or a replay. */
export function verdictOnMessage(item: Accepted, signer: Signer, failures: readonly Failure[]): Verdict {
  const { bytes, under, revocationStatus, header } = item;
  const { psid, at } = item.frame as MessageTemplate;
  const generated = header + at.generationTime;
  const said = {
    hashedId8: signer.hashedId8,
    errorOffset: null,
    signature: 'ok',
    trust: signer.rights.trust,
    revocation: revocationStatus?.stateUnder(under.rules) ?? 'notChecked',
    regionChecked: item.regionChecked,
  } as const;
  const outcome = failures.length === 0 ? VALID : decide(failures);
  const time = taiText(wordAt(bytes, generated) >>> 0, wordAt(bytes, generated + 4) >>> 0);
  const written = messageVerdict(outcome, said, under, psid, time, at.digest >= 0 ? 'digest' : 'certificate');
  const verdict = withStanding(written, revocationStatus, under.rules);
  if (under.policy.allErrors) verdict.errors = failures.length === 0 ? [] : listedErrors(failures);
  return verdict;
}

/** Adds what only some verdicts say. */
function withStanding(
  verdict: OpenVerdict,
  revocationStatus: RevocationStatus | undefined,
  rules: RevocationRules,
): OpenVerdict {
  if (revocationStatus === undefined) return verdict;
  if (revocationStatus.isOverdue(rules)) verdict.warnings = ['crlOverdue'];
  if (revocationStatus.lenient.lenient !== undefined) verdict.lenient = revocationStatus.lenient.lenient;
  return verdict;
}
