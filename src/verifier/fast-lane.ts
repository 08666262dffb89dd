import type { Kernel } from '../kernel/kernel.ts';
import type { ReplayMemory } from '../messages/index.ts';
import type { Period, RuleBook } from '../rules/index.ts';
import type { Failure, Verdict } from '../verdict/index.ts';
import type { BatchContext } from './batch-context.ts';
import { CERTIFICATE_HEAD, type CertificateShape, certificateShape, shapeKey } from './certificate-shape.ts';
import { Plan, Stage } from './fast-plan.ts';
import { FastRounds } from './fast-rounds.ts';
import { verdictOnCertificate, verdictOnMessage } from './fast-verdicts.ts';
import type { Judged } from './judged.ts';
import { fingerprint, KnownSigners, listFingerprint } from './known-signers.ts';
import { type LearnedSigners, SignerList, signerSetOf } from './learned.ts';
import { frameKey, headerStart, type MessageFrame, messageFrame } from './message-frame.ts';
import type { MessageWork } from './message-work.ts';
import { wordAt } from './octets.ts';
import { microsOf } from './receiver.ts';
import type { Revocation } from './revocation.ts';
import type { SignatureMemory } from './signature-memory.ts';
import { type Rights, type Signer, signerOf } from './signer.ts';
import { Templates } from './skeleton.ts';
import type { Standing } from './standing.ts';
import type { TrustStore } from './trust-store.ts';
import type { Item } from './types.ts';

/**
 * Judges items that are like others before them without decoding them: the octets that make the strict decoder and the
 * rules take their way are compared, what differs is judged, and the arithmetic of a whole batch is one round of the
 * workbench. It accepts or hands over, and never refuses: whatever is not in order, or not clear at once, is judged from
 * scratch by the ordinary path.
 */
export class FastLane {
  private readonly trust: TrustStore;
  private readonly revocation: Revocation | undefined;
  private readonly shapes = new Templates<CertificateShape>();
  private readonly frames = new Templates<MessageFrame>();
  private readonly known = new KnownSigners();
  /** Signers of the trust material by the lower word of their HashedId8; null for those that the lane leaves alone. */
  private readonly trusted = new Map<number, { readonly high: number; readonly text: string }[]>();
  private readonly trustedSigners = new Map<string, Signer | null>();
  /** Fingerprints of certificates that are trusted by themselves, whatever their shape. */
  private readonly exact: ReadonlySet<number>;
  private readonly rounds: FastRounds;
  private readonly book: RuleBook;

  /** @param memory Learns which signatures are bad, so that the ordinary path need not find out again. */
  constructor(
    kernel: Kernel,
    trust: TrustStore,
    revocation: Revocation | undefined,
    memory: SignatureMemory,
    book: RuleBook,
  ) {
    this.book = book;
    this.rounds = new FastRounds(kernel, memory, revocation !== undefined);
    this.revocation = revocation;
    this.trust = trust;
    this.exact = new Set(trust.exactOctets().map((octets) => fingerprint(octets, 0, octets.length)));
    for (const text of trust.signerDigests()) {
      const [high, low] = [Number.parseInt(text.slice(0, 8), 16) | 0, Number.parseInt(text.slice(8), 16) | 0];
      this.trusted.set(low, [...(this.trusted.get(low) ?? []), { high, text }]);
    }
  }

  get templates(): number {
    return this.shapes.size + this.frames.size;
  }

