import type { TraceNode } from '../coer/index.ts';
import type { StructureKind } from '../dot2/index.ts';
import type { InputRecord } from '../readers/index.ts';
import type { ShowFormat } from './show-formats.ts';
import { treeText } from './tree.ts';

/** A structure, decoded as far as it goes. */
export interface Shown {
  readonly record: InputRecord;
  /** The kind that fits best where nothing decodes. */
  readonly kind: StructureKind;
  readonly tree: TraceNode;
  readonly error: { code: string; offset: number; path: string; detail: string } | undefined;
}

/** One entry of the output: a tree, or what `describe` makes of it. */
export function entryText(
  shown: Shown,
  format: ShowFormat,
  first: boolean,
  describe: (shown: Shown) => object,
): string {
  if (format === 'tree') return `${first ? '' : '\n'}${treeText(shown)}`;
  if (format === 'ndjson') return `${JSON.stringify(describe(shown))}\n`;
  return `${first ? '[\n' : ',\n'}${JSON.stringify(describe(shown), null, 2)}`;
}

export function closingText(format: ShowFormat, nothing: boolean): string {
  if (format !== 'json') return '';
  return nothing ? '[]\n' : '\n]\n';
}
