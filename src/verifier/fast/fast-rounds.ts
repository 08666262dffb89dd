/** The arithmetic of the fast path: items of a batch in as few rounds of the kernel batch as they have room in. */
import { type Kernel, RForm, Status } from '../../kernel/kernel.ts';
import type { KernelBatch } from '../../kernel/kernel-batch.ts';
import { reconstructAll } from '../arithmetic.ts';
import { hashOf, LONG } from '../hashing.ts';
import { compressedKey, type ImplicitKey } from '../keys.ts';
import { hexOfRecords, keysOfRecords, octetKey } from '../octets.ts';
import type { Signatory } from '../signatory.ts';
import type { SignatureMemory } from '../signature-memory.ts';
import { Signer } from '../signer.ts';
import type { CertificateTemplate } from './certificate-template.ts';
import { type FastItem, isNew, Stage } from './fast-item.ts';
import { rFormOf, TBS_DATA } from './message-template.ts';
import { findKeys, implicitKey } from './signer-keys.ts';

/** Octets of a digest, of a HashedId8, and of a key in compressed form. */
const DIGEST = 32;
const ID_OCTETS = 8;
const SCALAR = 32;
const COMPRESSED_KEY = 33;

export class FastRounds {
  private readonly kernel: Kernel;
  private readonly bench: KernelBatch;
  private readonly memory: SignatureMemory;
  /** Whether certificates are looked up in CRLs, by their hashes. */
  private readonly asksForRevocation: boolean;
  /** Whether replays are looked for. */
  asksForReplays = false;
  private round = 0;
  private queue: FastItem[] = [];

  /** @param memory Learns which signatures are bad, so that the full path need not find out again. */
  constructor(kernel: Kernel, memory: SignatureMemory, asksForRevocation: boolean) {
    this.kernel = kernel;
    this.bench = kernel.kernelBatch;
    this.memory = memory;
    this.asksForRevocation = asksForRevocation;
  }

  /** The arithmetic of many items, in as few rounds as they have room in. */
  run(fastItems: readonly FastItem[]): void {
    const signers = new Set<Signer>();
    for (const { signer } of fastItems) if (signer !== undefined && signer.key === undefined) signers.add(signer);
    if (signers.size > 0) findKeys(this.kernel, [...signers]);
    this.begin();
    for (const fastItem of fastItems) {
      const { length } = fastItem.bytes;
      if (!this.bench.hasRoom(length)) {
        this.finish();
        this.begin();
        if (!this.bench.hasRoom(length)) continue;
      }
      this.enqueue(fastItem);
    }
    this.finish();
    this.reconstruct(fastItems);
    nameKeys(fastItems);
  }

  private begin(): void {
    this.bench.begin();
    this.round++;
    this.queue = [];
  }

  /** Takes out of the kernel batch what a round has found, before anything else may use it. */
  private finish(): void {
    const { queue } = this;
    if (queue.length === 0) return;
    this.bench.run();
    let named = 0;
    for (const fastItem of queue) {
      fastItem.stage = this.holds(fastItem) ? Stage.passed : Stage.handedOver;
      if (fastItem.stage === Stage.handedOver) this.rememberBad(fastItem);
      if (isNew(fastItem)) named++;
    }
    if (named > 0) this.name(queue, named);
    if (this.asksForReplays) this.nameReplays(queue);
    this.queue = [];
  }

  private enqueue(fastItem: FastItem): void {
    const { template, signer, frame, header, bytes } = fastItem;
    const { bench } = this;
    if (signer !== undefined && signer.key === undefined) return;
    // What is long is hashed by the platform; only what is behind the payload is read by the kernel batch then.
    const isLong = header >= LONG;
    const address = isLong ? bench.put(bytes.subarray(header)) - header : bench.put(bytes);
    if (template !== undefined) this.enqueueCertificate(fastItem, template, address + fastItem.base);
    if (frame !== undefined) {
      const start = address + header;
      const end = header + frame.at.tbsEnd;
      const data = isLong
        ? bench.known(hashOf('sha256', bytes.subarray(TBS_DATA, end)))
        : bench.hash(address + TBS_DATA, end - TBS_DATA);
      fastItem.data = data;
      const form = rFormOf(bytes[header + frame.at.form]) as RForm;
      const r = start + frame.at.form + 1;
      const s = start + frame.at.s;
      if (signer?.key !== undefined) {
        fastItem.signature = bench.verify(data, this.digestOf(signer), form, r, s, signer.key);
      } else if (template?.isExplicit) {
        fastItem.signature = bench.verifyWithPoint(data, fastItem.hash, form, r, s, fastItem.point, fastItem.issued);
      } else if (template !== undefined) {
        const certificate = {
          point: fastItem.point,
          tbs: fastItem.tbsHash,
          issuer: this.digestOf(template.issuer),
          issuerKey: template.issuerKey,
        };
        fastItem.signature = bench.verifyImplicit(data, fastItem.hash, form, r, s, certificate);
      }
    }
    fastItem.stage = Stage.queued;
    this.queue.push(fastItem);
  }

