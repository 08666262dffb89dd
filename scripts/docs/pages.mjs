/** The documents that users read. Paths are relative to the project, with slashes. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** @returns {string[]} README.md first, then the pages of docs/ */
export const PAGES = [
  'README.md',
  ...readdirSync(`${PROJECT}docs`)
    .filter(isPage)
    .sort()
    .map((name) => `docs/${name}`),
];

/** The documents of those who work on the project. */
export const OTHERS = ['CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'];

export const read = (path) => readFileSync(`${PROJECT}${path}`, 'utf8');

function isPage(name) {
  return name.endsWith('.md');
}
