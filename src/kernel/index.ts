/** The arithmetic kernels: hashing, ECDSA P-256, ECQV and point decompression on packed arrays. */
export type { Kernel, KernelName, PointResult, ReconstructBatch, VerifyBatch, VerifyPath } from './kernel.ts';
export { RForm, Status } from './kernel.ts';
export type { KernelBatch, KernelKey } from './kernel-batch.ts';
export {
  CHAIN_BYTES,
  type ChainsPerEntry,
  ENTRY_LIMIT,
  J_LIMIT,
  LINKAGE_VALUE_BYTES,
  type LinkageKernel,
  STEP_LIMIT,
  WORDS_PER_VALUE,
} from './linkage-kernel.ts';
export { compileLinkageModule, createLinkageKernel, type LinkageKernelOptions } from './linkage-load.ts';
export { linkageSelfTest } from './linkage-self-test.ts';
export { compileKernelModule, createKernel, type KernelOptions, type WasmKernelName } from './load.ts';
export type { KernelMetrics } from './metrics.ts';
export { selfTest } from './self-test.ts';
export type { WasmModule } from './wasm-module.ts';
