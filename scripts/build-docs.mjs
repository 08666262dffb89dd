/**
 * Writes what follows from the code: docs/api.md, docs/verdicts.md, and the table of sentences in docs/rehearsal.md.
 *
 *   npm run docs          writes them
 *   npm run docs:check    fails if one is out of date, an export has no sentence, a link or a cited rule leads nowhere, or a page
 *                         has unwanted words
 */
import { writeFileSync } from 'node:fs';
import { apiPage } from './docs/api-page.mjs';
import { brokenLinks, unlistedRules, unwantedWords } from './docs/checks.mjs';
import { PROJECT, read } from './docs/pages.mjs';
import { withSentences } from './docs/sentences.mjs';
import { verdictsPage } from './docs/verdicts-page.mjs';

const isCheck = process.argv.includes('--check');
const api = apiPage();
const problems = api.missing.map((name) => `no doc sentence: ${name}`);
const written = {
  'docs/api.md': api.text,
  'docs/verdicts.md': verdictsPage(),
  'docs/rehearsal.md': withSentences(read('docs/rehearsal.md')),
};

for (const [path, text] of Object.entries(written)) {
  if (!isCheck) writeFileSync(`${PROJECT}${path}`, text);
  else if (read(path) !== text) problems.push(`${path} is out of date: run \`npm run docs\``);
}
if (isCheck) problems.push(...brokenLinks(), ...unlistedRules(), ...unwantedWords());

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
