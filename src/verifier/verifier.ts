import { toHex } from '../coer/index.ts';
import { taiFromUnixMs } from '../dot2/index.ts';
import type { Kernel, KernelName } from '../kernel/kernel.ts';
import { createKernel } from '../kernel/load.ts';
import type { KernelMetrics } from '../kernel/metrics.ts';
import type { WasmModule } from '../kernel/wasm-module.ts';
import { ReplayMemory, type SeenMessage } from '../messages/index.ts';
import { type CrlInput, type RevocationData, RevocationIndex } from '../revocation/index.ts';

import { RULE_BOOK, type RuleBook } from '../rules/index.ts';
import type { Verdict } from '../verdict/index.ts';
import { BatchVerifier, internalFailure } from './batch.ts';
import { BatchContext } from './batch-context.ts';
import { type CertificateLeniency, isSameLeniency, leniencyOf } from './certificate-info.ts';
import { runsOf } from './cost.ts';
import { type CrlOptions, type CrlResults, verifyCrls } from './crl-checks.ts';
import { type Explanation, explanationOf } from './explain.ts';
import { FastPath } from './fast/fast-path.ts';
import { FullPath } from './full-path.ts';
import { checkItem } from './items.ts';
import { LearnedSigners } from './learned.ts';
import { certificatesBackToBack } from './learned-lists.ts';
import { octetsOfKey } from './octets.ts';
import { checkedPolicy } from './policy.ts';
import { Revocation, type RevocationCounts, type RevocationLookup } from './revocation.ts';
import { SignatureMemory } from './signature-memory.ts';
import { ListWork, SignerLists } from './signer-lists.ts';
import type { VerifierState } from './state.ts';
import { withTags } from './tags.ts';
import { TrustAnchors } from './trust-anchors.ts';
import type { Item, Policy, TrustMaterial, TrustWarning, VerifierOptions } from './types.ts';
import { verdictUnder } from './work.ts';

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
  /** Keeps for `takeLearned` and `takeAccepted` what is new; the caller has to call them. @internal */
  readonly recordChanges?: boolean;
  /** Other rules than those of this program, for tests. @internal */
  readonly ruleBook?: RuleBook;
}

/** Items by the path that they took, and what the fast path knows its items by. */
export interface VerifierMetrics {
  /** Items that matched a template, and were accepted without being decoded. */
  readonly fast: number;
  /** Items that were decoded and verified rule by rule. */
  readonly ordinary: number;
  /** Templates that the fast path compares with. */
  readonly templates: number;
}

/** Questions to the CRLs. */
export interface RevocationMetrics extends Readonly<RevocationCounts> {
  /** Periods that this thread has expanded on demand and holds now. */
  readonly localTables: number;
}

/**
 * Verifies batches of certificates and messages: bytes in, one verdict each out, in order. Synchronous, no threads, no I/O.
 * Messages teach it the certificates they prove, so that later ones can name their signer by digest; therefore the order of
 * items matters, but not how they are cut into batches.
 */
export class Verifier {
  private readonly state: VerifierState;
  private readonly full: FullPath;
  private readonly batches: BatchVerifier;
  private readonly hasFastPath: boolean;
  private readonly revocationCounts = { lookups: 0, hits: 0, notEvaluated: 0 };
  private policy: Policy;
  private material: TrustMaterial;
  private index: RevocationLookup | undefined;
  private indexRevision: number;

