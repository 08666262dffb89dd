/** What has to hold of all pages: links lead somewhere, cited rules are listed, the prose keeps to the field's words. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, normalize } from 'node:path/posix';
import { OTHERS, PAGES, PROJECT, read } from './pages.mjs';

const { files: SHIPPED } = JSON.parse(read('package.json'));
/** npm packs these whatever `files` says. */
const ALWAYS_SHIPPED = ['README.md', 'LICENSE', 'package.json'];

/** @returns {string[]} a line for each link that leads nowhere, or out of the package from a page that ships */
export function brokenLinks() {
  return [...PAGES, ...OTHERS].flatMap((page) =>
    linksOf(page).flatMap((link) => {
      const problem = problemWith(page, link);
      return problem === undefined ? [] : [`${page}: link to ${link}: ${problem}`];
    }),
  );
}

function linksOf(page) {
  return [...prose(read(page)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link)
    .filter((link) => !/^\w+:/.test(link));
}

function problemWith(page, link) {
  const [path, anchor] = link.split('#');
  const target = path === '' ? page : normalize(`${dirname(page)}/${path}`);
  if (!existsSync(`${PROJECT}${target}`)) return 'no such file';
  if (isShipped(page) && !isShipped(target)) return 'it does not ship with the package';
  if (anchor !== undefined && !anchorsOf(target).has(anchor)) return 'no such heading';
  return undefined;
}

function isShipped(path) {
  return ALWAYS_SHIPPED.includes(path) || SHIPPED.some((name) => path === name || path.startsWith(`${name}/`));
}

/** GitHub's anchors of the headings of a page. */
function anchorsOf(page) {
  const headings = [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading));
  return new Set(headings);
}

export function anchorOf(heading) {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

/** Folders of code that cites rules. */
const CODE = ['src', 'workers', 'bench', 'scripts', 'examples', 'test'];
const RULE = /(?<![\w.-])(?:(?:V|BL|AE|AR|RE|RR|G|C|P|T|K|Q|I|D)[1-9]\d?|E-\d{1,2})(?![\w.-]*\w)/g;
const RULE_PAGE = 'docs/root-management.md';

/** @returns {string[]} a line for each rule number that is cited and not listed in root-management.md */
export function unlistedRules() {
  const listed = new Set([...read(RULE_PAGE).matchAll(/^\| ([A-Z]{1,2}-?\d+) \|/gm)].map(([, rule]) => rule));
  const cited = new Map();
  for (const file of [...PAGES, ...OTHERS, ...CODE.flatMap(sourcesIn)]) {
    for (const [rule] of read(file).matchAll(RULE)) if (!cited.has(rule)) cited.set(rule, file);
  }
  return [...cited]
    .filter(([rule]) => !listed.has(rule))
    .map(([rule, file]) => `${file}: cites ${rule}, which ${RULE_PAGE} does not list`);
}

function sourcesIn(folder) {
  return readdirSync(`${PROJECT}${folder}`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
    .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(PROJECT.length));
}

/** Words that users do not say, with the plain ones. */
const UNWANTED = [
  [/\bjudg\w*/gi, 'verify, check, decide'],
  [/\b(?:some|any|no)body\b|\bwhoever\b/gi, 'name the actor'],
  [/\bwhat (?:is|was|are|were)\b/gi, 'name the thing'],
  [/\bstands?\b(?! for)/gi, 'is valid'],
  [/\bSTANDARDS\b/g, 'the standard and its clause: such a page does not ship'],
];
/** COER and ASN.1 speak of octets; everything else of bytes. */
const MOST_OCTETS = 25;

/** @returns {string[]} a line for each unwanted word in README.md and docs/, and one if `octet` is too frequent */
export function unwantedWords() {
  const texts = PAGES.map((page) => [page, withoutCode(read(page))]);
  const found = texts.flatMap(([page, text]) =>
    text
      .split('\n')
      .flatMap((line, i) =>
        UNWANTED.flatMap(([pattern, better]) =>
          [...line.matchAll(pattern)].map(([word]) => `${page}:${i + 1}: '${word}' (${better})`),
        ),
      ),
  );
  const octets = texts.reduce((sum, [, text]) => sum + (text.match(/octet/gi)?.length ?? 0), 0);
  return octets > MOST_OCTETS
    ? [...found, `README.md and docs/ say 'octet' ${octets} times, at most ${MOST_OCTETS}`]
    : found;
}

/** A page without its blocks of code; lines keep their numbers. */
const prose = (text) => text.replaceAll(/^```[\s\S]*?^```$/gm, (block) => block.replaceAll(/.*/g, ''));

/** The same without code inside lines. */
const withoutCode = (text) => prose(text).replaceAll(/`[^`\n]*`/g, '');
