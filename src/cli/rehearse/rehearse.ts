/** `scms-verify rehearse`: plays a scenario and prints what came of it. */
import { writeFile } from 'node:fs/promises';
import { readDocument } from '../../readers/document-file.ts';
import {
  builtInScenario,
  type Cell,
  isBuiltIn,
  parseScenario,
  play,
  type RehearsalResult,
  type Scenario,
  ScenarioError,
  scenarioBeside,
} from '../../rehearsal/index.ts';
import { CliError, Exit, outputFileError } from '../shared/exit.ts';
import { type Interruption, interruptible } from '../shared/interrupt.ts';
import { defaultFormat } from '../shared/output.ts';
import { Stdout } from '../shared/stdout.ts';
import { painter, tell } from '../shared/terminal.ts';
import type { RehearseFlags } from './flags.ts';
import { deviationText, rehearsalText } from './text.ts';

/** Plays and prints; returns the exit status. */
export function rehearse(name: string, flags: RehearseFlags): Promise<number> {
  return interruptible((stop) => rehearseUntil(stop, name, flags));
}

async function rehearseUntil(stop: Interruption, name: string, flags: RehearseFlags): Promise<number> {
  const result = await stop.unlessStopped(played(name, flags));
  if (result === undefined) return unfinished(stop, flags);
  if (flags.html !== undefined) await writeReport(flags.html, result);
  const lanes = lanesOf(result);
  const out = new Stdout();
  const format = flags.format ?? defaultFormat();
  if (format === 'json') await out.write(`${JSON.stringify(result, null, 2)}\n`);
  if (format === 'ndjson') {
    for (const cell of lanes.flatMap(cellsOf)) await out.write(`${JSON.stringify(cellRow(cell))}\n`);
  }
  if (format === 'table') {
    for (const lane of lanes) await out.write(rehearsalText(lane, painter(process.stdout)));
  }
  await out.end();
  const deviations = lanes.flatMap(({ summary }) => summary.deviations);
  for (const cell of deviations) tell(`${deviationText(cell)}\n`);
  return deviations.length === 0 ? Exit.allValid : Exit.notAllValid;
}

async function played(name: string, flags: RehearseFlags): Promise<RehearsalResult> {
  const scenario = await readScenario(name);
  const beside = scenarioBeside(scenario);
  return play(scenario, { seed: flags.seed, ...(beside ? { beside } : {}) });
}

/** Answers are compared when all days have been played: a rehearsal that ends early has none. */
async function unfinished(stop: Interruption, flags: RehearseFlags): Promise<number> {
  const out = new Stdout();
  if (flags.format === 'json') await out.write(`${JSON.stringify({ format: 1, incomplete: stop.word })}\n`);
  await out.end();
  stop.tell();
  return stop.status ?? Exit.internal;
}

/** A scenario of the package by its name, or a document by its file. */
async function readScenario(name: string): Promise<Scenario> {
  if (isBuiltIn(name)) return builtInScenario(name);
  let text: Uint8Array;
  try {
    text = await readDocument(name);
  } catch (error) {
    const isAbsent = ((error as Error).cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
    if (!isAbsent) throw error;
    throw new CliError(Exit.inputUnreadable, `${name}: neither a scenario of this package (elector, root) nor a file`);
  }
  try {
    return parseScenario(text, name);
  } catch (error) {
    if (error instanceof ScenarioError) throw new CliError(Exit.inputUnreadable, error.message);
    throw error;
  }
}

async function writeReport(file: string, result: RehearsalResult): Promise<void> {
  const { renderReport } = await import('../../rehearsal/report/index.ts');
  const report = renderReport(result);
  try {
    await writeFile(file, report);
  } catch (error) {
    throw outputFileError('--html', file, error);
  }
}

function lanesOf(result: RehearsalResult): RehearsalResult[] {
  return result.beside === null ? [result] : [result, result.beside];
}

function cellsOf({ days }: RehearsalResult): readonly Cell[] {
  return days.flatMap(({ cells }) => cells);
}

/** A line of NDJSON: the fields that every cell has come first, in this order. */
function cellRow({
  scenario,
  day,
  party,
  object,
  expected,
  got,
  code,
  why,
  matched,
  row: _row,
  ...more
}: Cell): object {
  return { scenario, day, party, object, expected, got, code, why, matched, ...more };
}
