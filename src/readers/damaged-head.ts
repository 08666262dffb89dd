import { isWholeStructure } from '../dot2/index.ts';

const VERSION = 3;
const SIGNATURE_PRESENT = 0x80;
const CONTEXT_TAG = 0x80;
const MOST_CONTENT_TAG = 0x84;
const LENGTH_OF_ONE = 0x81;

/**
 * Whether bytes with a frame of their own are a message or certificate but for one wrong byte among those that tell what they
 * are: another version, a wrong tag class, preamble bits that are not used, an unknown type. The verifier has codes for these.
 * Cheap for everything else: few bytes begin so, and what is put right is moved over before it is decoded.
 */
export function isDamagedAtHead(bytes: Uint8Array): boolean {
  return asData(bytes) || asCertificate(bytes);
}

function asData(bytes: Uint8Array): boolean {
  const [version, tag] = bytes as unknown as [number, number];
  if (tag === undefined) return false;
  if (version !== VERSION) return isContentTag(tag) && isWholeWith(bytes, 0, VERSION);
  const righted = CONTEXT_TAG | (tag & 0x3f);
  return tag !== righted && isContentTag(righted) && isWholeWith(bytes, 1, righted);
}

function isContentTag(tag: number): boolean {
  return tag >= CONTEXT_TAG && tag <= MOST_CONTENT_TAG;
}

/** Preamble (signature present or not), version, type (explicit or implicit). */
function asCertificate(bytes: Uint8Array): boolean {
  const [preamble, version, type] = bytes as unknown as [number, number, number];
  if (type === undefined) return false;
  const isPreamble = preamble === 0 || preamble === SIGNATURE_PRESENT;
  if (version !== VERSION) return isPreamble && type <= 1 && isWholeWith(bytes, 1, VERSION);
  if (!isPreamble) return type <= 1 && isWholeWith(bytes, 0, preamble & SIGNATURE_PRESENT);
  if (type === LENGTH_OF_ONE) return isWholeStructure(withoutByte(bytes, 2));
  return type > 1 && (isWholeWith(bytes, 2, 0) || isWholeWith(bytes, 2, 1));
}

function isWholeWith(bytes: Uint8Array, at: number, byte: number): boolean {
  const copy = bytes.slice();
  copy[at] = byte;
  return isWholeStructure(copy);
}

function withoutByte(bytes: Uint8Array, at: number): Uint8Array {
  const rest = new Uint8Array(bytes.length - 1);
  rest.set(bytes.subarray(0, at));
  rest.set(bytes.subarray(at + 1), at);
  return rest;
}
