/**
 * docs/api.md: one page with every export of every entry point of package.json, its signature and its doc sentence, read from the types.
 *
 * The compiler of this project has its programming interface under `typescript/unstable`; its version is pinned in package.json.
 */
import { API, NodeBuilderFlags, SymbolFlags } from 'typescript/unstable/sync';
import { anchorOf } from './checks.mjs';
import { PROJECT, read } from './pages.mjs';

/** Characters of a signature; longer ones are cut. */
const SIGNATURE_LENGTH = 160;
/** Members that every class of errors has. */
const OF_ERRORS = new Set(['name', 'message', 'stack', 'cause']);
/** Members of an interface or class that a signature names. */
const MOST_MEMBERS = 12;

/** @returns {{ text: string, missing: string[] }} the page, and the exports that have no sentence */
export function apiPage() {
  const { name, exports } = JSON.parse(read('package.json'));
  const api = new API({ cwd: PROJECT });
  try {
    const configFile = `${PROJECT}tsconfig.json`;
    const project = api.updateSnapshot({ openProjects: [configFile] }).getProject(configFile);
    const entries = Object.entries(exports)
      .filter(([, target]) => typeof target === 'object')
      .map(([path, target]) => entryOf(project, `${name}${path.slice(1)}`, sourceOf(target)));
    const missing = entries.flatMap(({ title, rows }) =>
      rows.filter(({ sentence }) => !isSentence(sentence)).map((row) => `${title}: ${row.name} (${row.file})`),
    );
    return { text: pageOf(entries), missing };
  } finally {
    api.close();
  }
}

/** The source that a target of `exports` is compiled from. */
function sourceOf(target) {
  const types = target.types ?? target.import?.types ?? target.default?.types;
  return types.replace(/^\.\/dist\//, PROJECT).replace(/\.d\.ts$/, '.ts');
}

function entryOf(project, title, file) {
  const { checker, program } = project;
  const source = program.getSourceFile(file);
  if (source === undefined) throw new Error(`${title}: ${file} is not part of tsconfig.json`);
  const module = checker.getSymbolAtLocation(source);
  const rows = checker
    .getExportsOfModule(module)
    .map((symbol) => rowOf(project, symbol))
    .filter(({ isInternal }) => !isInternal)
    .sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
  return { title, summary: summaryOf(source.text), rows };
}

/** The comment at the top of an entry point, without its examples and tags. */
function summaryOf(text) {
  const [, comment = ''] = /^(?:\/\/.*\n)*\/\*\*([\s\S]*?)\*\//.exec(text) ?? [];
  return inline(firstParagraph(comment.replaceAll(/^\s*\* ?/gm, '')));
}

function rowOf(project, exported) {
  const { checker } = project;
  const symbol = exported.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  return {
    name: exported.name,
    file: symbol.declarations[0]?.path.replace(PROJECT, '') ?? '',
    isInternal: symbol.getJsDocTags(checker).some((tag) => tag.name === 'internal'),
    signature: signatureOf(project, exported.name, symbol),
    sentence: inline(firstParagraph(symbol.getDocumentationComment(checker))),
  };
}

function signatureOf({ checker }, name, symbol) {
  const { flags } = symbol;
  if (flags & SymbolFlags.Class) return `class ${name} { ${membersOf(checker, symbol)} }`;
  if (flags & SymbolFlags.Function) return cut(called(name, textOf(checker, checker.getTypeOfSymbol(symbol))));
  if (flags & SymbolFlags.Enum) return `enum ${name} { ${[...symbol.getExports().keys()].join(', ')} }`;
  const type =
    flags & SymbolFlags.Interface
      ? `interface ${name} { ${membersOf(checker, symbol)} }`
      : aliasOf(checker, name, symbol);
  if (!(flags & SymbolFlags.Variable)) return type;
  const value = constantOf(checker, name, checker.getTypeOfSymbol(symbol));
  return flags & (SymbolFlags.Interface | SymbolFlags.TypeAlias) ? `${value}; type ${name}` : value;
}

/** A constant with its type; of an object whose type is too long, the names of its members. */
function constantOf(checker, name, type) {
  const text = `const ${name}: ${textOf(checker, type)}`;
  if (text.length <= SIGNATURE_LENGTH || !textOf(checker, type).startsWith('{')) return cut(text);
  return `const ${name}: { ${shownOf(checker.getPropertiesOfType(type).map((member) => member.name))} }`;
}

/** A type as text; types of other files by their names alone, not by where this checkout has them. */
function textOf(checker, ...args) {
  return checker.typeToString(...args).replaceAll(/import\("[^"]*"\)\./g, '');
}

/** A union of literals is written out; other aliases are named. */
function aliasOf(checker, name, symbol) {
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const written = textOf(checker, type, undefined, NodeBuilderFlags.InTypeAlias);
  return type.isUnionType() ? cut(`type ${name} = ${written}`) : `type ${name}`;
}

/** `(a: A) => B` as a call of `name`: the arrow behind the parameters becomes a colon. */
function called(name, type) {
  let depth = 0;
  for (let i = type.indexOf('('); i < type.length; i++) {
    if (type[i] === '(') depth++;
    if (type[i] === ')' && --depth === 0)
      return `${name}${type.slice(0, i + 1)}${type.slice(i + 1).replace(' => ', ': ')}`;
  }
  return `${name}: ${type}`;
}

function membersOf(checker, symbol) {
  const names = checker
    .getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol))
    .filter((member) => isPublic(checker, member))
    .map((member) => `${member.name}${member.flags & SymbolFlags.Optional ? '?' : ''}${isMethod(member) ? '()' : ''}`);
  return shownOf(names);
}

