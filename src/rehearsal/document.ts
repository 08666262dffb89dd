/** Reads scenario documents: strictly, and every complaint names where in the JSON it is. */
import * as v from 'valibot';
import type { EndorsementType } from '../trust/types.ts';
import { SCENARIO } from './document-shape.ts';
import type { ActionDocument, BallotDocument, CheckDocument, Scenario } from './types.ts';

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

/** @throws ScenarioError with every complaint, where the text is no scenario. */
export function parseScenario(json: string, source: string): Scenario {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new ScenarioError(source, [{ path: '$', message: `no JSON: ${(error as Error).message}` }]);
  }
  return checkScenario(value, source);
}

/** @throws ScenarioError as {@link parseScenario}. */
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
  new References(scenario, complain).check();
  return complaints;
}

type Complain = (path: string, message: string) => void;
type Kind = 'elector' | 'root' | 'tree' | 'party' | 'artefact' | 'revoked';

class References {
  private readonly scenario: Scenario;
  private readonly complain: Complain;
  private readonly known: Record<Kind, Set<string>>;

  constructor(scenario: Scenario, complain: Complain) {
    this.scenario = scenario;
    this.complain = complain;
    this.known = {
      elector: new Set(),
      root: new Set(),
      tree: new Set(),
      party: new Set(),
      artefact: new Set(),
      revoked: new Set(),
    };
  }

  check(): void {
    const { electors, roots, parties, before = [], days, revoked = [], form } = this.scenario;
    electors.forEach((name, i) => {
      this.declare('elector', name, `$.electors[${i}]`);
    });
    roots.forEach((name, i) => {
      this.declare('root', name, `$.roots[${i}]`);
      this.known.tree.add(name);
    });
    parties.forEach(({ name }, i) => {
      this.declare('party', name, `$.parties[${i}].name`);
    });
    this.checkQuorum(electors, '$.quorum');
    before.forEach((action, a) => {
      this.checkAction(action, `$.before[${a}]`, form);
    });
    days.forEach((day, d) => {
      day.actions?.forEach((action, a) => {
        this.checkAction(action, `$.days[${d}].actions[${a}]`, form);
      });
    });
    parties.forEach(({ misses = [] }, p) => {
      this.each('artefact', misses, `$.parties[${p}].misses`);
    });
    revoked.forEach(({ name, kind, root, chain, weeks }, i) => {
      const path = `$.revoked[${i}]`;
      this.declare('revoked', name, `${path}.name`);
      this.use('root', root, `${path}.root`);
      if (kind === 'hash' && chain !== undefined) this.complain(`${path}.chain`, 'only linkage entries have chains');
      if (kind === 'hash' && weeks !== undefined) this.complain(`${path}.weeks`, 'only linkage entries have weeks');
      if (kind === 'linkage' && chain === undefined) this.complain(path, 'linkage entries need "chain"');
    });
    this.checkExpectations();
  }

  /** What no device may start with (DECISIONS D31). */
  private checkQuorum(electors: readonly string[], path: string): void {
    const { quorum } = this.scenario;
    const { length } = electors;
    const floor = Math.ceil(length / 2);
    if (quorum > length) this.complain(path, `quorum ${quorum} of ${length} electors can never be reached`);
    if (quorum < floor) this.complain(path, `quorum ${quorum} is below the floor: ${floor} of ${length} electors`);
    if (new Set(electors).size < length) this.complain(path, 'an elector stands there twice');
  }

  private declare(kind: Kind, name: string, path: string): void {
    if (this.known[kind].has(name)) this.complain(path, `there is ${article(kind)} "${name}" already`);
    // Electors and roots are told apart by name wherever either may stand.
    const other = kind === 'elector' ? 'root' : 'elector';
    if ((kind === 'elector' || kind === 'root') && this.known[other].has(name)) {
      this.complain(path, `"${name}" is ${article(other)} already`);
    }
    this.known[kind].add(name);
  }

  private use(kind: Kind, name: string, path: string): void {
    const known = this.known[kind];
    if (known.has(name)) return;
    const others = known.size > 0 ? `there are: ${[...known].join(', ')}` : 'there is none';
    this.complain(path, `no ${kind === 'tree' ? 'root with components' : kind} "${name}" by then (${others})`);
  }

  private each(kind: Kind, names: readonly string[], path: string): void {
    names.forEach((name, i) => {
      this.use(kind, name, `${path}[${i}]`);
    });
  }

  private checkAction(action: ActionDocument, path: string, form: Scenario['form']): void {
    switch (action.do) {
      case 'createElector':
        this.declare('elector', action.name, `${path}.name`);
        return;
      case 'createRoot':
        this.declare('root', action.name, `${path}.name`);
        return;
      case 'createComponents':
        this.use('root', action.root, `${path}.root`);
        if (this.known.tree.has(action.root)) this.complain(`${path}.root`, `"${action.root}" has components already`);
        this.known.tree.add(action.root);
        return;
      case 'send':
        this.each('artefact', action.artefacts, `${path}.artefacts`);
        this.each('party', action.to ?? [], `${path}.to`);
        return;
      case 'enrol':
        this.each('party', action.parties, `${path}.parties`);
        action.parties.forEach((name, i) => {
          const party = this.scenario.parties.find((each) => each.name === name);
          if (party?.kind === 'component') this.complain(`${path}.parties[${i}]`, 'components do not enrol');
        });
        this.use('tree', action.root, `${path}.root`);
        if (action.erase === undefined) return;
        this.each('elector', action.erase.electors, `${path}.erase.electors`);
        this.checkQuorum(action.erase.electors, `${path}.erase.electors`);
        return;
      case 'issue':
        this.checkArtefact(action, path, form);
        return;
    }
  }

