const HEX = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));
/** The same as two character codes each. */
const CODES = Uint8Array.from(HEX.flatMap((text) => [text.charCodeAt(0), text.charCodeAt(1)]));

/** Bytes as lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  let at = 0;
  // Four at a time: a text that grows by an octet is a chain of as many pieces, in memory.
  for (; at + 4 <= bytes.length; at += 4) text += hexOfFour(bytes, at);
  for (; at < bytes.length; at++) text += HEX[bytes[at] as number];
  return text;
}

function hexOfFour(octets: Uint8Array, at: number): string {
  const [a, b] = [2 * (octets[at] as number), 2 * (octets[at + 1] as number)];
  const [c, d] = [2 * (octets[at + 2] as number), 2 * (octets[at + 3] as number)];
  const code = (i: number): number => CODES[i] as number;
  return String.fromCharCode(code(a), code(a + 1), code(b), code(b + 1), code(c), code(c + 1), code(d), code(d + 1));
}

/**
 * A decoded value as plain JSON: bytes as lower-case hex, big integers as decimal text, a chosen alternative as
 * `{ "alternative": value }`. Received bytes (`encoded`) are left out; unknown extensions are shown as hex.
 */
export function toJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(toJson);
  if (value === null || typeof value !== 'object') return value;
  if ('tag' in value && 'value' in value) {
    const chosen = value as { tag: string; value: unknown; index?: number };
    const name = chosen.tag === 'unknown' ? `unknown(${chosen.index})` : chosen.tag;
    return { [name]: toJson(chosen.value) };
  }
  const entries = Object.entries(value).filter(([name, field]) => field !== undefined && name !== 'encoded');
  return Object.fromEntries(entries.map(([name, field]) => [name, toJson(field)]));
}
