/** The package as it is published, in projects that use it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const TSC = join(PROJECT, 'node_modules', '.bin', 'tsc');

export interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** A tarball, and a project that has it installed with its dependencies, and nothing else. */
export interface Packed {
  /** Bytes of the tarball. */
  readonly size: number;
  /** Paths in the package. */
  readonly files: readonly string[];
  readonly manifest: Manifest;
  /** Where the package lies. */
  readonly folder: string;
  /** The project around it. */
  readonly project: string;
  remove(): void;
}

/** Packs what is built; nothing is downloaded: the dependencies are those of this project. */
export function packed(): Packed {
  const project = mkdtempSync(join(tmpdir(), 'scms-verify-packed-'));
  const answer = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', project], {
    cwd: PROJECT,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ filename, size, files }] = JSON.parse(answer.toString());
  const folder = join(project, 'node_modules', 'scms-verify');
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xzf', join(project, filename), '--strip-components=1', '-C', folder]);
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  for (const name of Object.keys(manifest.dependencies)) install(project, name);
  return {
    size,
    files: files.map(({ path }: { path: string }) => path),
    manifest,
    folder,
    project,
    remove: () => rmSync(project, { recursive: true, force: true }),
  };
}

function install(project: string, name: string): void {
  const target = join(project, 'node_modules', name);
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(join(PROJECT, 'node_modules', name), target, 'dir');
}

/** What the compiler says of a file in the project, with the types of Node or without; empty if nothing is wrong. */
export function compile({ project }: Packed, name: string, text: string, options: Record<string, unknown>): string {
  const withNode = (options.types as string[]).includes('node');
  for (const types of ['@types/node', 'undici-types']) {
    rmSync(join(project, 'node_modules', types), { recursive: true, force: true });
    if (withNode) install(project, types);
  }
  writeFileSync(join(project, name), text);
  const compilerOptions = { noEmit: true, strict: true, target: 'es2022', skipLibCheck: false, ...options };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [name] }));
  const { stdout, stderr, error } = spawnSync(TSC, ['-p', project, '--pretty', 'false'], { encoding: 'utf8' });
  if (error) throw error;
  return `${stdout}${stderr}`.replaceAll(project, '');
}
