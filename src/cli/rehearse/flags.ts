import type { Format } from '../shared/output.ts';

/** The options of `scms-verify rehearse`. */
export interface RehearseFlags {
  html?: string;
  format?: Format;
  seed: string;
}
