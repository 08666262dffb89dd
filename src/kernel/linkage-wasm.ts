/** A linkage kernel on a WebAssembly module: cuts calls to the module's regions, and copies octets in and out. */
import type { KernelName } from './kernel.ts';
import { checkEvolve, checkExpand, checkGroupValues } from './linkage-checks.ts';
import {
  CHAIN_BYTES,
  type ChainsPerEntry,
  J_LIMIT,
  LINKAGE_VALUE_BYTES,
  type LinkageKernel,
  WORDS_PER_VALUE,
} from './linkage-kernel.ts';
import { Exports } from './module-exports.ts';
import type { WasmModule } from './wasm-module.ts';

/** Functions of the release entry (assembly/linkage/index.ts). */
interface LinkageFunctions {
  init(): void;
  evolve(count: number, steps: number): void;
  expand(count: number, chainsPerEntry: number, jStart: number, jEnd: number, firstEntry: number): void;
  groupValues(count: number, chainsPerEntry: number, jValue: number): void;
}

/** Chains that the module works on side by side: what begins a call begins a set of them. */
const TOGETHER = 4;

/**
 * Instantiates `module` and makes its tables (less than a millisecond).
 * @throws Error when the module is not this library's.
 */
export function createWasmLinkageKernel(name: KernelName, module: WasmModule): LinkageKernel {
  return new WasmLinkageKernel(name, new Exports(module));
}

class WasmLinkageKernel implements LinkageKernel {
  readonly name: KernelName;
  readonly memoryBytes: number;
  readonly #call: LinkageFunctions;
  /** Chains of one call, and values. */
  readonly #chainCapacity: number;
  readonly #valueCapacity: number;
  readonly #chains: Uint8Array;
  readonly #records: Uint32Array;
  readonly #values: Uint8Array;

  constructor(name: KernelName, module: Exports) {
    this.name = name;
    this.memoryBytes = module.buffer.byteLength;
    this.#call = module.functions as unknown as LinkageFunctions;
    this.#chainCapacity = module.number('CHAIN_CAPACITY');
    this.#valueCapacity = module.number('VALUE_CAPACITY');
    if (this.#chainCapacity < 2 * TOGETHER || this.#valueCapacity < TOGETHER * J_LIMIT) {
      throw new Error('kernel module has unusable capacities');
    }
    this.#chains = module.octets('CHAINS', CHAIN_BYTES * this.#chainCapacity);
    this.#values = module.octets('VALUES', 4 * WORDS_PER_VALUE * this.#valueCapacity);
    this.#records = new Uint32Array(this.#values.buffer, this.#values.byteOffset, this.#values.byteLength / 4);
    this.#call.init();
  }

  evolve(chains: Uint8Array, steps: number): void {
    const count = checkEvolve(chains, steps);
    if (steps === 0) return;
    for (let from = 0; from < count; from += this.#chainCapacity) {
      const some = Math.min(this.#chainCapacity, count - from);
      const part = this.#load(chains, from, some);
      this.#call.evolve(some, steps);
      part.set(this.#chains.subarray(0, part.length));
    }
  }

  expand(
    chains: Uint8Array,
    chainsPerEntry: ChainsPerEntry,
    jStart: number,
    jEnd: number,
    firstEntry: number,
    out: Uint32Array,
  ): void {
    const count = checkExpand(chains, chainsPerEntry, jStart, jEnd, firstEntry, out);
    const values = jEnd - jStart;
    if (values === 0) return;
    const room = Math.min(this.#chainCapacity / chainsPerEntry, Math.floor(this.#valueCapacity / values));
    const most = room - (room % TOGETHER);
    for (let from = 0; from < count; from += most) {
      const some = Math.min(most, count - from);
      this.#load(chains, from * chainsPerEntry, some * chainsPerEntry);
      this.#call.expand(some, chainsPerEntry, jStart, jEnd, firstEntry + from);
      const words = WORDS_PER_VALUE * values;
      out.set(this.#records.subarray(0, words * some), words * from);
    }
  }

  groupValues(chains: Uint8Array, chainsPerEntry: ChainsPerEntry, jValue: Uint8Array): Uint8Array {
    const count = checkGroupValues(chains, chainsPerEntry, jValue);
    const out = new Uint8Array(LINKAGE_VALUE_BYTES * count);
    const word = new DataView(jValue.buffer, jValue.byteOffset).getUint32(0, true);
    const most = this.#chainCapacity / chainsPerEntry;
    for (let from = 0; from < count; from += most) {
      const some = Math.min(most, count - from);
      this.#load(chains, from * chainsPerEntry, some * chainsPerEntry);
      this.#call.groupValues(some, chainsPerEntry, word);
      out.set(this.#values.subarray(0, LINKAGE_VALUE_BYTES * some), LINKAGE_VALUE_BYTES * from);
    }
    return out;
  }

  /** Puts chains where the module finds them; gives the part of `chains` that they are. */
  #load(chains: Uint8Array, from: number, count: number): Uint8Array {
    const part = chains.subarray(CHAIN_BYTES * from, CHAIN_BYTES * (from + count));
    this.#chains.set(part);
    return part;
  }
}
