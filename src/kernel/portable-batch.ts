/** A kernel batch on the packed calls of any kernel: as many calls a round as there are kinds of work in it. */
import { type Kernel, RForm, Status } from './kernel.ts';
import { copyDigest, type ImplicitCertificate, type KernelBatch, type KernelKey, upperOf } from './kernel-batch.ts';

/** Octets and hashes of a round. */
const ROOM = 1 << 20;
const HASHES = 8192;
/** What one item may take, as the contract of `hasRoom` says. */
const HASHES_AN_ITEM = 4;
const KNOWN_AN_ITEM = 2;

type Arithmetic = Pick<Kernel, 'sha256' | 'verify' | 'reconstruct' | 'decompress'>;

interface Signature {
  readonly data: number;
  readonly signer: number;
  readonly rForm: number;
  readonly r: number;
  readonly s: number;
  /** Where the key comes from: known, a point of the round, or to be reconstructed from one. */
  readonly key: KernelKey | undefined;
  readonly point: number;
  /** The signature that has to hold before; −1 where there is none. */
  readonly certified: number;
  readonly implicit: ImplicitCertificate | undefined;
}

/** n, the order of P-256 (SEC 2 §2.4.2), big-endian. */
const ORDER = Uint8Array.from([
  0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa,
  0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
]);

/** Whether r (mod n, if it came as a coordinate of R) and s are between 0 and n. */
function isInRange({ rForm, r, s }: Signature, octets: Uint8Array): boolean {
  const [rOctets, sOctets] = [octets.subarray(r, r + 32), octets.subarray(s, s + 32)];
  // A coordinate may be n or more, and is r after one subtraction.
  const isR = isScalar(rOctets) || (rForm !== RForm.xOnly && compared(rOctets, ORDER) > 0);
  return isR && isScalar(sOctets);
}

function isScalar(octets: Uint8Array): boolean {
  return octets.some((octet) => octet !== 0) && compared(octets, ORDER) < 0;
}

/** Below zero if the first of two big-endian integers of equal length is less, zero if they are equal. */
function compared(a: Uint8Array, b: Uint8Array): number {
  const i = a.findIndex((octet, k) => octet !== b[k]);
  return i < 0 ? 0 : (a[i] as number) - (b[i] as number);
}

export function createPortableBatch(kernel: Arithmetic): KernelBatch {
  return new PortableBatch(kernel);
}

class PortableBatch implements KernelBatch {
  readonly #kernel: Arithmetic;
  /** Grows up to {@link ROOM}; what was put in a round before is overwritten. */
  #octets: Uint8Array = new Uint8Array(1 << 12);
  #used = 0;
  /** Digests, 32 octets an id; those that are to be computed have their octets in `#hashes`. */
  #digests: Uint8Array = new Uint8Array(32 << 6);
  #digestCount = 0;
  #hashes: { readonly id: number; readonly address: number; readonly length: number }[] = [];
  #points: { readonly address: number; readonly odd: number }[] = [];
  #signatures: Signature[] = [];
  #statuses: Uint8Array = new Uint8Array(0);
  #pointStatuses: Uint8Array = new Uint8Array(0);
  #affine: Uint8Array = new Uint8Array(0);
  #done = false;

  constructor(kernel: Arithmetic) {
    this.#kernel = kernel;
  }

  begin(): void {
    this.#used = 0;
    this.#digestCount = 0;
    this.#hashes = [];
    this.#points = [];
    this.#signatures = [];
    this.#done = false;
  }

  hasRoom(octets: number): boolean {
    return this.#used + octets <= ROOM && this.#digestCount + HASHES_AN_ITEM + KNOWN_AN_ITEM <= HASHES;
  }

  put(octets: Uint8Array): number {
    this.#mustBeOpen();
    const address = this.#used;
    const end = address + octets.length;
    if (end > ROOM) throw new RangeError(`${octets.length} octets where ${ROOM - address} are left`);
    this.#octets = grown(this.#octets, end);
    this.#octets.set(octets, address);
    this.#used = end;
    return address;
  }

  hash(address: number, length: number): number {
    this.#mustHold(address, length);
    const id = this.#nextDigest();
    this.#hashes.push({ id, address, length });
    return id;
  }

  known(digest: Uint8Array): number {
    if (digest.length !== 32) throw new RangeError(`a digest of ${digest.length} octets`);
    const id = this.#nextDigest();
    this.#digests.set(digest, 32 * id);
    return id;
  }

  point(address: number, odd: number): number {
    this.#mustHold(address, 32);
    return this.#points.push({ address, odd }) - 1;
  }

