import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { OPERATIONS } from '../../bench/marks.ts';
import { documentTables, fillMarkers } from '../../bench/report/markdown.ts';
import type { Results } from '../../bench/results.ts';
import type { Row } from '../../bench/rows.ts';

const { recurring, single } = OPERATIONS;

function row(of: Partial<Row>): Row {
  return {
    section: 'operations',
    operation: recurring.title,
    kernel: 'fma',
    threads: 1,
    batch: 1024,
    perSecond: 98765,
    microseconds: 10.1,
    spread: 1,
    samples: 20,
    clock: 'cpu',
    ratio: { openssl: 6.5, nodeCrypto: 7 },
    losesTo: [],
    reach: 6,
    stretch: 9,
    markOf: 'openssl',
    met: 'reach',
    ...of,
  };
}

function run(node: string, rows: Row[]): Results {
  const machine = {
    cpu: 'A processor',
    cores: 2,
    memoryGiB: 8,
    platform: 'linux x64',
    node,
    v8: '13',
    openssl: '3.5',
    opensslProgram: 'OpenSSL 3.0.19 27 Jan 2026 (Library: OpenSSL 3.0.19)',
  };
  return { machine, takenAt: '2025-01-02T03:04:05Z', quick: false, notices: [], rows };
}

const NEWER = run('v24.1.0', [
  row({}),
  row({ kernel: 'simd', perSecond: 50000, ratio: { openssl: 3.2 }, met: 'missed' }),
  row({
    operation: single.title,
    batch: 1,
    perSecond: 9000,
    ratio: { openssl: 0.6 },
    losesTo: ['openssl'],
    met: 'missed',
  }),
]);

describe('tables for documents', () => {
  test('the five rows have the best kernel each, with every figure out of the run', () => {
    const { five } = documentTables(NEWER);
    expect(five).toContain(`| ${recurring.title}, 1024 in flight | fma | 98,765 | 6.50× | 7.00× | target ≥ 6×: met |`);
    expect(five).not.toContain('simd');
    expect(five).toContain('Node 24.1.0');
  });

  test('rows that lose stay, and say so', () => {
    const { operations, five } = documentTables(NEWER);
    expect(operations?.split('\n')).toHaveLength(2 + NEWER.rows.length);
    expect(operations).toContain('loses to OpenSSL');
    expect(five).toContain('0.60×');
  });

  test('an older engine is compared by ratios, for each run had a machine of its own speed', () => {
    const older = run('v20.1.0', [
      row({ kernel: 'simd', perSecond: 10, ratio: { openssl: 4.55 } }),
      row({ operation: single.title, batch: 1, perSecond: 10, ratio: { openssl: 0.3 } }),
    ]);
    const table = documentTables(NEWER, older).older;
    expect(table).toContain(`| ${recurring.title} | 6.50× | 4.55× | 0.70 | target 0.6: met |`);
    expect(table).toContain(`| ${single.title} | 0.60× | 0.30× | 0.50 | target 0.6: missed |`);
  });

  test('what was not measured is not invented', () => {
    const { kernels, older } = documentTables(NEWER);
    expect([kernels, older]).toEqual(['Not measured.', 'Not measured.']);
  });
});

describe('markers', () => {
  const DOCUMENT = 'a\n<!-- figures: five -->\nold\n<!-- /figures -->\nb\n';

  test('keep what is around them, and can be filled again', () => {
    const once = fillMarkers(DOCUMENT, { five: 'new $& figures' });
    expect(once).toBe('a\n<!-- figures: five -->\nnew $& figures\n<!-- /figures -->\nb\n');
    expect(fillMarkers(once, { five: 'old' })).toBe(DOCUMENT);
  });

  test('without a table or an end are errors', () => {
    expect(() => fillMarkers(DOCUMENT, {})).toThrow(/no table 'five'/);
    expect(() => fillMarkers(DOCUMENT.replace('<!-- /figures -->', ''), { five: '' })).toThrow(/no end/);
  });

  test.each(['README.md', 'docs/performance.md'])('of %s all have their tables', (file) => {
    const document = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
    const filled = fillMarkers(document, documentTables(NEWER, NEWER));
    expect(filled).toContain('6.50×');
    expect(filled).not.toContain('Not measured yet');
  });
});
