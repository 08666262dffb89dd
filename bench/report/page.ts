import type { Results } from '../program.ts';
export function page(_results: Results): string {
  return '';
}
