/** What a scenario document may refer to, in the order in which it comes to be there. */
import type { Scenario } from './types.ts';

export type Complain = (path: string, message: string) => void;
export type Kind = 'elector' | 'root' | 'tree' | 'party' | 'artefact' | 'revoked';

/** The names that a document has introduced so far; what refers to any other name is complained about. */
export class Names {
  readonly scenario: Scenario;
  readonly complain: Complain;
  readonly known: Readonly<Record<Kind, Set<string>>>;

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

  declare(kind: Kind, name: string, path: string): void {
    if (this.known[kind].has(name)) this.complain(path, `there is ${article(kind)} "${name}" already`);
    // Where both are allowed, the name tells an elector from a root.
    const other = kind === 'elector' ? 'root' : 'elector';
    if ((kind === 'elector' || kind === 'root') && this.known[other].has(name)) {
      this.complain(path, `"${name}" is ${article(other)} already`);
    }
    this.known[kind].add(name);
  }

  use(kind: Kind, name: string, path: string): void {
    const known = this.known[kind];
    if (known.has(name)) return;
    const others = known.size > 0 ? `there are: ${[...known].join(', ')}` : 'there is none';
    this.complain(path, `no ${kind === 'tree' ? 'root with components' : kind} "${name}" by then (${others})`);
  }

  each(kind: Kind, names: readonly string[], path: string): void {
    names.forEach((name, i) => {
      this.use(kind, name, `${path}[${i}]`);
    });
  }

  useComponent(name: string, path: string): void {
    this.use('party', name, path);
    const party = this.scenario.parties.find((each) => each.name === name);
    if (party !== undefined && party.kind !== 'component') this.complain(path, `"${name}" is no component`);
  }

  /** EEs, which components are not. */
  eachDevice(names: readonly string[], path: string, why: string): void {
    names.forEach((name, i) => {
      this.use('party', name, `${path}[${i}]`);
      const party = this.scenario.parties.find((each) => each.name === name);
      if (party?.kind === 'component') this.complain(`${path}[${i}]`, why);
    });
  }

  hasRa(name: string): boolean {
    return this.scenario.parties.some((party) => party.name === name && party.ra !== undefined);
  }
}

function article(kind: Kind): string {
  return /^[ae]/.test(kind) ? `an ${kind}` : `a ${kind}`;
}
