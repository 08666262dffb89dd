/** Plays a scenario day by day and compares every answer with the truth table. */

import { setImmediate as breathe } from 'node:timers/promises';
import { toHex } from '../coer/index.ts';
import { formatTai } from '../dot2/time.ts';
import { changesOf } from './changes.ts';
import { equivalenceFinding, happensFinding, movesFinding, resetFinding } from './day-questions.ts';
import { createEngine, type Engine } from './engine.ts';
import { Examiner } from './examiner.ts';
import { type Check, type Finding, notThere } from './finding.ts';
import { Forge, type MadeArtefact } from './forge.ts';
import { Party, raHostnameOf } from './party.ts';
import type { Answer, Cell, DayResult, PartyDay, PartyState, RehearsalResult, Row, SentenceResult } from './result.ts';
import { Stage } from './stage.ts';
import { Cartographer } from './topology.ts';
import type {
  DayDocument,
  Expectation,
  ExpectationDocument,
  PartyDocument,
  Scenario,
  SentenceDocument,
} from './types.ts';
import { View } from './view.ts';
import { World } from './world.ts';

/** The seed, the engine and a signal to end early. */
export interface PlayOptions {
  /** Determines every key and byte: the same seed gives the same result, byte for byte. */
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
  private readonly stage: Stage;
  private readonly dayStarts: readonly bigint[];
  private readonly days: DayResult[] = [];
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
      const party = new Party(document, position, this.firstState(document, scenario), engine, this.world);
      const [root] = scenario.roots as [string];
      if (!party.isComponent) party.enrolledUnder = party.certificatesUnder = root;
      party.blacklist = blacklistOf(party, scenario);
      return party;
    });
    const { world, forge, parties } = this;
    const made = new Map<string, MadeArtefact>();
    const byName = new Map(parties.map((party) => [party.name, party]));
    this.examiner = new Examiner({ scenario, world, forge, engine, made }, byName);
    const { certificates } = this.examiner;
    this.cartographer = new Cartographer(world, certificates, parties);
    this.view = new View(world);
    this.stage = new Stage({
      ...{ world, forge, made, parties, certificates },
      bootstrap: (party, electors, root) => party.erase(this.firstState(party.document, { electors, roots: [root] })),
    });
    this.rows = rowsOf(scenario);
  }

  private firstState(document: PartyDocument, trust: Pick<Scenario, 'electors' | 'roots'>): Party['state'] {
    const { quorum, form } = this.scenario;
    const init = {
      electors: trust.electors.map((name) => this.world.elector(name).bytes),
      roots: trust.roots.map((name) => this.world.tree(name).scms.root.bytes),
      quorum,
      at: this.world.now,
      raHostname: document.kind === 'component' ? null : raHostnameOf(document),
      electorGroupId: form === 'ctl' ? toHex(this.forge.electorGroupId) : null,
    };
    return this.engine.createTrustState(init, this.engine.context).state;
  }

  async run(beside: RehearsalResult | null): Promise<RehearsalResult> {
    const { scenario, seed, rows } = this;
    for (const action of scenario.before ?? []) await this.stage.act(action);
    for (const [index, document] of scenario.days.entries()) {
      // The event loop gets a turn before each day, so that a signal can end the rehearsal.
      await breathe();
      this.days.push(await this.day(index + 1, document));
    }
    const days = warnedOfLosses(this.days);
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

  private async day(day: number, document: DayDocument): Promise<DayResult> {
    const before = this.days.at(-1);
    this.world.now = this.dayStarts[day - 1] as bigint;
    this.stage.startDay();
    for (const party of this.parties) {
      party.startDay(day);
      party.receive([]);
    }
    for (const action of document.actions ?? []) await this.stage.act(action);
    // Questions are asked after everything made today, so that the artefacts of questions are newer.
    this.world.now += HOUR_MICROS;
    for (const party of this.parties) party.receive([]);
    const cells: Cell[] = [];
    for (const row of this.rows) cells.push(await this.cell(day, row));
    const parties: PartyDay[] = [];
    for (const party of this.parties) parties.push(await this.partyDay(party, cells));
    const changes = parties.flatMap((after) => {
      const old = before?.parties.find(({ party }) => party === after.party);
      return old === undefined ? [] : changesOf(old, after, before?.cells ?? [], cells);
    });
    const { title, text, sentences = [] } = document;
    return {
      ...{ day, title, text, at: formatTai(this.world.now) },
      sentences: sentences.map((sentence, i) => sentenceOf(i + 1, sentence, cells)),
      ...this.stage.today,
      ...{ parties, cells, changes },
    };
  }

  // --------------------------------------------------------------------------------------------------------- questions

  private async cell(day: number, row: Play['rows'][0]): Promise<Cell> {
    const { document, party, object } = row;
    const finding = await this.answer(day, row);
    const wanted = expectationOf(document, day);
    const isPending = finding.decision === 'PENDING' && wanted.expectedDecision === undefined;
    const matched =
      finding.got === wanted.expected &&
      !isPending &&
      (wanted.expectedDecision === undefined || finding.decision === wanted.expectedDecision) &&
      (wanted.expectedVerdict === undefined || finding.verdict === wanted.expectedVerdict) &&
      (wanted.expectedValue === undefined || finding.value === wanted.expectedValue);
    const { got, code, why, decision, verdict, value } = finding;
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
      ...(verdict === undefined ? {} : { verdict }),
      ...(value === undefined ? {} : { value }),
      ...wanted.more,
    };
  }

  private async answer(day: number, { document, row, party: name }: Play['rows'][0]): Promise<Finding> {
    const { check } = document;
    const { today } = this.stage;
    if (check.check === 'moves') return movesFinding(today.moves);
    if (check.check === 'happens') return happensFinding(today, check);
    if (check.check === 'reset') return resetFinding(today, check.name);
    if (check.check === 'system') return this.system(row, check.parties);
    const party = this.parties.find((one) => one.name === name) as Party;
    if (check.check === 'equivalent') return this.equivalence(day, party, check);
    return this.examiner.ask(party, check);
  }

  private async equivalence(
    day: number,
    party: Party,
    { day: other, replaced }: Check<'equivalent'>,
  ): Promise<Finding> {
    const missing = Object.values(replaced).find((name) => !this.world.electors.has(name));
    if (missing !== undefined) return notThere(missing);
    if (day < other) return notThere(`day ${other}`);
    const now = await this.stateOf(party);
    const then = this.days[other - 1]?.parties.find((one) => one.party === party.name)?.state ?? now;
    return equivalenceFinding(then, now, replaced);
  }

  private async stateOf(party: Party): Promise<PartyState> {
    const sending = party.isComponent ? undefined : await this.examiner.certificates.maySend(party);
    return this.view.stateOf(party, sending === undefined ? null : sending.got === 'Y');
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
      state: await this.stateOf(party),
      topology: await this.cartographer.draw(party),
      accepts: objects('Y'),
      refuses: objects('N'),
      notes: party.meanings,
    };
  }
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
  readonly expectedVerdict: Cell['expectedVerdict'];
  readonly expectedValue: string | undefined;
  /** The answer in the cell. */
  readonly more: Partial<Cell>;
}

