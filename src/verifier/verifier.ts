import { type CoerFailure, type DecodeResult, decode, toHex } from '../coer/index.ts';
import { Certificate, Ieee1609Dot2Data, type SignedData, sniffStructure, taiFromUnixMs } from '../dot2/index.ts';
import type { Kernel, KernelName } from '../kernel/kernel.ts';
import { createKernel } from '../kernel/load.ts';
import type { KernelMetrics } from '../kernel/metrics.ts';
import type { WasmModule } from '../kernel/wasm-module.ts';
import { ReplayMemory, type SeenMessage } from '../messages/index.ts';
import type { CrlInput } from '../revocation/crl-verdict.ts';
import type { RevocationData } from '../revocation/index-data.ts';
import { RevocationIndex } from '../revocation/revocation-index.ts';
import { failuresBy, type ItemFacts, judgedAt, RULE_BOOK, type RuleBook, type SignerFacts } from '../rules/index.ts';
import { type Failure, type FailureCode, type Verdict, verdictOn } from '../verdict/index.ts';
import { BatchContext } from './batch-context.ts';
import { type CertificateLeniency, hashedId8Text, isSameLeniency, leniencyOf } from './certificate-info.ts';
import { INFINITE, NO_POINT } from './certificate-keys.ts';
import { type ChainNode, failuresOf, isProven, lenienciesOf } from './chain-node.ts';
import { MAX_ELEMENTS, runsOf } from './cost.ts';
import { type CrlOptions, type CrlResults, type VerifiedSignedData, verifyCrls } from './crl-checks.ts';
import { type Examined, type Explanation, explanationOf } from './explain.ts';
import type { FastItem } from './fast-item.ts';
import { FastPath } from './fast-path.ts';
import { hashOf } from './hashing.ts';
import { checkItem } from './items.ts';
import { compressedKey, isMade } from './keys.ts';
import { LearnedSigners, signerSet } from './learned.ts';
import { certificatesBackToBack, learnedList, learnedWork } from './learned-lists.ts';
import {
  type Candidate,
  checkMessageSignatures,
  type MessageDiligence,
  type MessageWork,
  messageWork,
  tryRaw,
} from './message-work.ts';
import { concat, octetKey, octetsOfKey, plainOctets, wordAt } from './octets.ts';
import { checkedPolicy } from './policy.ts';
import { microsOf } from './receiver.ts';
import { Revocation, type RevocationCounts, type RevocationLookup } from './revocation.ts';
import type { RevocationStatus } from './revocation-status.ts';
import { SignatureMemory } from './signature-memory.ts';
import { rightsOf } from './signer.ts';
import { ListWork, SignerLists, stands } from './signer-lists.ts';
import { withTags } from './tags.ts';
import { taiTextOf } from './tai-text.ts';
import { TrustAnchors } from './trust-anchors.ts';
import type { Item, Policy, TrustMaterial, TrustWarning, VerifierOptions } from './types.ts';

/** What a thread of a pool, or a test, hands in beside the public options. */
export interface VerifierInternals {
  /** Compiled module of the named WASM kernel. @internal */
  readonly kernelModule?: WasmModule;
  /** @internal */
  readonly kernelInstance?: Kernel;
  /** @internal */
  readonly crlRevision?: number;
  /** @internal */
  readonly revocationIndex?: RevocationLookup | undefined;
  /** False: everything takes the full path. @internal */
  readonly fastPath?: boolean;
  /** Keeps for `takeLearned` and `takeAccepted` what is new, until they are called. @internal */
  readonly recordChanges?: boolean;
  /** Other rules than those of this program, for tests. @internal */
  readonly ruleBook?: RuleBook;
}

/** Items by the way they took, and what the fast path knows its items by. */
export interface VerifierMetrics {
  /** Items that were like others before them, and accepted without being decoded. */
  readonly fast: number;
  /** Items that were decoded and judged rule by rule. */
  readonly ordinary: number;
  /** Examples that the fast path compares with. */
  readonly templates: number;
}

/** Questions to the CRLs. */
export interface RevocationMetrics extends Readonly<RevocationCounts> {
  /** Periods that this thread has expanded on demand and holds now. */
  readonly localTables: number;
}

/** An item on its way to a verdict: judged already, a certificate, or a message. */
type Work =
  | { readonly step: 'done'; readonly verdict: Verdict }
  | { readonly step: 'certificate'; readonly item: Item; readonly list: ListWork }
  | { readonly step: 'message'; readonly message: MessageWork; readonly list: ListWork | undefined };

