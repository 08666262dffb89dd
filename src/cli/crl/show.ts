/** Shows CRL files: what they are, every field with its offset, where decoding stops. Verifies nothing. */
import { annotate, type CoerFailure, decode, type Schema, type TraceNode, toHex, toJson } from '../../coer/index.ts';
import {
  CompositeCrl,
  CrlContents,
  formatTai,
  ScmsCompositeCrlPdu,
  STRUCTURES,
  type StructureKind,
  sniffStructure,
} from '../../dot2/index.ts';
import { type CrlFileRead, openCrlFiles, ReaderError } from '../../readers/index.ts';
import { entryCount, kindOf, positionOf } from '../../revocation/index.ts';
import { closingText, entryText } from '../shared/entries.ts';
import { Exit, explain } from '../shared/exit.ts';
import { type Interruption, interruptible } from '../shared/interrupt.ts';
import type { ShowFormat } from '../shared/show-formats.ts';
import type { Shown } from '../shared/shown.ts';
import { Stdout } from '../shared/stdout.ts';
import { tell } from '../shared/terminal.ts';

export interface CrlShowFlags {
  format?: ShowFormat;
}

/** Shows CRL files and returns the exit status. */
export function showCrls(files: readonly string[], flags: CrlShowFlags): Promise<number> {
  return interruptible((stop) => showUntil(stop, files, flags));
}

async function showUntil(stop: Interruption, files: readonly string[], flags: CrlShowFlags): Promise<number> {
  const format = flags.format ?? (process.stdout.isTTY ? 'tree' : 'json');
  const out = new Stdout(() => stop.stop());
  let status: number = Exit.allValid;
  let first = true;
  for await (const read of stop.until(openCrlFiles(files))) {
    if (read instanceof ReaderError) {
      const problem = explain(read);
      tell(`error: ${problem.message}\n`);
      status = problem.status;
      continue;
    }
    for (const shown of lookAt(read)) {
      if (shown.error && status === Exit.allValid) status = Exit.notAllValid;
      await out.write(entryText(shown, format, first, describe));
      first = false;
    }
  }
  await out.write(closingText(format, first));
  await out.end();
  stop.tell();
  return stop.status ?? status;
}

/** The file as a whole, or each of the SecuredCrls that are in it back to back. */
function lookAt({ source, bytes, file }: CrlFileRead): Shown[] {
  const pieces = file.container === 'securedCrl' ? file.crls : [{ offset: 0, bytes }];
  return pieces.map(({ offset, bytes }) => {
    const kind = kindOfContainer(bytes);
    const { tree, error } = annotate(STRUCTURES[kind], bytes);
    const grafted = new Grafting(error);
    const whole = grafted.onto(tree, []);
    return { record: { source, offset, bytes, layers: [] }, kind, tree: whole, error: grafted.error };
  });
}

function kindOfContainer(bytes: Uint8Array): StructureKind {
  const sniffed = sniffStructure(bytes);
  if (sniffed === 'data' || sniffed === 'scmsCompositeCrl') return sniffed;
  return bytes[0] === 0 ? 'compositeCrl' : 'data';
}

/** Fields that are not searched for CRLs. */
const ELSEWHERE: ReadonlySet<string> = new Set(['homeCtl', 'revokedRootCAs', 'revokedElectors']);

/** Puts what is in unsecured data, the contents of a CRL above all, under the field that holds it. */
class Grafting {
  /** The first thing that does not decode, outside or in. */
  error: CoerFailure | undefined;

  constructor(error: CoerFailure | undefined) {
    this.error = error;
  }

  onto(node: TraceNode, above: readonly string[]): TraceNode {
    const names = [...above, node.name];
    const children = node.children.map((child) => this.onto(child, names));
    if (node.name !== 'unsecuredData' || !(node.value instanceof Uint8Array)) return { ...node, children };
    const inner = innerSchema(node.value, above);
    if (inner === undefined) return { ...node, children };
    const start = node.end - node.value.length;
    const { tree, error } = annotate(inner, node.value);
    if (error !== undefined && this.error === undefined) {
      const path = [...names, error.path]
        .filter((name) => name !== '')
        .join('.')
        .replaceAll('.[', '[');
      this.error = { ...error, path, offset: error.offset + start };
    }
    const grafted = tree.children.map((child) => this.onto(shifted(child, start), names));
    const length = { name: '(length)', offset: node.offset, end: start, value: undefined, children: [] };
    return { ...node, children: [length, ...grafted] };
  }
}

function innerSchema(octets: Uint8Array, above: readonly string[]): Schema<unknown> | undefined {
  if (above.some((name) => ELSEWHERE.has(name))) return undefined;
  if (above.includes('signedData')) return CrlContents;
  return sniffStructure(octets) === 'scmsCompositeCrl'
    ? ScmsCompositeCrlPdu
    : octets[0] === 0
      ? CompositeCrl
      : undefined;
}

function shifted({ name, offset, end, value, children }: TraceNode, by: number): TraceNode {
  return { name, offset: offset + by, end: end + by, value, children: children.map((child) => shifted(child, by)) };
}

/** A file as JSON: where it is from, what its CRLs say of themselves, every field. */
function describe({ record, kind, tree, error }: Shown): object {
  return {
    source: record.source,
    offset: record.offset,
    structure: kind,
    octets: record.bytes.length,
    crls: payloadsOf(tree, []).map(summaryOf),
    ...(error === undefined ? {} : { error }),
    fields: fieldsOf(tree, ''),
  };
}

interface Payload {
  readonly offset: number;
  readonly octets: Uint8Array;
}

function payloadsOf(node: TraceNode, above: readonly string[]): Payload[] {
  const { name, value, end, children } = node;
  if (name === 'unsecuredData' && value instanceof Uint8Array && innerSchema(value, above) === CrlContents) {
    return [{ offset: end - value.length, octets: value }];
  }
  return children.flatMap((child) => payloadsOf(child, [...above, name]));
}

/** What people ask first, in forms that people read. */
function summaryOf({ offset, octets }: Payload): object {
  const decoded = decode(CrlContents, octets);
  if (!decoded.ok) return { offset, octets: octets.length };
  const contents = decoded.value;
  const kind = kindOf(contents);
  const time = (time32: number): string => formatTai(BigInt(time32) * 1_000_000n);
  return {
    offset,
    octets: octets.length,
    kind: kind ?? null,
    craca: toHex(contents.crlCraca),
    series: contents.crlSeries,
    entries: entryCount(contents),
    issueDate: time(contents.issueDate),
    nextCrl: time(contents.nextCrl),
    ...(kind === undefined ? {} : positionOf(contents)),
  };
}

/** Longest value that is written out in JSON. */
const LONGEST_VALUE = 64;

interface Field {
  readonly path: string;
  readonly offset: number;
  readonly octets: number;
  readonly value?: unknown;
}

/** The leaves of a tree; marks (preambles, counts, entries left out) in brackets. */
function fieldsOf({ name, offset, end, value, children }: TraceNode, above: string): Field[] {
  const path = name === '' ? above : above === '' || name.startsWith('[') ? above + name : `${above}.${name}`;
  if (children.length > 0) return children.flatMap((child) => fieldsOf(child, path));
  const isShort = !(value instanceof Uint8Array) || value.length <= LONGEST_VALUE;
  const shown = value !== undefined && isShort && typeof value !== 'object' ? value : undefined;
  const hex = value instanceof Uint8Array && isShort ? toJson(value) : shown;
  return [{ path, offset, octets: end - offset, ...(hex === undefined ? {} : { value: toJson(hex) }) }];
}