  /**
   * Does everything that does not depend on the order of items. What comes back for an item has passed every rule and its
   * signatures verify; undefined where the ordinary path has to judge it.
   */
  judge(items: readonly Item[], under: BatchContext, learned: LearnedSigners): (Plan | undefined)[] {
    const plans: (Plan | undefined)[] = new Array(items.length).fill(undefined);
    if (this.templates === 0) return plans;
    this.rounds.asksForReplays = under.policy.relevance?.replayWindowSeconds !== undefined;
    const ready: Plan[] = [];
    const waiting: Plan[] = [];
    const attached = new Map<number, Plan>();
    for (let i = 0; i < items.length; i++) {
      const item = items[i] as Item;
      if (item.unreadable !== undefined) continue;
      const plan = new Plan(i, item, under.for(item.at));
      const taken =
        item.kind === 'certificate' ? this.planCertificate(plan) : this.planMessage(plan, learned, attached);
      if (!taken) continue;
      plans[i] = plan;
      // Signers that this batch brings itself are known when those that bring them have passed.
      const isReady = plan.signer !== undefined || plan.shape !== undefined;
      (isReady ? ready : waiting).push(plan);
    }
    this.rounds.run(ready);
    if (this.revocation !== undefined) this.clear(this.revocation, ready);
    if (waiting.length > 0) this.rounds.run(this.withSigners(waiting, ready));
    for (let i = 0; i < plans.length; i++) if (plans[i]?.stage !== Stage.passed) plans[i] = undefined;
    return plans;
  }

  /** Signer lists that items of a batch, judged by {@link judge}, will teach under this HashedId8 when their turn comes. */
  brought(plans: readonly (Plan | undefined)[], high: number, low: number): SignerList[] {
    const lists = new Set<SignerList>();
    for (const plan of plans) {
      const signer = plan?.signer;
      if (signer === undefined || signer.low !== low || signer.high !== high || isByDigest(plan as Plan)) continue;
      lists.add(listOf(signer));
    }
    return [...lists];
  }

  /**
   * The verdict on an item that has passed, in its turn: what was learned since the batch began may have made it unclear
   * who signed a message. Undefined where that is so.
   */
  conclude(plan: Plan, learned: LearnedSigners, replays: ReplayMemory): Verdict | undefined {
    const { signer } = plan;
    if (signer === undefined) return verdictOnCertificate(plan);
    if (!isByDigest(plan)) {
      const entry = learned.use(listOf(signer));
      entry.signer ??= signer;
      signer.list = entry;
      this.known.keep(plan.print, signer);
    } else if (signer.list !== undefined) {
      const entry = learned.only(signer.high, signer.low);
      if (!entry || (entry !== signer.list && entry.identity !== signer.list.identity)) return undefined;
      learned.use(entry);
    }
    return verdictOnMessage(plan, signer, this.replayOf(plan, signer, replays));
  }

  /** Whether a message that breaks no other rule was accepted before: asked in its turn, and remembered then. */
  private replayOf({ under, replayKey }: Plan, signer: Signer, replays: ReplayMemory): readonly Failure[] {
    const window = under.policy.relevance?.replayWindowSeconds;
    if (window === undefined) return NO_FAILURES;
    const found = replays.check(signerSetOf(signer.low), replayKey, under.at, microsOf(window));
    return found.map((finding) => ({ ...finding, depth: 0 }));
  }

  /** Takes a judged certificate as an example for others. */
  studyCertificate(judged: Judged): void {
    const { octets } = judged.info;
    if (this.shapeAt(octets, 0, octets.length) !== undefined) return;
    const shape = certificateShape(judged, this.trust, this.book);
    if (shape !== undefined) this.shapes.add(shapeKey(octets, 0, octets.length), shape);
  }

  /** Takes a message that was accepted as an example for others. */
  studyMessage({ item: { bytes }, data, signed }: MessageWork): void {
    const header = headerStart(bytes);
    if (this.frameOf(bytes, header) !== undefined) return;
    const frame = messageFrame(bytes, data, signed, this.book);
    if (frame !== undefined) this.frames.add(frameKey(bytes, header), frame);
  }

  /**
   * Notes what a learned list means, which the ordinary path has judged: the signing certificate under each issuer. `key` are the octets of the
   * list as they came this time.
   */
  adopt(list: SignerList, judged: readonly Judged[], key: string): void {
    if (judged.length !== 1) return;
    const [leaf] = judged as [Judged];
    const { octets } = leaf.info;
    const print = listFingerprint(octets, 0, octets.length, key.length);
    if (list.signer !== undefined) {
      // Its period may have been expanded since.
      if (list.signer.standing?.isEvaluated === false) list.signer.standing = this.revocation?.latest(leaf);
      if (list.signer.octets === key) this.known.keep(print, list.signer);
      return;
    }
    const signer = signerOf(leaf, key);
    if (signer === undefined) return;
    signer.standing = this.revocation?.latest(leaf);
    list.signer = signer;
    signer.list = list;
    this.known.add(print, signer);
  }

