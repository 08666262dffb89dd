/**
 * After the compiler: removes what a former build left of sources that are gone, and declarations that no entry of the package needs;
 * copies what is read at run time and is no TypeScript.
 */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importsOf } from './imports/graph.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const declarations = declarationsFrom(Object.values(exports).flatMap(typesOf));

for (const entry of readdirSync(join(root, 'dist'), { recursive: true, withFileTypes: true })) {
  if (entry.isDirectory()) continue;
  const path = join(entry.parentPath, entry.name);
  const source = join(root, relative(join(root, 'dist'), path).replace(/(?:\.d\.ts|\.js)$/, '.ts'));
  const isWanted = existsSync(source) && (!path.endsWith('.d.ts') || declarations.has(path));
  if (!isWanted) rmSync(path);
}
const scenarios = join('src', 'rehearsal', 'scenarios');
cpSync(join(root, scenarios), join(root, 'dist', scenarios), { recursive: true });

/** The declaration files that an entry of `exports` names. */
function typesOf(target) {
  if (typeof target !== 'object') return [];
  return Object.entries(target).flatMap(([condition, to]) => (condition === 'types' ? [join(root, to)] : typesOf(to)));
}

/** These declaration files, and all that they import. */
function declarationsFrom(entries) {
  const found = new Set(entries);
  for (const file of found) {
    for (const { specifier } of importsOf(readFileSync(file, 'utf8'))) {
      if (specifier.startsWith('.')) found.add(join(dirname(file), specifier.replace(/\.[jt]s$/, '.d.ts')));
    }
  }
  return found;
}
