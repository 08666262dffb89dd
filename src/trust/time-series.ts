import type { TimedValue } from './types.ts';

interface Series {
  readonly initial: number;
  readonly intervals: readonly { readonly startTime: bigint; readonly value: number }[];
}

/** P4: starts increase strictly; undefined for any other series. */
export function timedValues({ initial, intervals }: Series): TimedValue[] | undefined {
  let last = 0n;
  const values: TimedValue[] = [{ start: '0', value: initial }];
  for (const { startTime, value } of intervals) {
    if (startTime <= last) return undefined;
    last = startTime;
    values.push({ start: startTime.toString(), value });
  }
  return values;
}

/** P4: the value in force is that of the interval which started last. */
export function valueAt(series: readonly TimedValue[], at: bigint): number | null {
  return series.findLast(({ start }) => BigInt(start) <= at)?.value ?? null;
}
