/** Whole operations, from bytes in to results, inline on one core: one verifier, every kernel that can run here. */
import { decode } from '../../src/coer/index.ts';
import { Ieee1609Dot2Data } from '../../src/dot2/index.ts';
import { type Kernel, Status, type VerifyBatch } from '../../src/kernel/index.ts';
import { type Policy, Verifier } from '../../src/verifier/index.ts';
import { collectGarbage } from '../clock.ts';
import { type KernelSource, kernelSources } from '../inputs/kernels.ts';
import { peerTasks } from '../inputs/peers.ts';
import { packed, signatures } from '../inputs/signatures.ts';
import { checkVerdicts, type Load, partsOf, type Traffic } from '../inputs/traffic.ts';
import { LEFT_BY_OPTION, OPERATIONS, type Operation } from '../marks.ts';
import { type Context, type Group, must, type Task } from '../measure.ts';

/** Items of one call; all of them are in flight together. */
const BATCH = 1024;
const SMALL_BATCH = 256;
/** Calls with other senders each, before everything that saw them is replaced. */
const CALLS = { quick: 2, thorough: 16 };
/**
 * Items of other senders that are judged before: their issuer has then been at work as long as it takes to get the widest table.
 * Making tables of issuers is not what is measured; that they are there is.
 */
const WARM_UP = { quick: 512, thorough: 4608 };
/** Distinct keys of the kernel's own operations, before the kernel that saw them is replaced. */
const KEYS = { quick: 512, thorough: 4096 };
/** An issuer may get its widest table while it is measured; a sender that is new may get none. */
const MOST_TABLES = 1;
/** Seconds within which a message that comes again is a replay. */
const REPLAY_WINDOW = 60;

export function operationGroups(traffic: Traffic): Group[] {
  const certificates: Loads = (first, count) => traffic.certificates(first, count);
  const explicit: Loads = (first, count) => traffic.firstMessages('explicit', first, count);
  const implicit: Loads = (first, count) => traffic.firstMessages('implicit', first, count);
  return [
    group(OPERATIONS.oneIssuer, (context, operation) =>
      newSenders({ context, traffic, operation, loads: certificates, batches: [SMALL_BATCH, BATCH] }),
    ),
    group(OPERATIONS.recurring, (context, operation) =>
      besideOptions(
        operation,
        besideAttack(operation, (one, plant) => recurringSenders({ context, traffic, operation: one, plant })),
        (one, policy) => recurringSenders({ context, traffic, operation: one, policy }),
      ),
    ),
    group(OPERATIONS.newExplicit, (context, operation) =>
      besideAttack(operation, (one, plant) => newSenders({ context, traffic, operation: one, loads: explicit, plant })),
    ),
    group(OPERATIONS.newImplicit, (context, operation) => newSenders({ context, traffic, operation, loads: implicit })),
    group(OPERATIONS.distinct, distinctKeys),
    group(OPERATIONS.single, singleSignatures),
    group(OPERATIONS.decode, (context, operation) => [decoding(context, traffic, operation)]),
  ];
}

function group(operation: Operation, tasksOf: (context: Context, operation: Operation) => Task[]): Group {
  const { title, work } = operation;
  return {
    section: 'operations',
    title,
    comparesWithOpenssl: work !== undefined,
    open: (context) => {
      const tasks = tasksOf(context, operation);
      const peerRows = work ? [{ operation: title, work }] : [];
      return { tasks: [...tasks, ...peerTasks(peerRows)], peerRows };
    },
  };
}

/** Items of `count` senders from the first-th on. */
type Loads = (first: number, count: number) => Load;

interface Request {
  readonly context: Context;
  readonly traffic: Traffic;
  readonly operation: Operation;
  /** Whether somebody plants a bad signature in every batch. */
  readonly plant?: boolean;
  /** What the receiver asks for beside the usual. */
  readonly policy?: Policy;
  readonly batches?: readonly number[];
}

/** The tasks, and beside them the same under attack with how much of the rate is left. */
function besideAttack(operation: Operation, tasksOf: (operation: Operation, plant: boolean) => Task[]): Task[] {
  const { mark: _, title, ...rest } = operation;
  const undisturbed = tasksOf(operation, false);
  const attacked = tasksOf({ ...rest, title: `${title}; one bad signature in every batch` }, true);
  return [
    ...undisturbed,
    ...attacked.map((task, i) => ({ ...task, relative: { unattacked: undisturbed[i] as Task } })),
  ];
}

/** What live receivers and people who look for faults ask for. */
const OPTIONS: readonly (readonly [string, Policy])[] = [
  ['--replay-window 60', { relevance: { replayWindowSeconds: REPLAY_WINDOW } }],
  ['--all-errors', { allErrors: true }],
];

/** The tasks, of which the first ones are of `operation` itself, and the same under each option with how much of the rate is left. */
function besideOptions(
  operation: Operation,
  tasks: Task[],
  tasksOf: (operation: Operation, policy: Policy) => Task[],
): Task[] {
  const { mark: _, title, ...rest } = operation;
  const plain = tasks.filter((task) => task.operation === title);
  const more = OPTIONS.flatMap(([option, policy]) =>
    tasksOf({ ...rest, title: `${title}; ${option}`, mark: LEFT_BY_OPTION }, policy).map((task, i) => ({
      ...task,
      relative: { plain: plain[i] as Task },
    })),
  );
  return [...tasks, ...more];
}

