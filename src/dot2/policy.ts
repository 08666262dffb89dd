import {
  choice,
  type Infer,
  optional,
  type Schema,
  sequence,
  sequenceOf,
  uint8,
  uint16,
  uint32,
  uint64,
  utf8,
} from '../coer/index.ts';
import { Ieee1609Dot2Data } from './signed-data.ts';

/**
 * Policy files, in the form that the testbed issues (DECISIONS D35): what a Policy Generator signs as signed data of PSID 35.
 * The contents follow the CAMP pages; no public sample settles their encoding.
 */

const MAX_INTERVALS = 64;

/** A value from the start, and others from the times that they name. */
function timeSeries<T>(value: Schema<T>) {
  return sequence({
    initial: value,
    intervals: sequenceOf(sequence({ startTime: uint64, value }), 0, MAX_INTERVALS),
  });
}

const policyHeader = { policyId: utf8(64), generationTime: uint64, activeTime: uint64 } as const;

/** The global policy that a Policy Generator signs. */
export const GlobalPolicy = sequence(
  {
    ...policyHeader,
    certChainFileId: timeSeries(uint16),
    overdueCrlToleranceSeconds: timeSeries(uint32),
    iPeriodMinutes: timeSeries(uint16),
    minCertsPerIPeriod: timeSeries(uint8),
    shuffleThreshold: timeSeries(uint16),
    /** Distinct votes that a proposition needs; CAMP's own structure has none (E-2). */
    quorum: optional(timeSeries(uint8)),
  },
  { extensions: {} },
);
export type GlobalPolicy = Infer<typeof GlobalPolicy>;

/** The global policy as its generator signed it, and what one RA makes of it. */
export const LocalPolicy = sequence(
  {
    global: Ieee1609Dot2Data,
    ...policyHeader,
    raHostname: utf8(255),
    certsPerIPeriod: timeSeries(uint8),
    shuffleThreshold: timeSeries(uint16),
  },
  { extensions: {} },
);
export type LocalPolicy = Infer<typeof LocalPolicy>;

/** ScmsFile of version 1, alternative `policy`. */
export const PolicyFile = sequence({
  version: uint8,
  content: choice({ certChain: sequence({}), policy: choice({ global: GlobalPolicy, local: LocalPolicy }) }),
});
export interface PolicyFile extends Infer<typeof PolicyFile> {}