/**
 * Judges batches of certificates and messages: octets in, one verdict each out, in order. Synchronous, no threads, no I/O.
 * Messages teach it the certificates they prove, so that later ones can name their signer by digest; therefore the order of
 * items matters, but not how they are cut into batches.
 */
export class Verifier {
  private readonly kernel: Kernel;
  private readonly book: RuleBook;
  private policy: Policy;
  private trust: TrustAnchors;
  private lists: SignerLists;
  private lane: FastPath | undefined;
  private readonly hasLane: boolean;
  private readonly counts = { fast: 0, ordinary: 0 };
  private readonly revocationCounts = { lookups: 0, hits: 0, notEvaluated: 0 };
  private index: RevocationLookup | undefined;
  private indexRevision = 0;
  /** Undefined where no CRL is loaded and none is required. */
  private revocation: Revocation | undefined;
  private material: TrustMaterial;
  private readonly learned: LearnedSigners;
  private readonly replays: ReplayMemory;
  private memory = new SignatureMemory();

  /** @throws Error where the kernel that was asked for cannot run here; RangeError for a leniency that does not exist. */
  constructor(options: VerifierOptions & VerifierInternals) {
    const {
      trust,
      kernel = 'auto',
      kernelModule,
      kernelInstance,
      trustRevision = 1,
      revocation,
      crlRevision = (options.revocation ?? options.revocationIndex) ? 1 : 0,
      revocationIndex,
      fastPath = true,
      recordChanges = false,
      ruleBook = RULE_BOOK,
      ...policy
    } = options;
    const modules = kernelModule && kernel !== 'auto' ? { [kernel]: kernelModule } : {};
    this.kernel = kernelInstance ?? createKernel(kernel, { modules });
    this.book = ruleBook;
    this.policy = checkedPolicy(policy);
    this.learned = new LearnedSigners(recordChanges);
    this.replays = new ReplayMemory(recordChanges);
    this.material = trust;
    this.hasLane = fastPath;
    this.trust = this.storeFor(trust, trustRevision);
    this.lists = new SignerLists(this.kernel, this.trust, this.leniency, this.book);
    this.index = revocationIndex ?? (revocation && new RevocationIndex(revocation));
    this.indexRevision = crlRevision;
    this.startAfresh();
  }

  get kernelName(): KernelName {
    return this.kernel.name;
  }

  /** Counts changes of trust; every verdict names the one it was given under. */
  get trustRevision(): number {
    return this.trust.revision;
  }

  /** Trust material that could not be used. Anchors among it mean that nothing under them can be judged. */
  get warnings(): readonly TrustWarning[] {
    return this.trust.warnings;
  }

  /** Verdicts so far by the way that they came about. */
  get metrics(): VerifierMetrics {
    return { ...this.counts, templates: this.lane?.templates ?? 0 };
  }

  /** What was asked of CRLs so far. */
  get revocationMetrics(): RevocationMetrics {
    return { ...this.revocationCounts, localTables: this.index?.localTables ?? 0 };
  }

  get kernelMetrics(): KernelMetrics {
    return this.kernel.metrics;
  }

  /** Octets of the kernel's linear memory. */
  get memoryBytes(): number {
    return this.kernel.memoryBytes;
  }

  /** Hashes of the usable anchors' canonical certificates, hex: what CRLs are scoped by. */
  get rootIds(): string[] {
    return this.trust.anchorIds;
  }

  /** Whether there is any usable anchor or pin. */
  get trustsNothing(): boolean {
    return this.trust.isEmpty;
  }

  /** Replaces the trust material; takes effect with the next batch, for which everything is judged again: a signer that was
   * learned under the old one counts for no more than the new one gives it. */
  setTrust(trust: TrustMaterial, revision = this.trust.revision + 1): readonly TrustWarning[] {
    this.material = trust;
    this.trust = this.storeFor(trust, revision);
    this.lists = new SignerLists(this.kernel, this.trust, this.leniency, this.book);
    this.startAfresh();
    return this.trust.warnings;
  }

  /** Counts changes of revocation data; 0 where there is none. */
  get crlRevision(): number {
    return this.indexRevision;
  }

  /**
   * Replaces the revocation data; takes effect with the next batch, for which everything is asked again: what was known of
   * senders and issuers under the old data ends here (DECISIONS D17). Without data no CRL covers anything.
   *
   * @throws Error where the data is none; then the old one stays in force.
   */
  setRevocation(data: RevocationData | undefined, revision = this.indexRevision + 1): void {
    this.setRevocationIndex(data && new RevocationIndex(data), revision);
  }

  /** The same, for tests that bring an index of their own. @internal */
  setRevocationIndex(index: RevocationLookup | undefined, revision = this.indexRevision + 1): void {
    this.index = index;
    this.indexRevision = revision;
    this.startAfresh();
  }

