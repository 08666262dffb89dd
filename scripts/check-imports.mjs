/** `npm run lint`: imports point down and in no circle, browsers reach no module of Node, and files and classes stay short. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { faultsOf } from './imports/check.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const declared = JSON.parse(readFileSync(new URL('imports/layers.json', import.meta.url), 'utf8'));

function sourcesIn(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return declared.generated.includes(path) ? [] : sourcesIn(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

const paths = ['src', 'workers', 'bench'].flatMap(sourcesIn).sort();
const faults = faultsOf(new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')])), declared);
for (const fault of faults) console.error(fault);
if (faults.length > 0) {
  console.error(`${faults.length} faults; scripts/imports/layers.json declares the order and the bounds`);
  process.exitCode = 1;
}
