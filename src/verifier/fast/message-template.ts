import type { Ieee1609Dot2Data, SignedData } from '../../dot2/index.ts';
import { RForm } from '../../kernel/kernel.ts';
import type { RuleBook } from '../../rules/index.ts';
import { holdsAt, wordAt } from '../octets.ts';
import { ByteTemplate, type Span } from './byte-template.ts';
import { type MessageChecks, messageChecks } from './message-checks.ts';
import type { MessageFields } from './message-fields.ts';

/**
 * Ieee1609Dot2Data up to the length of its payload, where that is plain octets: version 3, signedData, SHA-256; a payload
 * with data alone; version 3, unsecuredData.
 */
const HEAD = Uint8Array.of(0x03, 0x81, 0x00, 0x40, 0x03, 0x80);
/** Where tbsData starts. */
export const TBS_DATA = 3;

/**
 * Where HeaderInfo starts: behind the payload, whose length stands in its shortest form. −1 where the octets begin in any
 * other way, or the payload has 65,536 octets or more.
 */
export function headerStart(bytes: Uint8Array): number {
  if (!holdsAt(bytes, 0, HEAD)) return -1;
  const at = HEAD.length;
  const first = bytes[at] as number;
  if (first < 0x80) return at + 1 + first;
  const second = bytes[at + 1] as number;
  if (first === 0x81) return second < 0x80 ? -1 : at + 2 + second;
  if (first !== 0x82 || second === 0) return -1;
  return at + 3 + second * 256 + (bytes[at + 2] as number);
}

/** RForm of a choice octet; undefined for forms that the fast path leaves alone. */
export function rFormOf(choice: number | undefined): RForm | undefined {
  if (choice === 0x80) return RForm.xOnly;
  if (choice === 0x82) return RForm.compressedY0;
  return choice === 0x83 ? RForm.compressedY1 : undefined;
}

/** Messages that are the same behind their payload, but for times, location, signer and signature. */
export class MessageTemplate {
  usedAt = 0;
  readonly byteTemplate: ByteTemplate;
  readonly psid: number;
  readonly at: MessageFields;
  readonly checks: MessageChecks;

  constructor(octets: Uint8Array, open: readonly Span[], psid: number, at: MessageFields, checks: MessageChecks) {
    this.checks = checks;
    this.byteTemplate = new ByteTemplate(octets, open);
    this.psid = psid;
    this.at = at;
  }

  matches(bytes: Uint8Array, base: number): boolean {
    return this.byteTemplate.matches(bytes, base) && rFormOf(bytes[base + this.at.form]) !== undefined;
  }
}

/** Shortest octets behind a payload: a header, a signer, a signature. */
const SHORTEST = 80;

/** A number for messages of that many octets behind the payload and that PSID; −1 where there are too few. */
export function messageKey(bytes: Uint8Array, header: number): number {
  const length = bytes.length - header;
  if (header < 0 || length < SHORTEST) return -1;
  // Preamble of HeaderInfo, length of the PSID, its first octet: never open.
  return (length << 8) ^ ((bytes[header] as number) << 24) ^ (bytes[header + 2] as number);
}

