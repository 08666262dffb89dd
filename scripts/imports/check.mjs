/** What is wrong with the imports and sizes of a tree of source files. */
import { circlesOf, graphOf, reachedFrom, withoutComments } from './graph.mjs';

/**
 * @typedef {object} Declared what layers.json declares
 * @property {readonly (readonly string[])[]} layers
 * @property {readonly string[]} generated folders whose files are not in the tree
 * @property {readonly string[]} nodePackages packages that need Node
 * @property {readonly string[]} withoutNode entries that may reach neither those nor modules of Node
 * @property {Readonly<Record<string, string>>} nodeIfPresent files that use globals of Node if there are any, with what they do otherwise
 * @property {number} longestFile lines of a file in src
 * @property {number} longestClass lines of a class in src
 * @property {Readonly<Record<string, string>>} longFiles files that may be longer, with the reason
 * @property {readonly string[]} known faults that are being mended
 */

/**
 * @param {ReadonlyMap<string, string>} files texts by path
 * @param {Declared} declared
 * @returns {string[]} one line per fault
 */
export function faultsOf(files, declared) {
  const graph = graphOf(files);
  const found = [
    ...unresolved(graph, declared),
    ...circlesOf(graph).map((files) => `circle of imports: ${files.join(', ')}`),
    ...upward(graph, declared),
    ...nodeInBrowsers(graph, files, declared),
    ...tooLong(files, declared),
  ];
  // Lines move while a fault stays.
  const named = new Set(found.map((fault) => fault.replace(/:\d+ /, ' ')));
  const over = declared.known.filter((fault) => !named.has(fault));
  return [
    ...found.filter((fault) => !declared.known.includes(fault.replace(/:\d+ /, ' '))),
    ...over.map((fault) => `layers.json lists a fault that is mended, remove it from "known": ${fault}`),
  ];
}

function unresolved(graph, { generated }) {
  const faults = [];
  for (const [file, imports] of graph) {
    for (const { specifier, line, target } of imports) {
      if (target !== undefined || !specifier.startsWith('.')) continue;
      const path = new URL(specifier, `file:///${file}`).pathname.slice(1);
      if (generated.some((folder) => isIn(path, folder))) continue;
      faults.push(`${file}:${line} imports ${specifier}, which does not exist`);
    }
  }
  return faults;
}

function isIn(file, unit) {
  return file === unit || file.startsWith(`${unit}/`);
}

/** The unit of a file and its row; the longest path wins. */
function placeOf(file, layers) {
  const places = layers.flatMap((units, row) => units.map((unit) => ({ unit, row })));
  const fitting = places.filter(({ unit }) => isIn(file, unit));
  return fitting.sort((a, b) => b.unit.length - a.unit.length)[0];
}

function upward(graph, { layers }) {
  const faults = [];
  for (const [file, imports] of graph) {
    const from = placeOf(file, layers);
    if (from === undefined) {
      faults.push(`${file} is in no layer of layers.json`);
      continue;
    }
    for (const { target, line } of imports) {
      const to = target === undefined ? undefined : placeOf(target, layers);
      if (to === undefined || to.unit === from.unit || to.row > from.row) continue;
      faults.push(`${file}:${line} imports ${target}: ${from.unit} is not above ${to.unit}`);
    }
  }
  return faults;
}

/** What programs for Node have without an import; names behind a dot are members of something else. */
const NODE_GLOBAL = /(?<![.\w])(?:Buffer|process|setImmediate)(?=[.(])/;

function nodeInBrowsers(graph, files, { withoutNode, nodePackages, nodeIfPresent }) {
  const isNode = (specifier) => specifier.startsWith('node:') || nodePackages.includes(specifier);
  const faults = new Set();
  for (const entry of withoutNode) {
    if (!graph.has(entry)) faults.add(`${entry} does not exist, and layers.json lists it`);
    for (const [file, way] of reachedFrom(graph, entry)) {
      const imports = (graph.get(file) ?? []).filter(({ specifier, typeOnly }) => !typeOnly && isNode(specifier));
      for (const { specifier } of imports) faults.add(`browsers have no ${specifier}: ${way.join(' > ')}`);
      const [global] = NODE_GLOBAL.exec(withoutComments(files.get(file) ?? '')) ?? [];
      if (global && !nodeIfPresent[file]) faults.add(`browsers have no ${global}: ${file}`);
    }
  }
  for (const file of Object.keys(nodeIfPresent)) {
    if (!NODE_GLOBAL.test(files.get(file) ?? '')) faults.add(`${file} uses nothing of Node, and layers.json lists it`);
  }
  return [...faults];
}

function tooLong(files, { longestFile, longestClass, longFiles }) {
  const faults = [];
  for (const [file, text] of files) {
    if (!file.startsWith('src/')) continue;
    const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
    if (lines > longestFile && longFiles[file] === undefined) faults.push(`${file} has more than ${longestFile} lines`);
    for (const { name, lines } of classesOf(text)) {
      if (lines > longestClass) faults.push(`class ${name} in ${file} has more than ${longestClass} lines`);
    }
  }
  for (const file of Object.keys(longFiles)) {
    if (!files.has(file)) faults.push(`${file} does not exist, and layers.json lists it`);
  }
  return faults;
}

/** Classes as the formatter writes them: the closing brace stands under the beginning of the declaration. */
function classesOf(text) {
  const lines = text.split('\n');
  return lines.flatMap((line, at) => {
    const begin =
      /^(?<indent>\s*)(?:export |default |abstract )*(?:(?:const|return) .*)?\bclass(?: (?<name>\w+))?.*\{$/.exec(line);
    if (begin === null || /^\s*(?:\*|\/)/.test(line)) return [];
    const end = lines.findIndex((one, i) => i > at && one.startsWith(`${begin.groups.indent}}`));
    return [{ name: begin.groups.name ?? '(unnamed)', lines: (end < 0 ? lines.length - 1 : end) - at + 1 }];
  });
}
