/** OpenSSL's own speed program, where it is installed: the peer that the figures to reach are set against. */
import { spawnSync } from 'node:child_process';
import type { Work } from './work.ts';

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

/** One run of the speed program, three seconds; undefined where it gave no figure. */
export function runSpeed(): Rates | undefined {
  const { stdout } = spawnSync('openssl', ARGUMENTS, { encoding: 'utf8', timeout: TIMEOUT_MS });
  return parseSpeed(stdout ?? '');
}

/** The rates that hold for each round, from runs before the first, between them and behind the last: the mean of both neighbours. */
export function besideRounds(runs: readonly Rates[]): Rates[] {
  return runs.slice(1).map((behind, i) => {
    const before = runs[i] as Rates;
    return { verify: (before.verify + behind.verify) / 2, multiply: (before.multiply + behind.multiply) / 2 };
  });
}
