/** Properties of the terminal, and colours if it has them. */
import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Paints text for a stream: plain unless the stream is a terminal and NO_COLOR is unset or empty. */
export function painter(stream: NodeJS.WriteStream): (style: Style, text: string) => string {
  const colours = stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
  return (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text);
}

export type Paint = ReturnType<typeof painter>;

/** Columns of a terminal; undefined if standard output is no terminal. */
export function columnsOf(stream: NodeJS.WriteStream): number | undefined {
  return stream.isTTY ? stream.columns : undefined;
}

/** A number with thousands separated. */
export function grouped(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Received text, made safe to print: control characters could move the cursor or recolour the screen. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, escaped);
}

/**
 * Text of which parts are painted, or JSON, made safe to print: DEL, the controls of C1, and those that change the direction of
 * text (U+202A to U+202E, U+2066 to U+2069). JSON has escaped those of C0; colours consist of them.
 */
export function withoutHiddenControls(text: string): string {
  return text.replace(/[\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, escaped);
}

/** Writes lines to standard error, where names of files and text of the input may be in them. */
export function tell(text: string): void {
  process.stderr.write(text.split('\n').map(printable).join('\n'));
}

function escaped(character: string): string {
  return `\\u${character.codePointAt(0)?.toString(16).padStart(4, '0')}`;
}
