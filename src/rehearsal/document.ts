/** Reads scenario documents: strictly, and every complaint names where in the JSON it is. */
import * as v from 'valibot';
import { parseJson } from '../readers/json/parse.ts';
import { checkAction, checkQuorum } from './document-actions.ts';
import { Names } from './document-names.ts';
import { checkExpectations, checkSentence } from './document-rows.ts';
import { SCENARIO } from './document-shape.ts';
import type { RevokedDocument, Scenario } from './types.ts';

/** A complaint about a scenario document. */
export interface Complaint {
  /** JSON path, such as `$.days[3].actions[0].votes[1]`. */
  readonly path: string;
  readonly message: string;
}

/** A document that is no scenario, with everything that is wrong with it. */
export class ScenarioError extends Error {
  readonly complaints: readonly Complaint[];

  constructor(source: string, complaints: readonly Complaint[]) {
    super([`${source}: no scenario`, ...complaints.map(({ path, message }) => `  ${path}: ${message}`)].join('\n'));
    this.name = 'ScenarioError';
    this.complaints = complaints;
  }
}

/** Complaints that are shown; more would hide the first. */
const MOST_COMPLAINTS = 20;

/**
 * Reads a scenario document.
 * @throws ScenarioError with every complaint, if the text is no scenario.
 */
export function parseScenario(json: string | Uint8Array, source: string): Scenario {
  let value: unknown;
  try {
    value = parseJson(typeof json === 'string' ? new TextEncoder().encode(json) : json);
  } catch (error) {
    throw new ScenarioError(source, [{ path: '$', message: `no JSON: ${(error as Error).message}` }]);
  }
  return checkScenario(value, source);
}

/**
 * Checks a decoded document, and returns it as a scenario.
 * @throws ScenarioError as {@link parseScenario}.
 */
export function checkScenario(value: unknown, source: string): Scenario {
  const parsed = v.safeParse(SCENARIO, value);
  const complaints = parsed.success ? complaintsAbout(parsed.output) : parsed.issues.map(complaintOf);
  if (complaints.length > 0) throw new ScenarioError(source, complaints.slice(0, MOST_COMPLAINTS));
  return parsed.output as Scenario;
}

function complaintOf(issue: v.BaseIssue<unknown>): Complaint {
  const path = (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
  return { path: `$${path.join('')}`, message: issue.message };
}

/** Checks what names refer to, day by day: nothing may be used before it is there. */
function complaintsAbout(scenario: Scenario): Complaint[] {
  const complaints: Complaint[] = [];
  const complain = (path: string, message: string): void => {
    complaints.push({ path, message });
  };
  checkNames(new Names(scenario, complain));
  return complaints;
}

function checkNames(names: Names): void {
  const { electors, roots, parties, before = [], days, revoked = [] } = names.scenario;
  electors.forEach((name, i) => {
    names.declare('elector', name, `$.electors[${i}]`);
  });
  roots.forEach((name, i) => {
    names.declare('root', name, `$.roots[${i}]`);
    names.known.tree.add(name);
  });
  parties.forEach(({ name }, i) => {
    names.declare('party', name, `$.parties[${i}].name`);
  });
  parties.forEach(({ kind, ra }, i) => {
    if (ra === undefined) return;
    if (kind === 'component') names.complain(`$.parties[${i}].ra`, 'only EEs have an RA');
    names.useComponent(ra, `$.parties[${i}].ra`);
  });
  checkQuorum(names, electors, '$.quorum');
  before.forEach((action, a) => {
    checkAction(names, action, `$.before[${a}]`);
  });
  days.forEach((day, d) => {
    day.actions?.forEach((action, a) => {
      checkAction(names, action, `$.days[${d}].actions[${a}]`);
    });
  });
  parties.forEach(({ misses = [] }, p) => {
    names.each('artefact', misses, `$.parties[${p}].misses`);
  });
  revoked.forEach((thing, i) => {
    checkRevoked(names, thing, `$.revoked[${i}]`);
  });
  checkExpectations(names);
  days.forEach(({ sentences = [] }, d) => {
    sentences.forEach((sentence, s) => {
      checkSentence(names, sentence, `$.days[${d}].sentences[${s}]`);
    });
  });
}

function checkRevoked(
  names: Names,
  { name, kind, root, chain, weeks, refusedEnrolment }: RevokedDocument,
  path: string,
): void {
  names.declare('revoked', name, `${path}.name`);
  names.use('root', root, `${path}.root`);
  if (kind !== 'linkage') {
    for (const [field, value] of Object.entries({ chain, weeks, refusedEnrolment })) {
      if (value !== undefined) names.complain(`${path}.${field}`, `only linkage entries have "${field}"`);
    }
    return;
  }
  if (chain === undefined) names.complain(path, 'linkage entries need "chain"');
  if (refusedEnrolment !== undefined && chain === 'ended') {
    names.complain(`${path}.refusedEnrolment`, 'the chain has ended, whether the device enrols or not');
  }
}
