/** `require('scms-verify')` in CommonJS, on the Node that runs the tests. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

it('CommonJS requires the package and verifies', () => {
  const text = `const { createVerifier } = require('scms-verify');
const [verdict] = createVerifier({ trust: { roots: [] } }).verify([{ kind: 'message', bytes: Uint8Array.of(3) }]);
console.log(verdict.verdict);`;
  const { stdout, status } = spawnSync(process.execPath, ['--input-type=commonjs', '--eval', text], {
    cwd: PROJECT,
    encoding: 'utf8',
  });
  expect([stdout, status]).toEqual(['invalid\n', 0]);
});
