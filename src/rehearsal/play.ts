/** Plays a scenario day by day and compares every answer with the truth table. */

import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from '../coer/index.ts';
import { formatTai } from '../dot2/time.ts';
import { changesOf } from './changes.ts';
import { createEngine, type Engine } from './engine.ts';
import { Examiner } from './examiner.ts';
import type { Finding } from './finding.ts';
import { Forge, type MadeArtefact, RA_HOSTNAME } from './forge.ts';
import { Party } from './party.ts';
import type { Answer, Cell, DayResult, Move, PartyDay, RehearsalResult, Row } from './result.ts';
import { Cartographer } from './topology.ts';
import type { ActionDocument, DayDocument, Expectation, ExpectationDocument, Scenario } from './types.ts';
import { View } from './view.ts';
import { World } from './world.ts';

export interface PlayOptions {
  /** Every key and octet follows from it: the same seed gives the same result, octet by octet. */
  readonly seed?: string;
  readonly engine?: Engine;
  /** The same recovery in the other form, to be played beside this one. */
  readonly beside?: Scenario;
}

const DEFAULT_SEED = 'rehearsal';
const HOUR_MICROS = 3600n * 1_000_000n;
const DEFAULT_HOURS = 24;

/** Plays a scenario; what it is played beside comes under the same seed, with keys of its own. */
export async function play(scenario: Scenario, options: PlayOptions = {}): Promise<RehearsalResult> {
  const { seed = DEFAULT_SEED, engine = createEngine(), beside } = options;
  const other = beside === undefined ? null : await play(beside, { seed, engine });
  return new Play(scenario, seed, engine).run(other);
}

type SendAction = Extract<ActionDocument, { do: 'send' }>;
type EnrolAction = Extract<ActionDocument, { do: 'enrol' }>;

class Play {
  private readonly scenario: Scenario;
  private readonly seed: string;
  private readonly engine: Engine;
  private readonly world: World;
  private readonly forge: Forge;
  private readonly parties: readonly Party[];
  private readonly examiner: Examiner;
  private readonly cartographer: Cartographer;
  private readonly view: View;
  private readonly made = new Map<string, MadeArtefact>();
  private readonly dayStarts: readonly bigint[];
  private readonly rows: (Row & { readonly document: ExpectationDocument })[];
  /** Whether the system of EEs worked the day before, by row. */
  private readonly worked = new Map<number, boolean>();

  constructor(scenario: Scenario, seed: string, engine: Engine) {
    this.scenario = scenario;
    this.seed = seed;
    this.engine = engine;
    this.world = new World(`${seed} ${scenario.name}`, scenario.revoked);
    this.dayStarts = dayStartsOf(this.world.now, scenario.days);
    this.forge = new Forge(this.world, scenario, this.dayStarts);
    for (const name of scenario.electors) this.world.createElector(name);
    for (const name of scenario.roots) {
      this.world.createRoot(name);
      Object.assign(this.world.tree(name), { hasComponents: true, hasDevices: true });
    }
    this.parties = scenario.parties.map((document, position) => {
      const party = new Party(document, position, this.firstState(document.kind, scenario), engine, this.world);
      party.enrolledUnder = party.isComponent ? null : (scenario.roots[0] as string);
      return party;
    });
    const { world, forge, made } = this;
    const byName = new Map(this.parties.map((party) => [party.name, party]));
    this.examiner = new Examiner({ scenario, world, forge, engine, made }, byName);
    this.cartographer = new Cartographer(world, this.examiner.certificates, this.parties);
    this.view = new View(world);
    this.rows = rowsOf(scenario);
  }

  private firstState(kind: Party['document']['kind'], trust: Pick<Scenario, 'electors' | 'roots'>): Party['state'] {
    const { quorum, form } = this.scenario;
    const init = {
      electors: trust.electors.map((name) => this.world.elector(name).bytes),
      roots: trust.roots.map((name) => this.world.tree(name).scms.root.bytes),
      quorum,
      at: this.world.now,
      raHostname: kind === 'component' ? null : RA_HOSTNAME,
      electorGroupId: form === 'ctl' ? toHex(this.forge.electorGroupId) : null,
    };
    return this.engine.createTrustState(init, this.engine.context).state;
  }

  async run(beside: RehearsalResult | null): Promise<RehearsalResult> {
    const { scenario, seed, rows } = this;
    for (const action of scenario.before ?? []) this.act(action);
    const days: DayResult[] = [];
    for (const [index, document] of scenario.days.entries())
      days.push(await this.day(index + 1, document, days.at(-1)));
    const cells = days.flatMap((day) => day.cells);
    const { name, title, summary, form, quorum, electors, roots, absent = [] } = scenario;
    return {
      format: 1,
      scenario: { name, title, summary, form, quorum, electors, roots, absent },
      seed,
      parties: scenario.parties.map((party) => {
        return { name: party.name, title: party.title, kind: party.kind, misses: party.misses ?? [] };
      }),
      rows: rows.map(({ document: _document, ...row }) => row),
      days,
      beside,
      summary: {
        cells: cells.length,
        matched: cells.filter(({ matched }) => matched).length,
        deviations: cells.filter(({ matched }) => !matched),
        tables: tablesOf(rows, cells),
      },
    };
  }

