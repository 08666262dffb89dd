import { describe, expect, test } from 'vitest';
import { met } from '../../bench/marks.ts';
import { type Measured, median, quantile, type Task } from '../../bench/measure.ts';
import { besideRounds, parseSpeed, type Rates } from '../../bench/openssl.ts';
import { bestMarked, formatLosses, formatMark, formatRatio, type Row, rateOfWork, rowsOf } from '../../bench/rows.ts';

function measured(task: Partial<Task>, rounds: number[], samples = rounds): Measured {
  return { task: { operation: 'an operation', kernel: 'simd', batch: 8, run: () => {}, ...task }, rounds, samples };
}

function rows(all: Measured[], openssl: Rates[] = []): Row[] {
  const peerRows = all.flatMap(({ task: { operation, work } }) => (work ? [{ operation, work }] : []));
  return rowsOf({ section: 'operations', measured: all, peerRows, openssl });
}

const node = (operation: 'verify' | 'multiply', rounds: number[]): Measured =>
  measured({ kernel: 'node', isPeer: true, makes: { peer: 'nodeCrypto', operation } }, rounds);

describe('statistics', () => {
  test('quantiles are interpolated, of values in any order', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(quantile([5, 1, 3, 2, 4], 0.25)).toBe(2);
    expect(median([])).toBeNaN();
  });

  test('the spread is the distance between the quartiles in percent of the median', () => {
    const [row] = rows([measured({}, [100], [80, 90, 100, 110, 120])]);
    expect(row).toMatchObject({ perSecond: 100, microseconds: 10_000, spread: 20, samples: 5 });
  });
});

describe('ratios', () => {
  test('an item costs a peer the sum of its operations', () => {
    expect(rateOfWork({ verify: 10 }, { verify: 2, multiply: 0 })).toBe(5);
    expect(rateOfWork({ verify: 10, multiply: 10 }, { verify: 1, multiply: 1 })).toBe(5);
    expect(rateOfWork({ verify: 10 }, { verify: 1, multiply: 1 })).toBeNaN();
  });

  test('are taken round by round, so that a slow round of the machine does not show', () => {
    const [row] = rows([
      measured({ work: { verify: 1, multiply: 0 } }, [300, 30, 300]),
      node('verify', [100, 10, 100]),
    ]);
    expect(row?.ratio.nodeCrypto).toBeCloseTo(3, 12);
  });

  test('two signatures are compared with two verifications', () => {
    const [row, peer] = rows([measured({ work: { verify: 2, multiply: 0 } }, [100]), node('verify', [100])]);
    expect(row?.ratio.nodeCrypto).toBeCloseTo(2, 12);
    expect(peer).toMatchObject({ kernel: 'node:crypto, key prepared', perSecond: 50, peer: true });
  });

  test('OpenSSL counts in each round as the mean of its runs before and behind', () => {
    const openssl = besideRounds([
      { verify: 80, multiply: 40 },
      { verify: 120, multiply: 60 },
      { verify: 40, multiply: 20 },
    ]);
    expect(openssl).toEqual([
      { verify: 100, multiply: 50 },
      { verify: 80, multiply: 40 },
    ]);
    const [row] = rows([measured({ work: { verify: 1, multiply: 0 } }, [250, 200])], openssl);
    expect(row?.ratio).toEqual({ openssl: 2.5 });
  });

  test('a point multiplication is taken from OpenSSL and, beside that, from node', () => {
    const all = [measured({ work: { verify: 1, multiply: 1 } }, [100]), node('verify', [50]), node('multiply', [50])];
    const [row] = rows(all, [{ verify: 100, multiply: 100 }]);
    expect(row?.ratio.openssl).toBeCloseTo(2, 12);
    expect(row?.ratio.nodeCrypto).toBeCloseTo(4, 12);
    expect(row?.ratio.opensslAndNodeEcdh).toBeCloseTo(100 / (1 / (1 / 100 + 1 / 50)), 12);
  });

  test('two threads are compared with one, an attack with peace', () => {
    const one = measured({}, [100, 100]);
    const two = measured({ threads: 2, relative: { oneThread: one.task } }, [150, 190]);
    expect(rows([one, two])[1]).toMatchObject({ threads: 2, ratio: { oneThread: 1.7 } });
  });

  test('without a peer there is no ratio, and no row of it', () => {
    expect(rows([measured({ work: { verify: 1, multiply: 0 } }, [100])])).toMatchObject([{ ratio: {} }]);
  });
});

describe('marks and losses', () => {
  const mark = { of: 'openssl', reach: 3, stretch: 5 } as const;

  test.each([
    [2.99, 'missed'],
    [3, 'reach'],
    [5, 'stretch'],
    [undefined, 'unknown'],
  ])('a ratio of %s: %s', (value, expected) => expect(met(mark, value)).toBe(expected));

  test.each([
    [3.1, 'missed'],
    [3, 'reach'],
    [1.5, 'stretch'],
  ])('%s microseconds: %s', (value, expected) =>
    expect(met({ of: 'microseconds', reach: 3, stretch: 1.5 }, value)).toBe(expected),
  );

  test('are said in words', () => {
    const all = [measured({ mark, work: { verify: 1, multiply: 0 } }, [90]), node('verify', [100])];
    const [row] = rows(all, [{ verify: 30, multiply: 30 }]) as [Row, ...Row[]];
    expect(formatMark(row)).toBe('target ≥ 3×: met');
    expect(row).toMatchObject({ reach: 3, stretch: 5, markOf: 'openssl', met: 'reach', losesTo: ['nodeCrypto'] });
    expect(formatLosses(row)).toBe('loses to node:crypto');
  });

  test('of rows with the same operation the fastest stands for it', () => {
    const work = { verify: 1, multiply: 0 };
    const all = [measured({ mark, work }, [90]), measured({ mark, work, kernel: 'fma' }, [95]), node('verify', [100])];
    expect(bestMarked(rows(all)).map(({ kernel }) => kernel)).toEqual(['fma']);
  });

  test.each([
    [0.0567, '0.057×'],
    [0.998, '1.00×'],
    [1.234, '1.23×'],
    [12.34, '12.3×'],
    [123.4, '123×'],
  ])('%s is written %s', (ratio, expected) => expect(formatRatio(ratio)).toBe(expected));
});

describe("OpenSSL's speed program", () => {
  const OUTPUT = `version: 3.0.19
                              sign    verify    sign/s verify/s
 256 bits ecdsa (nistp256)   0.0000s   0.0001s  42892.0  16703.0
                              op      op/s
 256 bits ecdh (nistp256)   0.0000s  22316.0
`;

  test('gives verifications and multiplications a second', () => {
    expect(parseSpeed(OUTPUT)).toEqual({ verify: 16703, multiply: 22316 });
  });

  test('gives nothing where its table is not as expected', () => {
    expect(parseSpeed('')).toBeUndefined();
    expect(parseSpeed(OUTPUT.replace('verify/s', '').replace('16703.0', ''))).toBeUndefined();
  });

  test('has nothing to say of rounds without a run on either side', () => {
    expect(besideRounds([])).toEqual([]);
    expect(besideRounds([{ verify: 1, multiply: 1 }])).toEqual([]);
  });
});
