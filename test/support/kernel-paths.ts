/** The kernels and the paths of verification that the differential tests run over, and sight of a kernel's instance. */
import { createKernel, type Kernel } from '../../src/kernel/index.ts';

/** Every kernel's name; one that this checkout does not have, or this platform cannot run, is left out by {@link kernels}. */
const NAMES = ['fma', 'simd', 'scalar', 'native'] as const;
/** These run everywhere, so that a kernel which fails to start cannot be taken for one that is missing. */
const EVERYWHERE: readonly string[] = ['simd', 'scalar', 'native'];

/** What `VerifyBatch.path` may force for every item for which that path is possible. */
export const PATHS = ['auto', 'table', 'batch', 'single', 'lockstep'] as const;
export type Path = (typeof PATHS)[number];

export interface Watched<T> {
  readonly made: T;
  /** The exports of every WebAssembly instance that was made meanwhile. */
  readonly exports: readonly WebAssembly.Exports[];
}

/** Runs `make` and watches the WebAssembly instances that it makes. */
export function watch<T>(make: () => T): Watched<T> {
  const Instance = WebAssembly.Instance;
  const exports: WebAssembly.Exports[] = [];
  WebAssembly.Instance = class extends Instance {
    constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
      super(module, imports);
      exports.push(this.exports);
    }
  };
  try {
    return { made: make(), exports };
  } finally {
    WebAssembly.Instance = Instance;
  }
}

export interface KernelUnderTest {
  readonly name: string;
  readonly kernel: Kernel;
  /** Octets of linear memory now, as the engine counts them; 0 where there is none. */
  memory(): number;
  /** The paths that make a difference in this kernel. */
  readonly paths: readonly Path[];
}

function start(name: string): KernelUnderTest | undefined {
  try {
    const { made: kernel, exports } = watch(() => createKernel(name as Kernel['name']));
    const memories = exports.map(({ memory }) => memory as WebAssembly.Memory);
    return {
      name,
      kernel,
      memory: () => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0),
      paths: name === 'native' ? ['auto'] : PATHS,
    };
  } catch (error) {
    const absent = /there is no kernel|cannot run here/.test((error as Error).message);
    if (!absent || EVERYWHERE.includes(name)) throw error;
    return undefined;
  }
}

/** A fresh kernel of every name. */
export function kernels(): KernelUnderTest[] {
  return NAMES.flatMap((name) => start(name) ?? []);
}
