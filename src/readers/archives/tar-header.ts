/** Headers of tar (POSIX.1-1988 ustar, POSIX.1-2001 pax, GNU, and the older form without a magic number). */
export const TAR_BLOCK_BYTES = 512;

const CHECKSUM_AT = 148;
const CHECKSUM_BYTES = 8;
const SIZE_AT = 124;
const SIZE_BYTES = 12;
const TYPE_AT = 156;
const MAGIC_AT = 257;
const PREFIX_AT = 345;
const SPACE = 0x20;

export interface TarHeader {
  /** Path, as bytes: the prefix of ustar, a slash, the name. */
  readonly path: Uint8Array;
  readonly size: number;
  /** One character: `0` for a file, `5` for a folder, … */
  readonly type: string;
}

/** Whether a header is at `at`: the sum of its bytes is the one that it names. No other form of input passes that. */
export function isTarHeader(bytes: Uint8Array, at: number): boolean {
  if (at + TAR_BLOCK_BYTES > bytes.length) return false;
  const named = octalAt(bytes, at + CHECKSUM_AT, CHECKSUM_BYTES);
  if (named === undefined || named === 0) return false;
  let sum = CHECKSUM_BYTES * SPACE;
  for (let i = 0; i < TAR_BLOCK_BYTES; i++) {
    if (i < CHECKSUM_AT || i >= CHECKSUM_AT + CHECKSUM_BYTES) sum += bytes[at + i] as number;
  }
  return sum === named && sizeAt(bytes, at) !== undefined;
}

/** The header at `at`, which {@link isTarHeader} has found there. */
export function tarHeaderAt(bytes: Uint8Array, at: number): TarHeader {
  const name = untilZero(bytes, at, 100);
  const isUstar = untilZero(bytes, at + MAGIC_AT, 5).length === 5 && bytes[at + MAGIC_AT] === 0x75;
  // GNU keeps other fields where ustar has its prefix, behind a magic number that ends in two blanks.
  const isGnu = bytes[at + MAGIC_AT + 5] === SPACE;
  const prefix = isUstar && !isGnu ? untilZero(bytes, at + PREFIX_AT, 155) : new Uint8Array(0);
  const path = prefix.length === 0 ? name : joined(prefix, name);
  const type = bytes[at + TYPE_AT] as number;
  return { path, size: sizeAt(bytes, at) as number, type: type === 0 ? '0' : String.fromCharCode(type) };
}

/** Octal digits, or with the first bit set a binary number. */
function sizeAt(bytes: Uint8Array, at: number): number | undefined {
  const start = at + SIZE_AT;
  if (((bytes[start] as number) & 0x80) === 0) return octalAt(bytes, start, SIZE_BYTES);
  let value = (bytes[start] as number) & 0x7f;
  for (let i = 1; i < SIZE_BYTES; i++) value = value * 256 + (bytes[start + i] as number);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** A number in octal digits between blanks and zeros; `undefined` for anything else. */
function octalAt(bytes: Uint8Array, at: number, length: number): number | undefined {
  let i = at;
  const end = at + length;
  while (i < end && bytes[i] === SPACE) i++;
  let value = 0;
  for (; i < end && bytes[i] !== SPACE && bytes[i] !== 0; i++) {
    const digit = (bytes[i] as number) - 0x30;
    if (digit < 0 || digit > 7) return undefined;
    value = value * 8 + digit;
  }
  return value;
}

function untilZero(bytes: Uint8Array, at: number, length: number): Uint8Array {
  const field = bytes.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.slice(0, end < 0 ? length : end);
}

function joined(prefix: Uint8Array, name: Uint8Array): Uint8Array {
  const path = new Uint8Array(prefix.length + 1 + name.length);
  path.set(prefix);
  path[prefix.length] = 0x2f;
  path.set(name, prefix.length + 1);
  return path;
}

/** What records of a pax header say of the file behind it: `LENGTH KEY=VALUE\n`, one behind the other. */
export function paxRecords(bytes: Uint8Array): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  const text = new TextDecoder();
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(SPACE, at);
    const length = space < 0 ? Number.NaN : Number(text.decode(bytes.subarray(at, space)));
    if (!Number.isInteger(length) || length <= space - at || at + length > bytes.length) break;
    const record = text.decode(bytes.subarray(space + 1, at + length - 1));
    const equals = record.indexOf('=');
    if (equals > 0) records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}
