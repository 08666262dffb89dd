/** What the terminal can do, and colours where it can. */
import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Paints text for a stream: plain unless the stream is a terminal and NO_COLOR is unset or empty. */
export function painter(stream: NodeJS.WriteStream): (style: Style, text: string) => string {
  const colours = stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
  return (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text);
}

export type Paint = ReturnType<typeof painter>;

/** Columns of a terminal; undefined where nobody's screen limits a line. */
export function columnsOf(stream: NodeJS.WriteStream): number | undefined {
  return stream.isTTY ? stream.columns : undefined;
}

/** A number with thousands separated. */
export function grouped(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Received text, made safe to print: control characters could move the cursor or recolour the screen. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}]/gu,
    (character) => `\\u${character.codePointAt(0)?.toString(16).padStart(4, '0')}`,
  );
}
