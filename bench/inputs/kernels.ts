/** Which kernels exist and can run on this engine. */
import { compileKernelModule, createKernel, type Kernel, type KernelName } from '../../src/kernel/index.ts';
import type { Context } from '../measure.ts';

/** The fastest first. */
export const BY_SPEED = ['fma', 'simd', 'scalar', 'native'];

/** A kernel that can be made anew: a fresh one has seen no key yet. Its code is compiled once and stays as good as it got. */
export interface KernelSource {
  readonly name: string;
  create(): Kernel;
}

const known = new Map<string, KernelSource | Error>();

/** @param wanted names of kernels; all of them where absent. */
export function kernelSources({ notice }: Context, wanted: readonly string[] = BY_SPEED): KernelSource[] {
  return wanted.flatMap((name) => {
    const source = known.get(name) ?? sourceOf(name as KernelName);
    known.set(name, source);
    if (!(source instanceof Error)) return [source];
    notice(`kernel '${name}' is left out: ${source.message}`);
    return [];
  });
}

function sourceOf(name: KernelName): KernelSource | Error {
  try {
    const modules = name === 'native' ? {} : { [name]: compileKernelModule(name) };
    const create = (): Kernel => createKernel(name, { modules });
    create();
    return { name, create };
  } catch (error) {
    return error as Error;
  }
}
