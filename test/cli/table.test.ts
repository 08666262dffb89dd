/** Tables at the width of a screen, and warnings that are alike. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ABOUT_ITEMS } from '../../src/cli/shared/output.ts';
import type { Row } from '../../src/cli/shared/rows.ts';
import { type Summary, summaryJson, summaryText } from '../../src/cli/shared/summary.ts';
import { Table } from '../../src/cli/shared/table.ts';
import { foldWarnings, MOST_WARNINGS } from '../../src/cli/shared/warnings.ts';
import { CODES } from '../../src/verdict/index.ts';

const plain = (_: unknown, text: string): string => text;
const row = (more: Partial<Row> = {}): Row =>
  ({
    index: 7,
    source: 'message.hex',
    offset: 0,
    line: 3,
    kind: 'message',
    hashedId8: '45aa1ea95d8872a5',
    verdict: 'invalid',
    code: 'unauthorizedPSID',
    depth: 0,
    detail: 'psid 12257, certificate has 135',
    signature: 'ok',
    psid: 12257,
    signer: 'certificate',
    ...more,
  }) as Row;
const table = (screen: number | undefined) => new Table(ABOUT_ITEMS, screen, plain);

describe('a table', () => {
  it('of 80 columns shows verdict, code and reason', () => {
    expect(table(80).line(row())).toBe('     7  invalid    unauthorizedPSID      psid 12257, certificate has 135');
    expect(table(80).head(row())).toBe(' index  verdict    code                  reason');
    const deep = row({ depth: 2, detail: 'a reason that goes on and on and on and on' });
    expect(table(80).line(deep)).toBe(
      '     7  invalid    unauthorizedPSID      depth 2: a reason that goes on and on …',
    );
  });

  it('shows more where there is room, and everything without a screen', () => {
    expect(table(100).head(row()).trimEnd()).toMatch(/code +reason +hashedId8$/);
    expect(table(200).line(row())).toMatch(
      /psid 12257, certificate has 135 +45aa1ea95d8872a5 {2}ok +12257 certificate +message.hex:3/,
    );
    const long = row({ detail: 'x'.repeat(300), source: 'y'.repeat(300) });
    expect(table(undefined).line(long)).toContain(`${'x'.repeat(300)}  45aa1ea95d8872a5`);
    expect(table(undefined).line(long)).toMatch(/y{300}:3$/);
  });

  it('a line fits its screen and has verdict and code', () => {
    const codes = fc.constantFrom(...(Object.keys(CODES) as Row['code'][]));
    const rows = fc.record({
      index: fc.nat(999_999),
      code: codes,
      depth: fc.nat(8),
      detail: fc.string({ maxLength: 200 }),
      source: fc.string({ maxLength: 60 }),
    });
    fc.assert(
      fc.property(rows, fc.integer({ min: 80, max: 250 }), (some, screen) => {
        const line = table(screen).line(row(some));
        expect(line.length).toBeLessThanOrEqual(screen);
        expect(line.slice(0, 80)).toContain(`invalid    ${some.code}`);
        expect(table(screen).head(row()).length).toBeLessThanOrEqual(screen);
      }),
    );
  });

  it('received text cannot move the cursor', () => {
    expect(table(undefined).line(row({ detail: 'a\u001b[2J\nb', source: '\u0007' }))).not.toMatch(/\p{Cc}/u);
  });
});

const unusable = (i: number): string =>
  `--ca cas/${i}.oer: issuerNotFound: ${'0123456789abcde'}${i % 10}: an issuer of the chain is not known (issuer ${i} is not known)`;

describe('warnings', () => {
  it('25 of one kind are one line with a count', () => {
    const lines = foldWarnings(Array.from({ length: 25 }, (_, i) => unusable(i)));
    expect(lines).toEqual([`${unusable(0)} (and 24 more like it)`]);
  });

  it('of other kinds stay apart, in the order in which they came', () => {
    const absent = (i: number): string => `--ca ${i}.oer, octet 0: ENOENT: no such file or directory`;
    const overdue = (i: number): string =>
      `--crl crls/${i}.oer: nextCrl was 2024-01-0${i % 9}T00:00:00Z, ${i} days ago`;
    const mixed = [
      unusable(1),
      absent(1),
      overdue(1),
      unusable(2),
      absent(2),
      overdue(2),
      unusable(3),
      absent(3),
      overdue(3),
    ];
    expect(foldWarnings(mixed)).toEqual(
      [unusable(1), absent(1), overdue(1)].map((one) => `${one} (and 2 more like it)`),
    );
    const codes = [
      '--ca a.oer: truncated: x',
      '--ca b.oer: tagClass: x',
      '--crl c.oer: truncated: x',
      '--root d: truncated: x',
    ];
    expect(foldWarnings([...codes, ...codes])).toHaveLength(8);
    expect(foldWarnings([...codes, ...codes, ...codes])).toHaveLength(4);
  });

  it('none is lost: the counts add up, and few are printed as they are', () => {
    const kinds = fc.array(
      fc.tuple(
        fc.constantFrom('--ca a', '--crl b', 'c'),
        fc.constantFrom('truncated', 'issuerNotFound', 'odd words 12'),
      ),
    );
    fc.assert(
      fc.property(kinds, (some) => {
        const warnings = some.map(([name, what], i) => `${name}${i}.oer: ${what}: ${i}`);
        const lines = foldWarnings(warnings);
        const counted = lines.reduce(
          (sum, line) => sum + 1 + Number(/ \(and (\d+) more like it\)$/.exec(line)?.[1] ?? 0),
          0,
        );
        expect(counted).toBe(warnings.length);
      }),
    );
    expect(foldWarnings([unusable(1), unusable(2)])).toEqual([unusable(1), unusable(2)]);
  });

  it('a thousand kinds do not scroll the summary away', () => {
    const lines = foldWarnings(Array.from({ length: 1000 }, (_, i) => `${'x'.repeat(i + 1)} is odd`));
    expect(lines).toHaveLength(51);
    expect(lines.at(-1)).toBe('950 warnings of other kinds');
  });

  it('are whole in JSON up to a bound, beyond which they are counted', () => {
    const summary = (count: number): Summary =>
      ({
        ...{ items: 0, valid: 0, invalid: 0, undecided: 0, codes: {}, seconds: 0, rate: 0, kernel: 'simd', threads: 0 },
        ...{ at: null, trustRevision: 1, metrics: {} },
        warnings: Array.from({ length: count }, (_, i) => unusable(i)),
      }) as unknown as Summary;
    expect(summaryJson(summary(25))).toEqual(summary(25));
    expect(summaryJson(summary(MOST_WARNINGS))).not.toHaveProperty('moreWarnings');
    const many = summaryJson(summary(MOST_WARNINGS + 7)) as { warnings: string[]; moreWarnings: number };
    expect([many.warnings.length, many.moreWarnings]).toEqual([MOST_WARNINGS, 7]);
    expect(summaryText(summary(25), plain).match(/warning: /g)).toHaveLength(1);
  });
});