  private async day(day: number, document: DayDocument, before: DayResult | undefined): Promise<DayResult> {
    this.world.now = this.dayStarts[day - 1] as bigint;
    for (const party of this.parties) {
      party.startDay();
      party.receive([]);
    }
    const moves = (document.actions ?? []).flatMap((action) => this.act(action));
    // Questions are asked later than everything that was made today, so that what is asked with is newer.
    this.world.now += HOUR_MICROS;
    for (const party of this.parties) party.receive([]);
    const cells: Cell[] = [];
    for (const row of this.rows) cells.push(await this.cell(day, row, moves));
    const parties: PartyDay[] = [];
    for (const party of this.parties) parties.push(await this.partyDay(party, cells));
    const changes = parties.flatMap((after) => {
      const old = before?.parties.find(({ party }) => party === after.party);
      return old === undefined ? [] : changesOf(old, after, before?.cells ?? [], cells);
    });
    const { title, text } = document;
    return { day, title, text, at: formatTai(this.world.now), moves, parties, cells, changes };
  }

  // ------------------------------------------------------------------------------------------------------- what happens

  private act(action: ActionDocument): Move[] {
    switch (action.do) {
      case 'createElector':
        this.world.createElector(action.name);
        return [];
      case 'createRoot':
        this.world.createRoot(action.name);
        return [];
      case 'createComponents':
        this.world.tree(action.root).hasComponents = true;
        return [];
      case 'issue':
        this.made.set(action.artefact, this.forge.make(action.artefact, action));
        return [];
      case 'send':
        return this.send(action);
      case 'enrol':
        return action.parties.map((name) => this.enrol(name, action));
    }
  }

  private send({ artefacts, from, to, why }: SendAction): Move[] {
    const bundle = artefacts.map((name) => this.made.get(name) as MadeArtefact);
    const addressed = this.parties.filter(({ name }) => to === undefined || to.includes(name));
    const misses = ({ document }: Party, name: string): boolean => document.misses?.includes(name) ?? false;
    for (const party of addressed) {
      const arriving = bundle.filter(({ name }) => !misses(party, name));
      party.today.missed.push(...bundle.filter(({ name }) => misses(party, name)).map(({ name }) => name));
      if (arriving.length > 0) party.receive(arriving);
    }
    return bundle.map(({ name, kind, octets, forEndEntities, contents }) => ({
      artefact: name,
      kind,
      from,
      to: addressed.filter((party) => !misses(party, name)).map((party) => party.name),
      missedBy: addressed.filter((party) => misses(party, name)).map((party) => party.name),
      why,
      contents,
      ...sizeOf(octets),
      local: forEndEntities === undefined ? null : sizeOf(forEndEntities),
    }));
  }

  private enrol(name: string, { root, erase, why }: EnrolAction): Move {
    const party = this.parties.find((one) => one.name === name) as Party;
    this.world.tree(root).hasDevices = true;
    party.enrolledUnder = root;
    if (erase !== undefined) {
      party.erase(this.firstState(party.document.kind, { electors: erase.electors, roots: [root] }));
    }
    const octets = party.certificates?.enrolment.bytes ?? new Uint8Array(0);
    return {
      artefact: `enrolment of ${name}`,
      kind: 'enrolment',
      from: `${root}/eca`,
      to: [name],
      missedBy: [],
      why,
      contents: [
        `enrolment and sending certificates under ${root}`,
        ...(erase === undefined ? [] : [`a new trust store: electors ${erase.electors.join(' ')}, root ${root}`]),
      ],
      ...sizeOf(octets),
      local: null,
    };
  }

  // ------------------------------------------------------------------------------------------------------ what is asked

  private async cell(day: number, row: Play['rows'][0], moves: readonly Move[]): Promise<Cell> {
    const { document, party, object } = row;
    const finding = await this.answer(row, moves);
    const wanted = expectationOf(document, day);
    const isPending = finding.decision === 'PENDING' && wanted.expectedDecision === undefined;
    const matched =
      finding.got === wanted.expected &&
      !isPending &&
      (wanted.expectedDecision === undefined || finding.decision === wanted.expectedDecision) &&
      (wanted.expectedValue === undefined || finding.value === wanted.expectedValue);
    const { got, code, why, decision, value } = finding;
    return {
      scenario: this.scenario.name,
      day,
      party,
      object,
      expected: wanted.expected,
      got,
      code,
      why,
      matched,
      row: row.row,
      ...(decision === undefined ? {} : { decision }),
      ...(value === undefined ? {} : { value }),
      ...wanted.more,
    };
  }

