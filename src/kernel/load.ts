/** Choosing and starting a kernel. */
import type { Kernel, KernelName, VerifyPath } from './kernel.ts';
import { createNativeKernel } from './native-kernel.ts';
import { selfTest } from './self-test.ts';
import { wasm as fmaWasm } from './wasm/fma.ts';
import { wasm as scalarWasm } from './wasm/scalar.ts';
import { wasm as simdWasm } from './wasm/simd.ts';
import { createWasmKernel } from './wasm-kernel.ts';

/** The kernels that are WebAssembly modules. */
export type WasmKernelName = Exclude<KernelName, 'native'>;

const EMBEDDED: Record<WasmKernelName, string> = {
  scalar: scalarWasm,
  simd: simdWasm,
  fma: fmaWasm,
};

/** What an engine that refuses a module does not have. */
const LACKING: Record<WasmKernelName, string> = { scalar: 'support', simd: 'SIMD', fma: 'relaxed SIMD' };

/** What `auto` tries, the fastest first. */
const PREFERENCE: readonly WasmKernelName[] = ['fma', 'simd', 'scalar'];

export interface KernelOptions {
  /** Modules that were compiled already, as {@link compileKernelModule} gives them; what is missing is compiled here. */
  readonly modules?: Partial<Record<WasmKernelName, WebAssembly.Module>>;
  /** The way that every signature takes, wherever it is possible; for tests and measurements. */
  readonly path?: VerifyPath;
}

function moduleOctets(name: WasmKernelName): Uint8Array<ArrayBuffer> {
  const text = atob(EMBEDDED[name]);
  const octets = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) octets[i] = text.charCodeAt(i);
  return octets;
}

/**
 * Compiles a kernel's module, to be handed to workers (through `workerData`) that then skip compilation.
 * @throws Error when this platform's WebAssembly lacks what the kernel needs.
 */
export function compileKernelModule(name: WasmKernelName): WebAssembly.Module {
  const octets = moduleOctets(name);
  if (!WebAssembly.validate(octets)) {
    throw new Error(`kernel '${name}' cannot run here: this WebAssembly engine lacks ${LACKING[name]}`);
  }
  return new WebAssembly.Module(octets);
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
 * Creates a kernel of one's own: each has its memory, and takes one call at a time. Synchronous; the WebAssembly ones
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
  const reasons: string[] = [];
  for (const candidate of PREFERENCE) {
    try {
      return start(candidate, options);
    } catch (error) {
      reasons.push((error as Error).message);
    }
  }
  throw new Error(`no kernel can run here: ${reasons.join('; ')}`);
}
