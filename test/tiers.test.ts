/** The tiers name files that exist, and leave nothing out: what is not whole in the quick tier is in the other one. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { onlyInRest, scaled } from './tiers.ts';

const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => `test/${file.replaceAll('\\', '/')}`);

describe('the tiers of tests', () => {
  it.each([...onlyInRest, ...scaled])('%s exists', (pattern) => {
    const folder = pattern.replace(/\*\*$/, '');
    expect(files.some((file) => file === pattern || (folder !== pattern && file.startsWith(folder)))).toBe(true);
  });

  it('a file that runs less in the quick tier is listed as such, and no other', () => {
    const importing = files.filter((file) => /from '(\.\.\/)+support\/tier\.ts'/.test(readFileSync(file, 'utf8')));
    expect(importing.sort()).toEqual([...scaled].sort());
  });
});