  /** Replaces the policy; takes effect with the next batch. */
  setPolicy(policy: Policy): void {
    const lenientBefore = this.leniency;
    this.policy = checkedPolicy(policy);
    if (!isSameLeniency(this.leniency, lenientBefore)) this.setTrust(this.material, this.trust.revision);
    else if (this.asksForRevocation !== (this.revocation !== undefined)) this.startAfresh();
  }

  /** Signer lists (leaf first) learned or used again since the last call, as one octet string each; the latest last. @internal */
  takeLearned(): Uint8Array[] {
    return this.learned.takeFresh().map(({ key }) => octetsOfKey(key));
  }

  /** Takes back what {@link takeLearned} gave; their chains are judged again when they are used. @internal */
  learn(lists: readonly Uint8Array[]): void {
    const works = lists.flatMap((octets) => {
      const certificates = certificatesBackToBack(octets);
      return certificates ? [new ListWork(certificates)] : [];
    });
    this.lists.judge(works, this.diligence());
    for (const work of works) this.rememberSigner(work);
    this.learned.takeFresh();
  }

  /** Messages accepted since the last call, where replays are looked for. @internal */
  takeAccepted(): SeenMessage[] {
    return this.replays.takeFresh();
  }

  /** Takes back what {@link takeAccepted} gave. @internal */
  remember(accepted: readonly SeenMessage[]): void {
    for (const message of accepted) this.replays.remember(message);
  }

  /**
   * One verdict for each item, in order. Bad input is a verdict, never an exception. Should the verifier itself fail, the
   * batch is cut down until only the items that make it fail are left, and they are `undecided`, `internalFailure`.
   *
   * The bytes of the items must not change before this returns; afterwards the caller may reuse them: what is kept of them is copied.
   *
   * @throws TypeError for what is no item at all; then nothing was judged.
   */
  verify(items: readonly Item[]): Verdict[] {
    items.forEach(checkItem);
    const under = this.contextUnder(this.policy);
    const verdicts: Verdict[] = [];
    // What is decoded lives until the verdicts are given: a run at a time, so that it stays little.
    for (const run of runsOf(items, this.policy.allErrors === true))
      for (const verdict of this.verifyOrBisect(run, under)) verdicts.push(verdict);
    return withTags(items, verdicts);
  }

  /**
   * Judges signed CRLs, and says what is in force after them. Of the policy count the time of judgement, leniencies, `allErrors`
   * and what is said of overdue CRLs; everything else in it is about messages.
   */
  verifyCrls(crls: readonly CrlInput[], options: CrlOptions = {}): CrlResults {
    const { policy } = this;
    const at = policy.at ?? taiFromUnixMs(Date.now());
    const ground = {
      at,
      policy,
      verifySigned: (octets: readonly Uint8Array[]) => this.verifySigned(octets, at),
      authorities: (hashedId8: Uint8Array) => this.trust.signersByDigest(toHex(hashedId8)),
      internalFailure: ({ message }: Error) => this.failed(asMessage(NO_OCTETS), 'internalFailure', message),
    };
    return verifyCrls(ground, crls, options);
  }

  /**
   * Judges signed data that is no message but signed like one: by the rules that do not depend on a receiver, each with all its
   * failures. Nothing of it becomes an example for the fast path.
   */
  private verifySigned(octets: readonly Uint8Array[], at: bigint): VerifiedSignedData[] {
    const { policy, lane } = this;
    this.policy = { at, allErrors: true, ...(policy.lenient ? { lenient: policy.lenient } : {}) };
    // CRLs that are loaded may revoke who signs another; that some are missing or old must not keep new ones out.
    const under = this.contextUnder(this.policy, { overdue: 'ignore' });
    this.lane = undefined;
    try {
      return this.prepare(octets.map(asMessage), []).map((work) => {
        const message = work?.step === 'message' ? work.message : undefined;
        const signer = message && this.chosenCandidate(message)?.judged;
        return { verdict: this.conclude(work as Work, under), signed: message?.signed, signer };
      });
    } finally {
      this.policy = policy;
      this.lane = lane;
    }
  }

