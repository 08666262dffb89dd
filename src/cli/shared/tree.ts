import { type TraceNode, toHex } from '../../coer/index.ts';
import { unwrapOf } from '../../readers/index.ts';
import { fieldMeaning, structureMeaning } from './meaning.ts';
import type { Shown } from './shown.ts';
import { grouped, type Paint, painter, printable } from './terminal.ts';

/** Bytes in one line of the tree. */
const BYTES_A_LINE = 16;
const HEX_WIDTH = BYTES_A_LINE * 3 - 1;
const INDENT = '  ';

/** A structure as an annotated hex tree: one line a field, each with its offset, its bytes and its meaning. */
export function treeText(shown: Shown): string {
  const paint = painter(process.stdout);
  const { record, error } = shown;
  const lines = [heading(shown, paint), ...fieldLines(shown.tree.children, [], record.bytes, paint)];
  if (error) {
    const at = error.path ? `${error.path}: ` : '';
    lines.push(...undecoded(shown, error.offset, paint));
    lines.push(paint('red', `error at byte ${error.offset}: ${error.code}: ${at}${printable(error.detail)}`));
  }
  return `${lines.join('\n')}\n`;
}

function heading({ record, kind, tree, error }: Shown, paint: Paint): string {
  const { source, offset, line, bytes } = record;
  const unwrap = unwrapOf(record);
  const what = tree.value === undefined || error ? kind : `${kind}  ${structureMeaning(kind, tree.value)}`;
  const where = `${printable(source)}${line === undefined ? '' : `:${line}`} @${offset}`;
  return paint('bold', `${where}${unwrap ? ` (in ${unwrap})` : ''}  ${bytes.length} bytes  ${what}`.trimEnd());
}

function fieldLines(
  nodes: readonly TraceNode[],
  above: readonly TraceNode[],
  bytes: Uint8Array,
  paint: Paint,
): string[] {
  return nodes.flatMap((node) => [
    ...linesOf(node, above, bytes, paint),
    ...fieldLines(node.children, [...above, node], bytes, paint),
  ]);
}

/** A container shows no bytes of its own: they are shown with the fields inside. */
function linesOf(node: TraceNode, above: readonly TraceNode[], bytes: Uint8Array, paint: Paint): string[] {
  const octets = node.children.length > 0 ? new Uint8Array(0) : bytes.subarray(node.offset, node.end);
  const isMark = node.name.startsWith('(');
  const name = INDENT.repeat(above.length) + printable(node.name);
  const meaning = isMark || node.value === undefined ? '' : printable(fieldMeaning(node, above));
  const label = isMark ? paint('dim', name) : paint('cyan', name);
  return hexLines(node.offset, octets, `${label}${meaning && `  ${meaning}`}`, paint);
}

/** Most bytes shown of one field: more than a message has, far less than the entries of a CRL. */
const MOST_BYTES = 256 * BYTES_A_LINE;

/** Bytes with their offset in lines of equal width; the label follows the first. */
function hexLines(offset: number, octets: Uint8Array, label: string, paint: Paint): string[] {
  const lines: string[] = [];
  const shown = Math.min(octets.length, MOST_BYTES);
  for (let at = 0; at === 0 || at < shown; at += BYTES_A_LINE) {
    const hex = spaced(octets.subarray(at, at + BYTES_A_LINE));
    const where = paint('dim', (offset + at).toString(16).padStart(6, '0'));
    lines.push(`${where}  ${at === 0 ? `${hex.padEnd(HEX_WIDTH)}  ${label}` : hex}`);
  }
  if (shown < octets.length) lines.push(paint('dim', `        … ${grouped(octets.length - shown)} more bytes of it`));
  return lines;
}

/** Bytes shown of what could not be decoded: enough to recognise them. */
const UNDECODED_SHOWN = 4 * BYTES_A_LINE;

/** What follows the last field that was read. */
function undecoded({ record: { bytes } }: Shown, offset: number, paint: Paint): string[] {
  const rest = bytes.subarray(offset, offset + UNDECODED_SHOWN);
  const more = bytes.length - offset - rest.length;
  const label = paint('red', `<< here${more > 0 ? ` (${more} more octets follow)` : ''}`);
  return hexLines(offset, rest, rest.length === 0 ? paint('red', '<< here the bytes end') : label, paint);
}

function spaced(octets: Uint8Array): string {
  return toHex(octets).replace(/..(?=.)/g, '$& ');
}
