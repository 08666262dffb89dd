/** No input of a mebibyte, whatever it is, takes more than 10 s of processor time or 400 MB of memory. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { HOSTILE } from './hostile-inputs.ts';
import { cut, expectAccounted } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'bounds-'));
afterAll(() => rmSync(folder, { recursive: true }));

const MOST_SECONDS = 10;
const MOST_MEGABYTES = 400;
const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** Reads each file in a process of its own kind: what the readers take, and nothing else. */
const SCRIPT = `
  import { readRecords } from './dist/src/readers/index.js';
  const results = [];
  for (const file of process.argv.slice(1)) {
    const start = process.cpuUsage();
    let records = 0;
    let error = null;
    const stream = readRecords([file]);
    try {
      for await (const _ of stream) records++;
    } catch (thrown) {
      error = thrown.name + ': ' + thrown.message;
    }
    const { user, system } = process.cpuUsage(start);
    results.push({ file, records, error, seconds: (user + system) / 1e6, megabytes: process.resourceUsage().maxRSS / 1024 });
  }
  console.log(JSON.stringify(results));
`;

interface Result {
  readonly records: number;
  readonly error: string | null;
  readonly seconds: number;
  /** The most so far: of this input, or of one before it. */
  readonly megabytes: number;
}

describe('hostile inputs', () => {
  const names = Object.keys(HOSTILE);

  it('are read within bounds', () => {
    const files = names.map((name, i) => {
      const bytes = (HOSTILE[name] as () => Uint8Array)();
      expect(bytes.length, name).toBeLessThan(1.2 * (1 << 20));
      const file = join(folder, String(i));
      writeFileSync(file, bytes);
      return file;
    });
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', SCRIPT, ...files], {
      cwd: PROJECT,
      maxBuffer: 1 << 26,
    });
    const results = JSON.parse(out.toString()) as Result[];
    if (process.env.SCMS_BOUNDS) {
      const rows = results.map(({ records, error, seconds, megabytes }, i) => ({
        name: names[i],
        records,
        seconds,
        megabytes,
        error,
      }));
      console.table(rows.sort((a, b) => b.seconds - a.seconds));
    }
    for (const [i, { error, seconds, megabytes }] of results.entries()) {
      expect(seconds, names[i]).toBeLessThan(MOST_SECONDS);
      expect(megabytes, names[i]).toBeLessThan(MOST_MEGABYTES);
      if (error !== null) expect(error, names[i]).toMatch(/^ReaderError: .*(no records|unfold to more than)/);
    }
  });

  it.each(names.filter((name) => !/gzip|ZIP|tar/.test(name)))(
    '%s: every byte is accounted for, however it is cut',
    (name) => {
      const bytes = (HOSTILE[name] as () => Uint8Array)().subarray(0, 40_000);
      const whole = cut(bytes);
      expectAccounted(whole.report, bytes.length);
      const again = cut(bytes, {}, [1, 100, 4096, 4097, 30_000]);
      expect(again.report).toEqual(whole.report);
      expect(again.pieces.length).toBe(whole.pieces.length);
      expect(again.pieces.every(({ offset }, i) => offset === whole.pieces[i]!.offset)).toBe(true);
    },
  );
});
