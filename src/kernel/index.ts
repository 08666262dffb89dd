/** The arithmetic kernels: hashing, ECDSA P-256, ECQV and point decompression on packed arrays. */
export type { Kernel, KernelName, PointResult, ReconstructBatch, VerifyBatch } from './kernel.ts';
export { RForm, Status } from './kernel.ts';
export { compileKernelModule, createKernel, type KernelOptions, type WasmKernelName } from './load.ts';
export { selfTest } from './self-test.ts';
