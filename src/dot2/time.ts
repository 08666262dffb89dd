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

/** TAI second since 2004 of each leap second (23:59:60 UTC), earlier leap seconds included. */
const LEAP_SECONDS_TAI: ReadonlySet<bigint> = new Set(
  LEAP_SECONDS_UTC_MS.map((after, earlier) => BigInt((after - EPOCH_UNIX_MS) / 1000 + earlier)),
);

const isLeapSecond = (taiMicros: bigint): boolean => LEAP_SECONDS_TAI.has(taiMicros / 1_000_000n);

/** TAI microseconds since 2004 of a UTC instant in Unix milliseconds. */
export function taiFromUnixMs(unixMs: number): bigint {
  const leaps = LEAP_SECONDS_UTC_MS.filter((after) => unixMs >= after).length;
  return BigInt(Math.trunc(unixMs - EPOCH_UNIX_MS)) * 1000n + BigInt(leaps) * 1_000_000n;
}

/**
 * UTC instant in Unix milliseconds of TAI microseconds since 2004. Unix time has no leap seconds: a leap second gets the time of
 * the second after it. Use `formatTai` for text.
 */
export function unixMsFromTai(taiMicros: bigint): number {
  const ms = Number((taiMicros - moduloOf(taiMicros, 1000n)) / 1000n) + EPOCH_UNIX_MS;
  let leaps = 0;
  for (const after of LEAP_SECONDS_UTC_MS) if (ms - (leaps + 1) * 1000 >= after) leaps++;
  return ms - leaps * 1000;
}

/** Remainder that is never negative, as times before 2004 need it. */
const moduloOf = (value: bigint, divisor: bigint): bigint => ((value % divisor) + divisor) % divisor;

/** RFC 3339 has years of four digits. */
const YEAR_10000_UNIX_MS = Date.UTC(10_000, 0, 1);

/**
 * RFC 3339 in UTC with as many decimals as needed, a leap second as `23:59:60`, or `tai:SECONDS` from the year 10000 on;
 * `parseTime` reads each of them back to the microsecond.
 */
export function formatTai(taiMicros: bigint): string {
  const unixMs = unixMsFromTai(taiMicros);
  const digits = moduloOf(taiMicros, 1_000_000n).toString().padStart(6, '0').replace(/0+$/, '');
  const decimals = digits && `.${digits}`;
  if (unixMs >= YEAR_10000_UNIX_MS) return `tai:${taiMicros / 1_000_000n}${decimals}`;
  const second = isLeapSecond(taiMicros)
    ? new Date(unixMs - 1000).toISOString().replace(/:59\.\d+Z$/, ':60')
    : new Date(unixMs).toISOString().slice(0, -5);
  return `${second}${decimals}Z`;
}

const RFC3339 = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d:)(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d)))?$/;
const TAI_SECONDS = /^tai:(\d{1,14})(?:\.(\d{1,6}))?$/;

/**
 * Reads RFC 3339 (with its offset), a date alone (its first instant in UTC), or `tai:SECONDS`, to the microsecond. Second 60
 * is read where UTC has had a leap second.
 *
 * @throws RangeError for anything else.
 */
export function parseTime(text: string): bigint {
  const tai = TAI_SECONDS.exec(text);
  if (tai) return BigInt(tai[1] as string) * 1_000_000n + microsOf(tai[2]);
  const [, date, minute = '00:00:', second = '00', decimals, sign, hours, minutes] = RFC3339.exec(text) ?? [];
  const isLeap = second === '60';
  const time = `${date}T${minute}${isLeap ? '59' : second}`;
  const local = Date.parse(`${time}Z`);
  // JavaScript reads 30 February as 2 March.
  if (Number.isNaN(local) || !new Date(local).toISOString().startsWith(time)) {
    throw new RangeError(`not a time: ${text} (RFC 3339 such as 2023-03-07T09:10:00Z, a date, or tai:SECONDS)`);
  }
  const ahead = sign === undefined ? 0 : (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1);
  const micros = taiFromUnixMs(local - ahead) + microsOf(decimals);
  if (!isLeap) return micros;
  const leap = micros + 1_000_000n;
  if (!isLeapSecond(leap)) throw new RangeError(`not a time: ${text} (UTC had no leap second then)`);
  return leap;
}

/** Microseconds in the decimals of a second; what is finer is dropped. */
const microsOf = (decimals = ''): bigint => BigInt(decimals.slice(0, 6).padEnd(6, '0'));

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
