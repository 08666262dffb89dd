import { decodePrefix } from '../coer/index.ts';
import { Certificate } from './certificate.ts';

/** What a message's signer field holds: enough to send the message to the thread that knows its sender. */
export type SkimmedSigner = { readonly digest: Uint8Array } | { readonly certificate: Certificate };

/** Thrown and caught in this file only; skimming gives up wherever the octets are not what they should be. */
const GIVE_UP = Symbol('not a signed message');

/**
 * Finds the signer of a message without decoding the message: walks over hashId and tbsData and decodes the first
 * certificate at most. A hint: wrong octets give `undefined` or a wrong hint, never an exception, and the strict decoder
 * judges them later.
 */
export function skimSigner(bytes: Uint8Array): SkimmedSigner | undefined {
  try {
    return new Skimmer(bytes).signer();
  } catch (thrown) {
    if (thrown === GIVE_UP) return undefined;
    throw thrown;
  }
}

/** Octets of each fixed-size field of HeaderInfo, by preamble bit (IEEE 1609.2 §6.3.9), in order. */
const HEADER_FIXED: readonly (readonly [number, number])[] = [
  [0x40, 8],
  [0x20, 8],
  [0x10, 10],
  [0x08, 3],
];
const HEADER_EXTENSION = 0x80;
const HEADER_MISSING_CRL = 0x04;
const HEADER_ENCRYPTION_KEY = 0x02;

class Skimmer {
  private readonly bytes: Uint8Array;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  signer(): SkimmedSigner | undefined {
    if (this.octet() !== 3 || this.octet() !== 0x81) return undefined;
    this.skip(1);
    this.payload();
    this.header();
    const tag = this.octet();
    if (tag === 0x80) return { digest: this.bytes.subarray(this.at, this.skip(8)) };
    if (tag !== 0x81) return undefined;
    this.skip(this.length());
    const decoded = decodePrefix(Certificate, this.bytes, this.at);
    return decoded.ok ? { certificate: decoded.value } : undefined;
  }

  private payload(): void {
    const preamble = this.octet();
    if (preamble & 0x40) {
      this.skip(1);
      const content = this.octet();
      // Data that is itself structured would have to be walked as well; that is rare, and the decoder will do.
      if (content !== 0x80 && content !== 0x83) throw GIVE_UP;
      this.skip(this.length());
    }
    if (preamble & 0x20) {
      if (this.octet() === 0x80) this.skip(32);
      else this.skip(this.length());
    }
    if (preamble & 0x80) this.extensions();
  }

  private header(): void {
    const preamble = this.octet();
    this.skip(this.length());
    for (const [bit, octets] of HEADER_FIXED) if (preamble & bit) this.skip(octets);
    // Both are rare and of variable size.
    if (preamble & (HEADER_MISSING_CRL | HEADER_ENCRYPTION_KEY)) throw GIVE_UP;
    if (preamble & HEADER_EXTENSION) this.extensions();
  }

  /** Presence bitmap, then an open type for each set bit. */
  private extensions(): void {
    const end = this.at + 1 + this.length();
    let present = 0;
    for (this.skip(1); this.at < end; ) for (let bits = this.octet(); bits; bits &= bits - 1) present++;
    while (present-- > 0) this.skip(this.length());
  }

  private octet(): number {
    const octet = this.bytes[this.at++];
    if (octet === undefined) throw GIVE_UP;
    return octet;
  }

  private length(): number {
    const first = this.octet();
    if (first < 0x80) return first;
    let value = 0;
    for (let octets = first & 0x7f; octets > 0; octets--) value = value * 256 + this.octet();
    return value;
  }

  /** Moves on and says where to. */
  private skip(octets: number): number {
    this.at += octets;
    if (this.at > this.bytes.length) throw GIVE_UP;
    return this.at;
  }
}
