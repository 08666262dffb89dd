/**
 * A second opinion on what may be called valid, which shares nothing with src/: its own reader of the wire format, node:crypto
 * for hashes and signatures, @noble/curves for reconstruction. It knows P-256 with SHA-256 and refuses everything else.
 */
import { createHash, createPublicKey, ECDH, type KeyObject, verify } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';

const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const sha256 = (octets: Uint8Array): Buffer => createHash('sha256').update(octets).digest();
const number = (octets: Uint8Array): bigint => BigInt(`0x${Buffer.from(octets).toString('hex') || '0'}`);

interface Signature {
  readonly r: bigint;
  readonly s: bigint;
}

export interface ReadCertificate {
  readonly implicit: boolean;
  /** HashedId8 of the issuer, hex; `self`. */
  readonly issuer: string;
  readonly canonical: Uint8Array;
  readonly canonicalTbs: Uint8Array;
  /** SEC 1 compressed; the reconstruction value of an implicit certificate. */
  readonly point: Uint8Array;
  readonly signature: Signature | undefined;
}

export interface ReadMessage {
  readonly canonicalTbs: Uint8Array;
  /** Digest in hex, or the certificates attached. */
  readonly signer: string | readonly ReadCertificate[];
  readonly signature: Signature;
}

/** Reads on, and keeps a list of the places where canonical form replaces octets. */
class Reader {
  at = 0;
  private readonly edits: { start: number; end: number; octets: Uint8Array }[] = [];
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  octet(): number {
    const value = this.bytes[this.at++];
    if (value === undefined) throw new Error('ran out of octets');
    return value;
  }

  take(count: number): Uint8Array {
    if (this.at + count > this.bytes.length) throw new Error('ran out of octets');
    return this.bytes.subarray(this.at, (this.at += count));
  }

  length(): number {
    const first = this.octet();
    return first < 0x80 ? first : Number(number(this.take(first & 0x7f)));
  }

  /** Length and that many octets. */
  sized(): Uint8Array {
    return this.take(this.length());
  }

  list(element: () => void): void {
    const count = Number(number(this.sized()));
    for (let i = 0; i < count; i++) element();
  }

  replace(start: number, octets: Uint8Array): void {
    this.edits.push({ start, end: this.at, octets });
  }

  canonical(start: number, end = this.at): Uint8Array {
    const parts: Uint8Array[] = [];
    let from = start;
    for (const edit of this.edits.filter((one) => one.start >= start && one.end <= end)) {
      parts.push(this.bytes.subarray(from, edit.start), edit.octets);
      from = edit.end;
    }
    return Buffer.concat([...parts, this.bytes.subarray(from, end)]);
  }

  extensions(): void {
    const bitmap = this.sized();
    for (const octet of bitmap.subarray(1)) {
      for (let bit = 7; bit >= 0; bit--) if ((octet >> bit) & 1) this.sized();
    }
  }

  /** A public key point, compressed. */
  key(): Uint8Array {
    const start = this.at;
    const form = this.octet();
    if (form === 0x82 || form === 0x83) return Buffer.concat([Uint8Array.of(form & 3), this.take(32)]);
    if (form !== 0x84) throw new Error('a key without y');
    const [x, y] = [this.take(32), this.take(32)];
    const onCurve = ECDH.convertKey(
      Buffer.concat([Uint8Array.of(4), x, y]),
      'prime256v1',
      undefined,
      undefined,
      'compressed',
    );
    const odd = (y[31] as number) & 1;
    this.replace(start, Buffer.concat([Uint8Array.of(0x82 | odd), x]));
    return onCurve as Buffer;
  }

  encryptionKey(): void {
    this.octet();
    const tag = this.octet();
    if (tag !== 0x80) throw new Error('an encryption key that is not of P-256');
    this.key();
  }

