/** The central directory of a ZIP archive (APPNOTE 4.3). */
export interface ZipEntry {
  readonly path: Uint8Array;
  readonly isEncrypted: boolean;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly unpacked: number;
  /** Where its local header begins. */
  readonly headerAt: number;
}

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const END_64_LOCATOR = 0x07064b50;

const LOCAL_HEADER_BYTES = 30;
const CENTRAL_HEADER_BYTES = 46;
const END_BYTES = 22;
const END_64_BYTES = 56;
const LOCATOR_BYTES = 20;
const MAX_COMMENT_BYTES = 0xffff;
const EXTRA_64 = 0x0001;
const IN_EXTRA = 0xffff_ffff;
const ENCRYPTED = 0x0001;
const SIZES_FOLLOW = 0x0008;

/** Entries in the order of the directory; `undefined` if there is none, as in an archive that breaks off. */
export function zipDirectory(bytes: Uint8Array): Iterable<ZipEntry> | undefined {
  const view = viewOf(bytes);
  const endAt = findEnd(view);
  if (endAt === undefined) return undefined;
  const where = locateDirectory(view, endAt);
  return where === undefined ? undefined : directoryEntries(view, bytes, where.offset, where.count);
}

/** Entries by their local headers, up to where that is no longer possible: for an archive without a directory. */
export function* zipLocalEntries(bytes: Uint8Array): Generator<ZipEntry> {
  const view = viewOf(bytes);
  for (let at = 0; at + LOCAL_HEADER_BYTES <= bytes.length && view.getUint32(at, true) === LOCAL_HEADER; ) {
    const flags = view.getUint16(at + 6, true);
    const packed = view.getUint32(at + 18, true);
    const nameLength = view.getUint16(at + 26, true);
    const name = at + LOCAL_HEADER_BYTES;
    if (flags & SIZES_FOLLOW || packed === IN_EXTRA) return;
    yield {
      path: bytes.slice(name, name + nameLength),
      isEncrypted: (flags & ENCRYPTED) !== 0,
      method: view.getUint16(at + 8, true),
      crc: view.getUint32(at + 14, true),
      packed,
      unpacked: view.getUint32(at + 22, true),
      headerAt: at,
    };
    at = name + nameLength + view.getUint16(at + 28, true) + packed;
  }
}

/** Where the data of an entry begin and end; `undefined` if they do not lie in the archive. */
export function zipData(
  bytes: Uint8Array,
  entry: ZipEntry,
): { readonly start: number; readonly end: number } | undefined {
  const view = viewOf(bytes);
  const { headerAt, packed } = entry;
  if (headerAt + LOCAL_HEADER_BYTES > bytes.length || view.getUint32(headerAt, true) !== LOCAL_HEADER) return undefined;
  const extras = view.getUint16(headerAt + 26, true) + view.getUint16(headerAt + 28, true);
  const start = headerAt + LOCAL_HEADER_BYTES + extras;
  return start + packed <= bytes.length ? { start, end: start + packed } : undefined;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** The end record, behind which there is nothing but its comment. */
function findEnd(view: DataView): number | undefined {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= 0 && at >= last - MAX_COMMENT_BYTES; at--) {
    if (view.getUint32(at, true) === END && at + END_BYTES + view.getUint16(at + 20, true) === view.byteLength)
      return at;
  }
  return undefined;
}

function locateDirectory(
  view: DataView,
  endAt: number,
): { readonly offset: number; readonly count: number } | undefined {
  const offset = view.getUint32(endAt + 16, true);
  const count = view.getUint16(endAt + 10, true);
  if (offset !== IN_EXTRA && count !== 0xffff) return { offset, count };
  const locator = endAt - LOCATOR_BYTES;
  if (locator < 0 || view.getUint32(locator, true) !== END_64_LOCATOR) return { offset, count };
  const at = Number(view.getBigUint64(locator + 8, true));
  if (at + END_64_BYTES > view.byteLength || view.getUint32(at, true) !== END_64) return undefined;
  return { offset: Number(view.getBigUint64(at + 48, true)), count: Number(view.getBigUint64(at + 32, true)) };
}

function* directoryEntries(view: DataView, bytes: Uint8Array, offset: number, count: number): Generator<ZipEntry> {
  let at = offset;
  for (let i = 0; i < count; i++) {
    if (!(at + CENTRAL_HEADER_BYTES <= bytes.length) || view.getUint32(at, true) !== CENTRAL_HEADER) return;
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const name = at + CENTRAL_HEADER_BYTES;
    const extra = name + nameLength;
    if (extra + extraLength > bytes.length) return;
    const sizes = {
      unpacked: view.getUint32(at + 24, true),
      packed: view.getUint32(at + 20, true),
      headerAt: view.getUint32(at + 42, true),
    };
    yield {
      path: bytes.slice(name, extra),
      isEncrypted: (view.getUint16(at + 8, true) & ENCRYPTED) !== 0,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      ...longSizes(view, extra, extra + extraLength, sizes),
    };
    at = extra + extraLength + view.getUint16(at + 32, true);
  }
}

type Sizes = Pick<ZipEntry, 'unpacked' | 'packed' | 'headerAt'>;

/** Sizes that do not fit 32 bits stand in an extra field, in this order, those alone that are marked. */
function longSizes(view: DataView, from: number, to: number, sizes: Sizes): Sizes {
  for (let at = from; at + 4 <= to; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== EXTRA_64) continue;
    let next = at + 4;
    const take = (value: number): number => {
      if (value !== IN_EXTRA || next + 8 > to) return value;
      next += 8;
      return Number(view.getBigUint64(next - 8, true));
    };
    return { unpacked: take(sizes.unpacked), packed: take(sizes.packed), headerAt: take(sizes.headerAt) };
  }
  return sizes;
}
