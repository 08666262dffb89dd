/** WAVE Short Message Protocol, version 3 (IEEE 1609.3-2016 §8.3): the header in front of a message on the air. */

export interface WsmpHeader {
  readonly psid: number;
  /** Where the message that it announces starts and ends. The end may lie behind the bytes at hand. */
  readonly start: number;
  readonly end: number;
}

/** Extensions of a header; the standard defines seven. */
const MAX_EXTENSIONS = 32;

/** The bytes end inside the header. */
export const WSMP_CUT = 'cut';

/** First byte: subtype 0 and version 3; one bit announces network header extensions. */
const VERSION_3 = 0x03;
const N_EXTENSIONS = 0x08;
/** Transport protocol identifier: addressed by PSID, without and with transport header extensions. */
const TPID_PSID = 0;
const TPID_PSID_EXTENSIONS = 1;
/** Least value of each size of a p-encoded PSID (IEEE 1609.12), by the number of bytes behind the first. */
const PSID_BASES = [0, 0x80, 0x4080, 0x20_4080];

/** The header at `offset`; `undefined` if there is none, {@link WSMP_CUT} if more bytes are needed to tell. */
export function wsmpHeaderAt(bytes: Uint8Array, offset: number): WsmpHeader | typeof WSMP_CUT | undefined {
  const first = bytes[offset];
  if (first === undefined) return WSMP_CUT;
  if (first !== VERSION_3 && first !== (VERSION_3 | N_EXTENSIONS)) return undefined;
  const header = new HeaderReader(bytes, offset + 1);
  if (first & N_EXTENSIONS) header.skipExtensions();
  const tpid = header.byte();
  if (header.isCut) return WSMP_CUT;
  if (header.isBad || (tpid !== TPID_PSID && tpid !== TPID_PSID_EXTENSIONS)) return undefined;
  const psid = header.psid();
  if (tpid === TPID_PSID_EXTENSIONS) header.skipExtensions();
  const length = header.length();
  if (header.isBad) return undefined;
  if (header.isCut) return WSMP_CUT;
  const start = header.offset;
  return { psid, start, end: start + length };
}

/** The header at `offset`, if the whole of it and of the message that it announces is there. */
export function parseWsmp(bytes: Uint8Array, offset = 0, end = bytes.length): WsmpHeader | undefined {
  const header = wsmpHeaderAt(bytes, offset);
  return header === undefined || header === WSMP_CUT || header.end > end ? undefined : header;
}

/** Reads on when the bytes have run out or make no sense, and remembers it. */
class HeaderReader {
  offset: number;
  isCut = false;
  isBad = false;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array, offset: number) {
    this.bytes = bytes;
    this.offset = offset;
  }

  byte(): number {
    const value = this.bytes[this.offset++];
    if (value === undefined) this.isCut = true;
    return value ?? 0;
  }

  /** p-encoding: as many one bits as bytes follow, a zero bit, then the value above the least of that size. */
  psid(): number {
    const first = this.byte();
    const following = Math.clz32(~(first << 24));
    const base = PSID_BASES[following];
    if (base === undefined) {
      this.isBad = true;
      return 0;
    }
    let value = first & (0x7f >> following);
    for (let i = 0; i < following; i++) value = value * 256 + this.byte();
    return base + value;
  }

  /** One byte up to 127; with the first two bits 10, two bytes of which 14 bits count. */
  length(): number {
    const first = this.byte();
    if (first < 0x80) return first;
    if (first & 0x40) this.isBad = true;
    return ((first & 0x3f) << 8) | this.byte();
  }

  /** A count, then so many information elements: identifier, length, contents. */
  skipExtensions(): void {
    const count = this.length();
    if (count > MAX_EXTENSIONS) this.isBad = true;
    for (let i = 0; i < count && !this.isBad && !this.isCut; i++) {
      this.byte();
      // In a step of its own: `offset += length()` would read the offset before length() has moved it.
      const length = this.length();
      this.offset += length;
    }
  }
}