  verify(data: number, signer: number, rForm: number, r: number, s: number, key: KernelKey): number {
    return this.#add({ data, signer, rForm, r, s, key, point: -1, certified: -1, implicit: undefined });
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
    mustBe('point', point, this.#points.length);
    if (certified !== -1) mustBe('signature', certified, this.#signatures.length);
    return this.#add({ data, signer, rForm, r, s, key: undefined, point, certified, implicit: undefined });
  }

  verifyImplicit(
    data: number,
    signer: number,
    rForm: number,
    r: number,
    s: number,
    certificate: ImplicitCertificate,
  ): number {
    for (const { point, tbs, issuer } of [certificate, upperOf(certificate) ?? certificate]) {
      mustBe('point', point, this.#points.length);
      mustBe('digest', tbs, this.#digestCount);
      mustBe('digest', issuer, this.#digestCount);
    }
    const { point } = certificate;
    return this.#add({ data, signer, rForm, r, s, key: undefined, point, certified: -1, implicit: certificate });
  }

  run(): void {
    this.#mustBeOpen();
    this.#hash();
    this.#decompress();
    this.#verify();
    this.#done = true;
  }

  status(signature: number): Status {
    this.#mustBeDone();
    mustBe('signature', signature, this.#signatures.length);
    return (this.#statuses[signature] ?? Status.notJudged) as Status;
  }

  pointStatus(point: number): Status {
    this.#mustBeDone();
    mustBe('point', point, this.#points.length);
    return (this.#pointStatuses[point] ?? Status.notJudged) as Status;
  }

  affine(point: number): Uint8Array {
    if (this.pointStatus(point) !== Status.ok) throw new RangeError(`point ${point} is not on the curve`);
    return this.#affine.slice(64 * point, 64 * point + 64);
  }

  copyDigest(id: number, octets: number, out: Uint8Array, at: number): void {
    this.#mustBeDone();
    mustBe('digest', id, this.#digestCount);
    copyDigest(this.#digests, id, octets, out, at);
  }

  #hash(): void {
    if (this.#hashes.length === 0) return;
    const digests = this.#kernel.sha256(
      this.#hashes.map(({ address, length }) => this.#octets.subarray(address, address + length)),
    );
    this.#hashes.forEach(({ id }, i) => {
      this.#digests.set(digests.subarray(32 * i, 32 * i + 32), 32 * id);
    });
  }

  #decompress(): void {
    if (this.#points.length === 0) return;
    const compressed = new Uint8Array(33 * this.#points.length);
    this.#points.forEach((_, i) => {
      this.#writeCompressed(compressed, i, i);
    });
    const { status, points } = this.#kernel.decompress(this.#points.length, compressed);
    this.#pointStatuses = status;
    this.#affine = points;
  }

  #verify(): void {
    const keys = this.#keys();
    this.#statuses = Uint8Array.from(keys, (key, i) => {
      if (typeof key !== 'number') return Status.notJudged;
      // As in the other kernels: a signature that none could be comes before a key that is none.
      return isInRange(this.#signatures[i] as Signature, this.#octets) ? key : Status.scalarOutOfRange;
    });
    // Only those whose key is a point are looked at; the others keep the status of the key.
    const usable = keys.flatMap((key, i) => (key instanceof Uint8Array ? [i] : []));
    const certifiedOf = (i: number): number => (this.#signatures[i] as Signature).certified;
    this.#verifySome(
      usable.filter((i) => certifiedOf(i) < 0),
      keys,
    );
    this.#verifySome(
      usable.filter((i) => certifiedOf(i) >= 0 && this.#statuses[certifiedOf(i)] === Status.ok),
      keys,
    );
  }

  #verifySome(wanted: readonly number[], keys: readonly (Uint8Array | number)[]): void {
    const count = wanted.length;
    if (count === 0) return;
    const input = new Uint8Array(64 * count);
    const rForm = new Uint8Array(count);
    const r = new Uint8Array(32 * count);
    const s = new Uint8Array(32 * count);
    const publicKey = new Uint8Array(64 * count);
    wanted.forEach((index, i) => {
      const signature = this.#signatures[index] as Signature;
      input.set(this.#digestOf(signature.data), 64 * i);
      input.set(this.#digestOf(signature.signer), 64 * i + 32);
      rForm[i] = signature.rForm;
      r.set(this.#octets.subarray(signature.r, signature.r + 32), 32 * i);
      s.set(this.#octets.subarray(signature.s, signature.s + 32), 32 * i);
      publicKey.set(keys[index] as Uint8Array, 64 * i);
    });
    const results = this.#kernel.verify({ count, input, hashed: false, rForm, r, s, publicKey });
    wanted.forEach((index, i) => {
      this.#statuses[index] = results[i] ?? Status.notJudged;
    });
  }

  /** The key of each signature, or the status that says why there is none. */
  #keys(): (Uint8Array | number)[] {
    const keys = this.#signatures.map(({ key, point }): Uint8Array | number => {
      if (key !== undefined) return key.point;
      const status = this.#pointStatuses[point] ?? Status.notJudged;
      return status === Status.ok ? this.#affine.subarray(64 * point, 64 * point + 64) : status;
    });
    const implicit = this.#signatures.flatMap(({ implicit: certificate }, index) =>
      certificate ? [{ certificate, index, upper: upperOf(certificate) }] : [],
    );
    // Issuers with implicit certificates first.
    const above = implicit.flatMap((one) => (one.upper ? [{ ...one, certificate: one.upper }] : []));
    const issuers = new Map<number, Uint8Array | number>();
    this.#reconstruct(above, (index, key) => issuers.set(index, key));
    const known = implicit.flatMap(({ certificate, index, upper }) => {
      const issuer = upper ? issuers.get(index) : (certificate.issuerKey as KernelKey).point;
      if (typeof issuer === 'number') keys[index] = issuer;
      return issuer instanceof Uint8Array
        ? [{ certificate: { ...certificate, issuerKey: { point: issuer } }, index }]
        : [];
    });
    this.#reconstruct(known, (index, key) => {
      keys[index] = key;
    });
    return keys;
  }

  /** Keys of implicit certificates under known keys: each a point, or the status that says why there is none. */
  #reconstruct(
    implicit: readonly { readonly certificate: ImplicitCertificate<KernelKey>; readonly index: number }[],
    give: (index: number, key: Uint8Array | number) => void,
  ): void {
    const count = implicit.length;
    if (count === 0) return;
    const input = new Uint8Array(64 * count);
    const reconstructionValue = new Uint8Array(33 * count);
    const issuerKey = new Uint8Array(64 * count);
    implicit.forEach(({ certificate: { tbs, issuer, point, issuerKey: key } }, i) => {
      input.set(this.#digestOf(tbs), 64 * i);
      input.set(this.#digestOf(issuer), 64 * i + 32);
      this.#writeCompressed(reconstructionValue, i, point);
      issuerKey.set(key.point, 64 * i);
    });
    const { status, points } = this.#kernel.reconstruct({ count, input, reconstructionValue, issuerKey });
    implicit.forEach(({ index }, i) => {
      const one = status[i] ?? Status.notJudged;
      give(index, one === Status.ok ? points.subarray(64 * i, 64 * i + 64) : one);
    });
  }

  #writeCompressed(out: Uint8Array, index: number, point: number): void {
    const { address, odd } = this.#points[point] as { address: number; odd: number };
    out[33 * index] = 2 | (odd & 1);
    out.set(this.#octets.subarray(address, address + 32), 33 * index + 1);
  }

  #digestOf(id: number): Uint8Array {
    return this.#digests.subarray(32 * id, 32 * id + 32);
  }

  #nextDigest(): number {
    this.#mustBeOpen();
    if (this.#digestCount === HASHES) throw new RangeError(`more than ${HASHES} digests`);
    const id = this.#digestCount++;
    this.#digests = grown(this.#digests, 32 * id + 32);
    return id;
  }

  #add(signature: Signature): number {
    this.#mustBeOpen();
    const { data, signer, rForm, r, s } = signature;
    mustBe('digest', data, this.#digestCount);
    mustBe('digest', signer, this.#digestCount);
    if (
      rForm !== RForm.xOnly &&
      rForm !== RForm.compressedY0 &&
      rForm !== RForm.compressedY1 &&
      rForm !== RForm.uncompressed
    )
      throw new RangeError(`rForm ${rForm} is no RForm`);
    this.#mustHold(r, 32);
    this.#mustHold(s, 32);
    return this.#signatures.push(signature) - 1;
  }

  #mustHold(address: number, length: number): void {
    this.#mustBeOpen();
    const inside = Number.isInteger(address) && Number.isInteger(length) && address >= 0 && length >= 0;
    if (!inside || address + length > this.#used) {
      throw new RangeError(`${length} octets at ${address}, where ${this.#used} were put`);
    }
  }

  #mustBeOpen(): void {
    if (this.#done) throw new RangeError('the round has run: begin the next one first');
  }

  #mustBeDone(): void {
    if (!this.#done) throw new RangeError('the round has not run');
  }
}

function mustBe(what: string, id: number, count: number): void {
  if (!Number.isInteger(id) || id < 0 || id >= count) throw new RangeError(`there is no ${what} ${id} in this round`);
}

/** The array, or a copy of at least twice its length where it is too short. */
function grown(octets: Uint8Array, length: number): Uint8Array {
  if (length <= octets.length) return octets;
  const more = new Uint8Array(Math.max(length, 2 * octets.length));
  more.set(octets);
  return more;
}
