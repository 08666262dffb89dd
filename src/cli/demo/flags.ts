import type { KernelChoice } from '../shared/options.ts';
import type { Format } from '../shared/output.ts';

/** The options of `scms-verify demo`. */
export interface DemoFlags {
  items?: number;
  out?: string;
  force?: boolean;
  seed: string;
  threads: number;
  kernel: KernelChoice;
  format: Format;
}

/** Certificates, and messages, if `--items` is not given. */
export const DEFAULT_ITEMS = 10_000;