  /**
   * Why an item gets its verdict: what {@link verify} would say of it now, every rule with the facts that it compares, also those that this
   * verdict did not need (DECISIONS D44), the chain and the candidates. Changes nothing: it teaches no signer and remembers no message.
   *
   * @throws TypeError for what is no item.
   */
  explain(item: Item): Explanation {
    checkItem(item, 0);
    const { policy, lane } = this;
    const batch = this.contextUnder(policy);
    const [fastItem] = lane?.judge([item], batch, this.learned) ?? [];
    const under = batch.for(item.at);
    this.lane = undefined;
    try {
      const alone = this.examine(item, under);
      const verdict = this.verdict(item, alone.failures, alone.known);
      this.policy = { ...policy, allErrors: true };
      const thorough = this.examine(item, under);
      return explanationOf({ ...thorough, book: this.book, verdict, under, path: fastItem ? 'fast' : 'full' });
    } catch (error) {
      this.policy = policy;
      const verdict = this.failed(item, 'internalFailure', (error as Error).message);
      return explanationOf({ item, failures: [], known: {}, book: this.book, verdict, under, path: 'full' });
    } finally {
      this.policy = policy;
      this.lane = lane;
    }
  }

  /** Everything about one item, by the full path. */
  private examine(item: Item, under: BatchContext): Examined {
    const [work] = this.prepare([item], []) as [Work];
    if (work.step === 'certificate') return this.examineCertificate(work, under);
    if (work.step === 'done') {
      const { code, detail, depth, errorOffset } = work.verdict;
      return { item, failures: [{ code: code as FailureCode, detail, depth }], known: { errorOffset } };
    }
    const { message } = work;
    const examined = this.examineMessage(message, under);
    const { judged, failures } = examined;
    if (judged !== undefined) failures.push(...this.replayFailures(message, judged, under, failures, 'look'));
    const { tag } = message.signed.signer;
    const candidates = message.candidates.map((one) => ({ ...one, isAvailable: this.isAvailable(one, tag) }));
    return { ...examined, candidates };
  }

  private verifyOrBisect(items: readonly Item[], under: BatchContext): Verdict[] {
    let fastItems: readonly (FastItem | undefined)[];
    let works: readonly (Work | undefined)[];
    try {
      fastItems = this.lane?.judge(items, under, this.learned) ?? [];
      works = this.prepare(items, fastItems);
    } catch (error) {
      if (items.length === 1)
        return items.map((item) => this.failed(item, 'internalFailure', (error as Error).message));
      const middle = items.length >> 1;
      const halves = [items.slice(0, middle), items.slice(middle)];
      return halves.flatMap((half) => this.verifyOrBisect(half, under));
    }
    // From here on items change what is known, each once: one that fails must not take back what others have changed.
    return items.map((item, i) => {
      try {
        return this.concludeInTurn(item, fastItems[i], works[i], under);
      } catch (error) {
        return this.failed(item, 'internalFailure', (error as Error).message);
      }
    });
  }

  private concludeInTurn(
    item: Item,
    fastItem: FastItem | undefined,
    work: Work | undefined,
    under: BatchContext,
  ): Verdict {
    const verdict = fastItem && this.lane?.conclude(fastItem, this.learned, this.replays);
    if (verdict !== undefined) {
      this.counts.fast++;
      return verdict;
    }
    this.counts.ordinary++;
    // An item that has become unclear meanwhile is judged by itself: now everything before it has been learned.
    const [ready] = work ? [work] : this.prepare([item], []);
    return this.conclude(ready as Work, under.for(item.at));
  }

  /** Everything about items that have no fast item, up to their verdicts; the others are left out. */
  private prepare(items: readonly Item[], fastItems: readonly (FastItem | undefined)[]): (Work | undefined)[] {
    if (fastItems.length === items.length && !fastItems.includes(undefined)) return [];
    const lists = new Map<string, ListWork>();
    const works = items.map((item, i) => (fastItems[i] ? undefined : this.open(item, lists)));
    const opened = works.filter((work) => work !== undefined);
    if (opened.length === 0) return works;
    const learned = this.learnedCandidates(opened, lists, fastItems);
    const diligence = this.diligence();
    this.lists.judge([...lists.values()], diligence);
    // What was learned has been proven, and the fast path leaves nothing in this cache.
    for (const list of new Set([...learned.values()].flat())) this.lists.remember(list);
    const messages = opened.flatMap((work) => (work.step === 'message' ? [work] : []));
    this.findCandidates(messages, learned);
    checkMessageSignatures(
      this.kernel,
      messages.map(({ message }) => message),
      diligence,
    );
    return works;
  }

  /** How much is computed for the present batch. */
  private diligence(): MessageDiligence {
    return {
      isThorough: this.policy.allErrors === true,
      memory: this.memory,
      hasProven: (list) => this.hasProven(list),
    };
  }

  /** Whether a message has proven the list, in the encoding that it has here. */
  private hasProven({ key, judged }: ListWork): boolean {
    const { signerId8 } = (judged[0] as ChainNode).info;
    return this.learned.find(wordAt(signerId8, 0), wordAt(signerId8, 4)).some((entry) => entry.key === key);
  }

