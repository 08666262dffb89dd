import type { InputFormat } from './help.ts';

export type ShowFormat = 'tree' | 'json' | 'ndjson';
export const SHOW_FORMATS: readonly ShowFormat[] = ['tree', 'json', 'ndjson'];

export interface ShowFlags {
  format?: ShowFormat;
  inputFormat?: InputFormat;
}
