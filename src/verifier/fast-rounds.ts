/** The arithmetic of the fast path: items of a batch in as few rounds of the workbench as they have room in. */
import { type Kernel, RForm, Status } from '../kernel/kernel.ts';
import type { Workbench } from '../kernel/workbench.ts';
import { reconstructAll } from './arithmetic.ts';
import type { CertificateShape } from './certificate-shape.ts';
import { isNew, type Plan, Stage } from './fast-plan.ts';
import { hashOf, LONG } from './hashing.ts';
import { compressedKey, type ImplicitKey } from './keys.ts';
import { rFormOf, TBS_DATA } from './message-frame.ts';
import { hexOfRecords, keysOfRecords, octetKey } from './octets.ts';
import type { SignatureMemory } from './signature-memory.ts';
import { type Signatory, Signer } from './signer.ts';
import { findKeys, implicitKey } from './signer-keys.ts';

/** Octets of a digest, of a HashedId8, and of a key in compressed form. */
const DIGEST = 32;
const ID_OCTETS = 8;
const SCALAR = 32;
const COMPRESSED_KEY = 33;

export class FastRounds {
  private readonly kernel: Kernel;
  private readonly bench: Workbench;
  private readonly memory: SignatureMemory;
  /** Whether certificates are looked up in CRLs, by their hashes. */
  private readonly asksForRevocation: boolean;
  /** Whether replays are looked for. */
  asksForReplays = false;
  private round = 0;
  private queue: Plan[] = [];

  /** @param memory Learns which signatures are bad, so that the full path need not find out again. */
  constructor(kernel: Kernel, memory: SignatureMemory, asksForRevocation: boolean) {
    this.kernel = kernel;
    this.bench = kernel.workbench;
    this.memory = memory;
    this.asksForRevocation = asksForRevocation;
  }

  /** The arithmetic of many items, in as few rounds as they have room in. */
  run(plans: readonly Plan[]): void {
    const signers = new Set<Signer>();
    for (const { signer } of plans) if (signer !== undefined && signer.key === undefined) signers.add(signer);
    if (signers.size > 0) findKeys(this.kernel, [...signers]);
    this.begin();
    for (const plan of plans) {
      const { length } = plan.bytes;
      if (!this.bench.hasRoom(length)) {
        this.finish();
        this.begin();
        if (!this.bench.hasRoom(length)) continue;
      }
      this.enqueue(plan);
    }
    this.finish();
    this.reconstruct(plans);
    nameKeys(plans);
  }

  private begin(): void {
    this.bench.begin();
    this.round++;
    this.queue = [];
  }

  /** Takes out of the workbench what a round has found, before anything else may use it. */
  private finish(): void {
    const { queue } = this;
    if (queue.length === 0) return;
    this.bench.run();
    let named = 0;
    for (const plan of queue) {
      plan.stage = this.holds(plan) ? Stage.passed : Stage.handedOver;
      if (plan.stage === Stage.handedOver) this.rememberBad(plan);
      if (isNew(plan)) named++;
    }
    if (named > 0) this.name(queue, named);
    if (this.asksForReplays) this.nameReplays(queue);
    this.queue = [];
  }

  private enqueue(plan: Plan): void {
    const { shape, signer, frame, header, bytes } = plan;
    const { bench } = this;
    if (signer !== undefined && signer.key === undefined) return;
    // What is long is hashed by the platform; only what is behind the payload is read by the workbench then.
    const isLong = header >= LONG;
    const address = isLong ? bench.put(bytes.subarray(header)) - header : bench.put(bytes);
    if (shape !== undefined) this.enqueueCertificate(plan, shape, address + plan.base);
    if (frame !== undefined) {
      const start = address + header;
      const end = header + frame.at.tbsEnd;
      const data = isLong
        ? bench.known(hashOf('sha256', bytes.subarray(TBS_DATA, end)))
        : bench.hash(address + TBS_DATA, end - TBS_DATA);
      plan.data = data;
      const form = rFormOf(bytes[header + frame.at.form]) as RForm;
      const r = start + frame.at.form + 1;
      const s = start + frame.at.s;
      if (signer?.key !== undefined) {
        plan.signature = bench.verify(data, this.digestOf(signer), form, r, s, signer.key);
      } else if (shape?.isExplicit) {
        plan.signature = bench.verifyWithPoint(data, plan.hash, form, r, s, plan.point, plan.issued);
      } else if (shape !== undefined) {
        const certificate = {
          point: plan.point,
          tbs: plan.tbsHash,
          issuer: this.digestOf(shape.issuer),
          issuerKey: shape.issuerKey,
        };
        plan.signature = bench.verifyImplicit(data, plan.hash, form, r, s, certificate);
      }
    }
    plan.stage = Stage.queued;
    this.queue.push(plan);
  }