/** The frame of a message that was accepted; undefined where anything about it is out of the ordinary. */
export function messageTemplate(
  bytes: Uint8Array,
  data: Ieee1609Dot2Data,
  signed: SignedData,
  book: RuleBook,
): MessageTemplate | undefined {
  const header = headerStart(bytes);
  if (messageKey(bytes, header) === -1 || data.protocolVersion !== 3 || signed.hashId !== 'sha256') return undefined;
  const { payload, headerInfo } = signed.tbsData;
  const content = payload.data?.content;
  if (content?.tag !== 'unsecuredData' || payload.extDataHash !== undefined || payload.omitted !== undefined)
    return undefined;
  if (payload.extensionAdditions !== undefined || headerInfo.extensionAdditions !== undefined) return undefined;
  if (headerInfo.encryptionKey !== undefined) return undefined;
  const spanOf = (view: Uint8Array): Span => {
    const start = view.byteOffset - bytes.byteOffset - header;
    return [start, start + view.length];
  };
  if (spanOf(content.value)[1] !== 0) return undefined;
  const tbs = spanOf(signed.tbsData.encoded as Uint8Array);
  if (tbs[0] !== TBS_DATA - header) return undefined;
  const times = headerFields(bytes, header, headerInfo);
  const signer = signerField(signed.signer, spanOf);
  if (times === undefined || signer === undefined || signed.signature.tag !== 'ecdsaNistP256Signature')
    return undefined;
  const { rSig, sSig } = signed.signature.value;
  if (!(rSig.tag === 'x-only' || rSig.tag === 'compressed-y-0' || rSig.tag === 'compressed-y-1')) return undefined;
  const [r, rEnd] = spanOf(rSig.value);
  const s = spanOf(sSig);
  const others = [...times.open, [r - 1, rEnd] as Span, s];
  const at = { ...times.at, ...signer.at, tbsEnd: tbs[1], form: r - 1, s: s[0] };
  // Attached certificates are no field of the message: the rules read them in the signer's facts.
  const open = signer.at.digest >= 0 ? [...others, signer.open] : others;
  const checks = messageChecks({ bytes, header, data, signed, at, open }, book);
  if (checks === undefined) return undefined;
  const frame = new MessageTemplate(bytes.subarray(header), [...others, signer.open], headerInfo.psid, at, checks);
  return frame.matches(bytes, header) ? frame : undefined;
}

type Header = SignedData['tbsData']['headerInfo'];
type HeaderFields = Pick<MessageFields, 'generationTime' | 'expiryTime' | 'location'>;

/** Times and location stand behind the PSID, in this order. A message without generation time is left alone. */
function headerFields(
  bytes: Uint8Array,
  header: number,
  { generationTime, expiryTime, generationLocation }: Header,
): { at: HeaderFields; open: Span[] } | undefined {
  const timeAt = (at: number): bigint =>
    (BigInt(wordAt(bytes, header + at) >>> 0) << 32n) | BigInt(wordAt(bytes, header + at + 4) >>> 0);
  let at = 2 + (bytes[header + 1] as number);
  const open: Span[] = [];
  const next = (octets: number): number => {
    open.push([at, at + octets]);
    at += octets;
    return at - octets;
  };
  if (generationTime === undefined || timeAt(at) !== generationTime) return undefined;
  const fields = { generationTime: next(8), expiryTime: -1, location: -1 };
  if (expiryTime !== undefined) {
    if (timeAt(at) !== expiryTime) return undefined;
    fields.expiryTime = next(8);
  }
  if (generationLocation !== undefined) {
    const { latitude, longitude } = generationLocation;
    if (wordAt(bytes, header + at) !== latitude || wordAt(bytes, header + at + 4) !== longitude) return undefined;
    fields.location = next(10);
  }
  return { at: fields, open };
}

/** The digest, or the certificates that are attached: they stand back to back, the signing one first. */
function signerField(
  signer: SignedData['signer'],
  spanOf: (view: Uint8Array) => Span,
):
  | { at: Pick<MessageFields, 'digest' | 'certificate' | 'certificateLength' | 'attachedLength'>; open: Span }
  | undefined {
  if (signer.tag === 'digest') {
    const open = spanOf(signer.value);
    return { at: { digest: open[0], certificate: -1, certificateLength: 0, attachedLength: 0 }, open };
  }
  if (signer.tag !== 'certificate' || signer.value.length === 0) return undefined;
  const spans = signer.value.map(({ encoded }) => spanOf(encoded as Uint8Array));
  const [[start, end]] = spans as [Span, ...Span[]];
  let last = start;
  for (const [from, to] of spans) {
    if (from !== last) return undefined;
    last = to;
  }
  const at = { digest: -1, certificate: start, certificateLength: end - start, attachedLength: last - start };
  return { at, open: [start, last] };
}
