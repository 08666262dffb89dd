/** The first step of the full path: an item is decoded, and the certificates that it brings are noted. */
import { type CoerFailure, type DecodeResult, decode } from '../coer/index.ts';
import { Certificate, Ieee1609Dot2Data, type SignedData, sniffStructure } from '../dot2/index.ts';
import { type Failure, type FailureCode, type Verdict, verdictOn } from '../verdict/index.ts';
import type { BatchContext } from './batch-context.ts';
import { MAX_ELEMENTS } from './cost.ts';
import { type MessageWork, messageWork } from './message-work.ts';
import { plainOctets } from './octets.ts';
import { ListWork } from './signer-lists.ts';
import type { Item } from './types.ts';

/** An item on its way to a verdict: one that has it, a certificate, or a message. */
export type Work = DoneWork | CertificateWork | MessageItemWork;

export interface DoneWork {
  readonly step: 'done';
  readonly verdict: Verdict;
}

export interface CertificateWork {
  readonly step: 'certificate';
  readonly item: Item;
  readonly list: ListWork;
}

export interface MessageItemWork {
  readonly step: 'message';
  readonly message: MessageWork;
  /** The certificates attached to it; undefined if there are none. */
  readonly list: ListWork | undefined;
}

/** The verdict on an item with these failures; `known` are the members that do not follow from them. */
export function verdictUnder(
  { kind }: Pick<Item, 'kind'>,
  failures: readonly Failure[],
  known: Partial<Verdict>,
  context: BatchContext,
): Verdict {
  return verdictOn(kind, failures, known, context, context.policy.allErrors);
}

/** The verdict on an item that nothing is known of but one failure. */
export function failedVerdict(
  item: Pick<Item, 'kind'>,
  code: FailureCode,
  detail: string,
  context: BatchContext,
): Verdict {
  return verdictUnder(item, [{ code, depth: 0, detail }], {}, context);
}

/** Decodes an item; lists of certificates that come more than once in a batch are in `lists` once. */
export function openItem(item: Item, lists: Map<string, ListWork>, context: BatchContext): Work {
  const done = (code: FailureCode, detail: string): DoneWork => {
    return { step: 'done', verdict: failedVerdict(item, code, detail, context) };
  };
  if (item.unreadable !== undefined) return done('unreadableRecord', item.unreadable);
  const bytes = plainOctets(item.bytes);
  const sniffed = sniffStructure(bytes);
  if (item.kind === 'certificate') {
    if (sniffed === 'data' && decodesAs(sniffed, bytes))
      return done('unexpectedStructure', 'a message where a certificate belongs');
    const decoded = decode(Certificate, bytes, MAX_ELEMENTS);
    if (!decoded.ok) return undecodable(item, decoded, context);
    return { step: 'certificate', item, list: listOf([decoded.value], true, lists) };
  }
  if (sniffed === 'certificate' && decodesAs(sniffed, bytes))
    return done('unexpectedStructure', 'a certificate where a message belongs');
  const decoded = decode(Ieee1609Dot2Data, bytes, MAX_ELEMENTS);
  if (!decoded.ok) return undecodable(item, decoded, context);
  const { content } = decoded.value;
  if (content.tag !== 'signedData') return done('notSigned', `the content is ${content.tag}`);
  const message = messageWork(item, decoded.value, content.value as SignedData);
  const { signer } = message.signed;
  const list = signer.tag === 'certificate' ? listOf(signer.value, false, lists) : undefined;
  return { step: 'message', message, list };
}

function listOf(certificates: readonly Certificate[], isItem: boolean, lists: Map<string, ListWork>): ListWork {
  const fresh = new ListWork(certificates);
  fresh.isItem = isItem;
  // More is computed of an item than of a signer (DECISIONS D44), so that the two are kept apart: neither changes the other's verdict.
  const key = isItem ? `item ${fresh.key}` : fresh.key;
  const work = lists.get(key) ?? fresh;
  lists.set(key, work);
  return work;
}

function undecodable(
  item: Item,
  { error }: Extract<DecodeResult<unknown>, { ok: false }>,
  context: BatchContext,
): DoneWork {
  const verdict = failedVerdict(item, error.code, decodeDetail(error), context);
  return { step: 'done', verdict: { ...verdict, errorOffset: error.offset } };
}

/** Whether bytes are a structure of this kind, perhaps with something behind it. */
function decodesAs(kind: 'data' | 'certificate', bytes: Uint8Array): boolean {
  return decode<unknown>(kind === 'data' ? Ieee1609Dot2Data : Certificate, bytes, MAX_ELEMENTS).ok;
}

function decodeDetail({ path, offset, detail }: CoerFailure): string {
  return `octet ${offset}${path ? `, ${path}` : ''}: ${detail}`;
}
