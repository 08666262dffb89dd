import type { FileHandle } from 'node:fs/promises';
import { openRegularFile } from '../files/regular-file.ts';
import type { RevocationData } from './index-data.ts';
import { faultOf } from './save-check.ts';
import {
  arrayOver,
  FORMAT_VERSION,
  HASH_OCTETS,
  type Header,
  hashOf,
  isArrayType,
  MAGIC,
  MAX_HEADER_OCTETS,
  octetsAnItem,
  PIECE_OCTETS,
  PREFIX_OCTETS,
  putTogether,
  type Section,
  type SectionArray,
} from './save-format.ts';
import { sharedOctets } from './shared-arrays.ts';

/** A file that is no sound index; `offset` is where in it. */
export class IndexFileError extends Error {
  readonly path: string;
  readonly offset: number;

  constructor(path: string, offset: number, what: string) {
    super(`${path}: offset ${offset}: ${what}`);
    this.name = 'IndexFileError';
    this.path = path;
    this.offset = offset;
  }
}

/** The CRLs, roots and options that an index has to be of. */
export interface ExpectedIndex {
  /** Ids of the CRLs, in any order: exactly these. */
  readonly crls?: readonly string[];
  /** Hashes of trusted roots: every CRL has to be under one of them. */
  readonly roots?: readonly string[];
  /** Leniencies that are allowed: no CRL may have needed another. */
  readonly lenient?: readonly string[];
  readonly inclusiveJMax?: boolean;
}

/**
 * Opens an index that {@link saveRevocation} wrote, into shared memory. A hash covers every byte of the file: it finds damage,
 * not a replaced file, so keep the file as safe as the trust store.
 *
 * @throws IndexFileError where anything is not as it was written, or the index is of other CRLs or roots than expected.
 */
export async function openRevocation(path: string, expected: ExpectedIndex = {}): Promise<RevocationData> {
  const file = await openRegularFile(path);
  try {
    const data = await new Opening(path, file).run();
    const refused = otherThan(expected, data);
    if (refused !== undefined) throw new IndexFileError(path, PREFIX_OCTETS, refused);
    return data;
  } finally {
    await file.close();
  }
}

class Opening {
  private readonly path: string;
  private readonly file: FileHandle;
  private offset = 0;

  constructor(path: string, file: FileHandle) {
    this.path = path;
    this.file = file;
  }

  async run(): Promise<RevocationData> {
    const { data: plain, sections } = await this.header();
    const headerEnd = this.offset;
    await this.mustEndAt(sections.reduce((end, { octets }) => end + octets, headerEnd));
    const arrays: SectionArray[] = [];
    for (const [index, section] of sections.entries()) arrays.push(await this.section(index, section));
    const data = putTogether(plain, arrays) as RevocationData;
    const fault = faultOf(data);
    if (fault !== undefined) this.fail(PREFIX_OCTETS, `the parts do not fit together: ${fault}`);
    return data;
  }

  private async header(): Promise<Header> {
    const prefix = Buffer.from(await this.take(PREFIX_OCTETS, 'the prefix'));
    if (prefix.toString('latin1', 0, MAGIC.length) !== MAGIC) this.fail(0, 'this is no revocation index');
    const version = prefix.readUInt32LE(MAGIC.length);
    if (version !== FORMAT_VERSION) {
      this.fail(MAGIC.length, `format version ${version}; this release reads ${FORMAT_VERSION}`);
    }
    const length = prefix.readUInt32LE(MAGIC.length + 4);
    if (length > MAX_HEADER_OCTETS) {
      this.fail(MAGIC.length + 4, `a header of ${length} octets; at most ${MAX_HEADER_OCTETS} are read`);
    }
    const text = Buffer.from(await this.take(length, 'the header'));
    const hash = Buffer.from(await this.take(HASH_OCTETS, 'the hash of the header')).toString('hex');
    if (hashOf(Buffer.concat([prefix, text])) !== hash) this.fail(0, 'the header is damaged: its hash differs');
    return this.parsed(text);
  }

  private parsed(text: Buffer): Header {
    let header: Header;
    try {
      header = JSON.parse(text.toString()) as Header;
    } catch (error) {
      return this.fail(PREFIX_OCTETS, `the header is no JSON: ${(error as Error).message}`);
    }
    if (!Array.isArray(header?.sections) || !header.sections.every(isSection)) {
      this.fail(PREFIX_OCTETS, 'the header lists no sections');
    }
    return header;
  }

  /** Before memory is taken for what may not be there. */
  private async mustEndAt(end: number): Promise<void> {
    const { size } = await this.file.stat();
    if (size < end) this.fail(size, `the file ends here, ${end - size} octets early`);
    if (size > end) this.fail(end, `${size - end} octets behind the end of the index`);
  }

  private async section(index: number, { type, octets, sha256 }: Section): Promise<SectionArray> {
    const from = this.offset;
    const array = await this.take(octets, `section ${index}`);
    if (hashOf(array) !== sha256) {
      this.fail(from, `section ${index}, ${octets} octets from here, is damaged: its hash differs`);
    }
    return arrayOver(type, array.buffer as SharedArrayBuffer);
  }

  private async take(count: number, what: string): Promise<Uint8Array> {
    const octets = sharedOctets(count);
    for (let done = 0; done < count; ) {
      const { bytesRead } = await this.file.read(
        octets,
        done,
        Math.min(PIECE_OCTETS, count - done),
        this.offset + done,
      );
      if (bytesRead === 0) this.fail(this.offset + done, `the file ends inside ${what}`);
      done += bytesRead;
    }
    this.offset += count;
    return octets;
  }

  private fail(offset: number, what: string): never {
    throw new IndexFileError(this.path, offset, what);
  }
}

function isSection(section: Section | null): boolean {
  return (
    typeof section === 'object' &&
    section !== null &&
    isArrayType(section.type) &&
    Number.isSafeInteger(section.octets) &&
    section.octets >= 0 &&
    section.octets % octetsAnItem(section.type) === 0 &&
    typeof section.sha256 === 'string'
  );
}

/** How an index differs from what was expected; undefined where it does not. */
function otherThan({ crls, roots, lenient, inclusiveJMax }: ExpectedIndex, data: RevocationData): string | undefined {
  const ids = new Set(data.crls.map(({ about }) => about.id));
  const missing = crls?.find((id) => !ids.has(id));
  if (missing !== undefined) return `the index was not built of CRL ${missing}`;
  const extra = crls && data.crls.find(({ about }) => !crls.includes(about.id));
  if (extra) return `the index was built of CRL ${extra.about.id} (${extra.about.source}) too`;
  const foreign = roots && data.crls.find(({ about }) => !roots.includes(about.scope.root));
  if (foreign) return `CRL ${foreign.about.source} is under root ${foreign.about.scope.root}, which is not trusted`;
  for (const { about } of lenient ? data.crls : []) {
    const more = about.lenient.filter((rule) => !lenient?.includes(rule));
    if (more.length > 0) return `CRL ${about.source} was accepted under --lenient ${more.join(',')}`;
  }
  if (inclusiveJMax !== undefined && inclusiveJMax !== data.inclusiveJMax) {
    return `the index was built ${data.inclusiveJMax ? 'with' : 'without'} j = jMax`;
  }
  return undefined;
}
