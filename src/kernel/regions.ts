/**
 * The views that the host has on a WASM kernel's linear memory, and the kernel's functions, in one place.
 *
 * Addresses and capacities are what the module itself exports; that the regions fit in the memory and do not overlap is
 * checked once here, so that no later write can land outside. The memory never grows, so the views stay valid.
 */

/** Functions of the release entry (assembly/index.ts). */
export interface CoreFunctions {
  init(): void;
  verify(count: number, hashed: number): void;
  reconstruct(count: number): void;
  decompress(count: number): void;
  hashMany(count: number): void;
  streamBegin(): void;
  streamUpdate(octets: number): void;
  streamEnd(octets: number): void;
}

/** Views on the regions of assembly/memory.ts; sizes there. */
export interface Regions {
  /** Items of one call of verify, reconstruct or decompress. */
  readonly capacity: number;
  /** Messages of one call of hashMany. */
  readonly hashCapacity: number;
  readonly memoryBytes: number;
  readonly input: Uint8Array;
  readonly rForm: Uint8Array;
  readonly r: Uint8Array;
  readonly s: Uint8Array;
  readonly key: Uint8Array;
  readonly compressed: Uint8Array;
  readonly status: Uint8Array;
  readonly points: Uint8Array;
  readonly messages: Uint8Array;
  readonly messageLengths: Uint32Array;
  readonly digests: Uint8Array;
}

export interface Core {
  readonly call: CoreFunctions;
  readonly regions: Regions;
}

/**
 * Instantiates a kernel's module and lays the views over it. Does not call `init`.
 * @throws Error when the module is not this library's, or its map of memory is inconsistent.
 */
export function instantiate(module: WebAssembly.Module): Core {
  const exports = new WebAssembly.Instance(module, {}).exports;
  const number = (name: string): number => {
    const global = exports[name];
    if (!(global instanceof WebAssembly.Global)) throw new Error(`kernel module lacks the constant ${name}`);
    return global.value as number;
  };
  const memory = exports.memory;
  if (!(memory instanceof WebAssembly.Memory)) throw new Error('kernel module exports no memory');
  const { buffer } = memory;
  if (number('STATIC_END') > buffer.byteLength) throw new Error('kernel module has regions outside its memory');

  const taken: { name: string; start: number; end: number }[] = [];
  const octets = (name: string, length: number): Uint8Array => {
    const start = number(name);
    if (start <= 0 || start + length > buffer.byteLength) throw new Error(`kernel region ${name} leaves the memory`);
    const overlap = taken.find((other) => start < other.end && other.start < start + length);
    if (overlap) throw new Error(`kernel regions ${name} and ${overlap.name} overlap`);
    taken.push({ name, start, end: start + length });
    return new Uint8Array(buffer, start, length);
  };

  const capacity = number('CAPACITY');
  const hashCapacity = number('HASH_CAPACITY');
  const messageBytes = number('MESSAGE_BYTES');
  if (capacity < 1 || hashCapacity < 1 || messageBytes < 64 || messageBytes % 64 !== 0) {
    throw new Error('kernel module has unusable capacities');
  }
  const lengths = octets('MESSAGE_LENGTHS', 4 * hashCapacity);
  return {
    call: exports as unknown as CoreFunctions,
    regions: {
      capacity,
      hashCapacity,
      memoryBytes: buffer.byteLength,
      input: octets('INPUT', 64 * capacity),
      rForm: octets('R_FORM', capacity),
      r: octets('R_VALUE', 32 * capacity),
      s: octets('S_VALUE', 32 * capacity),
      key: octets('KEY', 64 * capacity),
      compressed: octets('COMPRESSED', 33 * capacity),
      status: octets('STATUS', capacity),
      points: octets('POINT_OUT', 64 * capacity),
      messages: octets('MESSAGES', messageBytes),
      messageLengths: new Uint32Array(buffer, lengths.byteOffset, hashCapacity),
      digests: octets('DIGESTS', 32 * hashCapacity),
    },
  };
}
