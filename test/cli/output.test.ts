/**
 * No line is lost, whatever the reader of standard output does: every command in every format writes into a pipe whose reader
 * stops and goes at random moments. `SCMS_LONG=1` runs each 200 times, `SCMS_SEED` chooses other moments.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueCrl } from '../../src/testbed/crls.ts';
import { runPiped } from './pipes.ts';
import { createFixture, explicitPseudonyms, type Fixture, hex, messagesOf, type Outcome, run } from './support.ts';

const IS_LONG = process.env.SCMS_LONG === '1';
const LONG_RUNS = 200;
const SEED = process.env.SCMS_SEED ?? 'stop and go';
/** Lines of input from which each command makes several times what a pipe holds. */
const LINES = { messages: 800, certificates: 500, shown: 120, crls: 250, lookedUp: 1000 };

interface Case {
  readonly name: string;
  readonly args: () => readonly string[];
  readonly input?: () => readonly string[];
}

let fixture: Fixture;
let messages: string[];
let certificates: string[];
let demo: string;
let nextStore = 0;

beforeAll(async () => {
  fixture = createFixture();
  const { scms } = fixture;
  messages = repeated(LINES.messages, messagesOf(scms, 100).map(hex));
  certificates = repeated(
    LINES.certificates,
    explicitPseudonyms(scms, 20).map(({ bytes }) => hex(bytes)),
  );
  fixture.write('messages.hex', messages.slice(0, LINES.shown).join('\n'));
  fixture.write('certs.hex', repeated(LINES.lookedUp, certificates).join('\n'));
  fixture.write('crl.oer', issueCrl(scms, { devices: Array.from({ length: 60 }, (_, i) => i) }));
  fixture.write('crls.hex', repeated(LINES.crls, [hex(issueCrl(scms, { devices: [1] }))]).join('\n'));
  demo = join(mkdtempSync(join(tmpdir(), 'scms-verify-demo-')), 'demo');
  await ended(run(['demo', '--out', demo]));
  const electors = ['a', 'b', 'c'].map((name) => join(demo, `elector-${name}.oer`));
  const init = ['trust', 'init', store(), '--elector', ...electors, '--quorum', '2', '--at', fixture.at];
  await ended(run([...init, '--root', join(demo, 'root.oer')]));
});
afterAll(() => {
  fixture.remove();
  rmSync(join(demo, '..'), { recursive: true });
});

function repeated(count: number, lines: readonly string[]): string[] {
  return Array.from({ length: count }, (_, i) => lines[i % lines.length] as string);
}

async function ended(running: Promise<Outcome>): Promise<void> {
  const { status, stderr } = await running;
  if (status !== 0) throw new Error(`status ${status}: ${stderr}`);
}

const store = (): string => join(demo, 'store');
const path = (name: string): string => fixture.path(name);
const inDemo = (...names: string[]): string[] => names.map((name) => join(demo, name));
/** One thread: its verdicts come in bursts, with the reader of the pipe at work in between. */
const inThread = (...args: string[]): string[] => [...args, ...fixture.trust, '--threads', '1'];
const withFormats = (
  formats: readonly string[],
  name: string,
  args: () => readonly string[],
  more: Partial<Case> = {},
): Case[] =>
  formats.map((format) => ({
    name: `${name} --format ${format}`,
    args: () => [...args(), '--format', format],
    ...more,
  }));

const VERDICTS = ['ndjson', 'json', 'table'];
const SHOWN = ['json', 'ndjson', 'tree'];

/** Of output that a pipe takes at once one format does, unless there is time. */
const few = (formats: readonly string[]): readonly string[] => (IS_LONG ? formats : formats.slice(0, 1));

/** The verdicts of live input: bursts of lines, and pauses in which the reader empties the pipe. */
const LIVE: readonly Case[] = [
  ...withFormats(VERDICTS, 'messages', () => inThread('messages', '-'), { input: () => messages }),
];

/** Other output that is larger than a pipe. */
const LARGE: readonly Case[] = [
  ...withFormats(VERDICTS, 'certs', () => inThread('certs', '-'), { input: () => certificates }),
  ...withFormats(SHOWN, 'show', () => ['show', path('messages.hex')]),
  ...withFormats(VERDICTS, 'crl check', () => ['crl', 'check', path('crls.hex'), ...fixture.trust]),
  {
    name: 'crl expand',
    args: () => ['crl', 'expand', path('crl.oer'), ...fixture.trust, '--period', `${fixture.scms.firstPeriod}`],
  },
  {
    name: 'crl lookup',
    args: () => [
      'crl',
      'lookup',
      path('crl.oer'),
      ...fixture.trust,
      '--certificates',
      path('certs.hex'),
      '--threads',
      '0',
    ],
  },
];

