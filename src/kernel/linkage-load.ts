/** Choosing and starting a linkage kernel. */
import { compileEmbedded, fastestOf, type WasmKernelName } from './embedded.ts';
import type { KernelName } from './kernel.ts';
import type { LinkageKernel } from './linkage-kernel.ts';
import { createNativeLinkageKernel } from './linkage-native.ts';
import { linkageSelfTest } from './linkage-self-test.ts';
import { createWasmLinkageKernel } from './linkage-wasm.ts';
import { wasm as fmaWasm } from './wasm/linkage-fma.ts';
import { wasm as scalarWasm } from './wasm/linkage-scalar.ts';
import { wasm as simdWasm } from './wasm/linkage-simd.ts';
import type { WasmModule } from './wasm-module.ts';

const EMBEDDED: Record<WasmKernelName, string> = {
  scalar: scalarWasm,
  simd: simdWasm,
  fma: fmaWasm,
};

/** Which build of the linkage kernel to take, and from where. */
export interface LinkageKernelOptions {
  /** Modules that were compiled already, as {@link compileLinkageModule} gives them; what is missing is compiled here. */
  readonly modules?: Partial<Record<WasmKernelName, WasmModule>>;
}

/**
 * Compiles a linkage kernel's module, to be handed to workers (through `workerData`) that then skip compilation.
 * @throws Error when this platform's WebAssembly lacks what the kernel needs.
 */
export function compileLinkageModule(name: WasmKernelName): WasmModule {
  return compileEmbedded(name, EMBEDDED[name]);
}

/** Starts one kernel, and has it prove itself. */
function start(name: KernelName, { modules }: LinkageKernelOptions): LinkageKernel {
  const kernel =
    name === 'native'
      ? createNativeLinkageKernel()
      : createWasmLinkageKernel(name, modules?.[name] ?? compileLinkageModule(name));
  const fault = linkageSelfTest(kernel);
  if (fault !== undefined) throw new Error(`linkage kernel '${name}' failed its self-test: ${fault}`);
  return kernel;
}

/**
 * Creates a linkage kernel with memory of its own (384 KiB), which takes one call at a time.
 *
 * `auto` takes the fastest that this platform can run and that passes its self-test. A name asks for that kernel only: `fma` is the one
 * on relaxed SIMD, as among the kernels that verify.
 * @throws Error when the kernel that was asked for cannot run here, or with `auto` when none can; the message says why.
 */
export function createLinkageKernel(
  name: KernelName | 'auto' = 'auto',
  options: LinkageKernelOptions = {},
): LinkageKernel {
  if (name === 'auto') return fastestOf((candidate) => start(candidate, options));
  if (name !== 'native' && !Object.hasOwn(EMBEDDED, name)) throw new Error(`there is no linkage kernel '${name}'`);
  return start(name, options);
}
