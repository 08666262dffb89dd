import type { Kernel } from '../../kernel/kernel.ts';
import type { ReplayMemory } from '../../messages/index.ts';
import type { Period, RuleBook } from '../../rules/index.ts';
import type { Failure, Verdict } from '../../verdict/index.ts';
import type { BatchContext } from '../batch-context.ts';
import type { ChainNode } from '../chain-node.ts';
import { type LearnedSigners, SignerList, signerSetOf } from '../learned.ts';
import type { MessageWork } from '../message-work.ts';
import { wordAt } from '../octets.ts';
import { microsOf } from '../receiver.ts';
import type { Revocation } from '../revocation.ts';
import type { RevocationStatus } from '../revocation-status.ts';
import type { Rights } from '../signatory.ts';
import type { SignatureMemory } from '../signature-memory.ts';
import { type Signer, signerOf } from '../signer.ts';
import type { TrustAnchors } from '../trust-anchors.ts';
import type { Item } from '../types.ts';
import { Templates } from './byte-template.ts';
import {
  CERTIFICATE_HEAD,
  type CertificateTemplate,
  certificateKey,
  certificateTemplate,
} from './certificate-template.ts';
import { FastItem, Stage } from './fast-item.ts';
import { FastRounds } from './fast-rounds.ts';
import { verdictOnCertificate, verdictOnMessage } from './fast-verdicts.ts';
import { fingerprint, KnownSigners, listFingerprint } from './known-signers.ts';
import { headerStart, type MessageTemplate, messageKey, messageTemplate } from './message-template.ts';

/**
 * Verifies items that are like others before them without decoding them: the octets that make the strict decoder and the
 * rules take their way are compared, what differs is verified, and the arithmetic of a whole batch is one round of the
 * kernelBatch. It accepts or hands over, and never refuses: whatever is not in order, or not clear at once, is verified from
 * scratch by the ordinary path.
 */
export class FastPath {
  private readonly trust: TrustAnchors;
  private readonly revocation: Revocation | undefined;
  private readonly certificateTemplates = new Templates<CertificateTemplate>();
  private readonly messageTemplates = new Templates<MessageTemplate>();
  private readonly known = new KnownSigners();
  /** Signers of the trust material by the lower word of their HashedId8; null for those that the fast path leaves alone. */
  private readonly trusted = new Map<number, { readonly high: number; readonly text: string }[]>();
  private readonly trustedSigners = new Map<string, Signer | null>();
  /** Fingerprints of certificates that are trusted by themselves, whatever their template. */
  private readonly exact: ReadonlySet<number>;
  private readonly rounds: FastRounds;
  private readonly book: RuleBook;

  /** @param memory Learns which signatures are bad, so that the ordinary path need not find out again. */
  constructor(
    kernel: Kernel,
    trust: TrustAnchors,
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
    return this.certificateTemplates.size + this.messageTemplates.size;
  }

  /**
   * Does everything that does not depend on the order of items. What comes back for an item has passed every rule and its
   * signatures verify; undefined where the ordinary path has to verify it.
   */
  verifyBatch(items: readonly Item[], under: BatchContext, learned: LearnedSigners): (FastItem | undefined)[] {
    const fastItems: (FastItem | undefined)[] = new Array(items.length).fill(undefined);
    if (this.templates === 0) return fastItems;
    this.rounds.asksForReplays = under.policy.relevance?.replayWindowSeconds !== undefined;
    const ready: FastItem[] = [];
    const waiting: FastItem[] = [];
    const attached = new Map<number, FastItem>();
    for (let i = 0; i < items.length; i++) {
      const item = items[i] as Item;
      if (item.unreadable !== undefined) continue;
      const fastItem = new FastItem(i, item, under.for(item.at));
      const taken =
        item.kind === 'certificate' ? this.openCertificate(fastItem) : this.openMessage(fastItem, learned, attached);
      if (!taken) continue;
      fastItems[i] = fastItem;
      // Signers that this batch brings itself are known when those that bring them have passed.
      const isReady = fastItem.signer !== undefined || fastItem.template !== undefined;
      (isReady ? ready : waiting).push(fastItem);
    }
    this.rounds.run(ready);
    if (this.revocation !== undefined) this.clear(this.revocation, ready);
    if (waiting.length > 0) this.rounds.run(this.withSigners(waiting, ready));
    for (let i = 0; i < fastItems.length; i++) if (fastItems[i]?.stage !== Stage.passed) fastItems[i] = undefined;
    return fastItems;
  }

