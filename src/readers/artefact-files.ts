import { ReaderError } from './errors.ts';
import { sniffFormat } from './formats.ts';
import { MAX_WHOLE_OCTETS, SNIFF_OCTETS } from './limits.ts';
import { type WholeFile, wholeFiles } from './sources/whole-files.ts';
import { isBlank } from './values/ascii.ts';
import { base64Bytes } from './values/base64.ts';
import { hexBytes } from './values/hex.ts';

/** A file of root management: one artefact, whole. */
export interface ReadArtefact {
  readonly name: string;
  readonly octets: Uint8Array;
}

/**
 * Artefacts of root management, one for each file, also of folders and archives: COER, or hex or base64 wrapped as one likes.
 * What follows an artefact in its file belongs to it: that is for the strict decoder to refuse.
 *
 * @throws ReaderError for a name that does not exist, a file that cannot be read, is empty or of a foreign form.
 */
export async function readArtefacts(names: readonly string[]): Promise<ReadArtefact[]> {
  const artefacts: ReadArtefact[] = [];
  for await (const file of wholeFiles(names, MAX_WHOLE_OCTETS)) {
    if (file instanceof ReaderError) throw file;
    artefacts.push({ name: file.name, octets: artefactOf(file) });
  }
  return artefacts;
}

function artefactOf({ name, bytes: octets }: WholeFile): Uint8Array {
  if (octets.length === 0) throw new ReaderError(name, undefined, 'no bytes');
  const format = sniffFormat(octets.subarray(0, SNIFF_OCTETS));
  if (format !== 'hex' && format !== 'base64') return octets;
  const decoded = (format === 'hex' ? hexBytes : base64Bytes)(octets.filter((byte) => !isBlank(byte)));
  if (decoded === undefined) throw new ReaderError(name, undefined, `not wholly ${format}`);
  return decoded;
}