  private checkArtefact(
    artefact: Extract<ActionDocument, { do: 'issue' }>,
    path: string,
    form: Scenario['form'],
  ): void {
    this.declare('artefact', artefact.artefact, `${path}.artefact`);
    if (artefact.kind === 'ctl' && form === 'ballots') this.complain(`${path}.kind`, 'a CTL in a scenario of ballots');
    if ('crls' in artefact) {
      artefact.crls?.forEach(({ root }, i) => {
        this.use('tree', root, `${path}.crls[${i}].root`);
      });
    }
    switch (artefact.kind) {
      case 'compositeCrl':
        this.checkBallots('elector', artefact.removeElectors, `${path}.removeElectors`);
        this.checkBallots('root', artefact.removeRoots, `${path}.removeRoots`);
        return;
      case 'chainFile':
        this.use('tree', artefact.root, `${path}.root`);
        this.checkBallots('root', artefact.addRoots, `${path}.addRoots`);
        this.checkBallots('elector', artefact.addElectors, `${path}.addElectors`);
        return;
      case 'ballot':
        this.checkBallots(kindOfSubject(artefact.type), [artefact], path, '');
        return;
      case 'policy':
        this.use('tree', artefact.root, `${path}.root`);
        return;
      case 'ctl':
        this.each('elector', artefact.electors, `${path}.electors`);
        this.each('root', artefact.roots, `${path}.roots`);
        this.each('elector', artefact.signers, `${path}.signers`);
        this.checkDay(artefact.effectiveDay, `${path}.effectiveDay`);
        if (artefact.crls !== undefined && artefact.components !== undefined) {
          this.complain(path, 'CRLs or components travel with a CTL, not both');
        }
        if (artefact.components !== undefined) this.use('tree', artefact.components, `${path}.components`);
    }
  }

  private checkBallots(kind: 'elector' | 'root', ballots: readonly BallotDocument[] = [], path: string, at?: ''): void {
    ballots.forEach(({ subject, votes, effectiveDay }, i) => {
      const place = `${path}${at ?? `[${i}]`}`;
      this.use(kind, subject, `${place}.subject`);
      this.each('elector', votes, `${place}.votes`);
      this.checkDay(effectiveDay, `${place}.effectiveDay`);
    });
  }

  private checkDay(day: number | undefined, path: string): void {
    const { length } = this.scenario.days;
    if (day !== undefined && day > length) this.complain(path, `day ${day} of ${length}`);
  }

  private checkExpectations(): void {
    const { expect, days } = this.scenario;
    const seen = new Set<string>();
    expect.forEach((row, r) => {
      const path = `$.expect[${r}]`;
      for (const list of ['cells', 'values', 'texts'] as const) {
        const { length } = row[list] ?? days;
        if (length !== days.length) this.complain(`${path}.${list}`, `${length} entries for ${days.length} days`);
      }
      row.parties.forEach((name, i) => {
        const isSystem = row.check.check === 'moves' || row.check.check === 'system';
        if (isSystem !== (name === '*')) {
          this.complain(
            `${path}.parties[${i}]`,
            `"${name}": "*" stands for the whole system, in rows of moves and system only`,
          );
        } else if (name !== '*') this.use('party', name, `${path}.parties[${i}]`);
        const key = JSON.stringify([row.object, name]);
        if (seen.has(key)) this.complain(`${path}.object`, `"${row.object}" has a row for ${name} already`);
        seen.add(key);
      });
      this.checkCheck(row.check, `${path}.check`);
    });
  }

  private checkCheck(check: CheckDocument, path: string): void {
    switch (check.check) {
      case 'vote':
        this.use('elector', check.by, `${path}.by`);
        return;
      case 'ballot':
        this.use(kindOfSubject(check.type), check.subject, `${path}.subject`);
        this.each('elector', check.votes, `${path}.votes`);
        if (check.besideBadCrls && check.type.startsWith('add')) {
          this.complain(`${path}.besideBadCrls`, 'composite CRLs carry removals only');
        }
        this.checkDay(check.effectiveDay, `${path}.effectiveDay`);
        return;
      case 'together':
        check.ballots.forEach(({ type, subject, votes }, i) => {
          if (subject !== null) this.use(kindOfSubject(type), subject, `${path}.ballots[${i}].subject`);
          this.each('elector', votes, `${path}.ballots[${i}].votes`);
        });
        return;
      case 'ballots':
        this.each('elector', check.votes, `${path}.votes`);
        return;
      case 'hears':
        this.use('party', check.party, `${path}.party`);
        return;
      case 'trusted':
        if (!this.known.elector.has(check.name)) this.use('root', check.name, `${path}.name`);
        return;
      case 'endorsements':
        this.use('root', check.root, `${path}.root`);
        return;
      case 'revoked':
        this.use('revoked', check.name, `${path}.name`);
        this.use('tree', check.root, `${path}.root`);
        return;
      case 'certificates':
      case 'message':
      case 'crl':
      case 'policy':
        this.use('tree', check.root, `${path}.root`);
        return;
      case 'chainFile':
        this.use('tree', check.root, `${path}.root`);
        this.checkBallots('root', check.addRoots, `${path}.addRoots`);
        this.checkBallots('elector', check.addElectors, `${path}.addElectors`);
        return;
      case 'system':
        this.each('party', check.parties, `${path}.parties`);
        return;
      default:
    }
  }
}

function kindOfSubject(type: EndorsementType): 'elector' | 'root' {
  return type.endsWith('Root') ? 'root' : 'elector';
}

function article(kind: Kind): string {
  return /^[ae]/.test(kind) ? `an ${kind}` : `a ${kind}`;
}
