/**
 * The figures that this project set out to reach. They are ratios inside one run wherever there is a peer, because times move
 * by half between runs on a shared machine.
 */
import type { Work } from './work.ts';

export interface Mark {
  /** What the figure is: a ratio (more is better), or microseconds an item (less is better). */
  readonly of: 'openssl' | 'oneThread' | 'microseconds' | 'normal' | 'unattacked' | 'plain';
  readonly reach: number;
  readonly stretch: number;
}

/** One of the operations that have marks. */
export interface Operation {
  readonly title: string;
  readonly work?: Work;
  readonly mark?: Mark;
}

const ONE_VERIFY: Work = { verify: 1, multiply: 0 };

export const OPERATIONS = {
  oneIssuer: {
    title: 'explicit certificates of one PCA, x-only r',
    work: ONE_VERIFY,
    mark: { of: 'openssl', reach: 7, stretch: 10 },
  },
  recurring: {
    title: 'signed messages, 16 recurring senders',
    work: ONE_VERIFY,
    mark: { of: 'openssl', reach: 6, stretch: 9 },
  },
  newExplicit: {
    title: 'signed messages, every sender new, explicit certificate attached',
    work: { verify: 2, multiply: 0 },
    mark: { of: 'openssl', reach: 3, stretch: 5 },
  },
  newImplicit: {
    title: 'implicit certificate + message, every sender new',
    work: { verify: 1, multiply: 1 },
    mark: { of: 'openssl', reach: 3, stretch: 5 },
  },
  distinct: {
    title: 'distinct keys, x-only r',
    work: ONE_VERIFY,
    mark: { of: 'openssl', reach: 1, stretch: 1.5 },
  },
  /** At most 1.5 times OpenSSL's time, at best the same: as a ratio of rates. */
  single: {
    title: 'one signature, nothing cached',
    work: ONE_VERIFY,
    mark: { of: 'openssl', reach: 1 / 1.5, stretch: 1 },
  },
  decode: {
    title: 'decode a certificate-signed message, strict',
    mark: { of: 'microseconds', reach: 3, stretch: 1.5 },
  },
  linkage: {
    title: 'linkage values of a revoked device and week, jMax 20',
    mark: { of: 'microseconds', reach: 1.6, stretch: 1.1 },
  },
  /** Of a vehicle: a million in three seconds, on two threads. */
  revocationBuild: {
    title: 'expand and index a week, jMax 20',
    mark: { of: 'microseconds', reach: 3, stretch: 2 },
  },
  revocationLookup: {
    title: 'look a linkage value up',
    mark: { of: 'microseconds', reach: 0.2, stretch: 0.05 },
  },
} as const satisfies Record<string, Operation>;

/** Two threads against one, whatever they judge. */
export const TWO_THREADS: Mark = { of: 'oneThread', reach: 1.8, stretch: 1.95 };

/** What a stranger's item may cost at most: 15 times a normal message, at best 10 times; as a ratio of rates. */
export const COST_OF_ATTACK: Mark = { of: 'normal', reach: 1 / 15, stretch: 1 / 10 };

/** What is left of the rate of good items if one in ten is hostile. */
export const LEFT_BY_ATTACK = {
  knownSender: { of: 'unattacked', reach: 0.6, stretch: 0.75 },
  worst: { of: 'unattacked', reach: 0.35, stretch: 0.5 },
} as const satisfies Record<string, Mark>;

/** What is left of the rate if a receiver asks for more. */
export const LEFT_BY_OPTION: Mark = { of: 'plain', reach: 0.9, stretch: 0.97 };

export type Met = 'stretch' | 'reach' | 'missed' | 'unknown';

/** Which mark a figure meets; `unknown` where there is no figure. */
export function met({ of, reach, stretch }: Mark, value: number | undefined): Met {
  if (value === undefined || Number.isNaN(value)) return 'unknown';
  const reaches = (mark: number): boolean => (of === 'microseconds' ? value <= mark : value >= mark);
  if (reaches(stretch)) return 'stretch';
  return reaches(reach) ? 'reach' : 'missed';
}
