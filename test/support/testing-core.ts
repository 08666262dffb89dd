/** The test build of the core: primitives of assembly/testing.ts, with elements written and read as numbers. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { P } from '../reference/p256.ts';
import { fromHex, toHex } from './octets.ts';

/** The builds whose elements are limbs of 29 bits, and all of them. */
export const INTEGER_CORES = ['scalar', 'simd'] as const;
export const CORE_NAMES = [...INTEGER_CORES, 'fma'] as const;
export type CoreName = (typeof CORE_NAMES)[number];

/** 2^261, by which Montgomery form multiplies in the integer builds, and for scalars mod n in all of them. */
export const R = 1n << 261n;
const LIMB = 29n;
const LIMB_MASK = (1n << LIMB) - 1n;

type Address = number;

export class TestingCore {
  readonly lanes: number;
  readonly feBytes: number;
  readonly memory: WebAssembly.Memory;
  /** Exported functions by name. */
  readonly call: Record<string, (...operands: number[]) => number>;
  /** By what Montgomery form multiplies field elements in this build. */
  readonly R: bigint;
  readonly #exports: WebAssembly.Exports;
  readonly #isDouble: boolean;
  readonly #f64: Float64Array;
  readonly #u32: Uint32Array;
  readonly octets: Uint8Array;

  constructor(name: CoreName) {
    const path = fileURLToPath(new URL(`../../build/testing-${name}.wasm`, import.meta.url));
    const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(path)), {});
    this.#exports = instance.exports;
    this.call = instance.exports as unknown as TestingCore['call'];
    this.memory = instance.exports.memory as WebAssembly.Memory;
    this.#isDouble = name === 'fma';
    this.R = 1n << (this.#isDouble ? 260n : 261n);
    this.#f64 = new Float64Array(this.memory.buffer);
    this.#u32 = new Uint32Array(this.memory.buffer);
    this.octets = new Uint8Array(this.memory.buffer);
    this.lanes = this.constant('LANES');
    this.feBytes = this.constant('FE_BYTES');
    this.call.init!();
  }

  constant(name: string): number {
    return (this.#exports[name] as WebAssembly.Global).value as number;
  }

  /** Element i of the tests' scratch region. */
  slot(i: number): Address {
    if ((i + 1) * this.feBytes > this.constant('SCRATCH_BYTES')) throw new RangeError('scratch is full');
    return this.constant('SCRATCH') + i * this.feBytes;
  }

  putLimbs(element: Address, lane: number, limbs: readonly bigint[]): void {
    for (let i = 0; i < 10; i++) this.#u32[element / 4 + i * this.lanes + lane] = Number(limbs[i] ?? 0n);
  }

  limbs(element: Address, lane: number): bigint[] {
    return Array.from({ length: 9 }, (_, i) => BigInt(this.#u32[element / 4 + i * this.lanes + lane]!));
  }

  /** Five digits of 52 bits, for the double-precision build. */
  putDigits(element: Address, lane: number, digits: readonly number[]): void {
    for (let i = 0; i < 5; i++) this.#f64[element / 8 + i * this.lanes + lane] = digits[i]!;
  }

  digits(element: Address, lane: number): number[] {
    return Array.from({ length: 5 }, (_, i) => this.#f64[element / 8 + i * this.lanes + lane]!);
  }

  /** A value below 2^256; in the double-precision build one that is congruent to it and tight. */
  put(element: Address, lane: number, value: bigint): void {
    if (this.#isDouble) this.putDigits(element, lane, toDigits(value >= 1n << 255n ? value - P : value));
    else this.putLimbs(element, lane, toLimbs(value));
  }

  get(element: Address, lane: number): bigint {
    return this.#isDouble ? fromDigits(this.digits(element, lane)) : fromLimbs(this.limbs(element, lane));
  }

  /** A coordinate of a table entry: 32 octets, of which the double-precision build has half of every digit's range taken off. */
  compact(address: Address): bigint {
    let value = 0n;
    for (let i = 31; i >= 0; i--) value = (value << 8n) | BigInt(this.octets[address + i]!);
    return this.#isDouble ? value - fromDigits([2 ** 51, 2 ** 51, 2 ** 51, 2 ** 51, 2 ** 47]) : value;
  }

  putOctets(address: Address, octets: Uint8Array): void {
    this.octets.set(octets, address);
  }

  getHex(address: Address, length: number): string {
    return toHex(this.octets.subarray(address, address + length));
  }

  putHex(address: Address, hex: string): void {
    this.putOctets(address, fromHex(hex));
  }

  /** A scalar mod n: nine limbs in a row, 40 octets. */
  putScalar(address: Address, value: bigint): void {
    toLimbs(value).forEach((limb, i) => {
      this.#u32[address / 4 + i] = Number(limb);
    });
    this.#u32[address / 4 + 9] = 0;
  }

  getScalar(address: Address): bigint {
    return fromLimbs(Array.from({ length: 9 }, (_, i) => BigInt(this.#u32[address / 4 + i]!)));
  }
}

/** Nine limbs of 29 bits; what does not fit goes into the highest. */
export function toLimbs(value: bigint): bigint[] {
  return Array.from({ length: 9 }, (_, i) => {
    const rest = value >> (LIMB * BigInt(i));
    return i < 8 ? rest & LIMB_MASK : rest;
  });
}

export function fromLimbs(limbs: readonly bigint[]): bigint {
  return limbs.reduce((sum, limb, i) => sum + (limb << (LIMB * BigInt(i))), 0n);
}

const DIGIT = 52n;

/** Five digits of 52 bits, balanced; what does not fit goes into the highest. */
export function toDigits(value: bigint): number[] {
  let rest = value;
  return Array.from({ length: 5 }, (_, i) => {
    if (i === 4) return Number(rest);
    const digit = BigInt.asIntN(52, rest);
    rest = (rest - digit) >> DIGIT;
    return Number(digit);
  });
}

export function fromDigits(digits: readonly number[]): bigint {
  return digits.reduce((sum, digit, i) => sum + (BigInt(digit) << (DIGIT * BigInt(i))), 0n);
}
