import { BACKSLASH, HEX_VALUE } from '../values/ascii.ts';

const LOWER_U = 0x75;

/** What a backslash and a letter stand for. */
const ESCAPED: Readonly<Record<string, number>> = { b: 8, f: 12, n: 10, r: 13, t: 9 };

/**
 * A string of a checked document without its escapes, as UTF-8. Surrogates that are not paired, which no UTF-8 has, become
 * U+FFFD.
 */
export function unescapedString(text: Uint8Array, from: number, to: number): Uint8Array {
  const out = new Uint8Array(to - from);
  let length = 0;
  for (let at = from; at < to; ) {
    const byte = text[at]!;
    if (byte !== BACKSLASH) {
      out[length++] = byte;
      at++;
    } else if (text[at + 1] !== LOWER_U) {
      const letter = text[at + 1]!;
      out[length++] = ESCAPED[String.fromCharCode(letter)] ?? letter;
      at += 2;
    } else {
      const high = unitAt(text, at + 2);
      const isPair = isHigh(high) && text[at + 6] === BACKSLASH && text[at + 7] === LOWER_U && at + 12 <= to;
      const low = isPair ? unitAt(text, at + 8) : 0;
      const isPaired = isPair && low >= 0xdc00 && low <= 0xdfff;
      const point = isPaired ? 0x1_0000 + ((high - 0xd800) << 10) + low - 0xdc00 : isSurrogate(high) ? 0xfffd : high;
      length = writeUtf8(out, length, point);
      at += isPaired ? 12 : 6;
    }
  }
  return out.subarray(0, length);
}

function unitAt(text: Uint8Array, at: number): number {
  let unit = 0;
  for (let i = at; i < at + 4; i++) unit = (unit << 4) | HEX_VALUE[text[i]!]!;
  return unit;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

/** At most three bytes for each escape of six characters, four for a pair of twelve: there is always room. */
function writeUtf8(out: Uint8Array, at: number, point: number): number {
  let next = at;
  if (point < 0x80) out[next++] = point;
  else if (point < 0x800) {
    out[next++] = 0xc0 | (point >> 6);
    out[next++] = 0x80 | (point & 0x3f);
  } else {
    if (point < 0x1_0000) out[next++] = 0xe0 | (point >> 12);
    else {
      out[next++] = 0xf0 | (point >> 18);
      out[next++] = 0x80 | ((point >> 12) & 0x3f);
    }
    out[next++] = 0x80 | ((point >> 6) & 0x3f);
    out[next++] = 0x80 | (point & 0x3f);
  }
  return next;
}
