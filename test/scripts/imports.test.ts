/** `npm run lint` finds imports in circles, upwards and into Node, and files and classes that are too long. */
import { describe, expect, it } from 'vitest';

interface Declared {
  layers: string[][];
  generated: string[];
  nodePackages: string[];
  withoutNode: string[];
  nodeIfPresent: Record<string, string>;
  longestFile: number;
  longestClass: number;
  longFiles: Record<string, string>;
  known: string[];
}
interface Import {
  specifier: string;
  line: number;
  typeOnly: boolean;
}
const { importsOf }: { importsOf(text: string): Import[] } = await import('../../scripts/imports/graph.mjs' as string);
const { faultsOf }: { faultsOf(files: ReadonlyMap<string, string>, declared: Declared): string[] } = await import(
  '../../scripts/imports/check.mjs' as string
);

const DECLARED: Declared = {
  layers: [['src/top'], ['src/left', 'src/right'], ['src/low'], ['src/low/own']],
  generated: ['src/low/made'],
  nodePackages: ['threads'],
  withoutNode: ['src/low/a.ts'],
  nodeIfPresent: {},
  longestFile: 10,
  longestClass: 5,
  longFiles: {},
  known: [],
};

/** A tree without faults: `change` plants one. */
function faults(change: Record<string, string>, declared: Partial<Declared> = {}): string[] {
  const files = new Map([
    ['src/top/a.ts', "import { b } from '../left/b.ts';\nimport '../low/a.ts';\n"],
    ['src/left/b.ts', "export { a as b } from '../low/a.ts';\n"],
    ['src/right/c.ts', "import type { A } from '../low/a.ts';\n"],
    ['src/low/a.ts', "import { wasm } from './made/wasm.ts';\nimport { o } from './own/o.ts';\n"],
    ['src/low/own/o.ts', 'export const o = 1;\n'],
    ...Object.entries(change),
  ]);
  return faultsOf(files, { ...DECLARED, ...declared });
}

const lines = (count: number): string => 'x;\n'.repeat(count);

describe('importsOf', () => {
  it('finds every way to import, with its line and whether it is of types only', () => {
    const text = [
      "import a from './a.ts';",
      "import type { B } from './b.ts';",
      'import {',
      '  type C,',
      '  type D, // of "d"',
      "} from './c.ts';",
      "import { type E, e } from './e.ts';",
      "import './f.ts';",
      "export * from './g.ts';",
      "export type { H } from './h.ts';",
      "export { i } from './i.ts';",
      "const j = await import('./j.ts');",
      "type K = import('./k.ts').K;",
      "type L = typeof import('./l.ts');",
      "import * as m from './m.ts';",
      "void import('./n.ts').then(({ n }) => n());",
    ].join('\n');
    const found = importsOf(text).map(({ specifier, line, typeOnly }) => [specifier, line, typeOnly]);
    expect(found).toEqual([
      ['./a.ts', 1, false],
      ['./b.ts', 2, true],
      ['./c.ts', 3, true],
      ['./e.ts', 7, false],
      ['./f.ts', 8, false],
      ['./g.ts', 9, false],
      ['./h.ts', 10, true],
      ['./i.ts', 11, false],
      ['./j.ts', 12, false],
      ['./k.ts', 13, true],
      ['./l.ts', 14, true],
      ['./m.ts', 15, false],
      ['./n.ts', 16, false],
    ]);
  });

  it('ignores imports in comments, and is not misled by comment signs in strings', () => {
    const text = [
      "// import './a.ts';",
      '/*',
      "import './b.ts';",
      '*/',
      "const glob = '/*';",
      "import { c } from './c.ts';",
      "const url = 'https://x'; import('./d.ts');",
    ].join('\n');
    expect(importsOf(text).map(({ specifier }) => specifier)).toEqual(['./c.ts', './d.ts']);
  });
});