  /** Signer lists that items of a batch, verified by {@link verifyBatch}, will teach under this HashedId8 when their turn comes. */
  attachedInBatch(fastItems: readonly (FastItem | undefined)[], high: number, low: number): SignerList[] {
    const lists = new Set<SignerList>();
    for (const fastItem of fastItems) {
      const signer = fastItem?.signer;
      if (signer === undefined || signer.low !== low || signer.high !== high || isByDigest(fastItem as FastItem))
        continue;
      lists.add(listOf(signer));
    }
    return [...lists];
  }

  /**
   * The verdict on an item that has passed, in its turn: what was learned since the batch began may have made it unclear
   * who signed a message. Undefined where that is so.
   */
  conclude(fastItem: FastItem, learned: LearnedSigners, replays: ReplayMemory): Verdict | undefined {
    const { signer } = fastItem;
    if (signer === undefined) return verdictOnCertificate(fastItem);
    if (!isByDigest(fastItem)) {
      const entry = learned.use(listOf(signer));
      entry.signer ??= signer;
      signer.list = entry;
      this.known.keep(fastItem.print, signer);
    } else if (signer.list !== undefined) {
      const entry = learned.only(signer.high, signer.low);
      if (!entry || (entry !== signer.list && entry.identity !== signer.list.identity)) return undefined;
      learned.use(entry);
    }
    return verdictOnMessage(fastItem, signer, this.replayOf(fastItem, signer, replays));
  }

  /** Whether a message that breaks no other rule was accepted before: asked in its turn, and remembered then. */
  private replayOf({ under, replayKey }: FastItem, signer: Signer, replays: ReplayMemory): readonly Failure[] {
    const window = under.policy.relevance?.replayWindowSeconds;
    if (window === undefined) return NO_FAILURES;
    const found = replays.check(signerSetOf(signer.low), replayKey, under.at, microsOf(window));
    return found.map((finding) => ({ ...finding, depth: 0 }));
  }

  /** Takes a verified certificate as an example for others. */
  addCertificateTemplate(node: ChainNode): void {
    const { octets } = node.info;
    if (this.certificateAt(octets, 0, octets.length) !== undefined) return;
    const template = certificateTemplate(node, this.trust, this.book);
    if (template !== undefined) this.certificateTemplates.add(certificateKey(octets, 0, octets.length), template);
  }

  /** Takes a message that was accepted as an example for others. */
  addMessageTemplate({ item: { bytes }, data, signed }: MessageWork): void {
    const header = headerStart(bytes);
    if (this.messageTemplateOf(bytes, header) !== undefined) return;
    const frame = messageTemplate(bytes, data, signed, this.book);
    if (frame !== undefined) this.messageTemplates.add(messageKey(bytes, header), frame);
  }

  /**
   * Notes what a learned list means, which the ordinary path has verified: the signing certificate under each issuer. `key` are the octets of the
   * list as they came this time.
   */
  rememberSigner(list: SignerList, nodes: readonly ChainNode[], key: string): void {
    if (nodes.length !== 1) return;
    const [leaf] = nodes as [ChainNode];
    const { octets } = leaf.info;
    const print = listFingerprint(octets, 0, octets.length, key.length);
    if (list.signer !== undefined) {
      // Its period may have been expanded since.
      if (list.signer.revocationStatus?.isEvaluated === false)
        list.signer.revocationStatus = this.revocation?.latest(leaf);
      if (list.signer.octets === key) this.known.keep(print, list.signer);
      return;
    }
    const signer = signerOf(leaf, key);
    if (signer === undefined) return;
    signer.revocationStatus = this.revocation?.latest(leaf);
    list.signer = signer;
    signer.list = list;
    this.known.add(print, signer);
  }

