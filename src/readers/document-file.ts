import { ReaderError } from './errors.ts';
import { MAX_JSON_DOCUMENT_BYTES } from './json/limits.ts';
import { wholeFiles } from './sources/whole-files.ts';

/**
 * A document of its own, such as a scenario: the text of one file, unpacked.
 *
 * @throws ReaderError if the file does not exist, cannot be read, is larger than a document may be, or is several files.
 */
export async function readDocument(name: string): Promise<Uint8Array> {
  const documents: Uint8Array[] = [];
  for await (const file of wholeFiles([name], MAX_JSON_DOCUMENT_BYTES)) {
    if (file instanceof ReaderError) throw file;
    documents.push(file.bytes);
  }
  const [document] = documents;
  if (document === undefined || documents.length > 1) {
    throw new ReaderError(name, undefined, `${documents.length} files instead of one document`);
  }
  return document;
}
