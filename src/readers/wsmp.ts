/** WAVE Short Message Protocol, version 3 (IEEE 1609.3-2016 §8.3): what stands in front of a message on the air. */

export interface WsmpHeader {
  readonly psid: number;
  /** Where the message that it carries starts and ends. */
  readonly start: number;
  readonly end: number;
}

/** First octet: subtype 0 and version 3; one bit announces network header extensions. */
const VERSION_3 = 0x03;
const N_EXTENSIONS = 0x08;
/** Transport protocol identifier: addressed by PSID, without and with transport header extensions. */
const TPID_PSID = 0;
const TPID_PSID_EXTENSIONS = 1;
/** Least value of each size of a p-encoded PSID (IEEE 1609.12), by the number of octets behind the first. */
const PSID_BASES = [0, 0x80, 0x4080, 0x20_4080];

/** The header at `offset`; `undefined` unless all of it parses and the message that it announces is there. */
export function parseWsmp(bytes: Uint8Array, offset = 0): WsmpHeader | undefined {
  const first = bytes[offset];
  if (first !== VERSION_3 && first !== (VERSION_3 | N_EXTENSIONS)) return undefined;
  const header = new HeaderReader(bytes, offset + 1);
  if (first & N_EXTENSIONS) header.skipExtensions();
  const tpid = header.octet();
  if (tpid !== TPID_PSID && tpid !== TPID_PSID_EXTENSIONS) return undefined;
  const psid = header.psid();
  if (tpid === TPID_PSID_EXTENSIONS) header.skipExtensions();
  const length = header.length();
  const start = header.offset;
  const end = start + length;
  return header.failed || end > bytes.length ? undefined : { psid, start, end };
}

/** Reads on when the octets have run out, and remembers it. */
class HeaderReader {
  offset: number;
  failed = false;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array, offset: number) {
    this.bytes = bytes;
    this.offset = offset;
  }

  octet(): number {
    const value = this.bytes[this.offset++];
    if (value === undefined) this.failed = true;
    return value ?? 0;
  }

  /** p-encoding: as many one bits as octets follow, a zero bit, then the value above the least of that size. */
  psid(): number {
    const first = this.octet();
    const following = Math.clz32(~(first << 24));
    const base = PSID_BASES[following];
    if (base === undefined) {
      this.failed = true;
      return 0;
    }
    let value = first & (0x7f >> following);
    for (let i = 0; i < following; i++) value = value * 256 + this.octet();
    return base + value;
  }

  /** One octet up to 127; with the first two bits 10, two octets of which 14 bits count. */
  length(): number {
    const first = this.octet();
    if (first < 0x80) return first;
    if (first & 0x40) this.failed = true;
    return ((first & 0x3f) << 8) | this.octet();
  }

  /** A count, then so many information elements: identifier, length, contents. */
  skipExtensions(): void {
    const count = this.length();
    for (let i = 0; i < count && !this.failed; i++) {
      this.octet();
      // In a step of its own: `offset += length()` would read the offset before length() has moved it.
      const length = this.length();
      this.offset += length;
    }
  }
}