  private openCertificate(fastItem: FastItem): boolean {
    const { bytes, under } = fastItem;
    const { receiver, policy } = under;
    const template = this.newTemplate(fastItem, 0, bytes.length);
    const everyError = policy.allErrors === true;
    if (template === undefined || !template.checks.passItem(template.periodOf(bytes, 0), receiver, everyError))
      return false;
    fastItem.template = template;
    return true;
  }

  /** The template of a certificate that is not trusted by itself, and whose issuers no CRL speaks against. */
  private newTemplate(fastItem: FastItem, base: number, length: number): CertificateTemplate | undefined {
    if (this.exact.size > 0 && this.exact.has(fingerprint(fastItem.bytes, base, length))) return undefined;
    const template = this.certificateAt(fastItem.bytes, base, length);
    if (template === undefined || !template.checks.passChain(template.periodOf(fastItem.bytes, base))) return undefined;
    if (this.revocation === undefined) return template;
    return this.revocation.aboveTemplate(template, true).passes(fastItem.under.rules) ? template : undefined;
  }

  private openMessage(fastItem: FastItem, learned: LearnedSigners, attached: Map<number, FastItem>): boolean {
    const { bytes, item } = fastItem;
    const header = headerStart(bytes);
    const frame = this.messageTemplateOf(bytes, header);
    if (frame === undefined || item.externalData !== undefined) return false;
    fastItem.frame = frame;
    fastItem.header = header;
    if (frame.at.digest >= 0) {
      const high = wordAt(bytes, header + frame.at.digest);
      const low = wordAt(bytes, header + frame.at.digest + 4);
      const signer = this.signerByDigest(high, low, learned);
      // Nobody knows it yet: an item of this batch may bring it.
      if (signer === undefined) return true;
      return signer !== null && this.isSignedBy(fastItem, signer);
    }
    const base = header + frame.at.certificate;
    const { certificateLength: length, attachedLength } = frame.at;
    fastItem.base = base;
    fastItem.print = listFingerprint(bytes, base, length, attachedLength);
    const signer = this.known.find(fastItem.print, bytes, base, attachedLength);
    if (signer !== undefined) return this.isSignedBy(fastItem, signer);
    // Lists of several certificates are known by their octets, or verified from scratch.
    if (attachedLength !== length) return false;
    const template = this.newTemplate(fastItem, base, length);
    if (template === undefined) return false;
    const first = attached.get(fastItem.print);
    if (first !== undefined && isSameCertificate(first, fastItem, length)) {
      fastItem.first = first;
      return true;
    }
    if (!passesChecks(fastItem, template.rights, template.periodOf(bytes, base))) return false;
    fastItem.template = template;
    attached.set(fastItem.print, fastItem);
    return true;
  }

  private isSignedBy(fastItem: FastItem, signer: Signer): boolean {
    fastItem.signer = signer;
    if (this.revocation !== undefined && !isCleared(fastItem, signer.revocationStatus)) return false;
    return passesChecks(fastItem, signer.rights, signer.period);
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
    const [node, ...others] = this.trust.signersByDigest(text);
    const signer = (node && others.length === 0 && signerOf(node)) || null;
    if (signer !== null) signer.revocationStatus = this.revocation?.of(node as ChainNode, true);
    this.trustedSigners.set(text, signer);
    return signer;
  }

  /**
   * Asks for the certificates that came with this batch. They are proven now, so that a period may be expanded for them;
   * implicit ones by themselves are not.
   */
  private clear(revocation: Revocation, fastItems: readonly FastItem[]): void {
    for (const fastItem of fastItems) {
      const { template, signer, bytes, base } = fastItem;
      if (template === undefined || fastItem.stage !== Stage.passed) continue;
      const hash = signer?.hash ?? (fastItem.digest as Uint8Array);
      const revocationStatus = revocation.ofMember(
        template,
        bytes,
        base,
        hash,
        template.isExplicit || signer !== undefined,
      );
      if (signer !== undefined) signer.revocationStatus = revocationStatus;
      if (!isCleared(fastItem, revocationStatus)) fastItem.stage = Stage.handedOver;
    }
  }