/** The others. */
const SMALL: readonly Case[] = [
  ...withFormats(VERDICTS, 'messages --summary', () => inThread('messages', path('messages.hex'), '--summary')),
  ...withFormats(SHOWN, 'crl show', () => ['crl', 'show', path('crl.oer')]),
  {
    name: 'crl stats',
    args: () => ['crl', 'stats', path('crl.oer'), ...fixture.trust, '--period', '1043', '--threads', '0'],
  },
  ...withFormats(few(VERDICTS), 'demo --out', () => ['demo', '--force', '--out', `${demo}-again`]),
  ...withFormats(VERDICTS, 'rehearse', () => ['rehearse', ...inDemo('my-region.json')]),
  ...few(['ndjson', 'table']).flatMap((format) => trustCases(format)),
  { name: 'help', args: () => ['help', 'messages'] },
];

/** Verifying every fault takes seconds. */
const SLOW: readonly Case[] = withFormats(VERDICTS, 'demo', () => ['demo', '--items', '1']);

function trustCases(format: string): Case[] {
  const init = (): string[] => ['trust', 'init', `${store()}-${nextStore++}`, '--elector', ...inDemo('elector-a.oer')];
  const artefacts = (): string[] => inDemo('composite-crl.oer', 'gccf.oer');
  const at = (): string[] => ['--at', fixture.at];
  return [
    ...withFormats([format], 'trust init', () => [...init(), '--quorum', '1', ...at()]),
    ...withFormats([format], 'trust apply', () => ['trust', 'apply', store(), ...artefacts(), '--dry-run', ...at()]),
    ...withFormats([format], 'trust show', () => ['trust', 'show', store(), ...at()]),
    ...withFormats([format], 'trust log', () => ['trust', 'log', store()]),
    ...withFormats([format], 'trust lint', () => ['trust', 'lint', ...artefacts(), ...at()]),
  ];
}

/** Output without what differs between equal runs: durations and batches. */
function steady(stdout: string): string {
  return stdout
    .replace(/"metrics":\s*\{.*?"memoryBytes":\s*\d+\s*\}/s, '"metrics":{}')
    .replace(/"(seconds|rate|buildSeconds|peakRssBytes)":\s*[\d.]+/g, '"$1":0')
    .replace(/store-\d+/g, 'store')
    .replace(/^(.*\b(seconds|Made in|per second|verified in)\b.*| {2}(certificates|messages) .*)$/gm, '');
}

async function arrives({ args, input }: Case, seed: string): Promise<void> {
  const expected = await plain(args, input);
  const { status, stdout, stderr } = await runPiped(args(), { seed, input: input?.() });
  expect({ status, stderr: status === expected.status ? '' : stderr }).toEqual({ status: expected.status, stderr: '' });
  const [got, wanted] = [steady(stdout), steady(expected.stdout)];
  // Not `toBe` of the text: its difference would be thousands of lines long.
  expect(got.split('\n').length).toBe(wanted.split('\n').length);
  expect(got === wanted).toBe(true);
}

const known = new Map<string, Promise<Outcome>>();

/** The same output, read as fast as it comes. */
function plain(args: Case['args'], input: Case['input']): Promise<Outcome> {
  const key = JSON.stringify(args().map((arg) => arg.replace(/store-\d+/, 'store')));
  const running = known.get(key) ?? run(args(), { input: (input?.() ?? []).map((line) => `${line}\n`).join('') });
  known.set(key, running);
  return running;
}

/** As many at once as the machine has processors for the program and its thread. */
const AT_ONCE = 2;

async function manyRuns(one: Case, runs: number): Promise<void> {
  const seeds = Array.from({ length: runs }, (_, i) => `${SEED} ${one.name} ${i}`);
  const lane = async (): Promise<void> => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) await arrives(one, seed);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

const LONG_ENOUGH = 3_600_000;

describe('a reader that stops and goes gets every line', () => {
  const times = (cases: readonly Case[], few: number): void => {
    const runs = IS_LONG ? LONG_RUNS : few;
    it.each(cases)(`of $name, ${runs} times`, (one) => manyRuns(one, runs), LONG_ENOUGH);
  };
  times(LIVE, 10);
  times(LARGE, 3);
  times(SMALL, 1);
  if (IS_LONG) times(SLOW, 0);
});
