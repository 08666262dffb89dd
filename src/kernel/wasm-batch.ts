/** The kernel batch of a WebAssembly kernel: tasks are written straight into the module's memory, and `run` works through them. */

import { RForm, Status, type VerifyPath } from './kernel.ts';
import { copyDigest, type ImplicitCertificate, type KernelBatch, type KernelKey, upperOf } from './kernel-batch.ts';
import type { Core, Regions } from './regions.ts';
import { RoundSignatures } from './round-signatures.ts';
import type { Scheduler } from './scheduler.ts';

/** What one item may bring, as the contract of {@link KernelBatch.hasRoom} says. */
const HASHES_AN_ITEM = 4;
const DIGESTS_AN_ITEM = 6;
const PAIRS_AN_ITEM = 2;
/** Stands for the point of a signature under a known key: no id reaches it. */
const NO_POINT = 0xffff;

export class WasmBatch implements KernelBatch {
  readonly #core: Core;
  readonly #regions: Regions;
  readonly #scheduler: Scheduler;
  readonly #source: RoundSignatures;
  #octets = 0;
  #hashes = 0;
  #digests = 0;
  #points = 0;
  #signatures = 0;
  /** A round is open from `begin` to `run`; what it found can be read until something else uses the memory. */
  #state: 'void' | 'open' | 'ran' = 'void';
  readonly #statuses: Uint8Array;
  readonly #pointStatuses: Uint8Array;

  readonly #path: VerifyPath;

  constructor(core: Core, scheduler: Scheduler, path: VerifyPath) {
    this.#path = path;
    this.#core = core;
    this.#regions = core.regions;
    this.#scheduler = scheduler;
    const { roundCapacity } = core.regions;
    this.#source = new RoundSignatures(core);
    this.#statuses = new Uint8Array(roundCapacity);
    this.#pointStatuses = new Uint8Array(roundCapacity);
  }

  begin(): void {
    this.#octets = 0;
    this.#hashes = 0;
    this.#digests = 0;
    this.#points = 0;
    this.#signatures = 0;
    this.#state = 'open';
  }

  hasRoom(octets: number): boolean {
    const { messages, hashCapacity, digestCapacity, roundCapacity } = this.#regions;
    return (
      this.#octets + octets <= messages.length &&
      this.#hashes + HASHES_AN_ITEM <= hashCapacity &&
      this.#digests + DIGESTS_AN_ITEM <= digestCapacity &&
      this.#points + PAIRS_AN_ITEM <= roundCapacity &&
      this.#signatures + PAIRS_AN_ITEM <= roundCapacity
    );
  }

  put(octets: Uint8Array): number {
    const { messages, messagesAt } = this.#regions;
    this.#mustBeOpen();
    if (this.#octets + octets.length > messages.length) throw new RangeError('the round has no room for these octets');
    const at = this.#octets;
    messages.set(octets, at);
    this.#octets = at + octets.length;
    return messagesAt + at;
  }

  /** The memory was used for something else: what was put here is gone. */
  abandon(): void {
    this.#state = 'void';
  }

  #mustBeOpen(): void {
    if (this.#state !== 'open') throw new RangeError('no round is open: begin one');
  }

  #within(address: number, length: number): void {
    const at = address - this.#regions.messagesAt;
    if (!isIndex(at) || !isIndex(length) || at + length > this.#octets) {
      throw new RangeError(`octets ${at} … ${at + length} were not put (${this.#octets} were)`);
    }
  }

  #isDigest(id: number): void {
    if (!isIndex(id) || id >= this.#digests) throw new RangeError(`${id} is no digest of this round`);
  }

