import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** Opening a FIFO without this waits until something writes to it. */
const WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * All of a regular file. A link to a device that never ends, a FIFO, a folder and a file that is larger than allowed are refused
 * before anything is read.
 *
 * @param most Bytes that it may have.
 * @throws Error of the operating system, or one that says what the file is.
 */
export function readRegularFile(path: string, most: number): Buffer {
  const descriptor = openSync(path, WITHOUT_WAITING);
  try {
    const size = sizeOf(fstatSync(descriptor), most);
    const bytes = Buffer.allocUnsafe(size);
    let length = 0;
    for (let read = -1; read !== 0 && length < size; length += read) {
      read = readSync(descriptor, bytes, length, size - length, null);
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Opens a regular file to read. The caller closes it.
 *
 * @throws Error as {@link readRegularFile}.
 */
export async function openRegularFile(path: string, most = Number.POSITIVE_INFINITY): Promise<FileHandle> {
  const file = await open(path, WITHOUT_WAITING);
  try {
    sizeOf(await file.stat(), most);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

function sizeOf(status: { isFile(): boolean; size: number }, most: number): number {
  if (!status.isFile()) throw new Error('not a regular file');
  if (status.size > most) throw new Error(`${status.size} bytes, at most ${most} are read`);
  return status.size;
}
