/** TAI and UTC: the five leap seconds, both ways, in text and in validity periods. */
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeStructureAt,
  formatTai,
  type Ieee1609Dot2Data,
  parseTime,
  type SignedData,
  taiFromUnixMs,
  unixMsFromTai,
  validityMicros,
} from '../../src/dot2/index.ts';
import { taiText } from '../../src/verifier/tai-text.ts';

const SECOND = 1_000_000n;
const MAX_U64 = 2n ** 64n - 1n;

/** TAI seconds since 2004-01-01T00:00:00Z: UTC seconds since then, and the leap seconds in between. */
const INSTANTS: readonly [utc: string, taiSeconds: bigint][] = [
  ['2004-01-01T00:00:00Z', 0n],
  ['2005-12-31T23:59:59Z', 63_158_399n],
  ['2006-01-01T00:00:00Z', 63_158_400n + 1n],
  ['2008-12-31T23:59:59Z', 157_852_799n + 1n],
  ['2009-01-01T00:00:00Z', 157_852_800n + 2n],
  ['2012-06-30T23:59:59Z', 268_185_599n + 2n],
  ['2012-07-01T00:00:00Z', 268_185_600n + 3n],
  ['2015-06-30T23:59:59Z', 362_793_599n + 3n],
  ['2015-07-01T00:00:00Z', 362_793_600n + 4n],
  ['2016-12-31T23:59:59Z', 410_313_599n + 4n],
  ['2017-01-01T00:00:00Z', 410_313_600n + 5n],
  ['2023-03-07T09:10:00Z', 605_265_000n + 5n],
];

/** The leap seconds themselves (IERS Bulletin C). */
const LEAPS: readonly [taiSeconds: bigint, utc: string][] = [
  [63_158_400n, '2005-12-31T23:59:60Z'],
  [157_852_801n, '2008-12-31T23:59:60Z'],
  [268_185_602n, '2012-06-30T23:59:60Z'],
  [362_793_603n, '2015-06-30T23:59:60Z'],
  [410_313_604n, '2016-12-31T23:59:60Z'],
];
const LEAP_MESSAGE = new URL('../../../shared/cases/leap/in.oer', import.meta.url).pathname;

