/**
 * Fills the figures of docs/performance.md and README.md from runs of the benchmarks:
 *
 *   npm run bench -- --json bench24.json               on Node 24
 *   npm run bench -- --json bench20.json               on Node 20
 *   npm run docs:figures -- bench24.json bench20.json
 *
 * The second run may be left out.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { documentTables, fillMarkers } from '../dist/bench/report/markdown.js';

const DOCUMENTS = ['README.md', 'docs/performance.md'];

const files = process.argv.slice(2);
if (files.length < 1 || files.length > 2) {
  console.error('usage: npm run docs:figures -- BENCH.json [BENCH-ON-NODE-20.json]');
  process.exit(2);
}
const runs = files.map((file) => JSON.parse(readFileSync(file, 'utf8')));
for (const [i, { quick }] of runs.entries()) {
  if (!quick) continue;
  console.error(`${files[i]} was measured in a hurry (--quick): such figures are not to be quoted`);
  process.exit(2);
}
const tables = documentTables(...runs);
for (const document of DOCUMENTS) {
  const path = fileURLToPath(new URL(`../${document}`, import.meta.url));
  writeFileSync(path, fillMarkers(readFileSync(path, 'utf8'), tables));
  console.log(`${document}: filled`);
}
