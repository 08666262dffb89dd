/** The tarball of `npm pack`: its content and size, its types for every kind of project, and its entries in Node and in browsers. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildResult, build } from 'esbuild';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createScms, mixture } from '../../src/testbed/index.ts';
import { createVerifier } from '../../src/verifier/index.ts';
import { compile, type Packed, packed } from './packed.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let tarball: Packed;
beforeAll(() => {
  tarball = packed();
});
afterAll(() => tarball?.remove());

/** Entries that run in browsers. */
const BROWSER_ENTRIES = ['.', './coer', './dot2', './kernel', './readers', './readers/core', './trust', './verifier'];
const MOST_BYTES = 1_000_000;

const nameOf = (entry: string): string => `scms-verify${entry.slice(1)}`;

/** Every path that a part of `exports` leads to. */
function targetsOf(part: unknown): string[] {
  return typeof part === 'string' ? [part] : Object.values(part as object).flatMap(targetsOf);
}

/** Entries of modules, by their names. */
function modules(): string[] {
  return Object.keys(tarball.manifest.exports).filter((entry) => entry !== './package.json');
}

describe('the tarball', () => {
  it('has at most a megabyte', () => {
    expect(tarball.size).toBeLessThanOrEqual(MOST_BYTES);
  });

  it('holds programs, types, pages and examples: no sources, maps, tests, or one page per export', () => {
    const allowed =
      /^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md|SECURITY\.md|docs\/[^/]+\.md|examples\/[^/]+\.mjs|dist\/(?:src|workers)\/.+\.(?:js|d\.ts)|dist\/src\/rehearsal\/scenarios\/[^/]+\.json)$/;
    expect(tarball.files.filter((path) => !allowed.test(path))).toEqual([]);
    expect(tarball.files.filter((path) => path.includes('.map'))).toEqual([]);
  });

  it('has no file that was compiled from a source that is gone', () => {
    const orphans = tarball.files.filter((path) => {
      const source = path.replace(/^dist\//, '').replace(/(?:\.d\.ts|\.js)$/, '.ts');
      return path.startsWith('dist/') && !existsSync(new URL(`../../${source}`, import.meta.url));
    });
    expect(orphans).toEqual([]);
  });

  it('has every file that exports and bin name', () => {
    const named = [...targetsOf(tarball.manifest.exports), ...targetsOf(tarball.manifest.bin)];
    const missing = named.map((path) => path.replace('./', '')).filter((path) => !tarball.files.includes(path));
    expect(missing).toEqual([]);
  });

  it('refers to no source map and to no declaration that it lacks', () => {
    const wrong = tarball.files.filter((path) => {
      if (!/\.(?:js|d\.ts)$/.test(path)) return false;
      return readFileSync(join(tarball.folder, path), 'utf8').includes('sourceMappingURL');
    });
    expect(wrong).toEqual([]);
  });
});

describe('types', () => {
  const all = (names: readonly string[]): string =>
    names.map((entry, i) => `export * as e${i} from '${nameOf(entry)}';`).join('\n');
  const nodenext = { module: 'nodenext', moduleResolution: 'nodenext' };
  const bundler = { module: 'esnext', moduleResolution: 'bundler' };
  const server = { lib: ['es2023'], types: ['node'] };
  const both = { lib: ['es2023', 'dom'], types: ['node'] };
  const page = { lib: ['es2023', 'dom'], types: [], customConditions: ['browser'] };

  it.each([
    ['nodenext, without DOM', { ...nodenext, ...server }],
    ['nodenext, with DOM', { ...nodenext, ...both }],
    ['bundler, without DOM', { ...bundler, ...server }],
    ['bundler, with DOM', { ...bundler, ...both }],
  ])('of all entries are clean under %s', (_, options) => {
    expect(compile(tarball, 'all.ts', all(modules()), options)).toBe('');
  });

  it('of the browser entries are clean without the types of Node', () => {
    expect(compile(tarball, 'page.ts', all(BROWSER_ENTRIES), { ...bundler, ...page })).toBe('');
  });

  it('are clean where CommonJS requires the package', () => {
    const text = `import root = require('scms-verify');\nexport const create: typeof root.createVerifier = root.createVerifier;\n`;
    expect(compile(tarball, 'common.cts', text, { ...nodenext, ...server })).toBe('');
  });

  it.each([
    ['other rules', 'new Verifier({ trust: { roots: [] }, ruleBook: {} as never });', 'ruleBook'],
    ['no fast path', 'new Verifier({ trust: { roots: [] }, fastPath: false });', 'fastPath'],
    ['learned signers', 'new Verifier({ trust: { roots: [] } }).learn([]);', 'learn'],
    ['accepted messages', 'new Verifier({ trust: { roots: [] } }).remember([]);', 'remember'],
  ])('have no switch for tests and threads: %s', (_, statement, name) => {
    const text = `import { Verifier } from 'scms-verify';\n${statement}\n`;
    expect(compile(tarball, 'switch.ts', text, { ...nodenext, ...server })).toMatch(
      new RegExp(`error TS\\d+: .*'${name}' does not exist`),
    );
  });

  it('do not compile what is wrong: the compiler is asked', () => {
    const text = `import { createVerifier } from 'scms-verify';\ncreateVerifier({ trust: 1 });\n`;
    expect(compile(tarball, 'wrong.ts', text, { ...nodenext, ...server })).toContain('wrong.ts(2,18): error');
  });
});