  private answer({ document, row, party }: Play['rows'][0], moves: readonly Move[]): Promise<Finding> {
    const { check } = document;
    if (check.check === 'moves') return Promise.resolve(movesFinding(moves));
    if (check.check === 'system') return this.system(row, check.parties);
    return this.examiner.ask(this.parties.find(({ name }) => name === party) as Party, check);
  }

  /** Whether these EEs may send, and accept each other; one by itself accepts others that are like it. */
  private async system(row: number, names: readonly string[]): Promise<Finding> {
    const parties = this.parties.filter(({ name }) => names.includes(name));
    let failure: Finding | undefined;
    for (const party of parties) {
      const own = await this.examiner.certificates.maySend(party);
      if (own.got !== 'Y') failure ??= { ...own, why: `${party.name} may not send: ${own.why}` };
      for (const other of parties) {
        const heard = await this.examiner.certificates.hears(party, other);
        if (heard.got !== 'Y') failure ??= { ...heard, why: `${party.name} refuses ${other.name}: ${heard.why}` };
      }
    }
    const workedBefore = this.worked.get(row) ?? true;
    this.worked.set(row, failure === undefined);
    if (failure === undefined) {
      return { got: 'Y', code: 'OK', why: 'all may send and accept each other', value: 'works' };
    }
    return { got: 'N', code: failure.code, why: failure.why, value: workedBefore ? 'stops' : 'not functioning' };
  }

  private async partyDay(party: Party, cells: readonly Cell[]): Promise<PartyDay> {
    const { receptions, received, missed } = party.today;
    const sending = party.isComponent ? undefined : await this.examiner.certificates.maySend(party);
    const own = cells.filter((cell) => cell.party === party.name);
    const objects = (answer: Answer): string[] => own.filter(({ got }) => got === answer).map(({ object }) => object);
    return {
      party: party.name,
      received,
      missed,
      decisions: receptions.flatMap(({ decisions }) => decisions.map((decision) => this.view.decisionOf(decision))),
      tallies: receptions.flatMap(({ decisions, quorum }) =>
        decisions.flatMap((decision) => this.view.tallyOf(decision, quorum) ?? []),
      ),
      state: this.view.stateOf(party, sending === undefined ? null : sending.got === 'Y'),
      topology: await this.cartographer.draw(party),
      accepts: objects('Y'),
      refuses: objects('N'),
    };
  }
}

function sizeOf(octets: Uint8Array): { octets: number; sha256: string } {
  return { octets: octets.length, sha256: toHex(sha256(octets)) };
}

function dayStartsOf(start: bigint, days: readonly DayDocument[]): bigint[] {
  let at = start;
  return days.map(({ hours = DEFAULT_HOURS }) => {
    at += BigInt(hours) * HOUR_MICROS;
    return at;
  });
}

function rowsOf({ expect }: Scenario): Play['rows'] {
  const rows = expect.flatMap((document) => document.parties.map((party) => ({ document, party })));
  return rows.map(({ document, party }, row) => {
    const { table = null, object, note = null } = document;
    return { row, table, object, party, note, document };
  });
}

interface Wanted {
  readonly expected: Answer;
  readonly expectedDecision: Cell['expectedDecision'];
  readonly expectedValue: string | undefined;
  /** What of it stands in the cell. */
  readonly more: Partial<Cell>;
}

function expectationOf({ cells, values, texts }: ExpectationDocument, day: number): Wanted {
  const cell = cells[day - 1] as Expectation;
  const expectedDecision = cell === 'noop' ? 'ACCEPT_NOOP' : cell === 'pending' ? 'PENDING' : undefined;
  const expectedValue = values?.[day - 1] ?? undefined;
  const text = texts?.[day - 1] ?? undefined;
  return {
    expected: cell === 'noop' || cell === 'pending' ? 'Y' : cell,
    expectedDecision,
    expectedValue,
    more: {
      ...(expectedDecision === undefined ? {} : { expectedDecision }),
      ...(expectedValue === undefined ? {} : { expectedValue }),
      ...(text === undefined ? {} : { text }),
    },
  };
}

function movesFinding(moves: readonly Move[]): Finding {
  const kinds = moves.map(({ kind }) => kind);
  const value = kinds.length === 0 ? 'none' : kinds.filter((kind, i) => kind !== kinds[i - 1]).join(', ');
  const why = moves.map(({ artefact, to }) => `${artefact} to ${to.join(' ') || 'nobody'}`).join('; ');
  return { got: kinds.length === 0 ? 'N' : 'Y', code: 'OK', why: why || 'nothing moves', value };
}

function tablesOf(rows: readonly Row[], cells: readonly Cell[]): RehearsalResult['summary']['tables'] {
  const tables = [...new Set(rows.map(({ table }) => table))];
  return tables.map((table) => {
    const own = cells.filter(({ row }) => rows[row]?.table === table);
    return { table, cells: own.length, matched: own.filter(({ matched }) => matched).length };
  });
}
