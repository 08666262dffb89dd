import { ReaderError } from './errors.ts';
import { sniffFormat } from './formats.ts';
import { MAX_WHOLE_OCTETS, SNIFF_OCTETS } from './limits.ts';
import { type FoundFile, findInputs } from './sources/inputs.ts';
import { bytesOf } from './sources/whole-file.ts';
import { fromBase64, fromHex } from './text-octets.ts';
import { latin1 } from './text-parser.ts';

/** A file of root management: one artefact, whole. */
export interface ReadArtefact {
  readonly name: string;
  readonly octets: Uint8Array;
}

/**
 * Artefacts of root management, one a file, and one for every file below a directory: COER, or hex or base64 wrapped as one likes.
 * What follows an artefact in its file belongs to it: that is for the strict decoder to refuse.
 *
 * @throws ReaderError for a name that does not exist, a file that cannot be read, and one that is empty.
 */
export async function readArtefacts(names: readonly string[]): Promise<ReadArtefact[]> {
  const artefacts: ReadArtefact[] = [];
  for (const { files } of await findInputs(names)) {
    for (const file of files) artefacts.push({ name: file.name, octets: await artefactOf(file) });
  }
  return artefacts;
}

async function artefactOf(file: FoundFile): Promise<Uint8Array> {
  const { name } = file;
  const octets = await bytesOf(file, MAX_WHOLE_OCTETS);
  if (octets.length === 0) throw new ReaderError(name, undefined, 'no bytes');
  const format = sniffFormat(octets.subarray(0, SNIFF_OCTETS));
  if (format !== 'hex' && format !== 'base64') return octets;
  const decoded = (format === 'hex' ? fromHex : fromBase64)(latin1(octets).replace(/\s/g, ''));
  if (decoded === undefined) throw new ReaderError(name, undefined, `not wholly ${format}`);
  return decoded;
}
