/** Choosing and starting a kernel. */
import { compileEmbedded, fastestOf, type WasmKernelName } from './embedded.ts';
import type { Kernel, KernelName, VerifyPath } from './kernel.ts';
import { createNativeKernel } from './native-kernel.ts';
import { selfTest } from './self-test.ts';
import { wasm as fmaWasm } from './wasm/fma.ts';
import { wasm as scalarWasm } from './wasm/scalar.ts';
import { wasm as simdWasm } from './wasm/simd.ts';
import { createWasmKernel } from './wasm-kernel.ts';
import type { WasmModule } from './wasm-module.ts';

const EMBEDDED: Record<WasmKernelName, string> = {
  scalar: scalarWasm,
  simd: simdWasm,
  fma: fmaWasm,
};

export type { WasmKernelName } from './embedded.ts';

/** Modules that are compiled already, and a fixed path for measurements. */
export interface KernelOptions {
  /** Modules that were compiled already, as {@link compileKernelModule} gives them; what is missing is compiled here. */
  readonly modules?: Partial<Record<WasmKernelName, WasmModule>>;
  /** The way that every signature takes, wherever it is possible; for tests and measurements. */
  readonly path?: VerifyPath;
}

/**
 * Compiles a kernel's module, to be handed to workers (through `workerData`) that then skip compilation.
 * @throws Error when this platform's WebAssembly lacks what the kernel needs.
 */
export function compileKernelModule(name: WasmKernelName): WasmModule {
  return compileEmbedded(name, EMBEDDED[name]);
}

/** Starts one kernel, and has it prove itself. */
function start(name: KernelName, options: KernelOptions): Kernel {
  const kernel =
    name === 'native'
      ? createNativeKernel()
      : createWasmKernel(name, options.modules?.[name] ?? compileKernelModule(name), options.path);
  const fault = selfTest(kernel);
  if (fault !== undefined) throw new Error(`kernel '${name}' failed its self-test: ${fault}`);
  return kernel;
}

/**
 * Creates a kernel with memory of its own, which takes one call at a time. Synchronous; the WebAssembly ones
 * take some tens of milliseconds, most of it for the generator's table.
 *
 * `auto` takes the fastest that this platform can run and that passes its self-test. A name asks for that kernel only.
 * @throws Error when the kernel that was asked for cannot run here, or with `auto` when none can; the message says why.
 */
export function createKernel(name: KernelName | 'auto' = 'auto', options: KernelOptions = {}): Kernel {
  if (name !== 'auto') {
    if (name !== 'native' && !Object.hasOwn(EMBEDDED, name)) throw new Error(`there is no kernel '${name}'`);
    return start(name, options);
  }
  return fastestOf((candidate) => start(candidate, options));
}
