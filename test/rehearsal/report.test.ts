/** The report as a string: everything is in it, deviations stand out in words, and nothing in the data becomes markup. */
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { escaped } from '../../src/markup.ts';
import type { RehearsalResult, Tally } from '../../src/rehearsal/index.ts';
import { renderReport } from '../../src/rehearsal/report/index.ts';
import { faultsOf } from '../support/markup.ts';
import { bothForms, crowded, HOSTILE, hostile, withDeviations } from './reports.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

interface Report {
  readonly result: RehearsalResult;
  readonly html: string;
}

const reports = {} as Record<'elector' | 'root' | 'deviating', Report>;

beforeAll(async () => {
  const reportOf = (result: RehearsalResult): Report => ({ result, html: renderReport(result) });
  reports.elector = reportOf(await bothForms('elector'));
  reports.root = reportOf(await bothForms('root'));
  reports.deviating = reportOf(await withDeviations());
});

/** The part of a document that is one day in one form. */
function dayOf(html: string, anchor: string): string {
  const start = html.indexOf(`<section class="day" id="${escaped(anchor)}"`);
  expect(start, anchor).toBeGreaterThan(0);
  return html.slice(start, html.indexOf('</section>', start));
}

function lanesOf(result: RehearsalResult): { lane: RehearsalResult; suffix: string }[] {
  const first = { lane: result, suffix: '' };
  return result.beside === null ? [first] : [first, { lane: result.beside, suffix: '&form=ctl' }];
}

function wordsOf(html: string): string {
  return html.replace(/<[^<>]*>/g, '');
}

function expectIn(text: string, part: string): void {
  expect(text.includes(part), part).toBe(true);
}

/** The document without its script and data. */
function markupOf(html: string): string {
  return html.replace(/<script[^<>]*>[\s\S]*?<\/script>/g, '');
}