  private planCertificate(plan: Plan): boolean {
    const { bytes, under } = plan;
    const { receiver, policy } = under;
    const shape = this.newShape(plan, 0, bytes.length);
    const everyError = policy.allErrors === true;
    if (shape === undefined || !shape.checks.passItem(shape.periodOf(bytes, 0), receiver, everyError)) return false;
    plan.shape = shape;
    return true;
  }

  /** The shape of a certificate that is not trusted by itself, and whose issuers no CRL speaks against. */
  private newShape(plan: Plan, base: number, length: number): CertificateShape | undefined {
    if (this.exact.size > 0 && this.exact.has(fingerprint(plan.bytes, base, length))) return undefined;
    const shape = this.shapeAt(plan.bytes, base, length);
    if (shape === undefined || !shape.checks.passChain(shape.periodOf(plan.bytes, base))) return undefined;
    if (this.revocation === undefined) return shape;
    return this.revocation.aboveShape(shape, true).passes(plan.under.rules) ? shape : undefined;
  }

  private planMessage(plan: Plan, learned: LearnedSigners, attached: Map<number, Plan>): boolean {
    const { bytes, item } = plan;
    const header = headerStart(bytes);
    const frame = this.frameOf(bytes, header);
    if (frame === undefined || item.externalData !== undefined) return false;
    plan.frame = frame;
    plan.header = header;
    if (frame.at.digest >= 0) {
      const high = wordAt(bytes, header + frame.at.digest);
      const low = wordAt(bytes, header + frame.at.digest + 4);
      const signer = this.signerByDigest(high, low, learned);
      // Nobody knows it yet: an item of this batch may bring it.
      if (signer === undefined) return true;
      return signer !== null && this.isSignedBy(plan, signer);
    }
    const base = header + frame.at.certificate;
    const { certificateLength: length, attachedLength } = frame.at;
    plan.base = base;
    plan.print = listFingerprint(bytes, base, length, attachedLength);
    const signer = this.known.find(plan.print, bytes, base, attachedLength);
    if (signer !== undefined) return this.isSignedBy(plan, signer);
    // Lists of several certificates are known by their octets, or judged from scratch.
    if (attachedLength !== length) return false;
    const shape = this.newShape(plan, base, length);
    if (shape === undefined) return false;
    const first = attached.get(plan.print);
    if (first !== undefined && isSameCertificate(first, plan, length)) {
      plan.first = first;
      return true;
    }
    if (!obeysRules(plan, shape.rights, shape.periodOf(bytes, base))) return false;
    plan.shape = shape;
    attached.set(plan.print, plan);
    return true;
  }

  private isSignedBy(plan: Plan, signer: Signer): boolean {
    plan.signer = signer;
    if (this.revocation !== undefined && !isCleared(plan, signer.standing)) return false;
    return obeysRules(plan, signer.rights, signer.period);
  }

  /** Whom a digest means: undefined where nobody is known, null where the ordinary path has to find out. */
  private signerByDigest(high: number, low: number, learned: LearnedSigners): Signer | null | undefined {
    // Trust material comes first, whoever else has that digest.
    const trusted = this.trusted.get(low)?.find((one) => one.high === high);
    if (trusted !== undefined) return this.trustedSigner(trusted.text);
    const list = learned.only(high, low);
    return list ? (list.signer ?? null) : list;
  }

  private trustedSigner(text: string): Signer | null {
    const known = this.trustedSigners.get(text);
    if (known !== undefined) return known;
    const [judged, ...others] = this.trust.signersByDigest(text);
    const signer = (judged && others.length === 0 && signerOf(judged)) || null;
    if (signer !== null) signer.standing = this.revocation?.of(judged as Judged, true);
    this.trustedSigners.set(text, signer);
    return signer;
  }

