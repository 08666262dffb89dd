/** The run behind `certs` and `messages`: read, verify, print, sum up, choose an exit status. */
import { type InputRecord, unwrapOf } from '../../readers/index.ts';
import type { RevocationData } from '../../revocation/index.ts';
import type { ItemKind, Verdict } from '../../verdict/index.ts';
import type { Item } from '../../verifier/index.ts';
import { type CrlsInForce, loadCrlsInForce } from '../shared/crls-in-force.ts';
import { type Engine, startEngine } from '../shared/engine.ts';
import { CliError, Exit, explain, OutputError } from '../shared/exit.ts';
import { Input, itemOf, type Measure, measureInput } from '../shared/input.ts';
import { type Interruption, interruptible } from '../shared/interrupt.ts';
import { inputNames, type VerifyFlags, type VerifySettings, verifySettings } from '../shared/options.ts';
import { ABOUT_ITEMS, conclude, createReport, type Report } from '../shared/output.ts';
import { countPeriods, isReadableAgain, LatePeriods } from '../shared/periods.ts';
import { type Progress, startProgress } from '../shared/progress.ts';
import { type Origin, rowOf } from '../shared/rows.ts';
import { Stdout } from '../shared/stdout.ts';
import { pace, type Summary, Tally } from '../shared/summary.ts';
import { tell } from '../shared/terminal.ts';
import { checkTrust, type LoadedTrust, loadTrust, NO_TRUST, type StoreTrust, storedOf } from '../shared/trust-files.ts';
import type { StoreFollower } from './follow-store.ts';
import { readAhead } from './read-ahead.ts';

/** Verifies the input as certificates or as messages and returns the exit status. */
export function verify(kind: ItemKind, files: readonly string[], flags: VerifyFlags): Promise<number> {
  return interruptible((stop) => verifyUntil(stop, kind, files, flags));
}

async function verifyUntil(
  stop: Interruption,
  kind: ItemKind,
  files: readonly string[],
  flags: VerifyFlags,
): Promise<number> {
  const settings = verifySettings(flags);
  const names = inputNames(files, flags);
  // A signal while files are read ends the run like any other: with a whole document of no items.
  const { trust, crls } = (await stop.unlessStopped(load(settings))) ?? { trust: NO_TRUST, crls: undefined };
  const isStopped = stop.signal.aborted;
  if (trust.material.roots.length === 0 && settings.trust.pins === undefined && !isStopped) {
    const why = settings.trust.store === undefined ? 'neither --root, --store nor --pins' : 'the store has no root';
    tell(`hint: nothing is trusted (${why}), so nothing can come out valid\n`);
  }
  const { limits, kernel } = settings;
  const threads = isStopped ? 0 : settings.threads;
  const { trustRevision } = storedOf(trust);
  const engine = await startEngine({
    ...settings.policy,
    trust: trust.material,
    ...(trustRevision !== undefined && { trustRevision }),
    kernel,
    threads,
    ...limits,
  });
  try {
    const warnings = [...checkTrust(trust, engine.warnings), ...(crls?.warnings ?? [])];
    return await new Run(stop, kind, names, settings, engine, warnings, crls, trust).finish();
  } finally {
    await engine.close();
  }
}

async function load(settings: VerifySettings): Promise<{ trust: LoadedTrust; crls: CrlsInForce | undefined }> {
  const trust = await loadTrust(settings.trust);
  return { trust, crls: await loadCrlsInForce(settings, trust) };
}

/** Records of a stream that are read before CRLs are expanded for it, and how long a pause ends that. */
const AHEAD = 1024;
const AHEAD_PAUSE_MS = 100;

/** An item that was handed to the engine. Its bytes are kept only if they may be needed again. */
interface Sent {
  readonly origin: Origin;
  readonly item: Item | undefined;
}

/** A verdict that waits for its turn: behind one that a second pass may still change. */
interface Held {
  readonly sent: Sent;
  verdict: Verdict;
}

class Run {
  private readonly stop: Interruption;
  private readonly kind: ItemKind;
  private readonly names: readonly string[];
  private readonly settings: VerifySettings;
  private readonly engine: Engine;
  private readonly warnings: readonly string[];
  private crls: CrlsInForce | undefined;
  private readonly trust: LoadedTrust;
  private follower: StoreFollower | undefined;
  /** Why the trust store cannot be followed any further: nothing is verified under trust that may have ended. */
  private lost: CliError | undefined;
  /** When the next thing that waits in the trust store comes into force. */
  private nextEvent: bigint | undefined;
  private late: LatePeriods | undefined;
  private readonly out: Stdout;
  private readonly report: Report;
  private readonly tally = new Tally();
  private readonly held: Held[] = [];
  private input: Input | undefined;
  /** Records that do not say when they were captured. */
  private withoutTime = 0;

  constructor(
    stop: Interruption,
    kind: ItemKind,
    names: readonly string[],
    settings: VerifySettings,
    engine: Engine,
    warnings: readonly string[],
    crls: CrlsInForce | undefined,
    trust: LoadedTrust,
  ) {
    this.stop = stop;
    this.out = new Stdout(() => stop.stop());
    this.trust = trust;
    this.crls = crls;
    this.kind = kind;
    this.names = names;
    this.settings = settings;
    this.engine = engine;
    this.warnings = warnings;
    this.report = createReport(this.out, settings, ABOUT_ITEMS);
  }

