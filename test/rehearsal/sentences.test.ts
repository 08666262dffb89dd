/** The sentences of the source text: all there, each shown by answers that are as expected, the same in both forms and in the page. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { BUILT_IN, builtInScenario } from '../../src/rehearsal/index.ts';
import { vectorsDir } from '../support/vectors.ts';
import { played } from './played.ts';

vi.setConfig({ testTimeout: 240_000 });

const SOURCE = join(vectorsDir() ?? '', '..', 'seed-root-management.txt');
const PAGE = new URL('../../docs/rehearsal.md', import.meta.url);
const RECOVERIES = ['elector', 'root'] as const;

/** Sentences and captions of each day of a recovery, as the source text has them. */
function sourceDays(recovery: (typeof RECOVERIES)[number]): { sentences: number; captions: number }[] {
  const [elector = '', root = ''] = readFileSync(SOURCE, 'utf8').split('The following describes');
  const text = recovery === 'elector' ? elector : root;
  const days: string[] = [];
  for (const line of text.split('\n')) {
    const heading = /^Day (\d):\s/.exec(line);
    if (heading) days[Number(heading[1]) - 1] ??= '';
    else if (days.length > 0) days[days.length - 1] += `${line}\n`;
  }
  return days.map((day) => {
    const lines = day.split('\n').filter((line) => line.trim() !== '');
    const prose = lines.filter((line) => !line.startsWith('Diagram')).join(' ');
    return {
      sentences: prose.match(/[^.]+\.(?=\s|$)/g)?.length ?? 0,
      captions: lines.filter((line) => line.startsWith('Diagram')).length,
    };
  });
}

describe.skipIf(!existsSync(SOURCE))('the source text', () => {
  it.each(RECOVERIES)('has no sentence about %s that the scenario leaves out', (recovery) => {
    const { days } = builtInScenario(recovery);
    const wanted = sourceDays(recovery).map(({ sentences, captions }) => sentences + captions);
    expect(wanted).toHaveLength(days.length);
    expect(days.map(({ sentences = [] }) => sentences.length)).toEqual(wanted);
  });

  it('is nowhere copied', () => {
    const source = readFileSync(SOURCE, 'utf8')
      .toLowerCase()
      .replaceAll(/[^a-z ]+/g, ' ')
      .split(/\s+/)
      .join(' ');
    for (const name of BUILT_IN) {
      for (const { text, sentences = [] } of builtInScenario(name).days) {
        for (const says of [text, ...sentences.map((sentence) => sentence.says)]) {
          const words = says
            .toLowerCase()
            .replaceAll(/[^a-z ]+/g, ' ')
            .trim()
            .split(/\s+/);
          for (let i = 0; i + 9 <= words.length; i++) {
            const run = words.slice(i, i + 9).join(' ');
            expect(source.includes(run), `${name}: ${run}`).toBe(false);
          }
        }
      }
    }
  });
});

describe.each(BUILT_IN)('the sentences of %s', (name) => {
  it('are each shown by answers that are as expected', async () => {
    const { days } = await played(name);
    for (const { day, sentences } of days) {
      expect(sentences.length).toBeGreaterThan(0);
      for (const { ordinal, shown, note } of sentences) {
        const sentence = `${name} ${day}.${ordinal}`;
        if (shown.length === 0) expect(note, sentence).not.toBeNull();
        expect(
          shown.filter(({ matched }) => !matched),
          sentence,
        ).toEqual([]);
        // What does not exist yet shows nothing.
        expect(
          shown.filter(({ expected }) => expected === '-'),
          sentence,
        ).toEqual([]);
      }
    }
  });
});

describe('the sentences', () => {
  it.each(RECOVERIES)('of %s say the same in both forms', (recovery) => {
    const says = (name: (typeof BUILT_IN)[number]): string[][] =>
      builtInScenario(name).days.map(({ sentences = [] }) => sentences.map((sentence) => sentence.says));
    expect(says(`${recovery}-ctl`)).toEqual(says(recovery));
  });

  it('stand in the page, each with its name and its rows', () => {
    const lines = readFileSync(PAGE, 'utf8').split('\n');
    for (const recovery of RECOVERIES) {
      const [ballots, ctl] = [builtInScenario(recovery), builtInScenario(`${recovery}-ctl`)];
      ballots.days.forEach(({ sentences = [] }, d) => {
        sentences.forEach(({ says, shown }, s) => {
          const line = lines.find((one) => one.startsWith(`| ${recovery} ${d + 1}.${s + 1} | ${says} |`));
          const rows = [...shown, ...(ctl.days[d]?.sentences?.[s]?.shown ?? [])];
          for (const { object } of rows) expect(line, `${recovery} ${d + 1}.${s + 1}`).toContain(object);
        });
      });
    }
  });
});