  private conclude(work: Work, under: BatchContext): Verdict {
    if (work.step === 'done') return work.verdict;
    return work.step === 'certificate'
      ? this.certificateVerdict(work, under)
      : this.messageVerdict(work.message, under);
  }

  /** Decodes an item and notes the certificates it brings. */
  private open(item: Item, lists: Map<string, ListWork>): Work {
    if (item.unreadable !== undefined) return this.done(item, 'unreadableRecord', item.unreadable);
    const listOf = (certificates: readonly Certificate[], isItem: boolean): ListWork => {
      const fresh = new ListWork(certificates);
      fresh.isItem = isItem;
      // More is computed of an item than of a signer (DECISIONS D44), so that they are judged apart: neither changes the other's verdict.
      const key = isItem ? `item ${fresh.key}` : fresh.key;
      const work = lists.get(key) ?? fresh;
      lists.set(key, work);
      return work;
    };
    const bytes = plainOctets(item.bytes);
    const sniffed = sniffStructure(bytes);
    if (item.kind === 'certificate') {
      if (sniffed === 'data' && decodesAs(sniffed, bytes))
        return this.done(item, 'unexpectedStructure', 'a message where a certificate belongs');
      const decoded = decode(Certificate, bytes, MAX_ELEMENTS);
      if (!decoded.ok) return this.undecodable(item, decoded);
      return { step: 'certificate', item, list: listOf([decoded.value], true) };
    }
    if (sniffed === 'certificate' && decodesAs(sniffed, bytes))
      return this.done(item, 'unexpectedStructure', 'a certificate where a message belongs');
    const decoded = decode(Ieee1609Dot2Data, bytes, MAX_ELEMENTS);
    if (!decoded.ok) return this.undecodable(item, decoded);
    const { content } = decoded.value;
    if (content.tag !== 'signedData') return this.done(item, 'notSigned', `the content is ${content.tag}`);
    const message = messageWork(item, decoded.value, content.value as SignedData);
    const { signer } = message.signed;
    return { step: 'message', message, list: signer.tag === 'certificate' ? listOf(signer.value, false) : undefined };
  }

  private done(item: Item, code: FailureCode, detail: string): Work {
    return { step: 'done', verdict: this.failed(item, code, detail) };
  }

  private undecodable(item: Item, { error }: Extract<DecodeResult<unknown>, { ok: false }>): Work {
    return {
      step: 'done',
      verdict: { ...this.failed(item, error.code, decodeDetail(error)), errorOffset: error.offset },
    };
  }

  /**
   * Lists that the digests of a batch may mean, learned in earlier ones or brought by items with a fast item, put among the lists
   * to be judged.
   */
  private learnedCandidates(
    works: readonly Work[],
    lists: Map<string, ListWork>,
    fastItems: readonly (FastItem | undefined)[],
  ): Map<string, ListWork[]> {
    const candidates = new Map<string, ListWork[]>();
    for (const work of works) {
      if (work.step !== 'message' || work.message.signed.signer.tag !== 'digest') continue;
      const digest = work.message.signed.signer.value;
      const hashedId8 = toHex(digest);
      if (candidates.has(hashedId8)) continue;
      const [high, low] = [wordAt(digest, 0), wordAt(digest, 4)];
      const entries = new Set([
        ...this.learned.find(high, low),
        ...(this.lane?.attachedInBatch(fastItems, high, low) ?? []),
      ]);
      const found = [...entries].map((entry) => {
        const known = lists.get(entry.key) ?? learnedWork(entry);
        lists.set(entry.key, known);
        return known;
      });
      candidates.set(hashedId8, found);
    }
    return candidates;
  }

