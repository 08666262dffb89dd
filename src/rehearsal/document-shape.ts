/** The shape of a scenario document: its fields and their values. References by name are checked afterwards. */
import * as v from 'valibot';
import { ENDORSEMENT_TYPES } from '../trust/types.ts';
import { EVENT_KINDS, EXPECTATIONS, PARTY_KINDS, type Scenario } from './types.ts';

/** Bounds that no scenario made by people reaches; they keep a wrong file from becoming hours of work. */
const MAX_PARTIES = 16;
const MAX_DAYS = 64;
const MAX_ROWS = 512;
/** Electors that any device has room for (AE5); more may be made later, and be refused. */
const MAX_ELECTORS = 10;
/** Votes of one ballot, which may be more than pass (BL1), and ballots of one list. */
const MAX_VOTES = 64;
const MAX_ROOTS = 4;
const MAX_REVOKED = 64;
const MAX_ACTIONS = 64;
/** Questions are put an hour after everything that is made on a day. */
const MIN_HOURS = 2;
const MAX_HOURS = 24 * 366;
const MAX_TEXT = 4000;
const MAX_SENTENCES = 32;
const MAX_UINT16 = 65_535;

const text = v.pipe(v.string(), v.maxLength(MAX_TEXT));
/** Names are used in tables and file names. */
const name = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9._'-]{0,31}$/, "a name: up to 32 letters, digits and . _ ' -"),
);
const names = v.pipe(v.array(name), v.maxLength(MAX_VOTES));
const positive = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_UINT16));
const dayNumber = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_DAYS));

const ballot = v.strictObject({
  subject: name,
  votes: names,
  effectiveDay: v.exactOptional(dayNumber),
});
const ballots = v.exactOptional(v.pipe(v.array(ballot), v.maxLength(MAX_ELECTORS)));
const crls = v.exactOptional(
  v.pipe(
    v.array(v.strictObject({ root: name, entries: v.exactOptional(v.picklist(['none', 'all', 'reset'])) })),
    v.maxLength(MAX_ROOTS),
  ),
);

const issued = { do: v.literal('issue'), artefact: name } as const;
const issue = v.variant('kind', [
  v.strictObject({
    ...issued,
    kind: v.literal('compositeCrl'),
    crls,
    removeElectors: ballots,
    removeRoots: ballots,
  }),
  v.strictObject({
    ...issued,
    kind: v.literal('chainFile'),
    version: positive,
    root: name,
    addRoots: ballots,
    addElectors: ballots,
  }),
  v.strictObject({
    ...issued,
    kind: v.literal('ballot'),
    type: v.picklist(ENDORSEMENT_TYPES),
    subject: name,
    votes: names,
    effectiveDay: v.exactOptional(dayNumber),
  }),
  v.strictObject({ ...issued, kind: v.literal('policy'), root: name, chainFile: positive }),
  v.strictObject({
    ...issued,
    kind: v.literal('ctl'),
    sequence: positive,
    electors: names,
    roots: names,
    signers: names,
    effectiveDay: v.exactOptional(dayNumber),
    quorum: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_ELECTORS))),
    crls,
    components: v.exactOptional(name),
  }),
]);

const action = v.variant('do', [
  v.strictObject({ do: v.literal('createElector'), name }),
  v.strictObject({ do: v.literal('createRoot'), name }),
  v.strictObject({ do: v.literal('createComponents'), root: name }),
  issue,
  v.strictObject({
    do: v.literal('send'),
    artefacts: v.pipe(names, v.minLength(1)),
    from: text,
    to: v.exactOptional(names),
    why: text,
  }),
  v.strictObject({
    do: v.literal('forward'),
    by: name,
    artefacts: v.pipe(names, v.minLength(1)),
    to: v.pipe(names, v.minLength(1)),
    why: text,
  }),
  v.strictObject({
    do: v.literal('download'),
    parties: v.pipe(names, v.minLength(1)),
    artefacts: names,
    certificates: v.exactOptional(v.boolean()),
    why: text,
  }),
  v.strictObject({
    do: v.literal('enrol'),
    parties: names,
    root: name,
    erase: v.exactOptional(v.strictObject({ electors: names })),
    why: text,
  }),
]);

