/** WebAssembly modules that are part of the library's code, in one build for each thing an engine may or may not have. */
import type { KernelName } from './kernel.ts';
import type { WasmModule } from './wasm-module.ts';

/** The kernels that are WebAssembly modules. */
export type WasmKernelName = Exclude<KernelName, 'native'>;

/** What an engine that refuses a module does not have. */
const LACKING: Record<WasmKernelName, string> = { scalar: 'support', simd: 'SIMD', fma: 'relaxed SIMD' };

/** What `auto` tries, the fastest first. */
const PREFERENCE: readonly WasmKernelName[] = ['fma', 'simd', 'scalar'];

function octetsOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const octets = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) octets[i] = text.charCodeAt(i);
  return octets;
}

/** @throws Error when this platform's WebAssembly lacks what the module needs. */
export function compileEmbedded(name: WasmKernelName, base64: string): WasmModule {
  const octets = octetsOf(base64);
  if (!WebAssembly.validate(octets)) {
    throw new Error(`kernel '${name}' cannot run here: this WebAssembly engine lacks ${LACKING[name]}`);
  }
  return new WebAssembly.Module(octets);
}

/**
 * Starts the fastest kernel that does start.
 * @throws Error when none does; the message says why of each.
 */
export function fastestOf<K>(start: (name: WasmKernelName) => K): K {
  const reasons: string[] = [];
  for (const candidate of PREFERENCE) {
    try {
      return start(candidate);
    } catch (error) {
      reasons.push((error as Error).message);
    }
  }
  throw new Error(`no kernel can run here: ${reasons.join('; ')}`);
}
