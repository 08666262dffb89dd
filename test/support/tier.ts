/**
 * The tiers of tests (CONTRIBUTING.md): `npm test` is quick, `npm run test:full` runs the rest, and a file that is run by itself
 * (`npx vitest run FILE`) runs whole.
 */
export type Tier = 'quick' | 'rest' | 'whole';

export const TIER = (process.env.SCMS_TIER ?? 'whole') as Tier;

export const isQuick = TIER === 'quick';

/** How much of a test with a count runs: less in the quick tier. */
export function counted(quick: number, whole: number): number {
  return isQuick ? quick : whole;
}

/** The cases that run: only the first of them in the quick tier. */
export function some<T>(cases: readonly T[], quick: number): readonly T[] {
  return isQuick ? cases.slice(0, quick) : cases;
}
