import { readFileSync } from 'node:fs';
import { parseScenario } from './document.ts';
import type { Scenario } from './types.ts';

/** Scenarios of this package: both recoveries of the source text, each in both forms of root management. */
export const BUILT_IN = ['elector', 'elector-ctl', 'root', 'root-ctl'] as const;
/** The name of a built-in scenario. */
export type BuiltIn = (typeof BUILT_IN)[number];

/** Whether a built-in scenario has this name. */
export function isBuiltIn(name: string): name is BuiltIn {
  return (BUILT_IN as readonly string[]).includes(name);
}

/** Reads a scenario of this package. */
export function builtInScenario(name: BuiltIn): Scenario {
  const file = new URL(`./scenarios/${name}.json`, import.meta.url);
  return parseScenario(readFileSync(file, 'utf8'), `${name}.json`);
}

/** The scenario that another one names to be played beside it; undefined if it names none, or itself. */
export function scenarioBeside({ beside, name }: Scenario): Scenario | undefined {
  return beside !== undefined && beside !== name && isBuiltIn(beside) ? builtInScenario(beside) : undefined;
}
