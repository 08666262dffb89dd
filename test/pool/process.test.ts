/** Programs that use the pool as built end by themselves: nothing of it holds them. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);
const program = fileURLToPath(new URL('./fixtures/process.mjs', import.meta.url));

it.each([
  ['list', '300', 'when the pool was closed'],
  ['break', '100', 'when it was closed after leaving a stream that never ends'],
  ['quiet', 'TimeoutError', 'when it was closed after giving up on a stream that says nothing'],
  ['unclosed', '300', 'even when nobody closed the pool: idle threads hold nothing'],
])('a program ends by itself: %s (%s, %s)', async (how, count) => {
  const { stdout, stderr } = await run(process.execPath, [program, how], { timeout: 20_000 });
  expect(stdout.trim()).toBe(`${how} ${count}`);
  expect(stderr).toBe('');
});
