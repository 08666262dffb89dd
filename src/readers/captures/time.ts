import { taiFromUnixMs } from '../../dot2/index.ts';

/** TAI microseconds since 2004 of a time stamp: seconds since 1970 in UTC, and nanoseconds. What is finer is dropped. */
export function taiOfStamp(seconds: number, nanoseconds: number): bigint {
  return taiFromUnixMs(seconds * 1000) + BigInt(Math.floor(nanoseconds / 1000));
}

/**
 * The same of a count of units since 1970.
 *
 * @param unitsPerSecond a power of ten or of two (option if_tsresol of pcapng).
 */
export function taiOfCount(units: bigint, unitsPerSecond: bigint, offsetSeconds: bigint): bigint {
  const seconds = units / unitsPerSecond + offsetSeconds;
  const nanoseconds = ((units % unitsPerSecond) * 1_000_000_000n) / unitsPerSecond;
  return taiOfStamp(Number(seconds), Number(nanoseconds));
}