  async finish(): Promise<number> {
    const started = performance.now();
    const input = new Input(this.names, this.settings.inputFormat, this.stop.signal);
    this.input = input;
    this.follower = await this.follow();
    try {
      await this.firstPass(input);
      if (this.held.length > 0) await this.secondPass();
    } catch (error) {
      // Output that failed is told with the summary; whatever else was stopped has been told why.
      if (!(error instanceof OutputError) && error !== this.stop.signal.reason) throw error;
    } finally {
      await this.follower?.stop();
    }
    const problem = this.lost ?? input.failure;
    const failure = problem === undefined ? undefined : explain(problem);
    const { word } = this.stop;
    const incomplete = failure?.message ?? (word && `${word} before the end of the input`);
    const summary = this.summary((performance.now() - started) / 1000, incomplete);
    const outputStatus = await conclude(this.report, this.out, summary);
    if (outputStatus !== Exit.allValid) return outputStatus;
    // A summary on standard error has said so already.
    const said = this.settings.format !== 'json' && !this.settings.summaryOnly;
    if (failure && !said) tell(`error: ${failure.message}\n`);
    if (failure) return failure.status;
    if (this.stop.status !== undefined) return this.stop.status;
    if (this.tally.unreadable > 0 || this.unopened.length > 0) return Exit.inputUnreadable;
    return this.tally.notValid(this.settings.acceptReconstructed) > 0 ? Exit.notAllValid : Exit.allValid;
  }

  /** From now on a change of the trust store is one of the trust that is verified by. */
  private async follow(): Promise<StoreFollower | undefined> {
    const { store } = this.settings.trust;
    if (store === undefined || this.stop.signal.aborted) return undefined;
    const [{ followStore }, { timeOrNow }] = await Promise.all([
      import('./follow-store.ts'),
      import('../shared/trust-store.ts'),
    ]);
    const failed = (error: unknown): void => {
      if (this.stop.signal.aborted) return;
      this.lost = new CliError(Exit.trustUnusable, `--store ${store}: ${explain(error).message}`);
      this.stop.stop();
    };
    // At a time that was asked for nothing comes into force any more.
    const isDue = (): boolean => {
      const { at } = this.settings.trust;
      return at === undefined && this.nextEvent !== undefined && this.nextEvent <= timeOrNow(at);
    };
    const { journalRevision, nextEvent } = this.trust.store as StoreTrust;
    this.nextEvent = nextEvent;
    return followStore(store, journalRevision, isDue, () => this.takeTrust(), failed);
  }

  /** Roots first: whatever was removed is out of force at once, and CRLs can only take more away. */
  private async takeTrust(): Promise<void> {
    const { settings, engine } = this;
    const trust = await loadTrust(settings.trust);
    this.nextEvent = (trust.store as StoreTrust).nextEvent;
    checkTrust(trust, await engine.setTrust(trust.material, (trust.store as StoreTrust).revision));
    const before = this.crls;
    this.crls = await loadCrlsInForce(settings, trust);
    this.late?.end();
    if (this.crls === undefined) {
      if (before !== undefined) await engine.setRevocation(undefined);
      return;
    }
    await engine.setRevocation(await this.crls.expand(before?.periods ?? [], this.stop.signal));
    if (this.late !== undefined) this.late = this.latePeriods(this.crls);
  }

  private latePeriods(crls: CrlsInForce): LatePeriods {
    const use = (data: RevocationData): Promise<void> => this.engine.setRevocation(data);
    return new LatePeriods(crls, this.settings.revocation.periods, use, this.stop.signal);
  }

  private async firstPass(input: Input): Promise<void> {
    const records = await this.expandCrls(input.records());
    const measure = await measureInput(this.names);
    const rowsOnTerminal = process.stdout.isTTY === true && !this.settings.summaryOnly;
    const progress = startProgress({ label: 'verified', total: measure.total, rowsOnTerminal });
    try {
      await this.verifyAll(records, measure, progress);
    } finally {
      progress.stop();
    }
  }

  /**
   * Loads the CRLs, expanded for the periods that the input has most of: counted over all of it if it can be read twice, else as
   * its beginning says. Gives the records of the input.
   */
  private async expandCrls(records: AsyncGenerator<InputRecord>): Promise<AsyncGenerator<InputRecord>> {
    const { crls, kind, names, settings } = this;
    if (crls === undefined) return records;
    if (!crls.areExpanded) {
      await this.putInForce(crls, []);
      return records;
    }
    const isLive = !(await isReadableAgain(names));
    const { ahead, all } = isLive ? await readAhead(records, AHEAD, AHEAD_PAUSE_MS) : { ahead: [], all: records };
    const known = isLive ? ahead : new Input(names, settings.inputFormat, this.stop.signal).records();
    const counts = await countPeriods(known, kind, crls);
    await this.putInForce(crls, crls.choose(counts));
    if (isLive && this.crls !== undefined) this.late = this.latePeriods(this.crls);
    return all;
  }