  /** @throws Error if the kernel that was asked for cannot run here; RangeError for a leniency that does not exist. */
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
    const ownKernel = kernelInstance ?? createKernel(kernel, { modules });
    this.policy = checkedPolicy(policy);
    this.material = trust;
    this.hasFastPath = fastPath;
    const anchors = new TrustAnchors(ownKernel, trust, trustRevision, this.leniency, ruleBook);
    this.state = {
      kernel: ownKernel,
      book: ruleBook,
      learned: new LearnedSigners(recordChanges),
      replays: new ReplayMemory(recordChanges),
      trust: anchors,
      lists: new SignerLists(ownKernel, anchors, this.leniency, ruleBook),
      memory: new SignatureMemory(),
      revocation: undefined,
      fast: undefined,
    };
    this.full = new FullPath(this.state);
    this.batches = new BatchVerifier(this.state, this.full);
    this.index = revocationIndex ?? (revocation && new RevocationIndex(revocation));
    this.indexRevision = crlRevision;
    this.startAfresh();
  }

  get kernelName(): KernelName {
    return this.state.kernel.name;
  }

  /** Counts changes of trust; every verdict names the one it was given under. */
  get trustRevision(): number {
    return this.state.trust.revision;
  }

  /** Trust material that could not be used. Anchors among it mean that nothing under them can be verified. */
  get warnings(): readonly TrustWarning[] {
    return this.state.trust.warnings;
  }

  /** Verdicts so far by the path that they came about. */
  get metrics(): VerifierMetrics {
    return { ...this.batches.counts, templates: this.state.fast?.templates ?? 0 };
  }

  /** What was asked of CRLs so far. */
  get revocationMetrics(): RevocationMetrics {
    return { ...this.revocationCounts, localTables: this.index?.localTables ?? 0 };
  }

  get kernelMetrics(): KernelMetrics {
    return this.state.kernel.metrics;
  }

  /** Bytes of the kernel's linear memory. */
  get memoryBytes(): number {
    return this.state.kernel.memoryBytes;
  }

  /** Hashes of the usable anchors' canonical certificates, hex: what CRLs are scoped by. */
  get rootIds(): string[] {
    return this.state.trust.anchorIds;
  }

  /** Whether there is no usable anchor or pin. */
  get trustsNothing(): boolean {
    return this.state.trust.isEmpty;
  }

  /**
   * Replaces the trust material; takes effect with the next batch, for which everything is verified again: a signer that was
   * learned under the old one counts for no more than the new one gives it.
   */
  setTrust(trust: TrustMaterial, revision = this.trustRevision + 1): readonly TrustWarning[] {
    const { state } = this;
    this.material = trust;
    state.trust = new TrustAnchors(state.kernel, trust, revision, this.leniency, state.book);
    state.lists = new SignerLists(state.kernel, state.trust, this.leniency, state.book);
    this.startAfresh();
    return state.trust.warnings;
  }

  /** Counts changes of revocation data; 0 if there is none. */
  get crlRevision(): number {
    return this.indexRevision;
  }

  /**
   * Replaces the revocation data; takes effect with the next batch, for which everything is asked again: what was known of
   * senders and issuers under the old data ends here (DECISIONS D17). Without data no CRL covers anything.
   *
   * @throws Error for data that is malformed; then the old one stays in force.
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
    if (!isSameLeniency(this.leniency, lenientBefore)) this.setTrust(this.material, this.trustRevision);
    else if (this.asksForRevocation !== (this.state.revocation !== undefined)) this.startAfresh();
  }

  /** Signer lists (leaf first) learned or used again since the last call, as one byte string each; the latest last. @internal */
  takeLearned(): Uint8Array[] {
    return this.state.learned.takeFresh().map(({ key }) => octetsOfKey(key));
  }

  /** Takes back what {@link takeLearned} gave; their chains are checked again when they are used. @internal */
  learn(lists: readonly Uint8Array[]): void {
    const works = lists.flatMap((bytes) => {
      const certificates = certificatesBackToBack(bytes);
      return certificates ? [new ListWork(certificates)] : [];
    });
    this.full.learn(works, this.policy);
    this.state.learned.takeFresh();
  }

  /** Messages accepted since the last call, if replays are looked for. @internal */
  takeAccepted(): SeenMessage[] {
    return this.state.replays.takeFresh();
  }

  /** Takes back what {@link takeAccepted} gave. @internal */
  remember(accepted: readonly SeenMessage[]): void {
    for (const message of accepted) this.state.replays.remember(message);
  }

  /**
   * One verdict for each item, in order. Bad input is a verdict, never an exception. If the verifier itself fails, the
   * batch is cut down until only the items that make it fail are left, and they are `undecided`, `internalFailure`.
   *
   * The bytes of the items must not change before this returns; afterwards the caller may reuse them: what is kept of them is copied.
   *
   * @throws TypeError for what is no item at all; then nothing was verified.
   */
  verify(items: readonly Item[]): Verdict[] {
    items.forEach(checkItem);
    const context = this.contextUnder(this.policy);
    const verdicts: Verdict[] = [];
    // What is decoded lives until the verdicts are given: a run at a time, so that it stays little.
    for (const run of runsOf(items, this.policy.allErrors === true))
      for (const verdict of this.batches.verifyOrBisect(run, context)) verdicts.push(verdict);
    return withTags(items, verdicts);
  }

  /**
   * Verifies signed CRLs, and says what is in force after them. Of the policy count the time of verification, leniencies, `allErrors`
   * and what is said of overdue CRLs; everything else in it is about messages.
   */
  verifyCrls(crls: readonly CrlInput[], options: CrlOptions = {}): CrlResults {
    const { policy, state } = this;
    const { at } = this.contextUnder(policy);
    const signedPolicy = { at, allErrors: true, ...(policy.lenient && { lenient: policy.lenient }) };
    // CRLs that are loaded may revoke a CRL's signer; that some are missing or old must not keep new ones out.
    const signedContext = this.contextUnder(signedPolicy, { overdue: 'ignore' });
    const host = {
      at,
      policy,
      verifySigned: (messages: readonly Uint8Array[]) => this.full.verifySigned(messages.map(asMessage), signedContext),
      authorities: (hashedId8: Uint8Array) => state.trust.signersByDigest(toHex(hashedId8)),
      internalFailure: (error: Error) =>
        internalFailure({ kind: 'message' }, error, this.contextUnder({ ...policy, at })),
    };
    return verifyCrls(host, crls, options);
  }

  /**
   * Why an item gets its verdict: what {@link verify} would say of it now, every rule with the facts that it compares, also those that this
   * verdict did not need (DECISIONS D44), the chain and the candidates. Changes nothing: it teaches no signer and remembers no message.
   *
   * @throws TypeError for what is no item.
   */
  explain(item: Item): Explanation {
    checkItem(item, 0);
    const { full, policy } = this;
    const { book, fast, learned } = this.state;
    const context = this.contextUnder(policy);
    const under = context.for(item.at);
    const [fastItem] = fast?.verifyBatch([item], context, learned) ?? [];
    try {
      const { failures, known } = full.examine(item, under);
      const verdict = verdictUnder(item, failures, known, under);
      const thorough = full.examine(item, this.contextUnder({ ...policy, at: under.at, allErrors: true }));
      return explanationOf({ ...thorough, book, verdict, under, path: fastItem ? 'fast' : 'full' });
    } catch (error) {
      const verdict = internalFailure(item, error, under);
      return explanationOf({ item, failures: [], known: {}, book, verdict, under, path: 'full' });
    }
  }

  /** Forgets what rests on trust or CRLs that are no more: what was learned is verified again when it is used. */
  private startAfresh(): void {
    const { state } = this;
    const { kernel, trust, book, learned } = state;
    state.revocation = this.asksForRevocation ? new Revocation(this.index, this.revocationCounts) : undefined;
    state.memory = new SignatureMemory();
    state.fast = this.hasFastPath ? new FastPath(kernel, trust, state.revocation, state.memory, book) : undefined;
    learned.forgetSigners();
  }

  private get asksForRevocation(): boolean {
    return this.index !== undefined || this.policy.requireCrl === true;
  }

  /** What a batch is verified under: the clock is read here, and nowhere else. */
  private contextUnder(policy: Policy, aboutCrls: Policy = policy): BatchContext {
    const at = policy.at ?? taiFromUnixMs(Date.now());
    const revisions = { trustRevision: this.trustRevision, crlRevision: this.indexRevision };
    return new BatchContext(at, policy, aboutCrls, this.state.book, revisions);
  }

  private get leniency(): CertificateLeniency {
    return leniencyOf(this.policy.lenient);
  }
}

function asMessage(bytes: Uint8Array): Item {
  return { kind: 'message', bytes };
}

/** Creates a synchronous verifier for the calling thread. @throws as the constructor of {@link Verifier}. */
export function createVerifier(options: VerifierOptions): Verifier {
  return new Verifier(options);
}