/** Each kernel with each size of batch. The native one works item by item, so its batches are small. */
function shapes(context: Context, batches: readonly number[]): { source: KernelSource; batch: number }[] {
  return kernelSources(context).flatMap((source) =>
    source.name === 'native' ? [{ source, batch: SMALL_BATCH }] : batches.map((batch) => ({ source, batch })),
  );
}

/** The load call by call. */
function callsOf({ traffic, plant }: Request, load: Load, batch: number): Load[] {
  const parts = partsOf(load, batch);
  return plant ? parts.map((part) => traffic.planted(part)) : parts;
}

/**
 * Every sender new: each call brings senders that neither its verifier nor its kernel has ever seen. Once all calls were made,
 * fresh ones take over, which have only seen the issuer at work; making them is not timed.
 */
function newSenders(request: Request & { readonly loads: Loads }): Task[] {
  const { context, traffic, operation, loads, batches = [BATCH] } = request;
  const size = context.quick ? 'quick' : 'thorough';
  const warmUp = loads(0, WARM_UP[size]);
  const load = loads(WARM_UP[size], BATCH * CALLS[size]);
  return shapes(context, batches).map(({ source, batch }) => {
    const before = source.name === 'native' ? (partsOf(warmUp, SMALL_BATCH)[0] as Load) : warmUp;
    const calls = callsOf(request, load, batch);
    let next = calls.length;
    let kernel: Kernel;
    let verifier: Verifier;
    let tables: number;
    let call: Load;
    return task(operation, source, batch, {
      prepare: () => {
        if (next === calls.length) {
          next = 0;
          kernel = source.create();
          verifier = new Verifier({ ...traffic.options, kernelInstance: kernel });
          for (const part of partsOf(before, SMALL_BATCH)) checkVerdicts(verifier.verify(part.items), part);
          tables = kernel.metrics.tablesBuilt;
        }
        must(kernel.metrics.tablesBuilt - tables <= MOST_TABLES, 'senders that should be new have tables');
        call = calls[next++] as Load;
      },
      run: () => checkVerdicts(verifier.verify(call.items), call),
    });
  });
}

/** The same senders again and again, each time with other messages. */
function recurringSenders(request: Request): Task[] {
  const { context, traffic, operation, batches = [BATCH], policy = {} } = request;
  const warmUp = traffic.recurringMessages(BATCH);
  const load = traffic.recurringMessages(4 * BATCH);
  return shapes(context, batches).map(({ source, batch }) => {
    const calls = callsOf(request, load, batch);
    const verifier = new Verifier({ ...traffic.options, kernelInstance: source.create(), ...policy });
    checkVerdicts(verifier.verify(warmUp.items), warmUp);
    let next = 0;
    let { at } = traffic.scms;
    return task(operation, source, batch, {
      prepare: () => {
        // What was accepted is no replay any more.
        at += BigInt(REPLAY_WINDOW + 1) * 1_000_000n;
        verifier.setPolicy({ ...policy, at });
      },
      run: () => {
        const call = calls[next++ % calls.length] as Load;
        checkVerdicts(verifier.verify(call.items), call);
      },
    });
  });
}

/** The kernel alone: packed arrays to statuses. */
function distinctKeys(context: Context, operation: Operation): Task[] {
  const signed = signatures(context.quick ? KEYS.quick : KEYS.thorough);
  return [64, 256].flatMap((size) => {
    const batches = Array.from({ length: signed.length / size }, (_, i) =>
      packed(signed.slice(size * i, size * (i + 1))),
    );
    return kernelSources(context).map((source) => newKeys(operation, source, batches, 1));
  });
}

/** One call for one signature, as when nothing else is in flight; so many of them a run that the clock counts for nothing. */
function singleSignatures(context: Context, operation: Operation): Task[] {
  const batches = signatures(context.quick ? KEYS.quick : KEYS.thorough).map((one) => packed([one]));
  return kernelSources(context).map((source) => newKeys(operation, source, batches, 16));
}

/** Some calls of the kernel a run, with keys that it has never seen; once it has seen all, a fresh one takes over. */
function newKeys(operation: Operation, source: KernelSource, batches: readonly VerifyBatch[], calls: number): Task {
  const batch = (batches[0] as VerifyBatch).count;
  let next = batches.length;
  let kernel: Kernel;
  const run = (): void => {
    for (let i = 0; i < calls; i++) {
      const status = kernel.verify(batches[next++] as VerifyBatch);
      for (const one of status) must(one === Status.ok, `${source.name} says ${one}`);
    }
  };
  const prepare = (): void => {
    if (next === batches.length) {
      next = 0;
      kernel = source.create();
      collectGarbage();
    }
    must(kernel.metrics.tablesBuilt === 0, 'keys that should be new have tables');
  };
  return { ...task(operation, source, batch, { prepare, run }), items: calls * batch };
}

/** Octets to a value, every rule of canonical encoding checked; no kernel has a part in it. */
function decoding(context: Context, traffic: Traffic, operation: Operation): Task {
  const { items } = traffic.firstMessages('explicit', 0, context.quick ? 256 : 1024);
  return {
    operation: operation.title,
    kernel: 'TypeScript',
    batch: 1,
    items: items.length,
    mark: operation.mark,
    run: () => {
      for (const { bytes } of items) must(decode(Ieee1609Dot2Data, bytes).ok, 'a message that does not decode');
    },
  };
}

function task(
  operation: Operation,
  { name: kernel }: KernelSource,
  batch: number,
  how: Pick<Task, 'prepare' | 'run'>,
): Task {
  const { title, work, mark } = operation;
  return { operation: title, kernel, batch, ...(work && { work }), ...(mark && { mark }), ...how };
}
