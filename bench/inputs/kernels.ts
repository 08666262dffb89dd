/** Which builds of the arithmetic exist and can run on this engine, the fastest first. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createKernel, type Kernel, type KernelName } from '../../src/kernel/index.ts';
import type { Context } from '../measure.ts';

const BY_SPEED = ['fma', 'simd', 'scalar', 'native'];

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

/** A test build of the core: exports primitives below the kernel's interface. */
export interface TestingCore {
  readonly name: string;
  readonly exports: WebAssembly.Exports;
}

const PREFIX = 'testing-';
const SUFFIX = '.wasm';

/** The folder of package.json: benchmarks run from `bench/` and from `dist/bench/`. */
export function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

export function testingCores({ notice }: Context): TestingCore[] {
  const folder = join(projectRoot(), 'build');
  const names = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((file) => file.startsWith(PREFIX) && file.endsWith(SUFFIX))
    .map((file) => file.slice(PREFIX.length, -SUFFIX.length))
    .sort((a, b) => BY_SPEED.indexOf(a) - BY_SPEED.indexOf(b));
  if (names.length === 0) notice('there are no test builds of the core: run `npm run build`');
  return names.flatMap((name) => {
    const octets = readFileSync(join(folder, `${PREFIX}${name}${SUFFIX}`));
    if (WebAssembly.validate(octets)) return [{ name, exports: startCore(octets) }];
    notice(`primitives of '${name}' are left out: this WebAssembly engine cannot run that build`);
    return [];
  });
}

function startCore(octets: Uint8Array<ArrayBuffer>): WebAssembly.Exports {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(octets), {});
  (exports.init as () => void)();
  return exports;
}
