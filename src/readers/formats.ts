import { classifyBinary, formatByMagic } from './binary-formats.ts';
import type { SniffedFormat } from './format-names.ts';
import { foreignBinary } from './recognise.ts';
import { classifyText } from './text/index.ts';

/**
 * The format of an input, from its content: `head` is its beginning, or all of it. Names and extensions do not count.
 * Unknown binary input is `coer` and unknown text is `hex`, so that every byte reaches a verdict.
 */
export function sniffFormat(head: Uint8Array): SniffedFormat {
  return classify(head, true) ?? 'coer';
}

/**
 * As {@link sniffFormat} for a beginning that may still grow: `undefined` while more bytes could change the answer, which
 * lets a live line of text be verified as soon as it has come. Once an answer is given, more bytes never change it.
 */
export function classify(head: Uint8Array, complete: boolean): SniffedFormat | undefined {
  if (head.length < 4 && !complete) return undefined;
  const magic = formatByMagic(head);
  if (magic !== undefined) return magic;
  if (foreignBinary(head) !== undefined) return 'foreign';
  const text = classifyText(head, complete);
  return text === 'binary' ? classifyBinary(head, complete) : text;
}
