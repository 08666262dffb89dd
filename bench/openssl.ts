/** OpenSSL's own speed program, where it is installed: the peer that the figures to reach are set against. */
import { spawnSync } from 'node:child_process';
import type { Work } from './measure.ts';

/** Operations a second on one core. */
export type Rates = Readonly<Record<keyof Work, number>>;

/** It counts the time that its process got, as `clock.ts` does. */
const ARGUMENTS = ['speed', '-seconds', '1', 'ecdsap256', 'ecdhp256'];
const TIMEOUT_MS = 30_000;

/** What `openssl version` says, or undefined where there is none. */
export function opensslVersion(): string | undefined {
  const { status, stdout } = spawnSync('openssl', ['version'], { encoding: 'utf8', timeout: TIMEOUT_MS });
  return status === 0 ? stdout.trim() : undefined;
}

/** The rates out of the table that `openssl speed` ends with; undefined where it has none. */
export function parseSpeed(output: string): Rates | undefined {
  const rate = (pattern: RegExp): number => Number(pattern.exec(output)?.[1]);
  const verify = rate(/^\s*256 bits ecdsa \(nistp256\)\s+\S+\s+\S+\s+[\d.]+\s+([\d.]+)/m);
  const multiply = rate(/^\s*256 bits ecdh \(nistp256\)\s+\S+\s+([\d.]+)/m);
  return verify > 0 && multiply > 0 ? { verify, multiply } : undefined;
}

/** Runs of the speed program, and when they were. */
export class OpensslSpeed {
  private readonly runs: { readonly at: number; readonly rates: Rates }[] = [];

  get isEmpty(): boolean {
    return this.runs.length === 0;
  }

  /** Takes three seconds; says whether there was a figure. */
  run(): boolean {
    const { stdout } = spawnSync('openssl', ARGUMENTS, { encoding: 'utf8', timeout: TIMEOUT_MS });
    const rates = parseSpeed(stdout ?? '');
    if (rates) this.runs.push({ at: performance.now(), rates });
    return rates !== undefined;
  }

  /** The runs next to a span of time: the last one before it and the first one behind it. */
  around(from: number, to: number): Rates[] {
    const before = this.runs.filter(({ at }) => at <= from).at(-1);
    const behind = this.runs.find(({ at }) => at >= to);
    return [before, behind].flatMap((run) => (run ? [run.rates] : []));
  }
}
