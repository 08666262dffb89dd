import { toHex } from '../coer/index.ts';
import { failuresBy, type ItemFacts, type SignerFacts } from '../rules/index.ts';
import type { Failure, Verdict } from '../verdict/index.ts';
import type { BatchContext } from './batch-context.ts';
import { chosenCandidate, hasProven } from './candidates.ts';
import { hashedId8Text } from './certificate-info.ts';
import { INFINITE, NO_POINT } from './certificate-keys.ts';
import { type ChainNode, failuresOf } from './chain-node.ts';
import type { Examined } from './explain.ts';
import { hashOf } from './hashing.ts';
import { checkRevocation, mustFail, usedLeniencies } from './item-revocation.ts';
import { signerSet } from './learned.ts';
import { type Candidate, type MessageWork, tryRaw } from './message-work.ts';
import { concat, octetKey } from './octets.ts';
import { microsOf } from './receiver.ts';
import { rightsOf } from './signatory.ts';
import type { VerifierState } from './state.ts';
import { taiTextOf } from './tai-text.ts';

/** Everything about a message but replays; changes nothing. */
export function examineMessage(
  state: VerifierState,
  message: MessageWork,
  context: BatchContext,
): Examined & { readonly failures: Failure[] } {
  const { kernel, book, memory } = state;
  const { signed, item, data } = message;
  const { signer } = signed;
  const about = statedBy(message);
  const chosen = chosenCandidate(state, message);
  const facts = new book.factsOfMessage(data, signed, itemFacts(message), signerFacts(chosen), context.receiver);
  const own = failuresBy(book.messageStructure, facts);
  if (chosen === undefined) {
    const named =
      signer.tag === 'digest' ? `no certificate with HashedId8 ${toHex(signer.value)}` : `signer ${signer.tag}`;
    const failures: Failure[] = [...own, { code: 'certificateNotFound', depth: 0, detail: named }];
    const hashedId8 = signer.tag === 'digest' ? toHex(signer.value) : null;
    return { item, failures, known: { hashedId8, ...about }, facts };
  }
  const { node, list } = chosen;
  // What had not been proven when the batch began may be now.
  if (chosen.raw !== undefined && list !== undefined && hasProven(state, list)) tryRaw(kernel, chosen, { memory });
  const { outcome } = chosen;
  const failures = [...own, ...signerFailures(message, chosen)];
  failures.push(...failuresBy(book.messageSigner, facts));
  failures.push(...failuresBy(book.relevance, facts));
  const { revocationStatus, said } = checkRevocation(state, node, 1, failures, context);
  if (outcome !== 'ok' || node.trust === 'none') mustFail(failures);
  const known = {
    hashedId8: hashedId8Text(node.info),
    signature: SIGNATURE_STATES[outcome],
    trust: node.trust,
    ...said,
    ...usedLeniencies(node, said),
    regionChecked: facts.insideRegion !== undefined,
    ...about,
  };
  return { item, failures, known, facts, node, revocationStatus, chosen };
}

/** What a verdict repeats of the message itself. */
function statedBy({ signed }: MessageWork): Partial<Verdict> {
  const { psid, generationTime } = signed.tbsData.headerInfo;
  return {
    psid,
    generationTime: generationTime === undefined ? null : taiTextOf(generationTime),
    signer: signed.signer.tag,
  };
}

/** Failures of the signing certificate and of the signature. */
function signerFailures({ item, signed }: MessageWork, { node, outcome, list }: Candidate): Failure[] {
  const failures = failuresOf(node, 1);
  if (list?.inconsistency) failures.push({ code: 'inconsistentInputParameters', depth: 0, detail: list.inconsistency });
  const failure = SIGNATURE_FAILURES[outcome];
  if (failure !== undefined) failures.push(failure);
  // Without the payload there is nothing to check; that is reported with the external data.
  const isIncomplete = signed.tbsData.payload.omitted !== undefined && item.externalData === undefined;
  if (outcome === 'notChecked' && failures.length === 0 && !isIncomplete) {
    failures.push({ code: 'unsupportedAlgorithm', depth: 0, detail: 'hash algorithm or key' });
  }
  return failures;
}

const SIGNATURE_FAILURES: Readonly<Partial<Record<Candidate['outcome'], Failure>>> = {
  bad: { code: 'badSignature', depth: 0, detail: 'the message or its signer is not genuine' },
  nonCanonical: { code: 'nonCanonicalSignature', depth: 0, detail: 'signed over an encoding that is not canonical' },
  unsupported: { code: 'unsupportedAlgorithm', depth: 0, detail: 'signature algorithm' },
  notOnCurve: { code: 'invalidPublicKey', depth: 1, detail: NO_POINT },
  infinity: { code: 'reconstructionFailed', depth: 1, detail: INFINITE },
};

/** What verdicts say of a message's signature. */
const SIGNATURE_STATES: Readonly<Record<Candidate['outcome'], Verdict['signature']>> = {
  ok: 'ok',
  bad: 'bad',
  nonCanonical: 'bad',
  notOnCurve: 'notChecked',
  infinity: 'notChecked',
  unsupported: 'notChecked',
  notChecked: 'notChecked',
};

/** Replays are looked for among messages that pass all other checks, and only those are remembered (DECISIONS D23). */
export function replayFailures(
  { replays }: Pick<VerifierState, 'replays'>,
  { tbsHash }: MessageWork,
  node: ChainNode,
  { policy, at }: BatchContext,
  failures: readonly Failure[],
  how: 'remember' | 'look',
): Failure[] {
  const window = policy.relevance?.replayWindowSeconds;
  if (window === undefined || failures.length > 0 || tbsHash === undefined) return [];
  const { signerId8, hash } = node.info;
  const asked = [signerSet(signerId8), octetKey(concat(hash, tbsHash)), at, microsOf(window)] as const;
  const found = how === 'remember' ? replays.check(...asked) : replays.find(...asked);
  return found.map((finding) => ({ ...finding, depth: 0 }));
}

function itemFacts({ item: { lowerLayerPsid, externalData }, signed }: MessageWork): ItemFacts {
  return {
    lowerLayerPsid,
    get externalDataHash() {
      const isSha384 = signed.tbsData.payload.extDataHash?.tag === 'sha384HashedData';
      return externalData && hashOf(isSha384 ? 'sha384' : 'sha256', externalData);
    },
  };
}

function signerFacts(chosen: Candidate | undefined): SignerFacts {
  if (chosen === undefined) return NO_SIGNER;
  const { node } = chosen;
  return { ...rightsOf(node), signerValidity: node.info.period };
}

/** Without a signer no rule is checked that reads anything of it. */
const NO_SIGNER: SignerFacts = {
  appPsids: [],
  signerValidity: { start: 0, end: 0 },
  signerRegion: undefined,
  trust: 'none',
};