  /** Pairs each message with the certificates that may have signed it, in the order in which they will be preferred. */
  private findCandidates(works: readonly Extract<Work, { step: 'message' }>[], learned: Map<string, ListWork[]>): void {
    const candidate = (judged: ChainNode, list: ListWork | undefined): Candidate => ({
      judged,
      list,
      outcome: 'notChecked',
    });
    // Lists attached earlier in this batch that may prove themselves: whether they do so in time is settled when verdicts
    // are given. Those that cannot are left out, or each of them would cost a verification for every digest.
    const attached = new Map<string, Map<string, ListWork>>();
    for (const { message, list } of works) {
      const { signer } = message.signed;
      if (list !== undefined) {
        message.candidates = list.judged.map((judged) => candidate(judged, list));
        const hashedId8 = toHex((list.judged[0] as ChainNode).info.signerId8);
        if (!stands(list)) continue;
        const earlier = attached.get(hashedId8) ?? new Map<string, ListWork>();
        if (!earlier.has(list.identity)) earlier.set(list.identity, list);
        attached.set(hashedId8, earlier);
      } else if (signer.tag === 'digest') {
        const hashedId8 = toHex(signer.value);
        const known = new Map((learned.get(hashedId8) ?? []).map((one) => [one.identity, one]));
        for (const [identity, one] of attached.get(hashedId8) ?? []) known.set(identity, one);
        // In an order of their own: the one in which they were learned depends on how the input was cut into batches.
        const lists = [...known.values()].sort((a, b) => (a.identity < b.identity ? -1 : 1));
        message.candidates = [
          ...this.trust.signersByDigest(hashedId8).map((judged) => candidate(judged, undefined)),
          ...lists.flatMap((one) => one.judged.map((judged) => candidate(judged, one))),
        ];
      }
    }
  }

  private certificateVerdict(work: Extract<Work, { step: 'certificate' }>, under: BatchContext): Verdict {
    const { list } = work;
    const { item, failures, known, judged } = this.examineCertificate(work, under);
    if (judged.info.certificate.type === 'explicit') this.lists.remember(list);
    this.study(list);
    return this.verdict(item, failures, known);
  }

  /** Everything about a certificate item; changes nothing. */
  private examineCertificate(
    { item, list }: Extract<Work, { step: 'certificate' }>,
    under: BatchContext,
  ): Examined & { readonly judged: ChainNode } {
    const judged = list.judged.find(isProven) ?? (list.judged[0] as ChainNode);
    const { info, trust, key } = judged;
    const facts = {
      type: info.certificate.type,
      trust,
      validity: info.period,
      judgedAt: judgedAt(under.receiver, info.period),
    };
    const failures = [...failuresOf(judged, 0), ...failuresBy(this.book.certificateItem, facts)];
    // An anchor or a pin stands by decision; everything else by a signature that was seen to verify.
    const isTrustedItself = judged.issuer === undefined && trust !== 'none';
    if (judged.signature !== 'ok' && !isTrustedItself) mustFail(failures);
    const { revocationStatus, said } = this.checkRevocation(judged, 0, failures, under);
    const known = {
      hashedId8: hashedId8Text(info),
      signature: judged.signature,
      ...said,
      trust,
      ...usedLeniencies(judged, said),
      publicKey: key && isMade(key) ? toHex(compressedKey(key)) : null,
    };
    return { item, failures, known, judged, revocationStatus };
  }

  private messageVerdict(message: MessageWork, under: BatchContext): Verdict {
    const examined = this.examineMessage(message, under);
    const { item, known, failures, chosen } = examined;
    const { signer } = message.signed;
    if (chosen === undefined) return this.verdict(item, failures, known);
    const { judged, list, outcome } = chosen;
    if (outcome === 'ok' && list !== undefined && isProven(judged) && list.inconsistency === undefined) {
      this.rememberSigner(list);
    }
    failures.push(...this.replayFailures(message, judged, under, failures, 'remember'));
    if (failures.length === 0) {
      this.lane?.addMessageTemplate(message);
      if (signer.tag === 'certificate' && list !== undefined) this.study(list);
    }
    return this.verdict(item, failures, known);
  }

  /** Everything about a message but replays; changes nothing. */
  private examineMessage(message: MessageWork, under: BatchContext): Examined & { readonly failures: Failure[] } {
    const { signed, item, data } = message;
    const { signer } = signed;
    const { psid, generationTime } = signed.tbsData.headerInfo;
    const about = {
      psid,
      generationTime: generationTime === undefined ? null : taiTextOf(generationTime),
      signer: signer.tag,
    };
    const chosen = this.chosenCandidate(message);
    const facts = new this.book.factsOfMessage(data, signed, itemFacts(message), signerFacts(chosen), under.receiver);
    const own = failuresBy(this.book.messageStructure, facts);
    if (chosen === undefined) {
      const named =
        signer.tag === 'digest' ? `no certificate with HashedId8 ${toHex(signer.value)}` : `signer ${signer.tag}`;
      const failures: Failure[] = [...own, { code: 'certificateNotFound', depth: 0, detail: named }];
      const hashedId8 = signer.tag === 'digest' ? toHex(signer.value) : null;
      return { item, failures, known: { hashedId8, ...about }, facts };
    }
    const { judged, list } = chosen;
    // What had not been proven when the batch began may be now.
    if (chosen.raw !== undefined && list !== undefined && this.hasProven(list)) {
      tryRaw(this.kernel, chosen, { memory: this.memory });
    }
    const { outcome } = chosen;
    const failures = [...own, ...this.signerFailures(message, chosen)];
    failures.push(...failuresBy(this.book.messageSigner, facts));
    failures.push(...failuresBy(this.book.relevance, facts));
    const { revocationStatus, said } = this.checkRevocation(judged, 1, failures, under);
    if (outcome !== 'ok' || judged.trust === 'none') mustFail(failures);
    const known = {
      hashedId8: hashedId8Text(judged.info),
      signature: SIGNATURE_STATES[outcome],
      trust: judged.trust,
      ...said,
      ...usedLeniencies(judged, said),
      regionChecked: facts.insideRegion !== undefined,
      ...about,
    };
    return { item, failures, known, facts, judged, revocationStatus, chosen };
  }