  signature(certificate: boolean): Signature {
    if (this.octet() !== 0x80) throw new Error('a signature that is not of P-256');
    const start = this.at;
    const form = this.octet();
    const x = this.take(32);
    if (form === 0x84) this.take(32);
    else if (form !== 0x80 && form !== 0x82 && form !== 0x83) throw new Error('no such R');
    if (certificate) this.replace(start, Buffer.concat([Uint8Array.of(0x80), x]));
    const r = form === 0x80 ? number(x) : number(x) % N;
    return { r, s: number(this.take(32)) };
  }

  region(): void {
    const tag = this.octet();
    if (tag === 0x80) this.take(10);
    else if (tag === 0x81) this.list(() => this.take(16));
    else if (tag === 0x82) this.list(() => this.take(8));
    else if (tag === 0x83) this.list(() => this.identified());
    else throw new Error('no such region');
  }

  private identified(): void {
    const tag = this.octet();
    this.take(2);
    if (tag === 0x81) this.list(() => this.octet());
    else if (tag === 0x82) {
      this.list(() => {
        this.octet();
        this.list(() => this.take(2));
      });
    } else if (tag !== 0x80) throw new Error('no such identified region');
  }

  private groups(): void {
    this.list(() => {
      const preamble = this.octet();
      const subjects = this.octet();
      if (subjects === 0x80) {
        this.list(() => {
          const ranged = this.octet();
          this.sized();
          if (ranged & 0x80) this.range();
        });
      } else if (subjects !== 0x81) throw new Error('no such subjectPermissions');
      if (preamble & 0x80) this.sized();
      if (preamble & 0x40) this.sized();
      if (preamble & 0x20) this.octet();
    });
  }

  private range(): void {
    const tag = this.octet();
    if (tag === 0x80) this.list(() => this.sized());
    else if (tag !== 0x81) this.sized();
  }

  certificate(): ReadCertificate {
    const begin = this.at;
    const signed = (this.octet() & 0x80) !== 0;
    if (this.octet() !== 3) throw new Error('no such version');
    const type = this.octet();
    if (type > 1) throw new Error('no such type');
    const issuerTag = this.octet();
    if (issuerTag === 0x81 && this.octet() !== 0) throw new Error('no such hash');
    if (issuerTag > 0x81) throw new Error('an issuer that is not named by SHA-256');
    const issuer = issuerTag === 0x80 ? Buffer.from(this.take(8)).toString('hex') : 'self';
    const start = this.at;
    const preamble = this.octet();
    this.id();
    this.take(3 + 2 + 4 + 1 + 2);
    if (preamble & 0x40) this.region();
    if (preamble & 0x20) this.octet();
    if (preamble & 0x10) {
      this.list(() => {
        const ssp = this.octet();
        this.sized();
        if (!(ssp & 0x80)) return;
        this.octet();
        this.sized();
      });
    }
    if (preamble & 0x08) this.groups();
    if (preamble & 0x04) this.groups();
    if (preamble & 0x01) this.encryptionKey();
    const indicator = this.octet();
    if (indicator !== (type === 1 ? 0x81 : 0x80)) throw new Error('key and type do not match');
    if (type === 0 && this.octet() !== 0x80) throw new Error('a key that is not of P-256');
    const point = this.key();
    if (preamble & 0x80) this.extensions();
    const canonicalTbs = this.canonical(start);
    const signature = signed ? this.signature(true) : undefined;
    if ((signature === undefined) !== (type === 1)) throw new Error('signature and type do not match');
    return { implicit: type === 1, issuer, canonical: this.canonical(begin), canonicalTbs, point, signature };
  }

  private id(): void {
    const tag = this.octet();
    if (tag === 0x80) {
      const group = this.octet() & 0x80;
      this.take(11 + (group ? 13 : 0));
    } else if (tag === 0x81 || tag === 0x82) this.sized();
    else if (tag !== 0x83) throw new Error('no such id');
  }