  private enqueueCertificate(fastItem: FastItem, template: CertificateTemplate, address: number): void {
    const { bench } = this;
    const { at } = template;
    fastItem.tbsHash = bench.hash(address + at.tbs, at.tbsEnd - at.tbs);
    fastItem.hash = bench.hash(address, template.byteTemplate.length);
    // The key of an implicit certificate by itself is reconstructed in a call of its own.
    if (template.isExplicit || fastItem.frame !== undefined) {
      fastItem.point = bench.point(address + at.form + 1, (fastItem.bytes[fastItem.base + at.form] as number) & 1);
    }
    if (!template.isExplicit) return;
    const issuer = this.digestOf(template.issuer);
    fastItem.issued = bench.verify(
      fastItem.tbsHash,
      issuer,
      RForm.xOnly,
      address + at.r,
      address + at.s,
      template.issuerKey,
    );
  }

  /** The digest id of a signatory's hash, put in once a round. */
  private digestOf(signatory: Signatory): number {
    if (signatory.round !== this.round) {
      signatory.id = this.bench.known(signatory.hash);
      signatory.round = this.round;
    }
    return signatory.id;
  }

  private digest(id: number): Uint8Array {
    const digest = new Uint8Array(DIGEST);
    this.bench.copyDigest(id, DIGEST, digest, 0);
    return digest;
  }

  /** Whether every signature of an item verifies, and its key is on the curve. */
  private holds({ issued, point, signature }: FastItem): boolean {
    const { bench } = this;
    if (issued >= 0 && bench.status(issued) !== Status.ok) return false;
    if (point >= 0 && bench.pointStatus(point) !== Status.ok) return false;
    return signature < 0 || bench.status(signature) === Status.ok;
  }

  /** Notes which signature of an item is bad: with the facts that the ordinary path will ask by. */
  private rememberBad({
    issued,
    signature,
    data,
    tbsHash,
    hash,
    bytes,
    base,
    header,
    template,
    signer,
    frame,
  }: FastItem): void {
    const { bench, memory } = this;
    const span = (from: number): Uint8Array => bytes.subarray(from, from + SCALAR);
    if (template !== undefined && issued >= 0 && bench.status(issued) === Status.badSignature) {
      const [x, s] = [span(base + template.at.r), span(base + template.at.s)];
      const [dataHash, signerHash] = [this.digest(tbsHash), template.issuer.hash];
      const key = { algorithm: 'ecdsaNistP256', point: template.issuerKey.point } as const;
      memory.rememberBad({ form: RForm.xOnly, x, s, dataHash, signerHash, key });
    }
    if (frame === undefined || signature < 0 || bench.status(signature) !== Status.badSignature) return;
    const form = rFormOf(bytes[header + frame.at.form]) as RForm;
    const [x, s] = [span(header + frame.at.form + 1), span(header + frame.at.s)];
    const facts = { form, x, s, dataHash: this.digest(data) };
    if (signer?.key !== undefined) memory.rememberBad({ ...facts, signerHash: signer.hash, key: signer.key });
    else if (template !== undefined && !template.isExplicit) {
      const key = implicitKey(template, bytes, base, this.digest(tbsHash));
      memory.rememberBad({ ...facts, signerHash: this.digest(hash), key });
    }
  }

