/** The part of the readers that takes bytes runs anywhere: no module of a platform, nothing that only Node has. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { toHex } from '../support/octets.ts';
import { messages, wsm } from './support.ts';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));
const CORE = join(SRC, 'readers/core.ts');

/** Packages that run in a browser as they are. */
const PACKAGES = ['fflate'];

/** What only Node has, or only a page. */
const PLATFORM = /\b(Buffer|process|require|setImmediate|__dirname|globalThis\.window)\b/;

const IMPORT = /^(?:import|export)\b[^'";]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm;

function importsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(IMPORT)].map((match) => (match[1] ?? match[2] ?? match[3]) as string);
}

/** Every file that the core reaches, type imports included: what is only a type today is easily more tomorrow. */
function reached(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const visit = (file: string): void => {
    if (found.has(file)) return;
    const imports = importsOf(file);
    found.set(file, imports);
    for (const target of imports) if (target.startsWith('.')) visit(join(dirname(file), target));
  };
  visit(CORE);
  return found;
}

function code(file: string): string {
  return readFileSync(file, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/'(?:[^'\\\n]|\\.)*'|\/\/.*$/gm, '');
}

describe('the core of the readers', () => {
  const files = reached();

  it('reaches parsers of every form', () => {
    const names = [...files.keys()].map((file) => relative(SRC, file));
    for (const name of [
      'captures/pcapng.ts',
      'archives/zip.ts',
      'structures/structure-parser.ts',
      'log.ts',
      'recognise.ts',
    ]) {
      expect(names).toContain(`readers/${name}`);
    }
    for (const file of files.keys()) expect(existsSync(file), file).toBe(true);
  });

  it('imports no module of a platform, and no source', () => {
    for (const [file, imports] of files) {
      for (const target of imports) {
        expect(target.startsWith('.') || PACKAGES.includes(target), `${relative(SRC, file)} imports ${target}`).toBe(
          true,
        );
      }
      expect(file).not.toContain('/sources/');
      expect(relative(SRC, file)).toMatch(/^(readers|dot2|coer)\//);
    }
  });

  it('uses nothing that only Node has', () => {
    for (const file of files.keys()) {
      expect(code(file).match(PLATFORM)?.[0], relative(SRC, file)).toBeUndefined();
    }
  });

  it('runs where there is neither Buffer nor process', () => {
    const script = `
      const bytesOf = (hex) => Uint8Array.from(hex.match(/../g), (pair) => Number.parseInt(pair, 16));
      const { RecordCutter } = await import('./dist/src/readers/core.js');
      const print = console.log;
      const text = new TextEncoder();
      for (const name of ['Buffer', 'process', 'require', 'setImmediate']) delete globalThis[name];
      const hex = '${toHex(messages[0]!)}';
      const inputs = [
        bytesOf('${toHex(wsm(messages[1]!))}ffff' + hex),
        text.encode(hex),
        text.encode(JSON.stringify({ payload: hex })),
      ];
      for (const input of inputs) {
        const cutter = new RecordCutter();
        const pieces = [...cutter.push(input), ...cutter.end()];
        print(pieces.map(({ bytes, layers }) => bytes.length + (layers ?? []).join()).join(' '));
      }
    `;
    const project = fileURLToPath(new URL('../..', import.meta.url));
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: project }).toString();
    const [first, second] = [messages[0]!.length, messages[1]!.length];
    expect(out.trim().split('\n')).toEqual([`${second}wsmp3 2 ${first}`, `${first}`, `${first}`]);
  });
});
