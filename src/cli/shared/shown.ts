import type { TraceNode } from '../../coer/index.ts';
import type { StructureKind } from '../../dot2/index.ts';
import type { InputRecord } from '../../readers/index.ts';
import type { ArtefactDescription } from '../../trust/describe.ts';
import { artefactText } from './artefact-text.ts';
import type { ShowFormat } from './show-formats.ts';
import { treeText } from './tree.ts';

/** What is shown: a structure that readers know, or a ballot by itself. */
export type ShownKind = StructureKind | 'electorBallot';

/** A structure, decoded as far as it goes. */
export interface Shown {
  readonly record: InputRecord;
  /** The kind that fits best where nothing decodes. */
  readonly kind: ShownKind;
  readonly tree: TraceNode;
  readonly error: { code: string; offset: number; path: string; detail: string } | undefined;
  /** What it says as an artefact of root management, if it is one. */
  readonly artefact?: ArtefactDescription | undefined;
}

/** One entry of the output: a tree, or what `describe` makes of it. */
export function entryText(
  shown: Shown,
  format: ShowFormat,
  first: boolean,
  describe: (shown: Shown) => object,
): string {
  if (format === 'tree') {
    const says = shown.artefact ? artefactText(shown.artefact).map((line) => `${line}\n`) : [];
    return `${first ? '' : '\n'}${treeText(shown)}${says.join('')}`;
  }
  if (format === 'ndjson') return `${JSON.stringify(describe(shown))}\n`;
  return `${first ? '[\n' : ',\n'}${JSON.stringify(describe(shown), null, 2)}`;
}

export function closingText(format: ShowFormat, nothing: boolean): string {
  if (format !== 'json') return '';
  return nothing ? '[]\n' : '\n]\n';
}
