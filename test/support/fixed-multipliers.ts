/**
 * A kernel on the test build of the core whose batch equation takes multipliers of one's choice, to show that sets of invalid
 * signatures which cancel for known multipliers do cancel, and are refused because nobody knows the real ones.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Kernel } from '../../src/kernel/kernel.ts';
import { createWasmKernel } from '../../src/kernel/wasm-kernel.ts';
import { watch } from './kernel-paths.ts';
import { concat, toOctets } from './octets.ts';

export interface KernelWithFixedMultipliers {
  readonly kernel: Kernel;
  /** The multipliers of the items of every batch equation from now on, below 2^128; without any, unpredictable ones again. */
  fixMultipliers(multipliers: readonly bigint[]): void;
}

/**
 * The kernel of that name, or undefined where its test build has no `setBatchMultipliers(address, count)`: 16 big-endian octets
 * an item, read from the tests' own scratch region; a count of 0 ends it.
 */
export function kernelWithFixedMultipliers(name: string): KernelWithFixedMultipliers | undefined {
  const path = fileURLToPath(new URL(`../../build/testing-${name}.wasm`, import.meta.url));
  if (!existsSync(path)) return undefined;
  const module = new WebAssembly.Module(readFileSync(path));
  if (!WebAssembly.Module.exports(module).some((one) => one.name === 'setBatchMultipliers')) return undefined;
  const { made: kernel, exports } = watch(() => createWasmKernel(name as Exclude<Kernel['name'], 'native'>, module));
  const { memory, SCRATCH, SCRATCH_BYTES, setBatchMultipliers } = exports[0]! as {
    memory: WebAssembly.Memory;
    SCRATCH: WebAssembly.Global<'i32'>;
    SCRATCH_BYTES: WebAssembly.Global<'i32'>;
    setBatchMultipliers(address: number, count: number): void;
  };
  return {
    kernel,
    fixMultipliers(multipliers) {
      const octets = concat(...multipliers.map((multiplier) => toOctets(multiplier, 16)));
      if (octets.length > SCRATCH_BYTES.value) throw new RangeError('scratch is full');
      new Uint8Array(memory.buffer).set(octets, SCRATCH.value);
      setBatchMultipliers(SCRATCH.value, multipliers.length);
    },
  };
}
