import { describe, expect, test } from 'vitest';
import type { Machine } from '../../bench/machine.ts';
import { page } from '../../bench/report/page.ts';
import { formatTable } from '../../bench/report/table.ts';
import type { Results } from '../../bench/results.ts';
import type { Row } from '../../bench/rows.ts';
import { faultsOf } from '../support/markup.ts';

const MACHINE: Machine = {
  cpu: 'A <fast> & "quoted" processor',
  cores: 2,
  memoryGiB: 8,
  platform: 'linux x64',
  node: 'v24.0.0',
  v8: '13',
  openssl: '3.0',
  opensslProgram: 'OpenSSL 3.0',
};

function row(of: Partial<Row>): Row {
  return {
    section: 'operations',
    operation: 'signed messages',
    kernel: 'simd',
    threads: 1,
    batch: 256,
    perSecond: 1234.5,
    microseconds: 810,
    spread: 1.5,
    samples: 20,
    clock: 'cpu',
    ratio: {},
    losesTo: [],
    ...of,
  };
}

const MARK = { reach: 3, stretch: 5, markOf: 'openssl', met: 'missed' } as const;

const ROWS: Row[] = [
  row({ section: 'kernels', operation: 'field multiplication', kernel: 'fma', batch: 4, microseconds: 0.0176 }),
  row({ ratio: { openssl: 0.5 }, losesTo: ['openssl'], ...MARK }),
  row({ kernel: 'fma', ratio: { openssl: 6 }, ...MARK, met: 'stretch' }),
  row({ kernel: 'openssl speed', peer: true }),
  row({ operation: 'pool', threads: 2, ratio: { oneThread: 1.85 }, ...MARK, markOf: 'oneThread', met: 'reach' }),
  ...[1, 16, 4096].flatMap((batch) =>
    [1, 2].map((threads) => row({ section: 'pipeline', operation: 'file', batch, threads, perSecond: 100 * batch })),
  ),
  row({ section: 'peers', operation: 'verification', kernel: 'WebCrypto & co', threads: 2, peer: true }),
];

const RESULTS: Results = {
  machine: MACHINE,
  takenAt: '2025-01-01T00:00:00Z',
  quick: true,
  notices: ['<left out>'],
  rows: ROWS,
};

describe('the page', () => {
  const html = page(RESULTS);

  test('is well-formed, whatever the machine is called', () => {
    expect(faultsOf(html)).toEqual([]);
    expect(html).toContain('A &lt;fast&gt; &amp; &quot;quoted&quot; processor');
  });

  test('the check for that notices faults', () => {
    expect(faultsOf('<p><b></p></b>')).not.toEqual([]);
    expect(faultsOf('<p>1 < 2</p>')).not.toEqual([]);
    expect(faultsOf('<p>a & b</p>')).not.toEqual([]);
  });

  test('loads nothing from anywhere', () => {
    expect(html).not.toMatch(/https?:|\bsrc=|\bhref=|@import|url\(|<script/);
  });

  test('has every row in its tables', () => {
    const cells = html.slice(html.indexOf('All rows'));
    expect(cells.match(/<tr(?: class="peers")?><td>/g)).toHaveLength(ROWS.length);
    for (const { operation } of ROWS) expect(cells).toContain(`>${operation}</th>`);
    expect(cells).toContain('WebCrypto &amp; co');
  });

  test('says in words which rows lose and which figures are met', () => {
    expect(html).toContain('>loses to OpenSSL<');
    expect(html).toContain('>0.50×, loses<');
    expect(html).toContain('>target ≥ 3×: missed<');
    expect(html).toContain('>stretch ≥ 5×: met<');
    expect(html).toContain('>target met<');
  });

  test('warns of hurried figures, and names what was left out', () => {
    expect(html).toContain('not to be quoted');
    expect(html).toContain('&lt;left out&gt;');
    expect(page({ ...RESULTS, quick: false })).not.toContain('not to be quoted');
  });

  test('draws bars, a line for each number of threads, and marks', () => {
    expect(html.match(/<polyline/g)).toHaveLength(2);
    expect(html.match(/<g class="reach">/g)).toHaveLength(2);
    for (const kind of ['fma', 'simd', 'peer']) expect(html).toContain(`class="bar ${kind}"`);
  });

  test('has both a light and a dark look', () => {
    expect(html).toContain('prefers-color-scheme: dark');
  });

  test('of a run without rows for a chart leaves the chart out', () => {
    const html = page({ ...RESULTS, rows: ROWS.slice(0, 1) });
    expect(faultsOf(html)).toEqual([]);
    expect(html.match(/<svg/g)).toHaveLength(1);
    expect(html).not.toMatch(/NaN|Infinity|undefined/);
  });
});

test('the table of the terminal has every row, its marks and its losses', () => {
  const lines = formatTable(ROWS).split('\n');
  expect(lines.filter((line) => line.startsWith('  '))).toHaveLength(ROWS.length + 1);
  expect(lines.join('\n')).toMatch(/simd .* 0\.50× OpenSSL +target ≥ 3×: missed; loses to OpenSSL/);
});
