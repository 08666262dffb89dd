import type { Decision, DecisionKind, Proposition } from '../trust/index.ts';
import type { Verdict } from '../verdict/index.ts';
import type { Engine } from './engine.ts';
import type { Forge, MadeArtefact } from './forge.ts';
import type { Got } from './result.ts';
import type { CheckDocument, Scenario } from './types.ts';
import type { World } from './world.ts';

/** An answer. */
export interface Finding {
  readonly got: Got;
  readonly code: string;
  readonly why: string;
  readonly decision?: DecisionKind;
  readonly verdict?: Verdict['verdict'];
  readonly value?: string;
}

/** What questions are asked with. */
export interface Ground {
  readonly scenario: Scenario;
  readonly world: World;
  readonly forge: Forge;
  readonly engine: Engine;
  /** Every artefact that was made so far. */
  readonly made: ReadonlyMap<string, MadeArtefact>;
}

export type Check<K extends CheckDocument['check']> = Extract<CheckDocument, { check: K }>;

/** Artefacts that a question is put as go by this name. */
export const QUESTION = 'question';

/**
 * Decisions on the artefacts of a question. One that is refused before its proposition is read, such as a ballot without votes, has a
 * decision without a proposition.
 */
export function decisionsOn(decisions: readonly Decision[], asked: Proposition): Decision[] {
  return decisions.filter(
    ({ artefact, proposition }) => artefact === QUESTION && (proposition === asked || proposition === null),
  );
}

/** The subject of a question that does not exist yet. */
export const notThere = (what: string): Finding => ({ got: '-', code: 'NOT_THERE', why: `${what} is not there yet` });

const ANSWERS = { ACCEPT: 'Y', ACCEPT_NOOP: 'Y', PENDING: 'Y', REJECT: 'N' } as const;

/** The answer that a decision gives; none without a decision. */
export function findingOf(decided: Decision | undefined): Finding {
  if (decided === undefined) return { got: '?', code: 'NO_DECISION', why: 'the engine decided nothing' };
  const { decision, code, detail, votes = [] } = decided;
  const voids = votes.filter(({ counted }) => !counted).map((vote) => vote.code);
  const counted = votes.length === 0 ? '' : `${votes.length - voids.length} of ${votes.length} votes count`;
  const voidText = voids.length === 0 ? '' : `void: ${[...new Set(voids)].join(', ')}`;
  const why = [decision, detail ?? '', counted, voidText].filter((part) => part !== '').join('; ');
  return { got: ANSWERS[decision], code, decision, why };
}
