import { trimmed } from '../values/ascii.ts';
import { DocumentScanner } from './scanner.ts';

/**
 * The value of one JSON document, as JSON.parse gives it, within the bounds on nesting, size and tokens: these are checked before
 * anything is built in memory.
 *
 * @param text UTF-8, with or without a mark.
 * @throws SyntaxError that says what is wrong, or which bound is exceeded.
 */
export function parseJson(text: Uint8Array): unknown {
  const document = trimmed(hasMark(text) ? text.subarray(MARK.length) : text);
  const scanner = new DocumentScanner();
  const isDone = scanner.scan(document, 0, document.length, true) === 'done';
  if (!isDone) throw new SyntaxError(`${scanner.problem} (byte ${scanner.at})`);
  if (scanner.at < document.length) throw new SyntaxError(`more behind the document (byte ${scanner.at})`);
  return JSON.parse(new TextDecoder().decode(document));
}

const MARK = [0xef, 0xbb, 0xbf];

function hasMark(text: Uint8Array): boolean {
  return MARK.every((byte, i) => text[i] === byte);
}
