import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RevocationData } from './index-data.ts';
import {
  FORMAT_VERSION,
  HASH_OCTETS,
  type Header,
  hashOf,
  MAGIC,
  octetsOf,
  PIECE_OCTETS,
  PREFIX_OCTETS,
  sectionOf,
  takeApart,
} from './save-format.ts';

/**
 * Saves an index; {@link openRevocation} opens it. It is written beside its place and put there once it is on the disk, so that
 * a full disk, a kill or a power cut leave the file before it. (A kill may leave a `.part` file as well, which is never read.)
 */
export async function saveRevocation(data: RevocationData, path: string, signal?: AbortSignal): Promise<void> {
  const part = `${path}.${process.pid}-${randomBytes(4).toString('hex')}.part`;
  const file = await open(part, 'wx');
  try {
    try {
      await writeAll(file, data, signal);
      await file.sync();
    } finally {
      await file.close();
    }
    signal?.throwIfAborted();
    await rename(part, path);
  } catch (error) {
    await unlink(part).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(path));
}

async function writeAll(file: FileHandle, data: RevocationData, signal: AbortSignal | undefined): Promise<void> {
  const { plain, arrays } = takeApart(data);
  await write(file, headerOctets({ data: plain, sections: arrays.map(sectionOf) }));
  for (const array of arrays) {
    const octets = octetsOf(array);
    for (let at = 0; at < octets.length; at += PIECE_OCTETS) {
      signal?.throwIfAborted();
      await write(file, octets.subarray(at, at + PIECE_OCTETS));
    }
  }
}

function headerOctets(header: Header): Uint8Array {
  const text = Buffer.from(JSON.stringify(header));
  const octets = Buffer.alloc(PREFIX_OCTETS + text.length + HASH_OCTETS);
  octets.write(MAGIC, 'latin1');
  octets.writeUInt32LE(FORMAT_VERSION, MAGIC.length);
  octets.writeUInt32LE(text.length, MAGIC.length + 4);
  text.copy(octets, PREFIX_OCTETS);
  octets.write(hashOf(octets.subarray(0, -HASH_OCTETS)), octets.length - HASH_OCTETS, 'hex');
  return octets;
}

/** A write may take less than it was given. */
async function write(file: FileHandle, octets: Uint8Array): Promise<void> {
  for (let at = 0; at < octets.length; ) at += (await file.write(octets, at)).bytesWritten;
}

/** Makes the new name last. Not every system can; the file itself is safe all the same. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    await folder.sync().finally(() => folder.close());
  } catch {
    // Windows opens no folders.
  }
}