  /**
   * Asks for the certificates that came with this batch. They are proven now, so that a period may be expanded for them;
   * implicit ones by themselves are not.
   */
  private clear(revocation: Revocation, plans: readonly Plan[]): void {
    for (const plan of plans) {
      const { shape, signer, bytes, base } = plan;
      if (shape === undefined || plan.stage !== Stage.passed) continue;
      const hash = signer?.hash ?? (plan.digest as Uint8Array);
      const standing = revocation.ofMember(shape, bytes, base, hash, shape.isExplicit || signer !== undefined);
      if (signer !== undefined) signer.standing = standing;
      if (!isCleared(plan, standing)) plan.stage = Stage.handedOver;
    }
  }

  /** Messages whose signer an item before them has brought. Should several have brought one, {@link conclude} will see. */
  private withSigners(waiting: readonly Plan[], ready: readonly Plan[]): Plan[] {
    const brought = new Map<number, Plan>();
    for (const plan of ready) {
      if (plan.frame === undefined || plan.shape === undefined || plan.stage !== Stage.passed) continue;
      const { low } = plan.signer as Signer;
      if (!brought.has(low)) brought.set(low, plan);
    }
    return waiting.filter((plan) => {
      const bringer = plan.first ?? bringerOf(plan, brought);
      return bringer?.stage === Stage.passed && this.isSignedBy(plan, bringer.signer as Signer);
    });
  }

  private frameOf(bytes: Uint8Array, header: number): MessageFrame | undefined {
    const key = frameKey(bytes, header);
    if (key === -1) return undefined;
    const length = bytes.length - header;
    const frames = this.frames.of(key);
    for (let i = 0; i < frames.length; i++) {
      const frame = frames[i] as MessageFrame;
      if (frame.skeleton.length !== length || !frame.matches(bytes, header)) continue;
      this.frames.used(frames, i);
      return frame;
    }
    return undefined;
  }

  private shapeAt(bytes: Uint8Array, base: number, length: number): CertificateShape | undefined {
    if (length < CERTIFICATE_HEAD) return undefined;
    const shapes = this.shapes.of(shapeKey(bytes, base, length));
    for (let i = 0; i < shapes.length; i++) {
      const shape = shapes[i] as CertificateShape;
      if (shape.skeleton.length !== length || !shape.matches(bytes, base)) continue;
      this.shapes.used(shapes, i);
      return shape;
    }
    return undefined;
  }
}

/** Whether no CRL speaks against the certificate. What does is named by the ordinary path. */
function isCleared(plan: Plan, standing: Standing | undefined): boolean {
  plan.standing = standing;
  return standing?.passes(plan.under.rules) ?? false;
}

function isByDigest({ frame }: Plan): boolean {
  return (frame as MessageFrame).at.digest >= 0;
}

function listOf(signer: Signer): SignerList {
  if (signer.list === undefined) {
    signer.list = new SignerList(signer.high, signer.low, signer.hash, [signer.octets]);
    signer.list.signer = signer;
  }
  return signer.list;
}

function isSameCertificate(a: Plan, b: Plan, length: number): boolean {
  if (a.frame?.at.certificateLength !== length) return false;
  for (let i = 0; i < length; i++) if (a.bytes[a.base + i] !== b.bytes[b.base + i]) return false;
  return true;
}

/** The item that brings the signer whom a digest means, where it stands before it. */
function bringerOf({ bytes, header, frame, index }: Plan, brought: ReadonlyMap<number, Plan>): Plan | undefined {
  const at = header + (frame as MessageFrame).at.digest;
  const bringer = brought.get(wordAt(bytes, at + 4));
  return bringer?.signer?.high === wordAt(bytes, at) && bringer.index < index ? bringer : undefined;
}

/** Whether a message keeps every rule towards the certificate that signed it. What fails is named by the ordinary path. */
function obeysRules(plan: Plan, rights: Rights, period: Period): boolean {
  const { checks } = plan.frame as MessageFrame;
  if (!checks.pass(plan.bytes, plan.header, plan.item, rights, period, plan.under.receiver)) return false;
  plan.regionChecked = checks.wasRegionChecked;
  return true;
}

const NO_FAILURES: readonly Failure[] = [];
