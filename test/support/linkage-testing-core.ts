/** The test build of the linkage module: AES by itself, many keys at a time. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CoreName } from './testing-core.ts';

const BLOCK_OCTETS = 16;

export class LinkageTestingCore {
  readonly memory: WebAssembly.Memory;
  readonly capacity: number;
  readonly #exports: WebAssembly.Exports;
  readonly #keys: Uint8Array;
  readonly #blocks: Uint8Array;

  constructor(name: CoreName) {
    const path = fileURLToPath(new URL(`../../build/linkage-testing-${name}.wasm`, import.meta.url));
    this.#exports = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(path)), {}).exports;
    this.memory = this.#exports.memory as WebAssembly.Memory;
    this.capacity = this.constant('BLOCK_CAPACITY');
    const region = (of: string): Uint8Array =>
      new Uint8Array(this.memory.buffer, this.constant(of), BLOCK_OCTETS * this.capacity);
    this.#keys = region('AES_KEYS');
    this.#blocks = region('AES_BLOCKS');
    (this.#exports.init as () => void)();
  }

  constant(name: string): number {
    return (this.#exports[name] as WebAssembly.Global).value as number;
  }

  /** Each block encrypted under the key of the same place; any number of them. */
  encrypt(keys: readonly Uint8Array[], blocks: readonly Uint8Array[]): Uint8Array[] {
    const out: Uint8Array[] = [];
    for (let from = 0; from < keys.length; from += this.capacity) {
      const count = Math.min(this.capacity, keys.length - from);
      for (let i = 0; i < count; i++) {
        this.#keys.set(keys[from + i]!, BLOCK_OCTETS * i);
        this.#blocks.set(blocks[from + i]!, BLOCK_OCTETS * i);
      }
      (this.#exports.encrypt as (count: number) => void)(count);
      for (let i = 0; i < count; i++) out.push(this.#blocks.slice(BLOCK_OCTETS * i, BLOCK_OCTETS * (i + 1)));
    }
    return out;
  }
}