  /** The certificate that a message is judged under. */
  private chosenCandidate({ candidates, signed }: MessageWork): Candidate | undefined {
    const available = candidates.filter((candidate) => this.isAvailable(candidate, signed.signer.tag));
    // A certificate may be known twice, among the CAs without its issuer and proven by a list: the proven one counts.
    const verified = available.filter(({ outcome }) => outcome === 'ok');
    return verified.find(({ judged }) => isProven(judged)) ?? verified[0] ?? available[0];
  }

  /** The fast path may take the certificate for an example where it is the only one of its list. */
  private study({ certificates, judged }: ListWork): void {
    if (certificates.length === 1 && judged.length === 1) this.lane?.addCertificateTemplate(judged[0] as ChainNode);
  }

  /** A digest means what is trusted or was proven before this message; an attached list is always there. */
  private isAvailable({ judged, list }: Candidate, signer: string): boolean {
    if (signer !== 'digest' || list === undefined) return true;
    const { signerId8 } = judged.info;
    return this.learned.has(wordAt(signerId8, 0), wordAt(signerId8, 4), list.identity);
  }

  /** Failures of the signing certificate and of the signature. */
  private signerFailures({ item, signed }: MessageWork, { judged, outcome, list }: Candidate): Failure[] {
    const failures = failuresOf(judged, 1);
    if (list?.inconsistency)
      failures.push({ code: 'inconsistentInputParameters', depth: 0, detail: list.inconsistency });
    if (outcome === 'bad')
      failures.push({ code: 'badSignature', depth: 0, detail: 'the message or its signer is not genuine' });
    if (outcome === 'nonCanonical') {
      failures.push({
        code: 'nonCanonicalSignature',
        depth: 0,
        detail: 'signed over an encoding that is not canonical',
      });
    }
    if (outcome === 'unsupported')
      failures.push({ code: 'unsupportedAlgorithm', depth: 0, detail: 'signature algorithm' });
    if (outcome === 'notOnCurve') failures.push({ code: 'invalidPublicKey', depth: 1, detail: NO_POINT });
    if (outcome === 'infinity') failures.push({ code: 'reconstructionFailed', depth: 1, detail: INFINITE });
    // Without the payload there is nothing to check; that is reported with the external data.
    const waits = signed.tbsData.payload.omitted !== undefined && item.externalData === undefined;
    if (outcome === 'notChecked' && failures.length === 0 && !waits) {
      failures.push({ code: 'unsupportedAlgorithm', depth: 0, detail: 'hash algorithm or key' });
    }
    return failures;
  }

  /**
   * Adds what the CRLs say of a certificate and its issuers to the failures of an item. Asked last: only for what stands may a
   * period be expanded (DECISIONS D22).
   */
  private checkRevocation(
    judged: ChainNode,
    depth: number,
    failures: Failure[],
    { rules }: BatchContext,
  ): { readonly revocationStatus?: RevocationStatus; readonly said: Partial<Verdict> } {
    if (this.revocation === undefined) return { said: {} };
    const revocationStatus = this.revocation.of(judged, failures.length === 0);
    const stands = failures.every(({ code }) => code === 'implicitReconstructed');
    failures.push(...revocationStatus.failures(depth, rules, stands));
    const said = {
      revocation: revocationStatus.stateUnder(rules),
      ...revocationStatus.revokedBy(depth),
      ...revocationStatus.lenient,
      ...(revocationStatus.isOverdue(rules) && { warnings: ['crlOverdue'] as const }),
    };
    return { revocationStatus, said };
  }

