// Writes docs/api from the docstrings of the public entry points. TypeDoc does not run on the TypeScript that this project
// compiles with, so it gets one of its own in a scratch folder instead of a place among the dependencies.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const TOOLS = ['typedoc@0.28.20', 'typedoc-plugin-markdown@4.14.1', 'typescript@5.9.3', '@types/node@20'];
const ENTRY_POINTS = [
  'src/index.ts',
  'src/coer/index.ts',
  'src/dot2/index.ts',
  'src/readers/index.ts',
  'src/kernel/index.ts',
  'src/trust/index.ts',
  'src/trust/store/index.ts',
  'src/testbed/index.ts',
  'src/rehearsal/index.ts',
];

const scratch = mkdtempSync(join(tmpdir(), 'scms-verify-api-'));
try {
  writeFileSync(join(scratch, 'package.json'), '{ "private": true }');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', ...TOOLS], { cwd: scratch, stdio: 'inherit' });
  const options = {
    extends: join(PROJECT, 'tsconfig.json'),
    compilerOptions: { rootDir: PROJECT },
    include: [join(PROJECT, 'src')],
  };
  writeFileSync(join(scratch, 'tsconfig.json'), JSON.stringify(options));
  const entries = ENTRY_POINTS.flatMap((entry) => ['--entryPoints', join(PROJECT, entry)]);
  const flags = [
    '--plugin',
    'typedoc-plugin-markdown',
    '--readme',
    'none',
    '--disableSources',
    '--skipErrorChecking',
    '--excludeInternal',
    '--hideBreadcrumbs',
    '--hidePageHeader',
    '--logLevel',
    'Error',
  ];
  execFileSync(
    process.execPath,
    ['node_modules/typedoc/bin/typedoc', ...entries, ...flags, '--out', join(PROJECT, 'docs/api')],
    { cwd: scratch, stdio: 'inherit' },
  );
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
