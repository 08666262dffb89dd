import { concat } from '../bytes.ts';
import { ReaderError } from '../errors.ts';
import { sourceOf } from './byte-source.ts';
import type { FoundFile } from './inputs.ts';

/**
 * A whole file or standard input, unpacked.
 *
 * @param most bytes it may hold.
 * @throws ReaderError if it cannot be read, is damaged, or holds more.
 */
export async function bytesOf(file: Pick<FoundFile, 'path' | 'name'>, most: number): Promise<Uint8Array> {
  const source = sourceOf(file);
  const chunks: Uint8Array[] = [];
  for await (const chunk of source.chunks()) {
    if (source.offset > most) throw new ReaderError(file.name, source.offset, `more than ${most} bytes in one file`);
    chunks.push(chunk);
  }
  if (source.damage !== undefined) throw new ReaderError(file.name, source.offset, source.damage);
  return concat(chunks);
}
