import { type CrlFile, crlsOfFile } from '../dot2/index.ts';
import { ReaderError } from './errors.ts';
import { sniffFormat } from './formats.ts';
import { MAX_WHOLE_BYTES, SNIFF_BYTES } from './limits.ts';
import { type WholeFile, wholeFiles } from './sources/whole-files.ts';
import { structuresIn } from './trust-files.ts';

/** A SecuredCrl of a file. */
export interface ReadCrl {
  readonly source: string;
  /** In the file, or in the structure that its text stands for. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** The CRLs of the files named, and warnings about the rest. */
export interface CrlFilesRead {
  readonly crls: readonly ReadCrl[];
  /** What is wrong with files beside their CRLs. */
  readonly warnings: readonly string[];
  /** Why a file could not be read; the CRLs of all others are there. */
  readonly failure: ReaderError | undefined;
}

/** A file of CRLs as a whole, or one of several structures that text holds. */
export interface CrlFileRead {
  readonly source: string;
  readonly bytes: Uint8Array;
  readonly file: CrlFile;
}

/**
 * Files of CRLs, also those of folders and archives: SecuredCrl, CompositeCrl of CAMP or of IEEE 1609.2.1, as COER or as text. One
 * that cannot be read comes as an error, and the others all the same.
 * @throws ReaderError for a name that does not exist.
 */
export async function* openCrlFiles(names: readonly string[]): AsyncGenerator<CrlFileRead | ReaderError> {
  for await (const file of wholeFiles(names, MAX_WHOLE_BYTES)) {
    const containers = file instanceof ReaderError ? file : containersOf(file);
    if (containers instanceof ReaderError) yield containers;
    else for (const bytes of containers) yield { source: (file as WholeFile).name, bytes, file: crlsOfFile(bytes) };
  }
}

/**
 * The CRLs of files. Bytes that do not decode are returned as one CRL, so that the verifier names their fault.
 * @throws ReaderError for a name that does not exist.
 */
export async function readCrlFiles(names: readonly string[]): Promise<CrlFilesRead> {
  const crls: ReadCrl[] = [];
  const warnings: string[] = [];
  let failure: ReaderError | undefined;
  for await (const read of openCrlFiles(names)) {
    if (read instanceof ReaderError) {
      failure ??= read;
      continue;
    }
    crls.push(...piecesOf(read));
    warnings.push(...warningsOf(read));
  }
  return { crls, warnings, failure };
}

/** COER stays whole, because what follows a composite CRL is part of the damage; text may hold one structure a line. */
function containersOf({ name, bytes }: WholeFile): readonly Uint8Array[] | ReaderError {
  if (bytes.length === 0) return new ReaderError(name, undefined, 'no records');
  const format = sniffFormat(bytes.subarray(0, SNIFF_BYTES));
  if (format === 'coer' || format === 'obulog') return [bytes];
  const { structures, problems } = structuresIn(name, bytes);
  return problems[0] ?? structures;
}

function piecesOf({ source, bytes, file: { crls, error } }: CrlFileRead): ReadCrl[] {
  if (crls.length === 0 && error !== undefined) return [{ source, offset: 0, bytes: bytes }];
  return crls.map((piece) => ({ source, ...piece }));
}

function warningsOf({ source, file: { container, crls, error } }: CrlFileRead): string[] {
  if (error !== undefined) {
    const at = `${error.code} at byte ${error.offset}${error.path ? ` (${error.path})` : ''}`;
    return [`${source}: the ${container} does not decode: ${at}: ${error.detail}`];
  }
  return crls.length === 0 ? [`${source}: a ${container} without any CRL`] : [];
}
