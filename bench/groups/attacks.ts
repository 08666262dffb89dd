/** Whole operations under attack: what an item of a stranger costs, and what is left of the rate of good ones between them. */
import { Verifier } from '../../src/verifier/index.ts';
import { type Attack, FAMILIES, type Family, Scene } from '../inputs/attacks/index.ts';
import { checkVerdicts, type Load, partsOf, type Traffic } from '../inputs/traffic.ts';
import { COST_OF_ATTACK, LEFT_BY_ATTACK } from '../marks.ts';
import { type Context, type Group, must, type Opened, type Task } from '../measure.ts';

/** Items of one call. */
const BATCH = 1024;
const QUICK_BATCH = 256;
/** Calls with other good messages before they come again. */
const CALLS = 4;
/**
 * Hostile items before they come again: more than the memory of failed signatures holds, so that nothing is remembered of them by then. Of
 * large ones fewer are made, of which hashing is what costs.
 */
const DISTINCT = 4608;
const MOST_BYTES = 2 ** 26;
const FEWEST = 1024;

/** A group for each family of attacks. */
export function attackGroups(traffic: Traffic): Group[] {
  return FAMILIES.map((family) => ({
    section: 'under attack',
    title: family.title,
    comparesWithOpenssl: false,
    open: (context) => openFamily(context, traffic, family),
  }));
}

async function openFamily({ quick }: Context, traffic: Traffic, { attacks }: Family): Promise<Opened> {
  const batch = quick ? QUICK_BATCH : BATCH;
  const good = partsOf(traffic.recurringMessages(CALLS * batch), batch);
  const shared = warmVerifier(traffic, good);
  const normal: Task = { ...taskOf('normal messages, of 16 known senders', shared, batch), run: inTurn(shared, good) };
  const rows = (await attacks(new Scene(traffic))).flatMap((attack) => {
    const verifier = attack.options ? warmVerifier(traffic, good, attack.options) : shared;
    const supply = supplyOf(attack, quick ? batch : DISTINCT);
    return [
      hostileTask({ attack, verifier, supply, batch, normal }),
      ...(attack.shares ?? [10]).map((oneIn) => mixedTask({ attack, verifier, supply, batch, normal }, good, oneIn)),
    ];
  });
  return { tasks: [normal, ...rows] };
}

function warmVerifier(traffic: Traffic, good: readonly Load[], options: Attack['options'] = {}): Verifier {
  const verifier = new Verifier({ ...traffic.options, ...options });
  for (const load of good) checkVerdicts(verifier.verify(load.items), load);
  return verifier;
}

function taskOf(
  operation: string,
  { kernelName: kernel }: Verifier,
  batch: number,
): Pick<Task, 'operation' | 'kernel' | 'batch'> {
  return { operation, kernel, batch };
}

/** Loads in turn. */
function inTurn(verifier: Verifier, loads: readonly Load[]): () => void {
  let next = 0;
  return () => {
    const load = loads[next++ % loads.length] as Load;
    checkVerdicts(verifier.verify(load.items), load);
  };
}

/** Hostile items in turn, made when they are first asked for. */
type Supply = (count: number) => Load;

function supplyOf(attack: Attack, distinct: number): Supply {
  let all: Load | undefined;
  let next = 0;
  return (count) => {
    all ??= distinctItems(attack, distinct);
    const { items, codes } = all;
    const from = next;
    next = (next + count) % items.length;
    const part = <T>(list: readonly T[]): T[] =>
      Array.from({ length: count }, (_, i) => list[(from + i) % list.length] as T);
    return { items: part(items), codes: part(codes) };
  };
}

function distinctItems({ take }: Attack, distinct: number): Load {
  const some = take(Math.min(distinct, FEWEST));
  const octets = some.items.reduce((sum, { bytes }) => sum + bytes.length, 0) / some.items.length;
  const count = Math.min(distinct, Math.floor(MOST_BYTES / octets));
  if (count <= some.items.length) return some;
  const more = take(count - some.items.length);
  return { items: [...some.items, ...more.items], codes: [...some.codes, ...more.codes] };
}

interface Row {
  readonly attack: Attack;
  readonly verifier: Verifier;
  readonly supply: Supply;
  readonly batch: number;
  readonly normal: Task;
}

/** Nothing but hostile items. */
function hostileTask({ attack, verifier, supply, batch, normal }: Row): Task {
  const { title, before, isBounded = true } = attack;
  let load: Load;
  let isKnown = false;
  return {
    ...taskOf(title, verifier, batch),
    ...(isBounded && { mark: COST_OF_ATTACK }),
    relative: { normal },
    prepare: () => {
      if (before && !isKnown) checkVerdicts(verifier.verify(before.items), before);
      isKnown = true;
      load = supply(batch);
    },
    run: () => checkVerdicts(verifier.verify(load.items), load),
  };
}

/** Good messages, and one hostile item in so many: the rate is that of the good ones. */
function mixedTask({ attack, verifier, supply, batch, normal }: Row, good: readonly Load[], oneIn: number): Task {
  const { title, isBounded = true, leaves = 'worst' } = attack;
  const hostile = Math.floor(batch / oneIn);
  let load: Load;
  let next = 0;
  return {
    ...taskOf(`${title}; one item in ${oneIn}`, verifier, batch),
    items: batch - hostile,
    ...(isBounded && oneIn === 10 && { mark: LEFT_BY_ATTACK[leaves] }),
    relative: { unattacked: normal },
    prepare: () => {
      load = mixed(good[next++ % good.length] as Load, supply(hostile), oneIn);
      must(load.items.length === batch, 'a mixture of another size');
    },
    run: () => checkVerdicts(verifier.verify(load.items), load),
  };
}

/** Every so-many-th of the good items replaced by a hostile one. */
function mixed(good: Load, hostile: Load, oneIn: number): Load {
  const items = [...good.items];
  const codes = [...good.codes];
  hostile.items.forEach((item, i) => {
    items[oneIn * i + oneIn - 1] = item;
    codes[oneIn * i + oneIn - 1] = hostile.codes[i] as Load['codes'][number];
  });
  return { items, codes };
}
