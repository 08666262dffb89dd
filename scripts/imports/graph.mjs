/** Which modules a TypeScript file imports, and what follows from all of them together. */
import { dirname, posix } from 'node:path';

/**
 * An import of a file: `import`, `import type`, `export … from`, and `import('…')` of a value or of a type.
 *
 * @typedef {{ specifier: string, line: number, typeOnly: boolean }} Import
 */

const CLAUSE = String.raw`(?<clause>type\s[^'"()=;]*?|[^'"()=;]*?)`;
const STATIC = new RegExp(
  String.raw`^[ \t]*(?:import|export)\s+${CLAUSE}\s*\bfrom\s*['"](?<specifier>[^'"\n]+)['"]`,
  'gm',
);
const BARE = /^[ \t]*import\s*['"](?<specifier>[^'"\n]+)['"]/gm;
const CALL = /(?<typeof>typeof\s+)?\bimport\(\s*['"](?<specifier>[^'"\n]+)['"]\s*\)(?<member>\s*\.\s*[A-Z])?/g;

/** The text with every comment blanked out, so that lines and columns stay. Comments inside strings are left alone. */
export function withoutComments(text) {
  const token = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return text.replace(token, (found) => (found.startsWith('/') ? found.replace(/[^\n]/g, ' ') : found));
}

/** `import { type A, type B } from` imports types only, as `import type` does. */
function isTypeOnly(clause) {
  if (/^type\s/.test(clause)) return true;
  const braces = /^\{(?<names>[\s\S]*)\}$/.exec(clause.trim());
  const names = (braces?.groups.names ?? '').split(',').map((name) => name.trim());
  return braces !== null && names.some(Boolean) && names.every((name) => name === '' || name.startsWith('type '));
}

/** @returns {Import[]} the imports of a file, in their order */
export function importsOf(text) {
  const code = withoutComments(text);
  const found = [];
  const add = ({ index, groups, 0: whole }, typeOnly) => {
    const line = code.slice(0, index + whole.search(/\S/)).split('\n').length;
    found.push({ specifier: groups.specifier, line, typeOnly });
  };
  for (const match of code.matchAll(STATIC)) add(match, isTypeOnly(match.groups.clause));
  for (const match of code.matchAll(BARE)) add(match, false);
  for (const match of code.matchAll(CALL)) add(match, Boolean(match.groups.typeof ?? match.groups.member));
  return found.sort((a, b) => a.line - b.line);
}

/**
 * @param {ReadonlyMap<string, string>} files texts by path, with `/` between folders
 * @returns {Map<string, (Import & { target: string | undefined })[]>} imports by file; `target` is the path imported, if it is one of `files`
 */
export function graphOf(files) {
  const graph = new Map();
  for (const [file, text] of files) {
    const imports = importsOf(text).map((one) => ({ ...one, target: targetOf(file, one.specifier, files) }));
    graph.set(file, imports);
  }
  return graph;
}

function targetOf(file, specifier, files) {
  if (!specifier.startsWith('.')) return undefined;
  const path = posix.join(dirname(file), specifier);
  // Worker threads are named by what they are compiled to.
  return [path, path.replace(/\.js$/, '.ts')].find((one) => files.has(one));
}

/**
 * Strongly connected components of more than one file (Tarjan), and files that import themselves.
 *
 * @returns {string[][]} the files of each circle, sorted
 */
export function circlesOf(graph) {
  const circles = [];
  const seen = new Map();
  const stack = [];
  const visit = (file) => {
    const own = { index: seen.size, low: seen.size, open: true };
    seen.set(file, own);
    stack.push(file);
    const targets = (graph.get(file) ?? []).map(({ target }) => target).filter((target) => target !== undefined);
    for (const target of targets) {
      if (!seen.has(target)) visit(target);
      const there = seen.get(target);
      if (there.open) own.low = Math.min(own.low, there.low);
    }
    if (own.low !== own.index) return;
    const members = stack.splice(stack.indexOf(file));
    for (const member of members) seen.get(member).open = false;
    if (members.length > 1 || targets.includes(file)) circles.push(members.sort());
  };
  for (const file of graph.keys()) if (!seen.has(file)) visit(file);
  return circles;
}

/**
 * The files that `entry` needs at run time.
 *
 * @returns {Map<string, string[]>} by file the shortest way there, from the entry to the file
 */
export function reachedFrom(graph, entry) {
  const ways = new Map([[entry, [entry]]]);
  for (const [file, way] of ways) {
    for (const { target, typeOnly } of graph.get(file) ?? []) {
      if (!typeOnly && target !== undefined && !ways.has(target)) ways.set(target, [...way, target]);
    }
  }
  return ways;
}
