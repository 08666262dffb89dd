import type { TrustSettings } from '../../trust/types.ts';
import type { TrustFormat } from './output.ts';

/** What `--elector-group-id` takes for no group. */
export const NO_GROUP = 'none';

/** Flags of `trust settings`. */
export interface TrustSettingsFlags {
  maxElectors?: number;
  maxRoots?: number;
  raHostname?: string;
  anyRa?: boolean;
  /** Hex, or {@link NO_GROUP}. */
  electorGroupId?: string;
  implicitRootRevocation?: TrustSettings['implicitRootRevocation'];
  at?: bigint;
  dryRun?: boolean;
  allowFuture?: boolean;
  format?: TrustFormat;
}
