import { unwrap } from '../unwrap.ts';
import { CURLY_OPEN, SQUARE_OPEN, trimmed } from '../values/ascii.ts';
import { contains } from '../values/contains.ts';
import type { Read } from '../values/readings.ts';
import { type Expectation, readValue } from '../values/value.ts';
import { MAX_JSON_IN_STRINGS } from './limits.ts';
import { B64, HEX, MEMBER_PATHS, MESSAGE_SIGNED, type MemberPath } from './members.ts';
import { DocumentScanner, type Member, memberText } from './scanner.ts';
import { type Value, valuesOf } from './values.ts';

/** What one record of a document holds. */
export interface DocumentRecord {
  /** Where the object or element of a list begins that it is. */
  readonly at: number;
  readonly read: Read;
}

/** The bytes of a value that decodes, with and without the layers in front of the structure. */
interface Whole {
  readonly value: Value;
  readonly bytes: Uint8Array;
  readonly inner: Uint8Array;
}

/** More values that decode in one record are refused: each is compared with the others. */
const MOST_WHOLE = 32;
/** A refusal names so many values. */
const MOST_NAMED = 5;
const LEAST_HEX_BYTES = 8;
const LEAST_BASE64_CHARACTERS = 24;

/**
 * The records of one checked document, in the order of their places: one for each object that has bytes where documents have
 * them (see `members.ts`). A document without any is looked through value by value.
 *
 * @param document Its text, from the first to the last byte.
 * @param members What {@link DocumentScanner} found in it.
 */
export function documentRecords(document: Uint8Array, members: readonly Member[], level = 0): DocumentRecord[] {
  const records =
    members.length > 0 ? members.map((member) => memberRecord(document, member)) : valueRecords(document, level);
  return records.length > 1 ? records.sort((a, b) => a.at - b.at) : records;
}

function memberRecord(document: Uint8Array, member: Member): DocumentRecord {
  const read = readValue(memberText(document, member), expectationOf(member.path));
  if ('bytes' in read) return { at: member.object, read };
  return { at: member.object, read: { unreadable: `${member.path.path} is ${read.unreadable}` } };
}

function expectationOf(path: MemberPath): Expectation {
  if (path === HEX) return 'hex';
  if (path === B64) return 'base64';
  return path === MESSAGE_SIGNED ? 'anyBase64' : 'any';
}

/**
 * By the rule of `choose`: in each record (the document, or an element of a list in it) the one value that decodes as a whole
 * structure; values that repeat it, or lie inside it as dissected packets show them, are no others. If nothing decodes, the
 * one value that begins as a structure; else a refusal, which names what looks like bytes.
 */
function valueRecords(document: Uint8Array, level: number): DocumentRecord[] {
  const records: DocumentRecord[] = [];
  const scopes = new Map<number, Whole[]>();
  const begun: Value[] = [];
  const named: string[] = [];
  for (const value of valuesOf(document)) {
    const inner = level < MAX_JSON_IN_STRINGS ? recordsInside(value, level) : [];
    records.push(...inner);
    if (inner.length > 0) continue;
    const whole = value.readings.find(({ standing }) => standing === 'whole');
    if (whole) addTo(scopes, value, whole.bytes);
    else if (value.readings.some(({ standing }) => standing !== 'unknown')) begun.push(value);
    if (!whole && named.length <= MOST_NAMED) named.push(...looksLike(value));
  }
  for (const [at, values] of scopes) records.push({ at, read: onlyOf(values) });
  if (records.length > 0) return records;
  const [only] = begun;
  const reading = only?.readings.find(({ standing }) => standing !== 'unknown');
  if (only && reading && begun.length === 1) return [{ at: only.scope, read: { bytes: reading.bytes } }];
  const notRead = named.length === 0 ? '' : `; not read: ${listed(named)}`;
  return [{ at: 0, read: { unreadable: `none of ${listed(MEMBER_PATHS)} in the JSON document${notRead}` } }];
}

/** The records of a string that is a JSON document itself. */
function recordsInside({ text, scope }: Value, level: number): DocumentRecord[] {
  const inner = text && trimmed(text);
  if (inner === undefined || (inner[0] !== CURLY_OPEN && inner[0] !== SQUARE_OPEN)) return [];
  const scanner = new DocumentScanner();
  if (scanner.scan(inner, 0, inner.length, true) !== 'done' || scanner.at < inner.length) return [];
  const records = documentRecords(inner, scanner.members, level + 1);
  const isRead = scanner.members.length > 0 || records.some(({ read }) => 'bytes' in read);
  return isRead ? records.map(({ read }) => ({ at: scope, read })) : [];
}

function addTo(scopes: Map<number, Whole[]>, value: Value, bytes: Uint8Array): void {
  const values = scopes.get(value.scope) ?? [];
  scopes.set(value.scope, values);
  if (values.length <= MOST_WHOLE) values.push({ value, bytes, inner: unwrap(bytes).bytes });
}

/** The structure that all of these are or are part of. */
function onlyOf(values: readonly Whole[]): Read {
  if (values.length > MOST_WHOLE) return { unreadable: `more than ${MOST_WHOLE} values of one record decode` };
  const distinct: Whole[] = [];
  for (const one of [...values].sort((a, b) => b.inner.length - a.inner.length)) {
    if (!distinct.some(({ inner }) => contains(inner, one.inner))) distinct.push(one);
  }
  const [only] = distinct;
  // Of those that are the same, the first has most layers in front: a dissector shows the frame before what is in it.
  if (distinct.length === 1) return { bytes: values.find(({ inner }) => inner.length === only!.inner.length)!.bytes };
  const names = listed(distinct.map(({ value }) => nameOf(value)));
  return { unreadable: `ambiguous: ${names} decode as different structures` };
}

/** What a value that is not read looks like, with its name, in a list of none or one. */
function looksLike(value: Value): string[] {
  const reading = value.readings.find(({ form }) => form !== 'base64');
  if (reading) return reading.bytes.length < LEAST_HEX_BYTES ? [] : [`${nameOf(value)} (looks like ${reading.form})`];
  const { text } = value;
  const isBase64 = value.readings.length > 0 && text !== undefined && text.length >= LEAST_BASE64_CHARACTERS;
  return isBase64 && isMixed(text) ? [`${nameOf(value)} (looks like base64)`] : [];
}

/** Names and words have letters of one case, or digits, seldom all three. */
function isMixed(text: Uint8Array): boolean {
  const has = (from: number, to: number) => text.some((byte) => byte >= from && byte <= to);
  return has(0x41, 0x5a) && has(0x61, 0x7a) && (has(0x30, 0x39) || has(0x2b, 0x2f));
}

function nameOf(value: Value): string {
  const path = value.path();
  return path === '' ? 'the string itself' : path;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MEMBER_PATHS.length);
  return shown.length <= 1 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}
