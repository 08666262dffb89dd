const HEX = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));

/** Lower-case hex. */
export function toHex(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) text += HEX[octet];
  return text;
}

/**
 * A decoded value as plain JSON: octets as lower-case hex, big integers as decimal text, a chosen alternative as
 * `{ "alternative": value }`. Received octets (`encoded`) are left out; unknown extensions are shown as hex.
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