const READINGS: Readonly<
  Record<Expectation, readonly [expected: Answer, decision?: Cell['decision'], verdict?: Cell['verdict']]>
> = {
  Y: ['Y'],
  N: ['N'],
  '-': ['-'],
  noop: ['Y', 'ACCEPT_NOOP'],
  pending: ['Y', 'PENDING'],
  invalid: ['N', undefined, 'invalid'],
  undecided: ['N', undefined, 'undecided'],
};

function expectationOf({ cells, values, texts }: ExpectationDocument, day: number): Wanted {
  const cell = cells[day - 1] as Expectation;
  const [expected, expectedDecision, expectedVerdict] = READINGS[cell];
  const expectedValue = values?.[day - 1] ?? undefined;
  const text = texts?.[day - 1] ?? undefined;
  return {
    expected,
    expectedDecision,
    expectedVerdict,
    expectedValue,
    more: {
      ...(expectedDecision === undefined ? {} : { expectedDecision }),
      ...(expectedVerdict === undefined ? {} : { expectedVerdict }),
      ...(expectedValue === undefined ? {} : { expectedValue }),
      ...(text === undefined ? {} : { text }),
    },
  };
}

/** Devices that a component has to refuse from the first day on, if it is the RA of an EE. */
function blacklistOf({ name }: Party, { parties, revoked = [] }: Scenario): string[] {
  if (!parties.some(({ ra }) => ra === name)) return [];
  return revoked.flatMap((thing) => (thing.kind === 'blacklist' ? [thing.name] : []));
}

function sentenceOf(ordinal: number, { says, note, shown }: SentenceDocument, cells: readonly Cell[]): SentenceResult {
  return {
    ...{ ordinal, says, note: note ?? null },
    shown: shown.flatMap(({ object, parties }) =>
      cells
        .filter((cell) => cell.object === object && parties.includes(cell.party))
        .map(({ row, party, expected, got, matched }) => ({ row, object, party, expected, got, matched })),
    ),
  };
}

/** A rehearsal knows what comes: the day before a party loses its quorum says so. */
function warnedOfLosses(days: readonly DayResult[]): DayResult[] {
  const isFrozen = (day: DayResult | undefined, name: string): boolean =>
    day?.parties.find(({ party }) => party === name)?.state.flags.includes('FROZEN') ?? false;
  return days.map((day, i) => {
    const parties = day.parties.map((own) => {
      if (isFrozen(day, own.party) || !isFrozen(days[i + 1], own.party)) return own;
      return { ...own, notes: [...own.notes, `Warning: the quorum is lost on day ${day.day + 1}: ${NO_WAY_BACK}`] };
    });
    return { ...day, parties };
  });
}

const NO_WAY_BACK =
  'then no ballot and no CTL can be accepted any more; there is no recovery in band: have another elector added first, or bootstrap the device again';

function tablesOf(rows: readonly Row[], cells: readonly Cell[]): RehearsalResult['summary']['tables'] {
  const tables = [...new Set(rows.map(({ table }) => table))];
  return tables.map((table) => {
    const own = cells.filter(({ row }) => rows[row]?.table === table);
    return { table, cells: own.length, matched: own.filter(({ matched }) => matched).length };
  });
}
