/** A piece of a structure that is replaced: positions count from the beginning of the buffer that holds the structure. */
interface Edit {
  readonly buffer: ArrayBufferLike;
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

/** Replaces pieces of the bytes that a structure was decoded from, and copies the rest: nothing is encoded again. */
export class Rewriting {
  private readonly edits: Edit[] = [];

  /**
   * Replaces `length` bytes from the one that lies `offset` bytes from the beginning of `view`, which is a part of the structure. Pieces are
   * replaced from the front to the back.
   */
  replace(view: Uint8Array, offset: number, length: number, bytes: Uint8Array): void {
    const start = view.byteOffset + offset;
    this.edits.push({ buffer: view.buffer, start, end: start + length, bytes });
  }

  /**
   * The structure with its pieces replaced; the received bytes themselves if none is.
   *
   * @throws RangeError for pieces of another structure: a value that was not decoded from these bytes.
   */
  apply(received: Uint8Array): Uint8Array {
    const { edits } = this;
    if (edits.length === 0) return received;
    const base = received.byteOffset;
    const gained = edits.reduce((sum, { start, end, bytes }) => sum + bytes.length - (end - start), 0);
    const result = new Uint8Array(received.length + gained);
    let from = 0;
    let to = 0;
    const copy = (bytes: Uint8Array): void => {
      result.set(bytes, to);
      to += bytes.length;
    };
    for (const { buffer, start, end, bytes } of edits) {
      const isInside = buffer === received.buffer && start - base >= from && end - base <= received.length;
      if (!isInside) throw new RangeError('a piece that is no part of the structure, or not behind the one before it');
      copy(received.subarray(from, start - base));
      copy(bytes);
      from = end - base;
    }
    copy(received.subarray(from));
    return result;
  }
}