function shownOf(names) {
  return [...names.slice(0, MOST_MEMBERS), ...(names.length > MOST_MEMBERS ? ['…'] : [])].join(', ');
}

const isMethod = (member) => (member.flags & SymbolFlags.Method) !== 0;

function isPublic(checker, member) {
  if (member.getJsDocTags(checker).some((tag) => tag.name === 'internal')) return false;
  const text = member.declarations[0]?.resolve()?.getText() ?? '';
  return !/^(private|protected)\b|^#/.test(text) && !member.name.startsWith('__') && !OF_ERRORS.has(member.name);
}

const cut = (text) => {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > SIGNATURE_LENGTH ? `${line.slice(0, SIGNATURE_LENGTH)} …` : line;
};

function firstParagraph(text) {
  return text
    .replaceAll('\r', '')
    .trim()
    .split(/\n\s*(?:\n|[-*] |@|```)/, 1)[0];
}

/** A comment as one line of Markdown: links become code, and nothing ends a cell of a table. */
function inline(text) {
  return text
    .replaceAll(/\{@link\s+([^}|]+?)\s*(?:\|[^}]*)?\}/g, '`$1`')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('|', '\\|')
    .trim();
}

/** More than a clause number: three words at least. */
function isSentence(text) {
  return (text.match(/\b[A-Za-z][A-Za-z-]*\b/g) ?? []).length >= 3;
}

function pageOf(entries) {
  const sections = entries.map(({ title, summary, rows }) => {
    const lines = rows.map(({ signature, sentence }) => `| ${code(signature)} | ${sentence} |`);
    return `## \`${title}\`\n\n${summary}\n\n| export | description |\n|---|---|\n${lines.join('\n')}\n`;
  });
  const contents = entries.map(({ title, rows }) => `- [\`${title}\`](#${anchorOf(title)}): ${rows.length} exports`);
  return `<!-- Written by \`npm run docs\` from the types: edit the comments in src/. -->
# API

Every export of every entry point, with the first paragraph of its comment. The types in the package have the rest: parameters, units,
errors. How to use them: [README](../README.md#from-a-program) and the programs in \`examples/\`.

${contents.join('\n')}

${sections.join('\n')}`;
}

/** Code in a cell of a table: a bar is escaped there even in code. */
const code = (text) => `\`${text.replaceAll('|', '\\|')}\``;
