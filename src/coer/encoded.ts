/** The bytes of a SEQUENCE, in place of its value where one is encoded: parts that have not changed are copied. */
export class Encoded {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** A decoded value that keeps its bytes, as those; it must not have been changed since. */
export function unchanged<T extends { readonly encoded?: Uint8Array | undefined }>(value: T): T {
  return (value.encoded === undefined ? value : new Encoded(value.encoded)) as T;
}