  private enqueueCertificate(plan: Plan, shape: CertificateShape, address: number): void {
    const { bench } = this;
    const { at } = shape;
    plan.tbsHash = bench.hash(address + at.tbs, at.tbsEnd - at.tbs);
    plan.hash = bench.hash(address, shape.skeleton.length);
    // The key of an implicit certificate by itself is reconstructed in a call of its own.
    if (shape.isExplicit || plan.frame !== undefined) {
      plan.point = bench.point(address + at.form + 1, (plan.bytes[plan.base + at.form] as number) & 1);
    }
    if (!shape.isExplicit) return;
    const issuer = this.digestOf(shape.issuer);
    plan.issued = bench.verify(plan.tbsHash, issuer, RForm.xOnly, address + at.r, address + at.s, shape.issuerKey);
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
  private holds({ issued, point, signature }: Plan): boolean {
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
    shape,
    signer,
    frame,
  }: Plan): void {
    const { bench, memory } = this;
    const span = (from: number): Uint8Array => bytes.subarray(from, from + SCALAR);
    if (shape !== undefined && issued >= 0 && bench.status(issued) === Status.badSignature) {
      const [x, s] = [span(base + shape.at.r), span(base + shape.at.s)];
      const [dataHash, signerHash] = [this.digest(tbsHash), shape.issuer.hash];
      const key = { algorithm: 'ecdsaNistP256', point: shape.issuerKey.point } as const;
      memory.rememberBad({ form: RForm.xOnly, x, s, dataHash, signerHash, key });
    }
    if (frame === undefined || signature < 0 || bench.status(signature) !== Status.badSignature) return;
    const form = rFormOf(bytes[header + frame.at.form]) as RForm;
    const [x, s] = [span(header + frame.at.form + 1), span(header + frame.at.s)];
    const facts = { form, x, s, dataHash: this.digest(data) };
    if (signer?.key !== undefined) memory.rememberBad({ ...facts, signerHash: signer.hash, key: signer.key });
    else if (shape !== undefined && !shape.isExplicit) {
      const key = implicitKey(shape, bytes, base, this.digest(tbsHash));
      memory.rememberBad({ ...facts, signerHash: this.digest(hash), key });
    }
  }

  /**
   * What the digests of certificates say: who has signed the message, or what the certificate by itself is called. `count` of the
   * plans have brought one.
   */
  private name(plans: readonly Plan[], count: number): void {
    const { bench } = this;
    const ids = new Uint8Array(ID_OCTETS * count);
    let at = 0;
    for (const plan of plans) {
      if (!isNew(plan)) continue;
      bench.copyDigest(plan.hash, ID_OCTETS, ids, at);
      at += ID_OCTETS;
    }
    const texts = hexOfRecords(ids, ID_OCTETS);
    let next = 0;
    for (const plan of plans) {
      if (!isNew(plan)) continue;
      const { frame, bytes, base } = plan;
      const shape = plan.shape as CertificateShape;
      plan.hashedId8 = texts[next++] as string;
      if (frame !== undefined) {
        const octets = octetKey(bytes.subarray(base, base + shape.skeleton.length));
        plan.signer = new Signer(
          this.digest(plan.hash),
          plan.hashedId8,
          octets,
          shape.rights,
          shape.periodOf(bytes, base),
          shape,
        );
        continue;
      }
      if (this.asksForRevocation) plan.digest = this.digest(plan.hash);
      if (!shape.isExplicit) {
        plan.reconstruction = implicitKey(shape, bytes, base, this.digest(plan.tbsHash));
        plan.stage = Stage.waiting;
      }
    }
  }

  /** By what messages that have passed will be known if they come again. */
  private nameReplays(plans: readonly Plan[]): void {
    const messages = plans.filter(({ frame, stage }) => frame !== undefined && stage === Stage.passed);
    const records = new Uint8Array(2 * DIGEST * messages.length);
    let at = 0;
    for (const { data, signer } of messages) {
      records.set((signer as Signer).hash, at);
      this.bench.copyDigest(data, DIGEST, records, at + DIGEST);
      at += 2 * DIGEST;
    }
    const keys = keysOfRecords(records, 2 * DIGEST);
    for (let i = 0; i < messages.length; i++) (messages[i] as Plan).replayKey = keys[i] as string;
  }

  /** The keys of implicit certificates by themselves. */
  private reconstruct(plans: readonly Plan[]): void {
    const implicit = plans.filter(({ reconstruction }) => reconstruction !== undefined);
    if (implicit.length === 0) return;
    const keys = reconstructAll(
      this.kernel,
      implicit.map(({ reconstruction }) => reconstruction as ImplicitKey),
    );
    for (let i = 0; i < implicit.length; i++) {
      const plan = implicit[i] as Plan;
      const key = keys[i];
      if (typeof key !== 'object') continue;
      plan.reconstructed = compressedKey(key);
      plan.stage = Stage.passed;
    }
  }
}

/** Whether an item has passed that is a certificate by itself. */
function isCertificate({ frame, stage }: Plan): boolean {
  return frame === undefined && stage === Stage.passed;
}

/** Prints the keys of certificates by themselves. */
function nameKeys(plans: readonly Plan[]): void {
  let count = 0;
  for (const plan of plans) if (isCertificate(plan)) count++;
  if (count === 0) return;
  const keys = new Uint8Array(COMPRESSED_KEY * count);
  let at = 0;
  for (const plan of plans) {
    if (!isCertificate(plan)) continue;
    writeKey(plan, keys, at);
    at += COMPRESSED_KEY;
  }
  const texts = hexOfRecords(keys, COMPRESSED_KEY);
  let next = 0;
  for (const plan of plans) if (isCertificate(plan)) plan.publicKey = texts[next++] as string;
}

/** Writes the key of a certificate by itself in the compressed form of SEC 1, in which most certificates carry theirs. */
function writeKey({ reconstructed, shape, bytes, base }: Plan, to: Uint8Array, at: number): void {
  if (reconstructed !== undefined) {
    to.set(reconstructed, at);
    return;
  }
  const form = base + (shape as CertificateShape).at.form;
  to[at] = (bytes[form] as number) & 0x0f;
  for (let k = 1; k < COMPRESSED_KEY; k++) to[at + k] = bytes[form + k] as number;
}
