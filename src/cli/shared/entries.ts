import { artefactText } from './artefact-text.ts';
import type { ShowFormat } from './show-formats.ts';
import type { Shown } from './shown.ts';
import { treeText } from './tree.ts';

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
