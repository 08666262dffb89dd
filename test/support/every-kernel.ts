/** Every kernel, choosing for itself, and every way of verifying in those that have several. */
import { createKernel, type Kernel, type KernelName, type VerifyPath } from '../../src/kernel/index.ts';

/** `fma`, or `fma, table`. */
export type KernelLabel = KernelName | `${KernelName}, ${VerifyPath}`;

export const EVERY_KERNEL = ['fma', 'simd', 'scalar', 'native'] as const satisfies readonly KernelName[];

/** The ways are the same algorithms on any field: each is run in two. */
export const EVERY_KERNEL_AND_PATH: readonly KernelLabel[] = [
  ...EVERY_KERNEL,
  ...(['fma', 'simd'] as const).flatMap((name) =>
    (['table', 'batch', 'lockstep', 'single'] as const).map((path): KernelLabel => `${name}, ${path}`),
  ),
];

export function kernelOf(label: KernelLabel): Kernel {
  const [name, path] = label.split(', ') as [KernelName, VerifyPath?];
  return createKernel(name, path && { path });
}