  data(): ReadMessage | undefined {
    if (this.octet() !== 3) throw new Error('no such version');
    const tag = this.octet();
    if (tag === 0x80 || tag === 0x83) {
      this.sized();
      return undefined;
    }
    if (tag !== 0x81) throw new Error('data that this reader does not know');
    if (this.octet() !== 0) throw new Error('no such hash');
    const start = this.at;
    this.payload();
    this.header();
    const end = this.at;
    const signer = this.signer();
    const canonicalTbs = this.canonical(start, end);
    const isInner = start > 4;
    const signature = this.signature(isInner);
    return { canonicalTbs, signer, signature };
  }

  private payload(): void {
    const preamble = this.octet();
    if (preamble & 0x40) this.data();
    if (preamble & 0x20) {
      const tag = this.octet();
      if (tag === 0x80) this.take(32);
      else this.sized();
    }
    if (preamble & 0x80) this.extensions();
  }

  private header(): void {
    const preamble = this.octet();
    this.sized();
    this.take(
      (preamble & 0x40 ? 8 : 0) + (preamble & 0x20 ? 8 : 0) + (preamble & 0x10 ? 10 : 0) + (preamble & 0x08 ? 3 : 0),
    );
    if (preamble & 0x04) {
      const extended = this.octet() & 0x80;
      this.take(5);
      if (extended) this.extensions();
    }
    if (preamble & 0x02) {
      const isPublic = this.octet() === 0x80;
      if (isPublic) this.encryptionKey();
      else this.symmetricKey();
    }
    if (preamble & 0x80) this.extensions();
  }

  private symmetricKey(): void {
    if (this.octet() === 0x80) this.take(16);
    else this.sized();
  }

  private signer(): string | ReadCertificate[] {
    const tag = this.octet();
    if (tag === 0x80) return Buffer.from(this.take(8)).toString('hex');
    if (tag !== 0x81) throw new Error('no such signer');
    const certificates: ReadCertificate[] = [];
    this.list(() => certificates.push(this.certificate()));
    return certificates;
  }
}

export function readCertificate(bytes: Uint8Array): ReadCertificate {
  const reader = new Reader(bytes);
  const read = reader.certificate();
  if (reader.at !== bytes.length) throw new Error('octets left over');
  return read;
}

export function readMessage(bytes: Uint8Array): ReadMessage {
  const reader = new Reader(bytes);
  const read = reader.data();
  if (read === undefined || reader.at !== bytes.length) throw new Error('no signed data, or octets left over');
  return read;
}

const keys = new Map<string, KeyObject>();

function keyObject(compressed: Uint8Array): KeyObject {
  const name = Buffer.from(compressed).toString('latin1');
  let key = keys.get(name);
  if (key === undefined) {
    const point = ECDH.convertKey(compressed, 'prime256v1', undefined, undefined, 'uncompressed') as Buffer;
    const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')];
    key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
    if (keys.size > 5000) keys.clear();
    keys.set(name, key);
  }
  return key;
}

function signatureHolds({ r, s }: Signature, tbs: Uint8Array, signer: Uint8Array, point: Uint8Array): boolean {
  const octets = Buffer.from(r.toString(16).padStart(64, '0') + s.toString(16).padStart(64, '0'), 'hex');
  const input = Buffer.concat([sha256(tbs), sha256(signer)]);
  return verify('sha256', input, { key: keyObject(point), dsaEncoding: 'ieee-p1363' }, octets);
}

/** Certificates that are known to be good, and the keys that they have. */
export class SecondOpinion {
  private readonly known = new Map<string, { certificate: ReadCertificate; key: Uint8Array }>();
  private readonly accepted = new Set<string>();