/** What a pattern finds first: a failure then prints that, and not the document. */
function firstOf(text: string, pattern: RegExp): string | undefined {
  return text.match(pattern)?.[0];
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

describe.each(['elector', 'root', 'deviating'] as const)('the report of %s', (name) => {
  it('is well-formed, and smaller than 3 MB', () => {
    const { html } = reports[name];
    expect(faultsOf(html)).toEqual([]);
    expect(firstOf(markupOf(html), /NaN|undefined|\[object/)).toBeUndefined();
    expect(Buffer.byteLength(html)).toBeLessThan(3_000_000);
  });

  it('loads nothing, and lets nothing run but its own script', () => {
    const { html } = reports[name];
    const markup = markupOf(html);
    expect(firstOf(markup, /https?:|\bsrc=|\bhref="(?!#)|@import|url\((?!#)| style=| on[a-z]+=/)).toBeUndefined();
    const hashed = (content = ''): string => `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
    const style = html.match(/<style>([\s\S]*?)<\/style>/)?.[1];
    const script = html.match(/<script>([\s\S]*?)<\/script>/)?.[1];
    expectIn(html, `style-src ${hashed(style)}; script-src ${hashed(script)};`);
    expectIn(html, "content=\"default-src 'none'; ");
    expect(count(html, /<script/g)).toBe(2);
  });

  it('carries the result as data', () => {
    const { html, result } = reports[name];
    const data = html.match(/<script type="application\/json" id="data">([\s\S]*?)<\/script>/)?.[1] ?? '';
    expect(JSON.parse(data)).toEqual(JSON.parse(JSON.stringify(result)));
  });

  it('has every day in every form, with its text and what moves', () => {
    const { html, result } = reports[name];
    for (const { lane, suffix } of lanesOf(result)) {
      for (const day of lane.days) {
        const words = wordsOf(dayOf(html, `day=${day.day}${suffix}`));
        expectIn(words, escaped(`Day ${day.day} of ${lane.days.length}: ${day.title}`));
        expectIn(words, escaped(day.text));
        if (day.moves.length === 0) expectIn(words, 'Nothing moves');
        for (const { artefact, why, contents, from, to, missedBy } of day.moves) {
          for (const said of [artefact, why, from, ...contents, ...to]) expectIn(words, escaped(said));
          for (const party of missedBy) expectIn(words, `✗ ${escaped(party)} missed it`);
        }
      }
    }
  });

  it('has every cell in the table and in the list of answers, and marks in words those that differ', () => {
    const { html, result } = reports[name];
    for (const { lane, suffix } of lanesOf(result)) {
      for (const { day, cells } of lane.days) {
        const section = dayOf(html, `day=${day}${suffix}`);
        const matrix = section.match(/<table class="matrix">[\s\S]*?<\/table>/)?.[0] ?? '';
        const answers = section.match(/<table class="answers">[\s\S]*?<\/table>/)?.[0] ?? '';
        expect(count(matrix, /<b(?: class="(?:yes|no)")?>[YN?-]<\/b>/g)).toBe(cells.length);
        expect(count(answers, /<tr/g)).toBe(cells.length + 1);
        for (const { object, party, expected, got, value, matched } of cells) {
          const head = `<th scope="row">${escaped(object)}</th><td>${escaped(party)}</td><td>${expected}`;
          const lines = answers.split('<tr').filter((line) => line.includes(head));
          const answered = `<td>${matched ? '' : '✗ '}${escaped([got, ...(value === undefined ? [] : [value])].join(' '))}`;
          expect(
            lines.filter((line) => line.includes(answered)),
            `${party} ${object}`,
          ).not.toEqual([]);
        }
        const wrong = cells.filter(({ matched }) => !matched).length;
        expect(count(matrix, /✗ expected /g)).toBe(wrong);
        expect(count(answers, /✗/g)).toBe(wrong);
        if (wrong === 0) expectIn(section, `✓ All ${cells.length} answers are as expected`);
        else expect(section).toMatch(new RegExp(`✗ ${wrong} answers? not as expected`));
      }
    }
  });

  it('says at its head how each form ended', () => {
    const { html, result } = reports[name];
    for (const { lane } of lanesOf(result)) {
      const { cells, deviations } = lane.summary;
      const form = lane.scenario.form === 'ctl' ? 'by CTL' : 'with ballots';
      const head = html.slice(0, html.indexOf('id="slider"'));
      if (deviations.length === 0) expectIn(head, `✓ All ${cells} answers as expected, ${form}`);
      else expectIn(head, `✗ ${deviations.length} of ${cells} answers not as expected, ${form}`);
    }
  });

  it('draws every node with its shape and word, and every chain', () => {
    const { html, result } = reports[name];
    for (const { lane, suffix } of lanesOf(result)) {
      for (const { day, parties } of lane.days) {
        const drawings = dayOf(html, `day=${day}${suffix}`).match(/<svg class="topology"[\s\S]*?<\/svg>/g) ?? [];
        expect(drawings).toHaveLength(parties.length);
        parties.forEach(({ topology: { nodes, edges } }, i) => {
          const drawing = drawings[i] ?? '';
          for (const state of new Set(nodes.map((node) => node.state))) {
            const those = nodes.filter((node) => node.state === state).length;
            expect(count(drawing, new RegExp(`<use href="#${state}"`, 'g')), state).toBe(those);
            expect(count(drawing, new RegExp(`>(?:Δ )?${state}<`, 'g')), state).toBe(those);
          }
          for (const { label } of nodes) expect(wordsOf(drawing)).toContain(escaped(label));
          const chains = (drawing.match(/<path class="chain[^>]*/g) ?? []).join('');
          expect(count(chains, /M/g)).toBe(edges.filter(({ kind }) => kind === 'chain').length);
        });
      }
    }
  });

  it('shows votes against those needed, and why votes are void', () => {
    const { html, result } = reports[name];
    for (const { lane, suffix } of lanesOf(result)) {
      for (const { day, parties } of lane.days) {
        const section = dayOf(html, `day=${day}${suffix}`);
        for (const { proposition, counted, needed, votes } of parties.flatMap(({ tallies }) => tallies)) {
          expectIn(section, escaped(proposition));
          expectIn(section, `${counted} counted, ${needed} needed`);
          for (const vote of votes) {
            const said = vote.counted ? `✓ ${vote.voter}` : `<s>${vote.voter}</s> void: ${vote.code}`;
            expectIn(section, said);
          }
        }
      }
    }
  });

  it('has sentences of the source text, events, resets and notes, each in words', () => {
    const { html, result } = reports[name];
    for (const { lane, suffix } of lanesOf(result)) {
      for (const { day, sentences, events, resets, parties } of lane.days) {
        const section = dayOf(html, `day=${day}${suffix}`);
        for (const { ordinal, says } of sentences) expectIn(section, escaped(`${day}.${ordinal} ${says}`));
        for (const { kind, name: what } of events) {
          if (kind !== 'moved') expectIn(section, escaped(`${kind} ${what}`));
        }
        for (const { name: entry, rule, why } of resets.flatMap(({ entries }) => entries)) {
          expectIn(section, `<th scope="row">${escaped(entry)} (`);
          expectIn(section, `<td>${rule}</td>`);
          expectIn(section, escaped(why));
        }
        for (const note of parties.flatMap(({ notes }) => notes)) expectIn(section, escaped(note));
      }
    }
  });

  it('says what differs from the day before, for whom', () => {
    const { html, result } = reports[name];
    for (const { lane, suffix } of lanesOf(result)) {
      for (const { day, changes } of lane.days) {
        const section = dayOf(html, `day=${day}${suffix}`).replaceAll('<wbr>', '');
        if (changes.length === 0) expect(section).toMatch(/This is the first day|Nothing differs/);
        for (const { item, before, after } of changes) {
          const line = `<th scope="row">${escaped(item)}</th><td>${escaped(before)}</td><td><b>${escaped(after)}</b></td>`;
          expectIn(section, line);
        }
      }
    }
  });
});

describe('void votes', () => {
  it('stand behind those that count, with their reasons, and what is missing stands between', () => {
    const tally: Tally = {
      ...{ artefact: 'crl-2', part: 'revokedElectors[0]', proposition: 'removeElector A', effectiveTime: null },
      ...{ decision: 'REJECT', code: 'B_QUORUM', counted: 1, needed: 3 },
      votes: [
        { voter: 'A', counted: false, code: 'V_SELF' },
        { voter: 'B', counted: true, code: 'OK' },
        { voter: 'X', counted: false, code: 'V_UNKNOWN_ELECTOR' },
      ],
    };
    const { result } = reports.deviating;
    const days = result.days.map((day) => ({
      ...day,
      parties: day.parties.map((own) => ({ ...own, tallies: [tally] })),
    }));
    const html = renderReport({ ...result, days });
    expectIn(
      html,
      [
        '<li class="counted">✓ B</li><li class="missing">missing</li><li class="missing">missing</li>',
        '<li class="mark">3 needed</li><li class="void"><s>A</s> void: V_SELF</li>',
        '<li class="void"><s>X</s> void: V_UNKNOWN_ELECTOR</li>',
      ].join(''),
    );
    expectIn(html, '<span class="decision reject">REJECT B_QUORUM</span>');
  });
});

describe('deviations', () => {
  it('are there to be seen', () => {
    expect(reports.deviating.result.summary.deviations.length).toBeGreaterThan(5);
  });

  it('stand at the head with day, party, expected, got, code and why, and lead to their day', () => {
    const { html, result } = reports.deviating;
    const head = html.slice(0, html.indexOf('id="slider"')).replaceAll('<wbr>', '');
    for (const { day, party, object, expected, got, code, why } of result.summary.deviations) {
      const name = party === '*' ? 'whole system' : party;
      expectIn(
        head,
        `<a href="#day=${day}">Day ${day}</a></td><td>${name}</td><th scope="row">${escaped(object)}</th>`,
      );
      expect(head).toMatch(new RegExp(`<td>${expected}[^<]*</td><td>✗ ${got === '?' ? '\\?' : got}[^<]*</td>`));
      expectIn(head, `<td>${escaped(code)}</td><td>${escaped(why)}</td>`);
    }
  });

  it('are counted in the overview, where parties and days meet', () => {
    const { html, result } = reports.deviating;
    for (const { day, cells } of result.days) {
      for (const { name } of result.parties) {
        const own = cells.filter(({ party }) => party === name);
        const wrong = own.filter(({ matched }) => !matched).length;
        if (wrong > 0) expectIn(html, `✗ ${wrong} of ${own.length} not as expected`);
      }
      expectIn(html, `data-overview="${day}"`);
    }
  });
});

describe('hostile names and texts', () => {
  it('stay text, everywhere', () => {
    const html = renderReport(hostile(reports.root.result));
    expect(faultsOf(html)).toEqual([]);
    expect(count(html, /<script/g)).toBe(2);
    expect(count(html, /<\/script/g)).toBe(2);
    const markup = markupOf(html);
    expect(firstOf(markup, /<img|<!--|\p{Cf}/u)).toBeUndefined();
    expect(markup.includes('\0')).toBe(false);
    expect(count(html, /&lt;script&gt;window/g)).toBeGreaterThan(1000);
  });

  it('come out of the data as they went in', () => {
    const result = hostile(reports.elector.result);
    const data = renderReport(result).match(/id="data">([\s\S]*?)<\/script>/)?.[1] ?? '';
    expect(JSON.parse(data).scenario.title).toBe(result.scenario.title);
    expect(result.scenario.title).toContain(HOSTILE);
  });
});

describe('the palette', () => {
  /** Relative luminance of WCAG 2.2. */
  const luminance = (colour: string): number => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a: string, b: string): number => {
    const [dark, light] = [luminance(a), luminance(b)].sort((one, other) => one - other) as [number, number];
    return (light + 0.05) / (dark + 0.05);
  };

  it('has a contrast of 4.5 at least for every text on every ground, light and dark', () => {
    const palettes = [...reports.root.html.matchAll(/color-scheme: (?:light|dark);([\s\S]*?)\}/g)].map(
      ([, rules = '']) =>
        Object.fromEntries(
          [...rules.matchAll(/--([a-z-]+): (#[0-9a-f]{6})/g)].map(([, name = '', colour = '']): [string, string] => [
            name,
            colour,
          ]),
        ),
    );
    expect(palettes).toHaveLength(2);
    for (const { paper, wash, 'failed-wash': failedWash, rule: _rule, ...inks } of palettes) {
      expect(Object.keys(inks)).toHaveLength(11);
      for (const [name, ink = ''] of Object.entries(inks)) {
        for (const ground of [paper, wash, failedWash]) {
          expect(contrast(ink, ground ?? ''), `${name} ${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
        }
      }
    }
  });
});

describe('a crowd', () => {
  it('of electors, roots and lost certificates is drawn in full, and stays in its drawing', () => {
    const html = renderReport(crowded(reports.elector.result));
    expect(faultsOf(html)).toEqual([]);
    expect(firstOf(html, /NaN/)).toBeUndefined();
    const drawing = html.match(/<svg class="topology" viewBox="-2 -2 (\d+) ([\d.]+)"[\s\S]*?<\/svg>/);
    const [all = '', width = '', height = ''] = drawing ?? [];
    expect(count(all, /<use /g)).toBe(10 + 4 + 8 + 2);
    for (const [, x] of all.matchAll(/ x="(-?[\d.]+)"/g)) expect(Number(x)).toBeLessThan(Number(width));
    for (const [, y] of all.matchAll(/ y="(-?[\d.]+)"/g)) expect(Number(y)).toBeLessThan(Number(height));
    expect(count(all, /class="vote void"/g)).toBeGreaterThan(8);
  });
});
