/**
 * The views that the host has on a WASM kernel's linear memory, and the kernel's functions, in one place. Addresses and
 * capacities are what the module itself exports, checked by module-exports.ts.
 */
import { Exports } from './module-exports.ts';
import type { WasmModule } from './wasm-module.ts';

/** Functions of the release entry (assembly/index.ts). */
export interface CoreFunctions {
  fieldWorks(): number;
  init(): void;
  /** Items in lock-step, nothing known of their keys. */
  verify(count: number, hashed: number): void;
  /** The same over INPUT or else over what stands in IMPLICIT_INPUT. */
  verifyEither(count: number, hashed: number): void;
  /** The same under keys of implicit certificates, which are not made; `upper`: those of their issuers are implicit as well. */
  verifyImplicit(count: number, hashed: number, upper: number): void;
  /** One item, in the time of one. */
  verifyOne(hashed: number): void;
  verifyByTables(count: number, hashed: number, issuer: number): void;
  buildKeyTable(issuer: number, slot: number): void;
  verifyByEquation(count: number, hashed: number, kind: number, shared: number): void;
  reconstruct(count: number): void;
  decompress(count: number): void;
  checkPoints(count: number): void;
  randomOctetsFor(count: number): number;
  placeSignatures(count: number): void;
  placeKeys(count: number): void;
  placePoints(count: number): void;
  placeImplicit(count: number): void;
  placeUpper(count: number): void;
  hashMany(count: number): void;
  streamBegin(): void;
  streamUpdate(octets: number): void;
  streamEnd(octets: number): void;
}

/** Views on the regions of assembly/memory.ts; sizes there. */
export interface Regions {
  /** Items of one call of verify, reconstruct or decompress. */
  readonly capacity: number;
  /** Messages of one call of hashMany, digests of a round, and its signatures or points. */
  readonly hashCapacity: number;
  readonly digestCapacity: number;
  readonly roundCapacity: number;
  /** Points that the items of an equation can have in common, and tables of each kind. */
  readonly shared: number;
  readonly keyTables: number;
  readonly issuerTables: number;
  readonly memoryBytes: number;
  /** Address of `messages`. */
  readonly messagesAt: number;
  readonly input: Uint8Array;
  readonly alternative: Uint8Array;
  readonly rForm: Uint8Array;
  readonly r: Uint8Array;
  readonly s: Uint8Array;
  readonly key: Uint8Array;
  readonly compressed: Uint8Array;
  readonly status: Uint8Array;
  readonly points: Uint8Array;
  readonly tableSlot: Uint16Array;
  readonly multipliers: Uint8Array<ArrayBuffer>;
  readonly sharedIndex: Uint8Array;
  readonly sharedKey: Uint8Array;
  readonly messages: Uint8Array;
  readonly messageAt: Uint32Array;
  readonly messageLengths: Uint32Array;
  readonly messageTo: Uint32Array;
  readonly digests: Uint8Array;
  readonly order: Uint16Array;
  readonly signatureData: Uint16Array;
  readonly signatureSigner: Uint16Array;
  readonly signatureR: Uint32Array;
  readonly signatureS: Uint32Array;
  readonly signatureForm: Uint8Array;
  readonly signatureTbs: Uint16Array;
  readonly signatureIssuer: Uint16Array;
  readonly signaturePoint: Uint16Array;
  readonly signatureUpperTbs: Uint16Array;
  readonly signatureUpperIssuer: Uint16Array;
  readonly signatureUpperPoint: Uint16Array;
  readonly pointAt: Uint32Array;
  readonly pointOdd: Uint8Array;
}

export interface Core {
  readonly call: CoreFunctions;
  readonly regions: Regions;
  /** Equations that the last verifyByEquation evaluated. */
  readonly equations: WebAssembly.Global;
}

/**
 * Instantiates a kernel's module and lays the views over it. Does not call `init`.
 * @throws Error when the module is not this library's, or its map of memory is inconsistent.
 */
export function instantiate(module: WasmModule): Core {
  const exports = new Exports(module);
  const number = (name: string): number => exports.number(name);
  const octets = (name: string, length: number): Uint8Array<ArrayBuffer> => exports.octets(name, length);
  const { buffer } = exports;

  const capacity = number('CAPACITY');
  const hashCapacity = number('HASH_CAPACITY');
  const messageBytes = number('MESSAGE_BYTES');
  if (capacity < 1 || hashCapacity < 1 || messageBytes < 64 || messageBytes % 64 !== 0) {
    throw new Error('kernel module has unusable capacities');
  }
  const digestCapacity = number('DIGEST_CAPACITY');
  const roundCapacity = number('ROUND_CAPACITY');
  const shared = number('SHARED');
  const words = (name: string, length: number): Uint32Array =>
    new Uint32Array(buffer, octets(name, 4 * length).byteOffset, length);
  const halves = (name: string, length: number): Uint16Array =>
    new Uint16Array(buffer, octets(name, 2 * length).byteOffset, length);
  return {
    call: exports.functions as unknown as CoreFunctions,
    equations: exports.global('equations'),
    regions: {
      capacity,
      hashCapacity,
      digestCapacity,
      roundCapacity,
      shared,
      keyTables: number('KEY_TABLES'),
      issuerTables: number('ISSUER_TABLES'),
      memoryBytes: buffer.byteLength,
      messagesAt: number('MESSAGES'),
      input: octets('INPUT', 64 * capacity),
      alternative: octets('IMPLICIT_INPUT', 64 * capacity),
      rForm: octets('R_FORM', capacity),
      r: octets('R_VALUE', 32 * capacity),
      s: octets('S_VALUE', 32 * capacity),
      key: octets('KEY', 64 * capacity),
      compressed: octets('COMPRESSED', 33 * capacity),
      status: octets('STATUS', capacity),
      points: octets('POINT_OUT', 64 * capacity),
      tableSlot: halves('TABLE_SLOT', capacity),
      multipliers: octets('MULTIPLIERS', 16 * capacity),
      sharedIndex: octets('SHARED_INDEX', capacity),
      sharedKey: octets('SHARED_KEY', 64 * shared),
      messages: octets('MESSAGES', messageBytes),
      messageAt: words('MESSAGE_AT', hashCapacity),
      messageLengths: words('MESSAGE_LENGTHS', hashCapacity),
      messageTo: words('MESSAGE_TO', hashCapacity),
      digests: octets('DIGESTS', 32 * digestCapacity),
      order: halves('ORDER', roundCapacity),
      signatureData: halves('SIGNATURE_DATA', roundCapacity),
      signatureSigner: halves('SIGNATURE_SIGNER', roundCapacity),
      signatureR: words('SIGNATURE_R', roundCapacity),
      signatureS: words('SIGNATURE_S', roundCapacity),
      signatureForm: octets('SIGNATURE_FORM', roundCapacity),
      signatureTbs: halves('SIGNATURE_TBS', roundCapacity),
      signatureIssuer: halves('SIGNATURE_ISSUER', roundCapacity),
      signaturePoint: halves('SIGNATURE_POINT', roundCapacity),
      signatureUpperTbs: halves('SIGNATURE_UPPER_TBS', roundCapacity),
      signatureUpperIssuer: halves('SIGNATURE_UPPER_ISSUER', roundCapacity),
      signatureUpperPoint: halves('SIGNATURE_UPPER_POINT', roundCapacity),
      pointAt: words('POINT_AT', roundCapacity),
      pointOdd: octets('POINT_ODD', roundCapacity),
    },
  };
}
