import type { FailureCode, Verdict } from '../verdict/index.ts';
import type { BatchContext } from './batch-context.ts';
import { chosenCandidate, findCandidates, hasProven, isAvailable, learnedCandidates } from './candidates.ts';
import { examineCertificate } from './certificate-item.ts';
import { type ChainNode, isProven } from './chain-node.ts';
import type { VerifiedSignedData } from './crl-checks.ts';
import type { Examined } from './explain.ts';
import type { FastItem } from './fast/fast-item.ts';
import { learnedList } from './learned-lists.ts';
import { examineMessage, replayFailures } from './message-item.ts';
import { checkMessageSignatures, type MessageDiligence, type MessageWork } from './message-work.ts';
import { wordAt } from './octets.ts';
import type { ListWork } from './signer-lists.ts';
import type { VerifierState } from './state.ts';
import type { Item, Policy } from './types.ts';
import { type CertificateWork, openItem, verdictUnder, type Work } from './work.ts';

/** Messages and certificates teach signers; data that is only signed like a message gives no templates. */
export type Teaches = 'signers and templates' | 'signers';

/** Verifies items rule by rule: those that the fast path does not take, and those that must be explained. */
export class FullPath {
  private readonly state: VerifierState;

  constructor(state: VerifierState) {
    this.state = state;
  }

  /** Everything about items that the fast path has not taken, up to their verdicts; changes no memory. The others are left out. */
  prepare(
    items: readonly Item[],
    fastItems: readonly (FastItem | undefined)[],
    context: BatchContext,
  ): (Work | undefined)[] {
    if (fastItems.length === items.length && !fastItems.includes(undefined)) return [];
    const { kernel, lists: signerLists } = this.state;
    const lists = new Map<string, ListWork>();
    const works = items.map((item, i) => (fastItems[i] ? undefined : openItem(item, lists, context)));
    const opened = works.filter((work) => work !== undefined);
    if (opened.length === 0) return works;
    const learned = learnedCandidates(this.state, opened, lists, fastItems);
    const diligence = this.diligence(context.policy);
    signerLists.checkChains([...lists.values()], diligence);
    // What was learned has been proven, and the fast path leaves nothing in this cache.
    for (const list of new Set([...learned.values()].flat())) signerLists.remember(list);
    const messages = opened.flatMap((work) => (work.step === 'message' ? [work] : []));
    findCandidates(this.state, messages, learned);
    checkMessageSignatures(
      kernel,
      messages.map(({ message }) => message),
      diligence,
    );
    return works;
  }

  /** The verdict on an item whose turn has come; from it the next ones may learn. */
  conclude(work: Work, context: BatchContext, teaches: Teaches = 'signers and templates'): Verdict {
    if (work.step === 'done') return work.verdict;
    if (work.step === 'certificate') return this.certificateVerdict(work, context, teaches);
    return this.messageVerdict(work.message, work.list, context, teaches);
  }

  /** Everything about one item by itself; changes no memory. */
  examine(item: Item, context: BatchContext): Examined {
    const { state } = this;
    const [work] = this.prepare([item], [], context) as [Work];
    if (work.step === 'certificate') return examineCertificate(state, work, context);
    if (work.step === 'done') {
      const { code, detail, depth, errorOffset } = work.verdict;
      return { item, failures: [{ code: code as FailureCode, detail, depth }], known: { errorOffset } };
    }
    const { message } = work;
    const examined = examineMessage(state, message, context);
    const { node, failures } = examined;
    if (node !== undefined) failures.push(...replayFailures(state, message, node, context, failures, 'look'));
    const { tag } = message.signed.signer;
    const candidates = message.candidates.map((one) => ({ ...one, isAvailable: isAvailable(state, one, tag) }));
    return { ...examined, candidates };
  }

  /** Signed data that is no message but signed like one, each with the signer that it is verified under. */
  verifySigned(items: readonly Item[], context: BatchContext): VerifiedSignedData[] {
    return this.prepare(items, [], context).map((work) => {
      const message = work?.step === 'message' ? work.message : undefined;
      const signer = message && chosenCandidate(this.state, message)?.node;
      return { verdict: this.conclude(work as Work, context, 'signers'), signed: message?.signed, signer };
    });
  }

  /** Checks the chains of lists that were learned elsewhere, and remembers them. */
  learn(lists: readonly ListWork[], policy: Policy): void {
    this.state.lists.checkChains(lists, this.diligence(policy));
    for (const list of lists) this.rememberSigner(list);
  }

  /** How much is computed under a policy. */
  private diligence({ allErrors = false }: Policy): MessageDiligence {
    const { state } = this;
    return { isThorough: allErrors, memory: state.memory, hasProven: (list) => hasProven(state, list) };
  }

  private certificateVerdict(work: CertificateWork, context: BatchContext, teaches: Teaches): Verdict {
    const { item, failures, known, node } = examineCertificate(this.state, work, context);
    if (node.info.certificate.type === 'explicit') this.state.lists.remember(work.list);
    this.addTemplate(work.list, teaches);
    return verdictUnder(item, failures, known, context);
  }

  private messageVerdict(
    message: MessageWork,
    attached: ListWork | undefined,
    context: BatchContext,
    teaches: Teaches,
  ): Verdict {
    const { item, known, failures, chosen } = examineMessage(this.state, message, context);
    if (chosen === undefined) return verdictUnder(item, failures, known, context);
    const { node, list, outcome } = chosen;
    if (outcome === 'ok' && list !== undefined && isProven(node) && list.inconsistency === undefined) {
      this.rememberSigner(list);
    }
    failures.push(...replayFailures(this.state, message, node, context, failures, 'remember'));
    if (failures.length === 0) {
      if (teaches === 'signers and templates') this.state.fast?.addMessageTemplate(message);
      if (attached !== undefined && list !== undefined) this.addTemplate(list, teaches);
    }
    return verdictUnder(item, failures, known, context);
  }

  /** A certificate becomes a template of the fast path if it is the only one of its list. */
  private addTemplate({ certificates, nodes }: ListWork, teaches: Teaches): void {
    if (teaches !== 'signers and templates' || certificates.length !== 1 || nodes.length !== 1) return;
    this.state.fast?.addCertificateTemplate(nodes[0] as ChainNode);
  }

  /** From here on digests may mean this list. */
  private rememberSigner(list: ListWork): void {
    const { lists, learned, fast } = this.state;
    const { signerId8 } = (list.nodes[0] as ChainNode).info;
    // Also if it was learned before: a change of trust empties this cache and not what was learned.
    lists.remember(list);
    const entries = learned.find(wordAt(signerId8, 0), wordAt(signerId8, 4));
    const entry = entries.find(({ identity }) => identity === list.identity) ?? learnedList(list, signerId8);
    learned.use(entry);
    if (list.inconsistency === undefined) fast?.rememberSigner(entry, list.nodes, list.key);
  }
}