  /** Only a message that stands otherwise is remembered, and counts as seen (DECISIONS D23). */
  private replayFailures(
    { tbsHash }: MessageWork,
    judged: ChainNode,
    { policy, at }: BatchContext,
    failures: readonly Failure[],
    how: 'remember' | 'look',
  ): Failure[] {
    const window = policy.relevance?.replayWindowSeconds;
    if (window === undefined || failures.length > 0 || tbsHash === undefined) return [];
    const asked = [
      signerSet(judged.info.signerId8),
      octetKey(concat(judged.info.hash, tbsHash)),
      at,
      microsOf(window),
    ] as const;
    const found = how === 'remember' ? this.replays.check(...asked) : this.replays.find(...asked);
    return found.map((finding) => ({ ...finding, depth: 0 }));
  }

  /** From here on digests may mean this list. */
  private rememberSigner(list: ListWork): void {
    const [leaf] = list.judged as [ChainNode, ...ChainNode[]];
    const { signerId8 } = leaf.info;
    // Also where it was learned before: a change of trust empties this cache and not what was learned.
    this.lists.remember(list);
    const entries = this.learned.find(wordAt(signerId8, 0), wordAt(signerId8, 4));
    const entry = entries.find(({ identity }) => identity === list.identity) ?? learnedList(list, signerId8);
    this.learned.use(entry);
    if (list.inconsistency === undefined) this.lane?.rememberSigner(entry, list.judged, list.key);
  }

  private failed(item: Item, code: FailureCode, detail: string): Verdict {
    return this.verdict(item, [{ code, depth: 0, detail }], {});
  }

  private verdict({ kind }: Item, failures: readonly Failure[], known: Partial<Verdict>): Verdict {
    const revisions = { trustRevision: this.trust.revision, crlRevision: this.indexRevision };
    return verdictOn(kind, failures, known, revisions, this.policy.allErrors);
  }

  /** Forgets what rests on trust or CRLs that are no more: what was learned is judged again when it is used. */
  private startAfresh(): void {
    this.revocation = this.asksForRevocation ? new Revocation(this.index, this.revocationCounts) : undefined;
    this.memory = new SignatureMemory();
    this.lane = this.hasLane
      ? new FastPath(this.kernel, this.trust, this.revocation, this.memory, this.book)
      : undefined;
    this.learned.forgetSigners();
  }

  private get asksForRevocation(): boolean {
    return this.index !== undefined || this.policy.requireCrl === true;
  }

  /** What a batch is verified under: the clock is read here, and nowhere else. */
  private contextUnder(policy: Policy, aboutCrls: Policy = policy): BatchContext {
    const at = policy.at ?? taiFromUnixMs(Date.now());
    const revisions = { trustRevision: this.trust.revision, crlRevision: this.indexRevision };
    return new BatchContext(at, policy, aboutCrls, this.book, revisions);
  }

  private storeFor(trust: TrustMaterial, revision: number): TrustAnchors {
    return new TrustAnchors(this.kernel, trust, revision, this.leniency, this.book);
  }

  private get leniency(): CertificateLeniency {
    return leniencyOf(this.policy.lenient);
  }
}

/**
 * The last line of defence: no rule has failed, and still nothing proves the item.
 * @throws Error where that is so, which makes the item an internal failure.
 */
function mustFail(failures: readonly Failure[]): void {
  if (failures.length === 0) throw new Error('nothing proves this item, yet no rule has failed');
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
  const { judged } = chosen;
  return { ...rightsOf(judged), signerValidity: judged.info.period };
}

/** Without a signer no rule is checked that reads anything of it. */
const NO_SIGNER: SignerFacts = {
  appPsids: [],
  signerValidity: { start: 0, end: 0 },
  signerRegion: undefined,
  trust: 'none',
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

const NO_OCTETS = new Uint8Array(0);

function asMessage(bytes: Uint8Array): Item {
  return { kind: 'message', bytes };
}

/** A verifier of one's own, in this thread. @throws as the constructor of {@link Verifier}. */
export function createVerifier(options: VerifierOptions): Verifier {
  return new Verifier(options);
}

/** Leniencies that a certificate's chain could not do without, or the CRLs that it was compared with. */
function usedLeniencies(judged: ChainNode, revocation: Partial<Verdict>): Pick<Verdict, 'lenient'> {
  const lenient = [...lenienciesOf(judged), ...(revocation.lenient ?? [])];
  return lenient.length > 0 ? { lenient } : {};
}

/** Whether bytes are a structure of this kind, perhaps with something behind it. */
function decodesAs(kind: 'data' | 'certificate', bytes: Uint8Array): boolean {
  return decode<unknown>(kind === 'data' ? Ieee1609Dot2Data : Certificate, bytes, MAX_ELEMENTS).ok;
}

function decodeDetail({ path, offset, detail }: CoerFailure): string {
  return `octet ${offset}${path ? `, ${path}` : ''}: ${detail}`;
}