  /** Unless the trust store has brought others while these were expanded: then those are, and stay in force. */
  private async putInForce(crls: CrlsInForce, periods: readonly number[]): Promise<void> {
    const data = await crls.expand(periods, this.stop.signal);
    if (this.crls === crls) await this.engine.setRevocation(data);
    else if (this.crls !== undefined) await this.putInForce(this.crls, periods);
  }

  private async verifyAll(records: AsyncIterable<InputRecord>, measure: Measure, progress: Progress): Promise<void> {
    const sent = new Queue<Sent>();
    const keepBytes = this.settings.resolveLate || this.late !== undefined;
    const items = feed(records, this.kind, this.settings.atCapture, (origin, item) => {
      if (origin.captureTime === undefined) this.withoutTime++;
      sent.push({ origin, item: keepBytes ? item : undefined });
    });
    let verified = 0;
    for await (const verdict of this.engine.verify(items)) {
      const one = sent.shift();
      progress.update(++verified, measure.position(one.origin));
      // A message whose certificate nothing else speaks against has proven it.
      if (verdict.code === 'revocationNotEvaluated' && verdict.kind === 'message') this.late?.want(one.item as Item);
      if (this.held.length > 0 || this.mayResolve(verdict)) this.held.push({ sent: one, verdict });
      else await this.emit(one.origin, verdict);
    }
    await this.late?.settle();
  }

  /** A digest whose certificate may have come later. */
  private mayResolve({ code, signer }: Verdict): boolean {
    return this.settings.resolveLate && code === 'certificateNotFound' && signer === 'digest';
  }

  /** Verifies again what was not found, now that all certificates have been seen; then everything leaves in input order. */
  private async secondPass(): Promise<void> {
    const unresolved = this.held.filter(({ verdict }) => this.mayResolve(verdict));
    const again = this.engine.verify(itemsOf(unresolved));
    let at = 0;
    for await (const verdict of again) (unresolved[at++] as Held).verdict = verdict;
    for (const { sent, verdict } of this.held) {
      await this.emit(sent.origin, verdict);
    }
  }

  private async emit(origin: Origin, verdict: Verdict): Promise<void> {
    this.tally.add(verdict);
    await this.report.item(rowOf(origin, verdict));
  }

  /** Files of folders that could not be opened or read on. */
  private get unopened(): readonly string[] {
    return this.input?.report?.warnings ?? [];
  }

  private leftAlone(): Pick<Summary, 'otherFrames' | 'privateKeyFiles'> {
    const { otherFrames = {}, privateKeyFiles = 0 } = this.input?.report ?? {};
    return {
      ...(Object.keys(otherFrames).length === 0 ? {} : { otherFrames }),
      ...(privateKeyFiles === 0 ? {} : { privateKeyFiles }),
    };
  }

  private timeless(): string[] {
    const { withoutTime } = this;
    if (!this.settings.atCapture || withoutTime === 0) return [];
    return [`--at capture: ${withoutTime} record(s) without a capture time were verified at the present time`];
  }

  private summary(seconds: number, incomplete: string | undefined): Summary {
    return {
      ...this.tally.counts,
      ...pace(this.tally.items, seconds),
      kernel: this.engine.kernelName,
      threads: this.engine.threads,
      metrics: this.engine.metrics(),
      at: this.settings.at,
      trustRevision: this.engine.trustRevision,
      ...(this.crls && { revocation: { crls: this.crls.count, periods: this.crls.periods } }),
      ...this.leftAlone(),
      warnings: [
        ...this.warnings,
        ...(this.late?.failure ? [`--crl: ${this.late.failure.message}`] : []),
        ...this.unopened,
        ...this.timeless(),
      ],
      ...(incomplete === undefined ? {} : { incomplete }),
    };
  }
}

/** Turns records into items, and tells where each came from before it goes. */
async function* feed(
  records: AsyncIterable<InputRecord>,
  kind: ItemKind,
  atCapture: boolean,
  sending: (origin: Origin, item: Item) => void,
): AsyncGenerator<Item> {
  let index = 0;
  for await (const record of records) {
    const { source, offset, line, captureTime, from, to } = record;
    const item = itemOf(kind, record, atCapture);
    sending({ index: index++, source, offset, line, unwrap: unwrapOf(record), captureTime, from, to }, item);
    yield item;
  }
}

async function* itemsOf(held: readonly Held[]): AsyncGenerator<Item> {
  for (const { sent } of held) yield sent.item as Item;
}

/** First in, first out. An array's own `shift` would move thousands of entries for each one taken. */
class Queue<T> {
  private entries: (T | undefined)[] = [];
  private head = 0;

  push(entry: T): void {
    this.entries.push(entry);
  }

  shift(): T {
    const entry = this.entries[this.head] as T;
    this.entries[this.head++] = undefined;
    if (this.head > 1024 && this.head * 2 > this.entries.length) {
      this.entries = this.entries.slice(this.head);
      this.head = 0;
    }
    return entry;
  }
}