  /** `certificates` from the root down, each by octets that nobody has touched. */
  constructor(certificates: readonly Uint8Array[], originals: readonly { kind: string; bytes: Uint8Array }[]) {
    for (const bytes of certificates) this.know(readCertificate(bytes));
    for (const { kind, bytes } of originals) {
      if (kind === 'message') {
        const message = readMessage(bytes);
        if (typeof message.signer !== 'string') for (const one of [...message.signer].reverse()) this.know(one);
      }
    }
    for (const { kind, bytes } of originals) {
      const meaning =
        kind === 'message' ? this.meaningOfMessage(readMessage(bytes)) : this.meaningOf(readCertificate(bytes));
      this.accepted.add(meaning);
    }
  }

  private know(certificate: ReadCertificate): void {
    this.known.set(this.digest(certificate), { certificate, key: this.keyOf(certificate) });
  }

  private digest({ canonical }: ReadCertificate): string {
    return sha256(canonical).subarray(-8).toString('hex');
  }

  /** SEC 1 compressed key of a certificate under what is known. */
  keyOf(certificate: ReadCertificate): Uint8Array {
    if (!certificate.implicit) return certificate.point;
    const issuer = this.known.get(certificate.issuer);
    if (issuer === undefined) throw new Error('an implicit certificate whose issuer is not known');
    const e =
      number(sha256(Buffer.concat([sha256(certificate.canonicalTbs), sha256(issuer.certificate.canonical)]))) % N;
    return p256.Point.fromBytes(certificate.point)
      .multiplyUnsafe(e)
      .add(p256.Point.fromBytes(issuer.key))
      .toBytes(true);
  }

  /** Everything that a signature covers, and the signature up to its sign. */
  private meaning(canonicalTbs: Uint8Array, signer: string, { r, s }: Signature): string {
    const either = s < N - s ? s : N - s;
    return [sha256(canonicalTbs).toString('hex'), signer, r, either].join();
  }

  private meaningOf({ canonicalTbs, issuer, implicit, signature }: ReadCertificate): string {
    return this.meaning(canonicalTbs, `${issuer} ${implicit}`, signature ?? { r: 0n, s: 0n });
  }

  private meaningOfMessage({ canonicalTbs, signer, signature }: ReadMessage): string {
    const digest = typeof signer === 'string' ? signer : this.digest(signer[0] as ReadCertificate);
    return this.meaning(canonicalTbs, digest, signature);
  }

  /** Why an item may not be called valid; undefined where it may. */
  objection(kind: string, bytes: Uint8Array): string | undefined {
    try {
      return kind === 'message'
        ? this.objectionToMessage(readMessage(bytes))
        : this.objectionTo(readCertificate(bytes));
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** SEC 1 compressed key of a certificate, hex. */
  reconstructed(bytes: Uint8Array): string {
    return Buffer.from(this.keyOf(readCertificate(bytes))).toString('hex');
  }

  private objectionTo(certificate: ReadCertificate): string | undefined {
    if (!this.accepted.has(this.meaningOf(certificate))) return 'it means something else than any original';
    if (certificate.implicit || certificate.signature === undefined) return 'nothing proves an implicit certificate';
    const self = certificate.issuer === 'self';
    const issuer = self
      ? { certificate: { canonical: new Uint8Array(0) }, key: certificate.point }
      : this.known.get(certificate.issuer);
    if (issuer === undefined) return 'its issuer is not known';
    const { canonicalTbs, signature } = certificate;
    return signatureHolds(signature, canonicalTbs, issuer.certificate.canonical, issuer.key)
      ? undefined
      : 'its signature';
  }

  private objectionToMessage(message: ReadMessage): string | undefined {
    if (!this.accepted.has(this.meaningOfMessage(message))) return 'it means something else than any original';
    const { signer } = message;
    const digest = typeof signer === 'string' ? signer : this.digest(signer[0] as ReadCertificate);
    const known = this.known.get(digest);
    if (known === undefined) return 'its signer is not known';
    return signatureHolds(message.signature, message.canonicalTbs, known.certificate.canonical, known.key)
      ? undefined
      : 'its signature';
  }
}
