import type { WasmModule } from './wasm-module.ts';

/**
 * What a kernel's module exports: constants, and regions of its memory by the addresses that it names. That regions fit in the
 * memory and do not overlap is checked here, so that no later write can land outside. The memory never grows, so views on it
 * stay valid.
 */
export class Exports {
  readonly buffer: ArrayBuffer;
  readonly functions: WebAssembly.Exports;
  readonly #taken: { readonly name: string; readonly start: number; readonly end: number }[] = [];

  /** @throws Error when the module exports no memory, or too little for its regions. */
  constructor(module: WasmModule) {
    this.functions = new WebAssembly.Instance(module, {}).exports;
    const { memory } = this.functions;
    if (!(memory instanceof WebAssembly.Memory)) throw new Error('kernel module exports no memory');
    this.buffer = memory.buffer as ArrayBuffer;
    if (this.number('STATIC_END') > this.buffer.byteLength) {
      throw new Error('kernel module has regions outside its memory');
    }
  }

  number(name: string): number {
    const global = this.functions[name];
    if (!(global instanceof WebAssembly.Global)) throw new Error(`kernel module lacks the constant ${name}`);
    return global.value as number;
  }

  global(name: string): WebAssembly.Global {
    this.number(name);
    return this.functions[name] as WebAssembly.Global;
  }

  /** The region of that name. */
  octets(name: string, length: number): Uint8Array<ArrayBuffer> {
    const start = this.number(name);
    if (start <= 0 || start + length > this.buffer.byteLength)
      throw new Error(`kernel region ${name} leaves the memory`);
    const overlap = this.#taken.find((other) => start < other.end && other.start < start + length);
    if (overlap) throw new Error(`kernel regions ${name} and ${overlap.name} overlap`);
    this.#taken.push({ name, start, end: start + length });
    return new Uint8Array(this.buffer, start, length);
  }
}