describe('faultsOf', () => {
  it('a tree in order has no faults', () => {
    expect(faults({})).toEqual([]);
  });

  it.each([
    ['import', "import { b } from './b.ts';"],
    ['import type', "import type { B } from './b.ts';"],
    ['export from', "export { b } from './b.ts';"],
    ['dynamic import', "const b = await import('./b.ts');"],
    ['type import', "type B = import('./b.ts').B;"],
  ])('names a circle closed by %s', (_, back) => {
    const found = faults({ 'src/left/b.ts': "import { d } from './d.ts';\n", 'src/left/d.ts': `${back}\n` });
    expect(found).toEqual(['circle of imports: src/left/b.ts, src/left/d.ts']);
  });

  it('names all files of a long circle, and a file that imports itself', () => {
    const found = faults({
      'src/left/d.ts': "import './e.ts';\n",
      'src/left/e.ts': "import './f.ts';\n",
      'src/left/f.ts': "import './d.ts';\n",
      'src/left/g.ts': "import './g.ts';\n",
    });
    expect(found).toEqual([
      'circle of imports: src/left/d.ts, src/left/e.ts, src/left/f.ts',
      'circle of imports: src/left/g.ts',
    ]);
  });

  it('names an import that points up, beside, or from a unit into the one around it', () => {
    const found = faults({
      'src/low/up.ts': "\nimport type { A } from '../top/a.ts';\n",
      'src/left/d.ts': "import '../right/c.ts';\n",
      'src/low/own/p.ts': "import '../a.ts';\n",
    });
    expect(found).toEqual([
      'src/low/up.ts:2 imports src/top/a.ts: src/low is not above src/top',
      'src/left/d.ts:1 imports src/right/c.ts: src/left is not above src/right',
      'src/low/own/p.ts:1 imports src/low/a.ts: src/low/own is not above src/low',
    ]);
  });

  it('names a file in no layer, and an import of nothing', () => {
    const found = faults({ 'src/new/a.ts': '', 'src/low/b.ts': "import './gone.ts';\n" });
    expect(found).toEqual([
      'src/low/b.ts:1 imports ./gone.ts, which does not exist',
      'src/new/a.ts is in no layer of layers.json',
    ]);
  });

  it('names the way from a browser entry to a module of Node, unless only types are imported', () => {
    expect(faults({ 'src/low/own/o.ts': "import type { Stats } from 'node:fs';\n" })).toEqual([]);
    expect(faults({ 'src/low/own/o.ts': "const fs = await import('node:fs');\n" })).toEqual([
      'browsers have no node:fs: src/low/a.ts > src/low/own/o.ts',
    ]);
    expect(faults({ 'src/low/own/o.ts': "import { Pool } from 'threads';\n" })).toEqual([
      'browsers have no threads: src/low/a.ts > src/low/own/o.ts',
    ]);
    expect(faults({}, { withoutNode: ['src/low/z.ts'] })).toEqual([
      'src/low/z.ts does not exist, and layers.json lists it',
    ]);
  });

  it('names a global of Node that a browser entry reaches, unless it is declared to be used only if present', () => {
    const use = { 'src/low/own/o.ts': "export const o = Buffer.from('');\n" };
    expect(faults(use)).toEqual(['browsers have no Buffer: src/low/own/o.ts']);
    expect(faults(use, { nodeIfPresent: { 'src/low/own/o.ts': 'asks' } })).toEqual([]);
    expect(faults({}, { nodeIfPresent: { 'src/low/own/o.ts': 'asks' } })).toEqual([
      'src/low/own/o.ts uses nothing of Node, and layers.json lists it',
    ]);
    expect(faults({ 'src/low/own/o.ts': '// Buffer.from\nx.process.run();\ntypeof Buffer;\n' })).toEqual([]);
    expect(faults({ 'src/right/c.ts': 'setImmediate(() => {});\n' })).toEqual([]);
  });

  it('names files and classes over the bounds, and not those on them', () => {
    const body = (count: number): string => `export class A {\n${'  x;\n'.repeat(count - 2)}}\n`;
    expect(faults({ 'src/low/b.ts': lines(10), 'src/low/c.ts': body(5) })).toEqual([]);
    expect(faults({ 'src/low/b.ts': lines(11) })).toEqual(['src/low/b.ts has more than 10 lines']);
    expect(faults({ 'src/low/c.ts': body(6) })).toEqual(['class A in src/low/c.ts has more than 5 lines']);
  });

  it('lets a declared file be longer, as long as it exists', () => {
    expect(faults({ 'src/low/b.ts': lines(11) }, { longFiles: { 'src/low/b.ts': 'a table' } })).toEqual([]);
    expect(faults({}, { longFiles: { 'src/low/b.ts': 'a table' } })).toEqual([
      'src/low/b.ts does not exist, and layers.json lists it',
    ]);
  });

  it('leaves out known faults wherever they are in the file, and names those that are mended', () => {
    const known = ['src/low/up.ts imports src/top/a.ts: src/low is not above src/top'];
    const up = { 'src/low/up.ts': "\n\nimport '../top/a.ts';\n" };
    const left = faults(up, { known });
    expect(left).toEqual([]);
    expect(faults({}, { known })).toEqual([
      `layers.json lists a fault that is mended, remove it from "known": ${known[0]}`,
    ]);
  });
});
