import { formatTai } from '../dot2/index.ts';

/**
 * A time in TAI microseconds since 2004, exact: a number as long as that is safe (until the year 2289), else a bigint. JavaScript compares
 * the two exactly with each other, and numbers much faster.
 */
export type Micros = number | bigint;

/** Both ends of a period; both belong to it. */
export interface Period {
  readonly start: Micros;
  readonly end: Micros;
}

/** The same time, as a number if it is safe. */
export function micros(time: bigint): Micros {
  const number = Number(time);
  return Number.isSafeInteger(number) ? number : time;
}

export function periodOf({ start, end }: { readonly start: bigint; readonly end: bigint }): Period {
  return { start: micros(start), end: micros(end) };
}

/** RFC 3339. */
export function text(time: Micros): string {
  return formatTai(BigInt(time));
}
