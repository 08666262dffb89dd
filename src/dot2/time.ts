/**
 * Time32 and Time64 count TAI from 2004-01-01T00:00:00Z (IEEE 1609.2 §6.3.15); UTC has lost five seconds against it since.
 * Inside the verifier every time is a bigint of TAI microseconds since that epoch.
 */
const EPOCH_UNIX_MS = Date.UTC(2004, 0, 1);

/** First UTC instant after each leap second since 2004 (IERS Bulletin C). */
const LEAP_SECONDS_UTC_MS = [
  Date.UTC(2006, 0, 1),
  Date.UTC(2009, 0, 1),
  Date.UTC(2012, 6, 1),
  Date.UTC(2015, 6, 1),
  Date.UTC(2017, 0, 1),
];

/** TAI microseconds since 2004 of a UTC instant in Unix milliseconds. */
export function taiFromUnixMs(unixMs: number): bigint {
  const leaps = LEAP_SECONDS_UTC_MS.filter((after) => unixMs >= after).length;
  return BigInt(Math.trunc(unixMs - EPOCH_UNIX_MS)) * 1000n + BigInt(leaps) * 1_000_000n;
}

/** UTC instant in Unix milliseconds of TAI microseconds since 2004; a leap second itself shows as the second after it. */
export function unixMsFromTai(taiMicros: bigint): number {
  const ms = Number(taiMicros / 1000n) + EPOCH_UNIX_MS;
  let leaps = 0;
  for (const after of LEAP_SECONDS_UTC_MS) if (ms - (leaps + 1) * 1000 >= after) leaps++;
  return ms - leaps * 1000;
}

/** RFC 3339 in UTC with as many decimals as needed, or `tai:SECONDS` where JavaScript's dates do not reach. */
export function formatTai(taiMicros: bigint): string {
  const date = new Date(unixMsFromTai(taiMicros));
  if (Number.isNaN(date.getTime())) return `tai:${taiMicros / 1_000_000n}`;
  const decimals = (taiMicros % 1_000_000n).toString().padStart(6, '0').replace(/0+$/, '');
  return `${date.toISOString().slice(0, -5)}${decimals && `.${decimals}`}Z`;
}

const RFC3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** Reads RFC 3339 (with its offset) or `tai:SECONDS`; throws `RangeError` for anything else. */
export function parseTime(text: string): bigint {
  const tai = /^tai:(\d{1,14})(?:\.(\d{1,6}))?$/.exec(text);
  if (tai) return BigInt(tai[1] as string) * 1_000_000n + BigInt((tai[2] ?? '').padEnd(6, '0'));
  const unixMs = RFC3339.test(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
  if (Number.isNaN(unixMs))
    throw new RangeError(`not a time: ${text} (RFC 3339 such as 2023-03-07T09:10:00Z, or tai:SECONDS)`);
  return taiFromUnixMs(unixMs);
}

/** Microseconds in each Duration alternative (IEEE 1609.2 §6.3.17). */
const DURATION_MICROS: Readonly<Record<string, bigint>> = {
  microseconds: 1n,
  milliseconds: 1000n,
  seconds: 1_000_000n,
  minutes: 60_000_000n,
  hours: 3_600_000_000n,
  sixtyHours: 216_000_000_000n,
  years: 31_556_952_000_000n,
};

/** Both ends of a validity period in TAI microseconds; both belong to it. */
export function validityMicros(period: { start: number; duration: { tag: string; value: number } }): {
  start: bigint;
  end: bigint;
} {
  const start = BigInt(period.start) * 1_000_000n;
  return { start, end: start + BigInt(period.duration.value) * (DURATION_MICROS[period.duration.tag] as bigint) };
}
