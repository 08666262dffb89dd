/** Rehearsals as they come out, each played once a test file. */
import {
  type BuiltIn,
  builtInScenario,
  type Cell,
  createEngine,
  play,
  type RehearsalResult,
} from '../../src/rehearsal/index.ts';
import { applyUnder } from '../../src/trust/apply.ts';
import { RULES, type Rules } from '../../src/trust/rules.ts';

const results = new Map<BuiltIn, Promise<RehearsalResult>>();

/** A scenario of the package, played by the engine as it is. */
export function played(name: BuiltIn): Promise<RehearsalResult> {
  const known = results.get(name) ?? play(builtInScenario(name));
  results.set(name, known);
  return known;
}

/** The same, by an engine with some rules broken. */
export function playedUnder(name: BuiltIn, broken: Partial<Rules>): Promise<RehearsalResult> {
  const rules = { ...RULES, ...broken };
  const engine = createEngine({ applyBundle: (...asked) => applyUnder(rules, ...asked) });
  return play(builtInScenario(name), { engine });
}

/** A cell in one line. */
export function lineOf({ day, party, object, expected, got, code }: Cell): string {
  return `day ${day}, ${party}, ${object}: ${expected} ${got} ${code}`;
}

export function cellsOf({ days }: RehearsalResult): Cell[] {
  return days.flatMap(({ cells }) => cells);
}
