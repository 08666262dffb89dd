/** One run of the benchmarks: choose groups, measure them one after the other, and show the rows. */
import { writeFileSync } from 'node:fs';
import { attackGroups } from './groups/attacks.ts';
import { ARITHMETIC, HASHING } from './groups/kernels.ts';
import { AES, LINKAGE } from './groups/linkage.ts';
import { operationGroups } from './groups/operations.ts';
import { PEERS_GROUP } from './groups/peers.ts';
import { pipelineGroups } from './groups/pipeline.ts';
import { readersGroup } from './groups/readers.ts';
import { REVOCATION_BUILD, REVOCATION_LOOKUP } from './groups/revocation.ts';
import { threadsGroup } from './groups/threads.ts';
import { TRUST_GROUP } from './groups/trust.ts';
import { Traffic } from './inputs/traffic.ts';
import { describe, thisMachine } from './machine.ts';
import { type Context, type Group, measure, SECTIONS } from './measure.ts';
import { besideRounds, type Rates, runSpeed } from './openssl.ts';
import { HELP, type Options, parseOptions, UsageError } from './options.ts';
import { page } from './report/page.ts';
import { formatTable } from './report/table.ts';
import type { Results } from './results.ts';
import { bestMarked, byOperation, type GroupResult, type Row, rowsOf } from './rows.ts';

/** Where a run writes: results, and meanwhile what it is doing. */
export interface Output {
  write(text: string): void;
  progress(text: string): void;
}

export function allGroups(): Group[] {
  const traffic = new Traffic();
  return [
    ARITHMETIC,
    HASHING,
    AES,
    ...operationGroups(traffic),
    LINKAGE,
    TRUST_GROUP,
    threadsGroup(traffic),
    ...attackGroups(traffic),
    REVOCATION_BUILD,
    REVOCATION_LOOKUP,
    readersGroup(traffic),
    ...pipelineGroups(traffic),
    PEERS_GROUP,
  ];
}

export function nameOf({ section, title }: Group): string {
  return `${section}: ${title}`;
}

/** Runs the command and returns its exit status: 0, or 2 where the command line is wrong. */
export async function runProgram(argv: readonly string[], output: Output): Promise<number> {
  try {
    const options = parseOptions(argv);
    if (options.help) output.write(`${HELP}\n`);
    else if (options.list) output.write(`${allGroups().map(nameOf).join('\n')}\n`);
    else await runChosen(options, output);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    output.progress(`error: ${error.message}\n\`npm run bench -- --help\` explains the options.\n`);
    return 2;
  }
}

async function runChosen(options: Options, output: Output): Promise<void> {
  const chosen = allGroups().filter((group) => options.only.test(nameOf(group)));
  if (chosen.length === 0) {
    throw new UsageError(
      `--only ${options.only.source} matches no group; these exist:\n${allGroups().map(nameOf).join('\n')}`,
    );
  }
  const results = await measureAll(chosen, options.quick, output);
  output.write(formatResults(results));
  if (options.json) writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`);
  if (options.html) writeFileSync(options.html, page(results));
}

/** Measures groups in their order, with OpenSSL's program beside every round of those that are compared with it, or when hurried once. */
export async function measureAll(groups: readonly Group[], quick: boolean, output: Output): Promise<Results> {
  const notices = new Set<string>();
  const context: Context = { quick, notice: (text) => notices.add(text) };
  const once = quick && groups.some(({ comparesWithOpenssl }) => comparesWithOpenssl) ? openssl() : undefined;
  const rows: Row[] = [];
  for (const [index, group] of groups.entries()) {
    output.progress(`${index + 1}/${groups.length} ${nameOf(group)} …\n`);
    const runs: (Rates | undefined)[] = [];
    const beside = (): void => void runs.push(quick ? once : openssl());
    const measured = await measureGroup(group, context, group.comparesWithOpenssl ? beside : undefined);
    const complete = runs.filter((run) => run !== undefined);
    rows.push(...rowsOf({ ...measured, openssl: complete.length === runs.length ? besideRounds(complete) : [] }));
  }
  return {
    machine: thisMachine(),
    takenAt: new Date().toISOString(),
    quick,
    notices: [...notices],
    rows: byOperation(rows),
  };

  function openssl(): Rates | undefined {
    const rates = runSpeed();
    if (!rates) context.notice('no comparison with OpenSSL: `openssl speed` is missing or gave no figure');
    return rates;
  }
}

async function measureGroup(
  group: Group,
  context: Context,
  beside: (() => void) | undefined,
): Promise<Omit<GroupResult, 'openssl'>> {
  const { tasks, peerRows = [], close } = await group.open(context);
  try {
    return { section: group.section, measured: await measure(tasks, context.quick, beside), peerRows };
  } finally {
    await close?.();
  }
}

function formatResults({ machine, quick, notices, rows }: Results): string {
  const tables = SECTIONS.map((section) => rows.filter((row) => row.section === section))
    .filter((ofSection) => ofSection.length > 0)
    .map((ofSection) => `${ofSection[0]?.section}\n${formatTable(ofSection)}\n`);
  const hurried = quick ? ['measured in a hurry (--quick): not to be quoted'] : [];
  const best = bestMarked(rows);
  const summary = best.length > 0 ? [`targets, by the best row of each operation\n${formatTable(best)}\n`] : [];
  const notes = [...hurried, ...notices].map((notice) => `note: ${notice}`);
  return [describe(machine), ...notes, '', ...tables, ...summary].join('\n');
}