  hash(address: number, length: number): number {
    const { messageAt, messageLengths, messageTo, hashCapacity } = this.#regions;
    this.#mustBeOpen();
    this.#within(address, length);
    const id = this.#newDigest();
    if (this.#hashes === hashCapacity) throw new RangeError('the round has no room for another hash');
    const k = this.#hashes++;
    messageAt[k] = address;
    messageLengths[k] = length;
    messageTo[k] = id;
    return id;
  }

  #newDigest(): number {
    if (this.#digests === this.#regions.digestCapacity)
      throw new RangeError('the round has no room for another digest');
    return this.#digests++;
  }

  known(digest: Uint8Array): number {
    this.#mustBeOpen();
    if (digest.length !== 32) throw new RangeError(`a digest of ${digest.length} octets`);
    const id = this.#newDigest();
    this.#regions.digests.set(digest, 32 * id);
    return id;
  }

  point(address: number, odd: number): number {
    const { pointAt, pointOdd, roundCapacity } = this.#regions;
    this.#mustBeOpen();
    this.#within(address, 32);
    if (this.#points === roundCapacity) throw new RangeError('the round has no room for another point');
    const id = this.#points++;
    pointAt[id] = address;
    pointOdd[id] = odd & 1;
    this.#pointStatuses[id] = Status.notJudged;
    return id;
  }

  verify(data: number, signer: number, rForm: number, r: number, s: number, key: KernelKey): number {
    const id = this.#signature(data, signer, rForm, r, s);
    this.#source.keys[id] = this.#scheduler.tables.of(key);
    this.#regions.signaturePoint[id] = NO_POINT;
    return id;
  }

  verifyWithPoint(
    data: number,
    signer: number,
    rForm: number,
    r: number,
    s: number,
    point: number,
    certified = -1,
  ): number {
    if (certified !== -1 && !(isIndex(certified) && certified < this.#signatures))
      throw new RangeError(`${certified} is no signature of this round`);
    const id = this.#signature(data, signer, rForm, r, s);
    this.#setPoint(id, point);
    this.#source.issuers[id] = undefined;
    this.#source.requirements[id] = certified;
    return id;
  }

  verifyImplicit(
    data: number,
    signer: number,
    rForm: number,
    r: number,
    s: number,
    certificate: ImplicitCertificate,
  ): number {
    const { signatureTbs, signatureIssuer, signatureUpperTbs, signatureUpperIssuer, signatureUpperPoint } =
      this.#regions;
    const upper = upperOf(certificate);
    this.#isCertificate(certificate);
    if (upper !== undefined) this.#isCertificate(upper);
    const id = this.#signature(data, signer, rForm, r, s);
    this.#setPoint(id, certificate.point);
    signatureTbs[id] = certificate.tbs;
    signatureIssuer[id] = certificate.issuer;
    if (upper !== undefined) {
      signatureUpperTbs[id] = upper.tbs;
      signatureUpperIssuer[id] = upper.issuer;
      signatureUpperPoint[id] = upper.point;
    }
    this.#source.uppers[id] = upper !== undefined;
    this.#source.issuers[id] = this.#scheduler.tables.of((upper ?? certificate).issuerKey as KernelKey);
    return id;
  }

  #isCertificate({ point, tbs, issuer }: ImplicitCertificate): void {
    this.#isDigest(tbs);
    this.#isDigest(issuer);
    this.#isPoint(point);
  }

  #isPoint(point: number): void {
    if (!isIndex(point) || point >= this.#points) throw new RangeError(`${point} is no point of this round`);
  }

  #setPoint(id: number, point: number): void {
    this.#isPoint(point);
    this.#regions.signaturePoint[id] = point;
    this.#source.keys[id] = undefined;
  }

  #signature(data: number, signer: number, rForm: number, r: number, s: number): number {
    const { roundCapacity, signatureData, signatureSigner, signatureR, signatureS, signatureForm } = this.#regions;
    this.#mustBeOpen();
    this.#isDigest(data);
    this.#isDigest(signer);
    if (!isIndex(rForm) || rForm > 4 || rForm === 1) throw new RangeError(`${rForm} is no RForm`);
    this.#within(r, rForm === RForm.uncompressed ? 64 : 32);
    this.#within(s, 32);
    if (this.#signatures === roundCapacity) throw new RangeError('the round has no room for another signature');
    const id = this.#signatures++;
    signatureData[id] = data;
    signatureSigner[id] = signer;
    signatureR[id] = r;
    signatureS[id] = s;
    signatureForm[id] = rForm;
    this.#source.requirements[id] = -1;
    return id;
  }

  run(): void {
    this.#mustBeOpen();
    // Should anything fail, there is nothing to read: neither of this round nor of the one before.
    this.#state = 'void';
    if (this.#hashes > 0) this.#core.call.hashMany(this.#hashes);
    this.#scheduler.run(this.#source, this.#signatures, this.#statuses, this.#path);
    this.#settlePoints();
    this.#state = 'ran';
  }

  /** Points under which a signature held are on the curve; the others are looked at by themselves. */
  #settlePoints(): void {
    const { capacity, order, signaturePoint } = this.#regions;
    for (let id = 0; id < this.#signatures; id++) {
      const point = signaturePoint[id] as number;
      if (point !== NO_POINT && this.#statuses[id] === Status.ok) this.#pointStatuses[point] = Status.ok;
    }
    let count = 0;
    for (let id = 0; id < this.#points; id++) {
      if (this.#pointStatuses[id] !== Status.notJudged) continue;
      order[count++] = id;
      if (count < capacity) continue;
      this.#checkPoints(count);
      count = 0;
    }
    if (count > 0) this.#checkPoints(count);
  }

  /** Looks at the points that ORDER names, so many. */
  #checkPoints(count: number): void {
    const { multipliers, order, status } = this.#regions;
    this.#core.call.placePoints(count);
    crypto.getRandomValues(multipliers.subarray(0, this.#core.call.randomOctetsFor(count)));
    this.#core.call.checkPoints(count);
    for (let k = 0; k < count; k++) this.#pointStatuses[order[k] as number] = status[k] as number;
  }

  #hasRun(): void {
    if (this.#state !== 'ran') throw new RangeError('no round has run');
  }

  status(signature: number): Status {
    this.#hasRun();
    if (!isIndex(signature) || signature >= this.#signatures)
      throw new RangeError(`${signature} is no signature of this round`);
    return this.#statuses[signature] as Status;
  }

  pointStatus(point: number): Status {
    this.#hasRun();
    if (!isIndex(point) || point >= this.#points) throw new RangeError(`${point} is no point of this round`);
    return this.#pointStatuses[point] as Status;
  }

  affine(point: number): Uint8Array {
    if (this.pointStatus(point) !== Status.ok) throw new RangeError(`point ${point} is not on the curve`);
    const { order, points } = this.#regions;
    order[0] = point;
    this.#core.call.placePoints(1);
    this.#core.call.decompress(1);
    return points.slice(0, 64);
  }

  copyDigest(id: number, octets: number, out: Uint8Array, at: number): void {
    this.#hasRun();
    this.#isDigest(id);
    copyDigest(this.#regions.digests, id, octets, out, at);
  }
}

/** Whether a number is one that counts something: what is written to the module's memory would be cut to one. */
function isIndex(value: number): boolean {
  return value >>> 0 === value;
}
