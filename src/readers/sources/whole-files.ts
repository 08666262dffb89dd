import { isGzip } from '../archives/gzip.ts';
import { ReaderError } from '../errors.ts';
import { sniffFormat } from '../formats.ts';
import { MAX_ARCHIVE_NESTING, SNIFF_BYTES } from '../limits.ts';
import { createParser } from '../parsers.ts';
import { foreignArtefact, looksLike } from '../recognise.ts';
import { withoutLineEnd } from '../structures/ends.ts';
import { Tally } from '../tally.ts';
import { WholeParser } from '../whole-parser.ts';
import { findInputs } from './inputs.ts';
import { bytesOf } from './whole-file.ts';

export interface WholeFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The files that names stand for, each as a whole: those in folders and in archives too. One that cannot be read, or is of a form
 * that no place takes, comes as an error, and the others all the same.
 *
 * @param most bytes that a file may hold.
 * @throws ReaderError for a name that does not exist.
 */
export async function* wholeFiles(names: readonly string[], most: number): AsyncGenerator<WholeFile | ReaderError> {
  for (const { files, unopened } of await findInputs(names)) {
    yield* unopened;
    for (const file of files) {
      try {
        yield* unpacked({ name: file.name, bytes: await bytesOf(file, most) }, most);
      } catch (error) {
        if (!(error instanceof ReaderError)) throw error;
        yield error;
      }
    }
  }
}

/** The file itself, or the files of the archive that it is. */
function* unpacked(file: WholeFile, most: number, nesting = 0): Generator<WholeFile | ReaderError> {
  const { name: archive, bytes } = file;
  const form = archiveForm(bytes);
  if (form === undefined) {
    const foreign = foreignArtefact(bytes);
    yield foreign === undefined
      ? { name: archive, bytes: withoutLineEnd(bytes) }
      : new ReaderError(archive, undefined, looksLike(foreign));
    return;
  }
  if (nesting >= MAX_ARCHIVE_NESTING) {
    yield new ReaderError(archive, undefined, `an archive inside ${MAX_ARCHIVE_NESTING} others: unpack it first`);
    return;
  }
  const open = (): WholeParser => new WholeParser((whole) => [{ offset: 0, bytes: whole }], archive, most);
  const parser = createParser(form, archive, most, { tally: new Tally(), open });
  for (const pieces of [parser.push(bytes), parser.end()]) {
    for (const { entry, bytes: found, unreadable } of pieces) {
      const name = entry === undefined ? archive : `${archive}!/${entry}`;
      if (unreadable !== undefined) yield new ReaderError(name, undefined, unreadable);
      else yield* unpacked({ name, bytes: found }, most, nesting + 1);
    }
  }
}

function archiveForm(bytes: Uint8Array): 'gzip' | 'zip' | 'tar' | undefined {
  if (isGzip(bytes)) return 'gzip';
  const format = sniffFormat(bytes.subarray(0, SNIFF_BYTES));
  return format === 'zip' || format === 'tar' ? format : undefined;
}
