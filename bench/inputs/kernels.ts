/** Which kernels exist and can run on this engine. */
import { createKernel, type Kernel, type KernelName } from '../../src/kernel/index.ts';
import type { Context } from '../measure.ts';

/** The fastest first. */
export const BY_SPEED = ['fma', 'simd', 'scalar', 'native'];

/** Kernels, each with its memory, started and tested once for the whole run: their code is warm for every group. */
const started = new Map<string, Kernel | Error>();

/** @param wanted names of kernels; all of them where absent. */
export function kernels({ notice }: Context, wanted: readonly string[] = BY_SPEED): Kernel[] {
  return wanted.flatMap((name) => {
    const kernel = started.get(name) ?? start(name);
    started.set(name, kernel);
    if (!(kernel instanceof Error)) return [kernel];
    notice(`kernel '${name}' is left out: ${kernel.message}`);
    return [];
  });
}

function start(name: string): Kernel | Error {
  try {
    return createKernel(name as KernelName);
  } catch (error) {
    return error as Error;
  }
}