const check = v.variant('check', [
  v.strictObject({ check: v.literal('vote'), by: name }),
  v.strictObject({
    check: v.literal('ballot'),
    type: v.picklist(ENDORSEMENT_TYPES),
    subject: name,
    votes: names,
    effectiveDay: v.exactOptional(dayNumber),
    issued: v.exactOptional(v.boolean()),
    besideBadCrls: v.exactOptional(v.boolean()),
  }),
  v.strictObject({
    check: v.literal('together'),
    ballots: v.pipe(
      v.array(v.strictObject({ type: v.picklist(ENDORSEMENT_TYPES), subject: v.nullable(name), votes: names })),
      v.minLength(1),
      v.maxLength(MAX_ELECTORS),
    ),
  }),
  v.strictObject({ check: v.literal('ballots'), votes: names }),
  v.strictObject({
    check: v.literal('certificates'),
    kind: v.picklist(['component', 'enrolment', 'pseudonym', 'application']),
    root: name,
  }),
  v.strictObject({ check: v.literal('message'), root: name }),
  v.strictObject({ check: v.literal('hears'), party: name }),
  v.strictObject({ check: v.literal('maySend') }),
  v.strictObject({ check: v.literal('trusted'), name }),
  v.strictObject({ check: v.literal('crl'), root: name }),
  v.strictObject({
    check: v.literal('chainFile'),
    root: name,
    issued: v.exactOptional(v.boolean()),
    addRoots: ballots,
    addElectors: ballots,
  }),
  v.strictObject({ check: v.literal('policy'), root: name }),
  v.strictObject({ check: v.literal('policyInForce') }),
  v.strictObject({ check: v.literal('endorsements'), root: name }),
  v.strictObject({ check: v.literal('tolerance') }),
  v.strictObject({ check: v.literal('revoked'), name, root: name }),
  v.strictObject({ check: v.literal('authenticates') }),
  v.strictObject({ check: v.literal('equivalent'), day: dayNumber, replaced: v.record(name, name) }),
  v.strictObject({ check: v.literal('moves') }),
  v.strictObject({
    check: v.literal('happens'),
    event: v.picklist(EVENT_KINDS),
    name: v.pipe(text, v.minLength(1)),
    from: v.exactOptional(text),
    to: v.exactOptional(names),
  }),
  v.strictObject({ check: v.literal('reset'), name: v.pipe(text, v.minLength(1)) }),
  v.strictObject({ check: v.literal('system'), parties: names }),
]);

const sentence = v.strictObject({
  says: v.pipe(text, v.minLength(1)),
  shown: v.pipe(
    v.array(
      v.strictObject({ object: text, parties: v.pipe(v.array(v.union([name, v.literal('*')])), v.minLength(1)) }),
    ),
    v.maxLength(MAX_ROWS),
  ),
  note: v.exactOptional(text),
});

const perDay = <T extends v.GenericSchema>(schema: T) => v.pipe(v.array(schema), v.maxLength(MAX_DAYS));

export const SCENARIO = v.strictObject({
  format: v.literal(1),
  name,
  title: text,
  summary: text,
  form: v.picklist(['ballots', 'ctl']),
  quorum: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_ELECTORS)),
  electors: v.pipe(v.array(name), v.minLength(1), v.maxLength(MAX_ELECTORS)),
  roots: v.pipe(v.array(name), v.minLength(1), v.maxLength(MAX_ROOTS)),
  parties: v.pipe(
    v.array(
      v.strictObject({
        name,
        title: text,
        kind: v.picklist(PARTY_KINDS),
        misses: v.exactOptional(v.array(name)),
        ra: v.exactOptional(name),
        overdue: v.exactOptional(v.picklist(['reject', 'ignore'])),
      }),
    ),
    v.minLength(1),
    v.maxLength(MAX_PARTIES),
  ),
  before: v.exactOptional(v.pipe(v.array(action), v.maxLength(MAX_ACTIONS))),
  days: v.pipe(
    v.array(
      v.strictObject({
        title: text,
        text,
        sentences: v.exactOptional(v.pipe(v.array(sentence), v.maxLength(MAX_SENTENCES))),
        hours: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(MIN_HOURS), v.maxValue(MAX_HOURS))),
        actions: v.exactOptional(v.pipe(v.array(action), v.maxLength(MAX_ACTIONS))),
      }),
    ),
    v.minLength(1),
    v.maxLength(MAX_DAYS),
  ),
  expect: v.pipe(
    v.array(
      v.strictObject({
        table: v.exactOptional(name),
        object: v.pipe(text, v.minLength(1)),
        parties: v.pipe(v.array(v.union([name, v.literal('*')])), v.minLength(1), v.maxLength(MAX_PARTIES)),
        cells: perDay(v.picklist(EXPECTATIONS)),
        values: v.exactOptional(perDay(v.nullable(text))),
        texts: v.exactOptional(perDay(v.nullable(text))),
        check,
        note: v.exactOptional(text),
      }),
    ),
    v.minLength(1, 'no rows: a rehearsal that expects nothing cannot fail'),
    v.maxLength(MAX_ROWS),
  ),
  revoked: v.exactOptional(
    v.pipe(
      v.array(
        v.strictObject({
          name,
          kind: v.picklist(['hash', 'linkage', 'blacklist']),
          root: name,
          chain: v.exactOptional(v.picklist(['continued', 'ended'])),
          refusedEnrolment: v.exactOptional(v.boolean()),
          weeks: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(156))),
        }),
      ),
      v.maxLength(MAX_REVOKED),
    ),
  ),
  beside: v.exactOptional(name),
  absent: v.exactOptional(v.array(v.strictObject({ object: text, why: text }))),
}) satisfies v.GenericSchema<unknown, Scenario>;
