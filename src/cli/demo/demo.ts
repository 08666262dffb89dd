/** The demonstration: makes an SCMS, verifies what it issued, and checks every verdict. */
import { performance } from 'node:perf_hooks';
import { setImmediate as breathe } from 'node:timers/promises';
import { createScms, type Scms } from '../../testbed/index.ts';
import type { Verdict } from '../../verdict/index.ts';
import { createVerifier, type Item } from '../../verifier/index.ts';
import { type Engine, startEngine } from '../shared/engine.ts';
import { Exit } from '../shared/exit.ts';
import { type Interruption, interruptible } from '../shared/interrupt.ts';
import { startProgress } from '../shared/progress.ts';
import { Stdout } from '../shared/stdout.ts';
import { pace, Tally } from '../shared/summary.ts';
import { painter } from '../shared/terminal.ts';
import { DEFAULT_ITEMS, type DemoFlags } from './flags.ts';
import type { DemoReport, Stretch } from './report.ts';
import { closing, madeText, reasonsText, verifiedText } from './text.ts';
import {
  type BuiltFault,
  buildFaults,
  certificateTasks,
  difference,
  messageTasks,
  sendersFor,
  type Task,
} from './work.ts';

/** Runs the demonstration, or writes it, and returns the exit status. */
export function demo(flags: DemoFlags): Promise<number> {
  return interruptible(async (stop) => {
    if (flags.out === undefined) return demonstrate(stop, { ...flags, items: flags.items ?? DEFAULT_ITEMS });
    const { writeDemonstration } = await import('./out.ts');
    return writeDemonstration(flags.out, flags);
  });
}

/** Items made between two looks at the rest of the world: some ten milliseconds. */
const MADE_AT_ONCE = 64;

async function demonstrate(stop: Interruption, flags: DemoFlags & { readonly items: number }): Promise<number> {
  const out = new Stdout(() => stop.stop());
  const forPeople = flags.format === 'table';
  const say = async (lines: readonly string[]): Promise<void> => {
    if (!forPeople) return;
    await out.write(`${lines.join('\n')}\n`);
    await out.end();
  };
  const paint = painter(process.stdout);

  const making = performance.now();
  const scms = createScms({ seed: flags.seed });
  const { plain, special } = buildFaults(scms);
  const progress = startProgress({ label: 'making', total: 2 * flags.items });
  let count = 0;
  const goOn = async (): Promise<boolean> => {
    progress.update(++count, count);
    if (count % MADE_AT_ONCE === 0) await breathe();
    return !stop.signal.aborted;
  };
  const certificates = await certificateTasks(scms, flags.items, plain, goOn);
  const messages = await messageTasks(scms, flags.items, plain, goOn);
  progress.stop();
  const made = {
    seed: flags.seed,
    certificates: certificates.length,
    badCertificates: badOnes(certificates),
    messages: messages.length,
    badMessages: badOnes(messages),
    senders: sendersFor(flags.items),
    special: special.length,
    ...pace(certificates.length + messages.length, (performance.now() - making) / 1000),
  };
  await say(madeText(made, paint));

  const differences: string[] = [];
  const engine = await startEngine({
    trust: scms.trust(),
    at: scms.at,
    kernel: flags.kernel,
    threads: flags.threads,
  });
  const stretches = await (async () => {
    try {
      return {
        certificates: await verifyTasks(engine, 'certificates', certificates, differences, stop.signal),
        messages: await verifyTasks(engine, 'messages', messages, differences, stop.signal),
      };
    } finally {
      await engine.close();
    }
  })();
  const report: DemoReport = {
    made,
    kernel: engine.kernelName,
    threads: engine.threads,
    ...stretches,
    special: await verifySpecial(scms, special, flags, differences, stop.signal),
    verdicts: 0,
    asExpected: 0,
    differences,
    ...(stop.word === undefined ? {} : { incomplete: stop.word }),
  };
  const verdicts = report.certificates.items + report.messages.items + report.special.items;
  const complete = { ...report, verdicts, asExpected: verdicts - differences.length };

  await say([...verifiedText(complete, paint), ...reasonsText(complete, paint), ...closing(complete, paint)]);
  if (flags.format === 'json') await out.write(`${JSON.stringify(complete, null, 2)}\n`);
  if (flags.format === 'ndjson') await out.write(`${JSON.stringify(complete)}\n`);
  await out.end();
  stop.tell();
  if (differences.length > 0) return Exit.internal;
  return stop.status ?? Exit.allValid;
}

function badOnes(tasks: readonly Task[]): number {
  return tasks.filter(({ fault }) => fault !== undefined).length;
}

async function verifyTasks(
  engine: Engine,
  label: string,
  tasks: readonly Task[],
  differences: string[],
  signal: AbortSignal,
): Promise<Stretch> {
  const tally = new Tally();
  const progress = startProgress({ label, total: tasks.length });
  const started = performance.now();
  for await (const verdict of engine.verify(itemsOf(tasks, signal))) {
    note(tasks[tally.items] as Task, verdict, differences);
    tally.add(verdict);
    progress.update(tally.items, tally.items);
  }
  progress.stop();
  if (tally.items !== tasks.length && !signal.aborted)
    differences.push(`${label}: ${tally.items} verdicts for ${tasks.length} items`);
  return { ...tally.counts, ...pace(tally.items, (performance.now() - started) / 1000) };
}

async function* itemsOf(tasks: readonly Task[], signal: AbortSignal): AsyncGenerator<Item> {
  for (const { item } of tasks) {
    if (signal.aborted) return;
    yield item;
  }
}

/** Faults that show only under trust or settings of their own: each gets a verifier of its own. */
async function verifySpecial(
  scms: Scms,
  faults: readonly BuiltFault[],
  flags: DemoFlags,
  differences: string[],
  signal: AbortSignal,
): Promise<Stretch> {
  const tally = new Tally();
  const started = performance.now();
  for (const { fault, built } of faults) {
    await breathe();
    if (signal.aborted) break;
    const { trust = scms.trust(), options, before = [], item } = built;
    const verifier = createVerifier({ trust, at: scms.at, kernel: flags.kernel, ...options });
    const items = [
      ...before.map((bytes) => ({ kind: fault.kind, bytes })),
      { kind: fault.kind, bytes: built.bytes, ...item },
    ];
    const verdict = verifier.verify(items).at(-1) as Verdict;
    note({ expected: fault.expected, fault: fault.name }, verdict, differences);
    tally.add(verdict);
  }
  return { ...tally.counts, ...pace(tally.items, (performance.now() - started) / 1000) };
}

function note(task: Omit<Task, 'item'>, verdict: Verdict, differences: string[]): void {
  const found = difference(task, verdict);
  if (found !== undefined) differences.push(found);
}