describe('leap seconds', () => {
  it.each(INSTANTS)('%s', (utc, seconds) => {
    const tai = seconds * SECOND;
    expect(taiFromUnixMs(Date.parse(utc))).toBe(tai);
    expect(unixMsFromTai(tai)).toBe(Date.parse(utc));
    expect(parseTime(utc)).toBe(tai);
    expect(formatTai(tai)).toBe(utc);
  });

  it.each(LEAPS)('in Unix time the leap second %i, %s, is the second after it', (seconds) => {
    expect(unixMsFromTai(seconds * SECOND)).toBe(unixMsFromTai((seconds + 1n) * SECOND));
    expect(unixMsFromTai(seconds * SECOND - 1000n)).toBe(unixMsFromTai((seconds + 1n) * SECOND) - 1);
  });

  it.each(LEAPS)('in text the leap second %i is %s, and both neighbours keep their own', (seconds, utc) => {
    const tai = seconds * SECOND;
    const texts = [tai - 1n, tai, tai + 1n, tai + SECOND - 1n, tai + SECOND].map(formatTai);
    const minute = utc.slice(0, -3);
    const after = new Date(Date.parse(`${minute}59Z`) + 1000).toISOString().slice(0, 19);
    expect(texts).toEqual([`${minute}59.999999Z`, utc, `${minute}60.000001Z`, `${minute}60.999999Z`, `${after}Z`]);
    expect(parseTime(utc)).toBe(tai);
    expect(parseTime(`${minute}60.25Z`)).toBe(tai + 250_000n);
    // The same second on a clock that is ahead of UTC, and on one that is behind.
    const local = (hours: number): string => new Date(Date.parse(`${minute}59Z`) + hours * 3_600_000).toISOString();
    expect(parseTime(`${local(9).slice(0, 17)}60+09:00`)).toBe(tai);
    expect(parseTime(`${local(-5).slice(0, 17)}60-05:00`)).toBe(tai);
    expect(() => parseTime(`${minute}60+01:00`)).toThrow('no leap second then');
  });

  it('the text of verdicts is that of formatTai around leap seconds, remembered or not', () => {
    const near = fc.tuple(fc.constantFrom(...LEAPS), fc.bigInt({ min: -70n * SECOND, max: 70n * SECOND }));
    fc.assert(
      fc.property(near, ([[seconds], distance]) => {
        const tai = seconds * SECOND + distance;
        expect(taiText(Number(tai >> 32n), Number(tai & 0xffff_ffffn))).toBe(formatTai(tai));
      }),
      { numRuns: 5000 },
    );
  });

  it('every microsecond around a leap second is written and read back as itself, and later is written as later', () => {
    const near = fc.tuple(fc.constantFrom(...LEAPS), fc.bigInt({ min: -3n * SECOND, max: 4n * SECOND }));
    fc.assert(
      fc.property(near, fc.bigInt({ min: 1n, max: 3n * SECOND }), ([[seconds], distance], more) => {
        const tai = seconds * SECOND + distance;
        expect(parseTime(formatTai(tai))).toBe(tai);
        // Without the Z, which would sort behind decimals.
        expect(formatTai(tai + more).slice(0, -1) > formatTai(tai).slice(0, -1)).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  if (!existsSync(LEAP_MESSAGE)) console.warn(`skipped, no ${LEAP_MESSAGE}`);
  it.runIf(existsSync(LEAP_MESSAGE))('a message of the leap second says so', () => {
    const decoded = decodeStructureAt('data', new Uint8Array(readFileSync(LEAP_MESSAGE)));
    const { content } = (decoded as { value: Ieee1609Dot2Data }).value;
    const { generationTime } = (content.value as SignedData).tbsData.headerInfo;
    expect(formatTai(generationTime as bigint)).toMatch(/^2016-12-31T23:59:60(\.\d+)?Z$/);
  });

  it('no other second is lost or counted twice', () => {
    for (const [utc] of INSTANTS) {
      const from = Date.parse(utc) - 3000;
      for (let ms = from; ms < from + 6000; ms += 250) expect(unixMsFromTai(taiFromUnixMs(ms))).toBe(ms);
    }
  });

  it('1609.2 in 2017 and later: unix = t + 1072915200 − 5', () => {
    expect(unixMsFromTai(600_000_000n * SECOND)).toBe((600_000_000 + 1_072_915_200 - 5) * 1000);
  });
});

describe('round trips', () => {
  const unixMs = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2200, 0, 1) });
  const tai = fc.oneof(fc.bigInt({ min: 0n, max: MAX_U64 }), fc.bigInt({ min: 0n, max: 2_000_000_000n * SECOND }));

  it('from UTC and back', () => {
    fc.assert(
      fc.property(unixMs, (ms) => {
        expect(unixMsFromTai(taiFromUnixMs(ms))).toBe(ms);
      }),
    );
  });

  it('text of any u64 is read as what it was, to the microsecond', () => {
    fc.assert(
      fc.property(tai, (micros) => {
        expect(parseTime(formatTai(micros))).toBe(micros);
      }),
      { numRuns: 2000 },
    );
  });

  it('later is later', () => {
    fc.assert(
      fc.property(unixMs, fc.integer({ min: 1, max: 1e10 }), (ms, more) => {
        expect(taiFromUnixMs(ms + more)).toBeGreaterThan(taiFromUnixMs(ms));
      }),
    );
  });
});

describe('formatTai', () => {
  it.each([
    [605_265_005n * SECOND + 1n, '2023-03-07T09:10:00.000001Z'],
    [605_265_005n * SECOND + 100_000n, '2023-03-07T09:10:00.1Z'],
    [605_265_005n * SECOND + 123_000n, '2023-03-07T09:10:00.123Z'],
    [605_265_005n * SECOND + 999_999n, '2023-03-07T09:10:00.999999Z'],
    [605_265_005n * SECOND + 10n, '2023-03-07T09:10:00.00001Z'],
    [0n, '2004-01-01T00:00:00Z'],
    [-1n, '2003-12-31T23:59:59.999999Z'],
    [-SECOND, '2003-12-31T23:59:59Z'],
    [(2n ** 32n - 1n) * SECOND, '2140-02-07T06:28:10Z'],
    [252_329_385_600n * SECOND + 4n * SECOND, '9999-12-31T23:59:59Z'],
    [252_329_385_600n * SECOND + 5n * SECOND, 'tai:252329385605'],
    [252_329_385_600n * SECOND + 5n * SECOND + 70n, 'tai:252329385605.00007'],
    [MAX_U64, 'tai:18446744073709.551615'],
  ])('%i is %s', (micros, text) => {
    expect(formatTai(micros)).toBe(text);
    if (micros >= 0n) expect(parseTime(text)).toBe(micros);
  });
});

describe('parseTime', () => {
  const at = 605_265_005n * SECOND;
  it.each([
    ['2023-03-07T09:10:00Z', at],
    ['2023-03-07t09:10:00z', at],
    ['2023-03-07 09:10:00Z', at],
    ['2023-03-07T18:10:00+09:00', at],
    ['2023-03-07T04:10:00-05:00', at],
    ['2023-03-08T09:09:00+23:59', at],
    ['2023-03-07T09:10:00-00:00', at],
    ['2023-03-07T09:10:00.5Z', at + 500_000n],
    ['2023-03-07T09:10:00.000001Z', at + 1n],
    ['2023-03-07T09:10:00.0000019Z', at + 1n],
    ['2023-03-07T18:10:00.123456+09:00', at + 123_456n],
    ['2024-02-29T00:00:00Z', (636_249_600n + 5n) * SECOND],
    ['2024-02-29', (636_249_600n + 5n) * SECOND],
    ['2004-01-01', 0n],
    // The offset decides on which side of a leap second a time is.
    ['2017-01-01T08:59:59+09:00', (410_313_599n + 4n) * SECOND],
    ['2017-01-01T09:00:00+09:00', (410_313_600n + 5n) * SECOND],
    ['tai:605265005', at],
    ['tai:605265005.5', at + 500_000n],
    ['tai:605265005.000001', at + 1n],
    ['tai:0', 0n],
  ])('reads %s', (text, micros) => {
    expect(parseTime(text)).toBe(micros);
  });

  it.each([
    '',
    'now',
    '2023-3-7',
    '2023-02-29',
    '2023-03-07T',
    '2023-03-07Z',
    '2023-03-07+09:00',
    '20230307',
    '2023-03',
    '2023-03-07T09:10:00',
    '2023-03-07T09:10Z',
    '2023-03-07T09:10:00.Z',
    '2023-02-29T00:00:00Z',
    '2023-02-30T00:00:00Z',
    '2023-04-31T00:00:00Z',
    '2023-13-01T00:00:00Z',
    '2023-00-01T00:00:00Z',
    '2023-03-07T24:00:00Z',
    '2023-03-07T09:60:00Z',
    '2023-12-31T23:59:60Z',
    '2016-12-31T23:58:60Z',
    '2016-12-31T22:59:60Z',
    '2016-12-31T23:59:61Z',
    '2016-12-31T23:60:60Z',
    '2016-12-32T23:59:60Z',
    '2023-03-07T09:10:00+24:00',
    '2023-03-07T09:10:00+09:60',
    '2023-03-07T09:10:00+0900',
    '+010000-01-01T00:00:00Z',
    ' 2023-03-07T09:10:00Z',
    '2023-03-07T09:10:00Z\n',
    '1678180200',
    'tai:',
    'tai:-1',
    'tai:1.0000001',
    'tai:123456789012345',
    'Tue, 07 Mar 2023 09:10:00 GMT',
  ])('refuses %j', (text) => {
    expect(() => parseTime(text)).toThrow(RangeError);
  });
});

describe('validity periods', () => {
  it.each([
    ['microseconds', 7, 7n],
    ['milliseconds', 7, 7_000n],
    ['seconds', 7, 7n * SECOND],
    ['minutes', 7, 420n * SECOND],
    ['hours', 169, 608_400n * SECOND],
    ['sixtyHours', 7, 1_512_000n * SECOND],
    ['years', 3, 94_670_856n * SECOND],
    ['years', 65_535, 2_068_084_849_320n * SECOND],
    ['seconds', 0, 0n],
  ])('%s: %i', (tag, value, length) => {
    for (const start of [0, 605_265_005, 2 ** 32 - 1]) {
      const period = validityMicros({ start, duration: { tag, value } } as Parameters<typeof validityMicros>[0]);
      expect(period.start).toBe(BigInt(start) * SECOND);
      expect(period.end - period.start).toBe(length);
    }
  });
});
