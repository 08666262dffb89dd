/** Most batches fit. */
const LEAST = 2 ** 18;

/**
 * Memory that a lane shares with its thread, for the octets of the one batch that is with it: new memory for each would have
 * to be provided by the system page by page, which costs more than to write what is put there.
 */
export class SharedRoom {
  private memory = new SharedArrayBuffer(0);

  /** Room for so many octets, which were other octets before. */
  take(octets: number): Uint8Array {
    if (this.memory.byteLength < octets) this.memory = new SharedArrayBuffer(roundedUp(octets));
    return new Uint8Array(this.memory, 0, octets);
  }
}

function roundedUp(octets: number): number {
  let size = LEAST;
  while (size < octets) size *= 2;
  return size;
}
