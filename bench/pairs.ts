/**
 * Compares two builds of the library, by CPU time, in one process: `node dist/bench/pairs.js BASE [--pairs 30] [--row NAME] [--kernel simd]`.
 * BASE is the folder of another checkout that was built (`dist/`). For each row the two take turns (ABBA) on the same octets; printed
 * is the median of base/new with the 95 % interval of that median (order statistics). Above 1 the new build is faster.
 *
 * Run it as built: `npm run build:ts` first. A row that compares two settings of one build ends in `against …`.
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Traffic } from './inputs/traffic.ts';

type Library = typeof import('../src/index.ts') & Pick<typeof import('../src/kernel/index.ts'), 'createKernel'>;
type VerifierOptions = import('../src/index.ts').VerifierOptions;
type Item = import('../src/index.ts').Item;

/** What is timed, made once for each build. */
type Work = () => void;

interface Row {
  readonly name: string;
  readonly base: (library: Library) => Work;
  readonly fresh: (library: Library) => Work;
}

/** By the name of the option now, and by the one that builds before 30 November 2026 know. */
const FULL_PATH = { fastPath: false, fastLane: false } as object;
const BATCH = 1024;
const SECONDS_OF_WORK = 0.25;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    pairs: { type: 'string', default: '30' },
    row: { type: 'string', multiple: true },
    kernel: { type: 'string', default: 'auto' },
  },
});
const [baseFolder] = positionals;
if (baseFolder === undefined) throw new TypeError('the folder of the build to compare with is missing');
const pairs = Number(values.pairs);
const load = async (folder: string): Promise<Library> => {
  const moduleOf = (path: string) => import(pathToFileURL(resolve(folder, 'dist/src', path)).href);
  const { createKernel } = await moduleOf('kernel/index.js');
  return { ...(await moduleOf('index.js')), createKernel };
};
const libraries = [await load(baseFolder), await load('.')] as const;

const traffic = new Traffic();
const usual: VerifierOptions = { ...traffic.options, kernel: values.kernel as NonNullable<VerifierOptions['kernel']> };

/** Batches of items that every sender sends again and again; the verifier has seen them all. */
function again(items: readonly Item[], more: Partial<VerifierOptions> = {}, warm: readonly Item[] = items) {
  return ({ createVerifier }: Library): Work => {
    const verifier = createVerifier({ ...usual, ...more });
    verifier.verify(warm);
    return () => void verifier.verify(items);
  };
}

/** A fresh verifier for each call, warmed up by others. */
function anew(items: readonly Item[], warm: readonly Item[], more: Partial<VerifierOptions> = {}) {
  return ({ createVerifier, createKernel }: Library): Work => {
    const kernelInstance = createKernel(values.kernel as 'auto');
    return () => {
      const verifier = createVerifier({ ...usual, kernelInstance, ...more } as VerifierOptions);
      verifier.verify(warm);
      verifier.verify(items);
    };
  };
}

const certificates = traffic.certificates(0, BATCH + 64).items;
const explicit = traffic.firstMessages('explicit', 0, BATCH + 64).items;
const implicit = traffic.firstMessages('implicit', 0, BATCH + 64).items;
const recurring = traffic.recurringMessages(4 * BATCH).items;
const WINDOW = { relevance: { replayWindowSeconds: 60 } };

/** Messages that were never sent before, of the same senders: with a window, none may come twice. */
function fresh(more: Partial<VerifierOptions>) {
  return ({ createVerifier }: Library): Work => {
    const verifier = createVerifier({ ...usual, ...more });
    verifier.verify(recurring.slice(0, BATCH));
    let at = (usual.at as bigint) ?? 0n;
    return () => {
      // The window has passed for all that was seen.
      at += 61_000_000n;
      verifier.setPolicy({ ...more, at });
      verifier.verify(recurring);
    };
  };
}

const both = (name: string, make: (library: Library) => Work): Row => ({ name, base: make, fresh: make });
const rows: Row[] = [
  both('certificates of one PCA', anew(certificates.slice(64), certificates.slice(0, 64))),
  both('recurring senders', again(recurring)),
  both('recurring senders, batches of 16', ({ createVerifier }) => {
    const verifier = createVerifier(usual);
    verifier.verify(recurring);
    return () => {
      for (let at = 0; at < BATCH; at += 16) verifier.verify(recurring.slice(at, at + 16));
    };
  }),
  both('new senders, explicit', anew(explicit.slice(64), explicit.slice(0, 64))),
  both('new senders, implicit', anew(implicit.slice(64), implicit.slice(0, 64))),
  both('full path, recurring senders', again(recurring.slice(0, BATCH), FULL_PATH)),
  both('full path, certificates', anew(certificates.slice(64, 576), [], FULL_PATH)),
  both('recurring senders, --replay-window 60', fresh(WINDOW)),
  both('recurring senders, --all-errors', again(recurring, { allErrors: true })),
  { name: 'recurring senders, --replay-window 60 against none', base: fresh({}), fresh: fresh(WINDOW) },
  {
    name: 'recurring senders, --all-errors against none',
    base: again(recurring),
    fresh: again(recurring, { allErrors: true }),
  },
];

const cpu = (work: Work, times: number): number => {
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
};

for (const { name, base, fresh: own } of rows) {
  if (values.row && !values.row.some((wanted) => name.includes(wanted))) continue;
  const ofBase = base(name.includes(' against ') ? libraries[1] : libraries[0]);
  const ofNew = own(libraries[1]);
  for (let i = 0; i < 4; i++) [ofBase, ofNew].forEach((work) => void work());
  const times = Math.max(1, Math.round((SECONDS_OF_WORK * 1e6) / cpu(ofNew, 2)));
  const ratios: number[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const isBaseFirst = pair % 2 === 0;
    const first = cpu(isBaseFirst ? ofBase : ofNew, times);
    const second = cpu(isBaseFirst ? ofNew : ofBase, times);
    ratios.push(isBaseFirst ? first / second : second / first);
  }
  process.stdout.write(`${name}: ${summary(ratios)}\n`);
}

/** The median, and the order statistics that hold it with 95 %. */
function summary(ratios: number[]): string {
  const sorted = ratios.sort((a, b) => a - b);
  const { length } = sorted;
  const rank = Math.max(0, Math.floor(length / 2 - 0.98 * Math.sqrt(length)) - 1);
  const at = (i: number): string => (sorted[i] as number).toFixed(3);
  return `${at(length >> 1)} [${at(rank)}, ${at(length - 1 - rank)}] of ${length} pairs`;
}