describe('entries in Node', () => {
  /** Standard output of a program in the project; anything on standard error fails. */
  function outputOf(name: string, text: string): string {
    writeFileSync(join(tarball.project, name), text);
    const { stdout, stderr, status } = spawnSync(process.execPath, [name], { cwd: tarball.project, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    return stdout;
  }

  it('import without a word, and let the program end', () => {
    const text = modules()
      .map((entry) => `await import('${nameOf(entry)}');\n`)
      .join('');
    expect(outputOf('import.mjs', text)).toBe('');
  });

  it('scms-verify/worker does nothing outside a pool, and says so if it is called', () => {
    const text = `import work from 'scms-verify/worker';\ntry { work({}); } catch ({ message }) { console.log(message); }\n`;
    expect(outputOf('worker.mjs', text)).toMatch(/in the threads of a pool/);
  });

  it('CommonJS requires them', () => {
    const requires = modules().map((entry) => `require('${nameOf(entry)}');\n`);
    const text = `${requires.join('')}console.log(typeof require('scms-verify').createVerifier);\n`;
    expect(outputOf('require.cjs', text)).toBe('function\n');
  });

  it('verify in threads', () => {
    const text = `import { createPool } from 'scms-verify';
const pool = await createPool({ trust: { roots: [] }, threads: 2 });
const [verdict] = await pool.verifyAll([{ kind: 'message', bytes: Uint8Array.of(3), tag: () => 1 }]);
console.log(verdict.verdict, verdict.tag());
await pool.close();
`;
    expect(outputOf('pool.mjs', text)).toBe('invalid 1\n');
  });

  it('the program runs', () => {
    const program = join(tarball.folder, tarball.manifest.bin['scms-verify'] as string);
    const { stdout, status } = spawnSync(process.execPath, [program, '--version'], { encoding: 'utf8' });
    expect([stdout, status]).toEqual(['0.1.0\n', 0]);
  });
});

describe('browser entries', () => {
  /** One script of what `text` imports, as a bundler makes it for browsers: a module of Node ends it with an error. */
  async function bundle(text: string): Promise<BuildResult & { script: string }> {
    const result = await build({
      stdin: { contents: text, resolveDir: tarball.project },
      bundle: true,
      platform: 'browser',
      format: 'iife',
      globalName: 'bundled',
      write: false,
      metafile: true,
      logLevel: 'silent',
    });
    return { ...result, script: result.outputFiles[0]?.text ?? '' };
  }

  it.each(BROWSER_ENTRIES)('%s bundles without modules of Node', async (entry) => {
    const { metafile, warnings } = await bundle(`export * from '${nameOf(entry)}';`);
    expect(warnings).toEqual([]);
    const inputs = Object.keys(metafile?.inputs ?? {});
    expect(inputs.length).toBeGreaterThan(1);
    expect(inputs.filter((path) => /piscina|commander|cli-progress/.test(path))).toEqual([]);
    const outside = Object.values(metafile?.outputs ?? {}).flatMap(({ imports }) =>
      imports.filter((one) => one.external),
    );
    expect(outside).toEqual([]);
  });

  it('an entry for Node does not bundle: the bundler would notice', async () => {
    await expect(bundle(`export * from 'scms-verify/trust-store';`)).rejects.toThrow(/node:/);
  });

  const executable = ['chromium', 'chromium-browser', 'google-chrome'].find(
    (name) => spawnSync(name, ['--version']).status === 0,
  );
  if (executable === undefined) console.warn('skipped, Chromium is not installed: the package in a browser');

  it.runIf(executable !== undefined)('verify certificates and messages in Chromium as Node does', async () => {
    const scms = createScms({ seed: 'browser' });
    const items = [...mixture(scms, 40, 5)].map(({ item }) => item);
    const expected = createVerifier({ trust: scms.trust(), at: scms.at }).verify(items);
    expect(new Set(expected.map(({ kind, verdict }) => `${kind} ${verdict}`)).size).toBeGreaterThan(2);
    const { script } = await bundle(`export { createVerifier } from 'scms-verify';
export { sniffFormat } from 'scms-verify/readers';`);
    const executablePath = spawnSync('which', [executable ?? ''])
      .stdout.toString()
      .trim();
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    try {
      const tab = await browser.newPage();
      const complaints: string[] = [];
      tab.on('pageerror', ({ message }) => complaints.push(message));
      await tab.addScriptTag({ content: script });
      const { roots, certificates = [] } = scms.trust();
      const found = await tab.evaluate(
        ({ roots, certificates, at, items }) => {
          const bytes = (list: number[]) => Uint8Array.from(list);
          // biome-ignore lint/suspicious/noExplicitAny: the global that the bundle makes
          const { createVerifier, sniffFormat } = (globalThis as any).bundled;
          const trust = { roots: roots.map(bytes), certificates: certificates.map(bytes) };
          const verifier = createVerifier({ trust, at: BigInt(at) });
          const list = items.map((item) => ({ ...item, bytes: bytes(item.bytes) }));
          return { verdicts: verifier.verify(list), format: sniffFormat(list[0]?.bytes) };
        },
        {
          roots: roots.map((root) => [...root]),
          certificates: certificates.map((certificate) => [...certificate]),
          at: String(scms.at),
          items: items.map(({ kind, bytes }) => ({ kind, bytes: [...bytes] })),
        },
      );
      expect(complaints).toEqual([]);
      expect(found.format).toBe('coer');
      expect(found.verdicts).toEqual(JSON.parse(JSON.stringify(expected)));
    } finally {
      await browser.close();
    }
  });
});