  /** Messages whose signer an item before them has brought. Should several have brought one, {@link conclude} will see. */
  private withSigners(waiting: readonly FastItem[], ready: readonly FastItem[]): FastItem[] {
    const attachedInBatch = new Map<number, FastItem>();
    for (const fastItem of ready) {
      if (fastItem.frame === undefined || fastItem.template === undefined || fastItem.stage !== Stage.passed) continue;
      const { low } = fastItem.signer as Signer;
      if (!attachedInBatch.has(low)) attachedInBatch.set(low, fastItem);
    }
    return waiting.filter((fastItem) => {
      const bringer = fastItem.first ?? bringerOf(fastItem, attachedInBatch);
      return bringer?.stage === Stage.passed && this.isSignedBy(fastItem, bringer.signer as Signer);
    });
  }

  private messageTemplateOf(bytes: Uint8Array, header: number): MessageTemplate | undefined {
    const key = messageKey(bytes, header);
    if (key === -1) return undefined;
    const length = bytes.length - header;
    const messageTemplates = this.messageTemplates.of(key);
    for (let i = 0; i < messageTemplates.length; i++) {
      const frame = messageTemplates[i] as MessageTemplate;
      if (frame.byteTemplate.length !== length || !frame.matches(bytes, header)) continue;
      this.messageTemplates.used(messageTemplates, i);
      return frame;
    }
    return undefined;
  }

  private certificateAt(bytes: Uint8Array, base: number, length: number): CertificateTemplate | undefined {
    if (length < CERTIFICATE_HEAD) return undefined;
    const certificateTemplates = this.certificateTemplates.of(certificateKey(bytes, base, length));
    for (let i = 0; i < certificateTemplates.length; i++) {
      const template = certificateTemplates[i] as CertificateTemplate;
      if (template.byteTemplate.length !== length || !template.matches(bytes, base)) continue;
      this.certificateTemplates.used(certificateTemplates, i);
      return template;
    }
    return undefined;
  }
}

/** Whether no CRL speaks against the certificate. What does is named by the ordinary path. */
function isCleared(fastItem: FastItem, revocationStatus: RevocationStatus | undefined): boolean {
  fastItem.revocationStatus = revocationStatus;
  return revocationStatus?.passes(fastItem.under.rules) ?? false;
}

function isByDigest({ frame }: FastItem): boolean {
  return (frame as MessageTemplate).at.digest >= 0;
}

function listOf(signer: Signer): SignerList {
  if (signer.list === undefined) {
    const list = new SignerList(signer.high, signer.low, signer.hash, [signer.octets]);
    list.signer = signer;
    signer.list = list;
  }
  // Nothing else is ever put there: the type of the member only keeps the two files from importing each other.
  return signer.list as SignerList;
}

function isSameCertificate(a: FastItem, b: FastItem, length: number): boolean {
  if (a.frame?.at.certificateLength !== length) return false;
  for (let i = 0; i < length; i++) if (a.bytes[a.base + i] !== b.bytes[b.base + i]) return false;
  return true;
}

/** The item that brings the signer whom a digest means, where it stands before it. */
function bringerOf(
  { bytes, header, frame, index }: FastItem,
  attachedInBatch: ReadonlyMap<number, FastItem>,
): FastItem | undefined {
  const at = header + (frame as MessageTemplate).at.digest;
  const bringer = attachedInBatch.get(wordAt(bytes, at + 4));
  return bringer?.signer?.high === wordAt(bytes, at) && bringer.index < index ? bringer : undefined;
}

/** Whether a message keeps every rule towards the certificate that signed it. What fails is named by the ordinary path. */
function passesChecks(fastItem: FastItem, rights: Rights, period: Period): boolean {
  const { checks } = fastItem.frame as MessageTemplate;
  if (!checks.pass(fastItem.bytes, fastItem.header, fastItem.item, rights, period, fastItem.under.receiver))
    return false;
  fastItem.regionChecked = checks.wasRegionChecked;
  return true;
}

const NO_FAILURES: readonly Failure[] = [];