  /**
   * What the digests of certificates say: who has signed the message, or what the certificate by itself is called. `count` of the
   * fast items have brought one.
   */
  private name(fastItems: readonly FastItem[], count: number): void {
    const { bench } = this;
    const ids = new Uint8Array(ID_OCTETS * count);
    let at = 0;
    for (const fastItem of fastItems) {
      if (!isNew(fastItem)) continue;
      bench.copyDigest(fastItem.hash, ID_OCTETS, ids, at);
      at += ID_OCTETS;
    }
    const texts = hexOfRecords(ids, ID_OCTETS);
    let next = 0;
    for (const fastItem of fastItems) {
      if (!isNew(fastItem)) continue;
      const { frame, bytes, base } = fastItem;
      const template = fastItem.template as CertificateTemplate;
      fastItem.hashedId8 = texts[next++] as string;
      if (frame !== undefined) {
        const octets = octetKey(bytes.subarray(base, base + template.byteTemplate.length));
        fastItem.signer = new Signer(
          this.digest(fastItem.hash),
          fastItem.hashedId8,
          octets,
          template.rights,
          template.periodOf(bytes, base),
          template,
        );
        continue;
      }
      if (this.asksForRevocation) fastItem.digest = this.digest(fastItem.hash);
      if (!template.isExplicit) {
        fastItem.reconstruction = implicitKey(template, bytes, base, this.digest(fastItem.tbsHash));
        fastItem.stage = Stage.waiting;
      }
    }
  }

  /** By what messages that have passed will be known if they come again. */
  private nameReplays(fastItems: readonly FastItem[]): void {
    const messages = fastItems.filter(({ frame, stage }) => frame !== undefined && stage === Stage.passed);
    const records = new Uint8Array(2 * DIGEST * messages.length);
    let at = 0;
    for (const { data, signer } of messages) {
      records.set((signer as Signer).hash, at);
      this.bench.copyDigest(data, DIGEST, records, at + DIGEST);
      at += 2 * DIGEST;
    }
    const keys = keysOfRecords(records, 2 * DIGEST);
    for (let i = 0; i < messages.length; i++) (messages[i] as FastItem).replayKey = keys[i] as string;
  }

  /** The keys of implicit certificates by themselves. */
  private reconstruct(fastItems: readonly FastItem[]): void {
    const implicit = fastItems.filter(({ reconstruction }) => reconstruction !== undefined);
    if (implicit.length === 0) return;
    const keys = reconstructAll(
      this.kernel,
      implicit.map(({ reconstruction }) => reconstruction as ImplicitKey),
    );
    for (let i = 0; i < implicit.length; i++) {
      const fastItem = implicit[i] as FastItem;
      const key = keys[i];
      if (typeof key !== 'object') continue;
      fastItem.reconstructed = compressedKey(key);
      fastItem.stage = Stage.passed;
    }
  }
}

/** Whether an item has passed that is a certificate by itself. */
function isCertificate({ frame, stage }: FastItem): boolean {
  return frame === undefined && stage === Stage.passed;
}

/** Prints the keys of certificates by themselves. */
function nameKeys(fastItems: readonly FastItem[]): void {
  let count = 0;
  for (const fastItem of fastItems) if (isCertificate(fastItem)) count++;
  if (count === 0) return;
  const keys = new Uint8Array(COMPRESSED_KEY * count);
  let at = 0;
  for (const fastItem of fastItems) {
    if (!isCertificate(fastItem)) continue;
    writeKey(fastItem, keys, at);
    at += COMPRESSED_KEY;
  }
  const texts = hexOfRecords(keys, COMPRESSED_KEY);
  let next = 0;
  for (const fastItem of fastItems) if (isCertificate(fastItem)) fastItem.publicKey = texts[next++] as string;
}

/** Writes the key of a certificate by itself in the compressed form of SEC 1, in which most certificates carry theirs. */
function writeKey({ reconstructed, template, bytes, base }: FastItem, to: Uint8Array, at: number): void {
  if (reconstructed !== undefined) {
    to.set(reconstructed, at);
    return;
  }
  const form = base + (template as CertificateTemplate).at.form;
  to[at] = (bytes[form] as number) & 0x0f;
  for (let k = 1; k < COMPRESSED_KEY; k++) to[at + k] = bytes[form + k] as number;
}
