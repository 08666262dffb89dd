/** Revocation of fleets: expanding and indexing a week, looking values up, and the memory that it takes. */
import { createCipheriv, createHash } from 'node:crypto';
import { CHAIN_BYTES, LINKAGE_VALUE_BYTES } from '../../src/kernel/linkage-kernel.ts';
import { createLinkageKernel } from '../../src/kernel/linkage-load.ts';
import { buildRevocation } from '../../src/revocation/build.ts';
import { bytesOf, type RevocationData } from '../../src/revocation/index-data.ts';
import { type PeriodIndex, RevocationIndex } from '../../src/revocation/revocation-index.ts';
import { fleetCrl, I_REV, J_MAX, pseudorandom } from '../inputs/crls.ts';
import { OPERATIONS } from '../marks.ts';
import { type Context, type Group, must, type Opened, type Task } from '../measure.ts';

const VEHICLES = { quick: [10_000, 100_000], thorough: [10_000, 100_000, 1_000_000] };
/** Where figures are set out for. */
const MARKED_VEHICLES = 1_000_000;
const THREADS = 2;
const PEER_VEHICLES = 1000;
const PERIOD = I_REV + 1;
const INDEX_BYTES = { reach: 320e6, stretch: 220e6 };

const inWords = (count: number): string => count.toLocaleString('en');

export const REVOCATION_BUILD: Group = {
  section: 'operations',
  title: 'revocation: expanding and indexing a week',
  comparesWithOpenssl: false,
  open: openBuild,
};

function openBuild(context: Context): Opened {
  const peer = nodeCryptoBuild();
  const { name } = createLinkageKernel();
  const tasks = sizes(context).map((vehicles): Task => {
    const crl = fleetCrl(vehicles);
    return {
      operation: buildOf(vehicles),
      kernel: name,
      threads: THREADS,
      batch: vehicles,
      relative: { nodeCrypto: peer },
      ...(vehicles === MARKED_VEHICLES && { mark: OPERATIONS.revocationBuild.mark }),
      isAsync: true,
      run: async () => {
        const data = await buildRevocation([crl], { periods: [PERIOD], threads: THREADS });
        must(data.crls[0]?.tables[0]?.count === vehicles * J_MAX, `an index of ${vehicles} vehicles`);
      },
    };
  });
  return { tasks: [...tasks, peer] };
}

function buildOf(vehicles: number): string {
  return `${OPERATIONS.revocationBuild.title}, ${inWords(vehicles)} vehicles`;
}

function sizes({ quick }: Context): readonly number[] {
  return quick ? VEHICLES.quick : VEHICLES.thorough;
}

/** What a program does that has node:crypto and a Set: one step of both seeds, two keys and forty blocks a vehicle. */
function nodeCryptoBuild(): Task {
  const { chains } = fleetCrl(PEER_VEHICLES).individuals;
  return {
    operation: buildOf(PEER_VEHICLES),
    kernel: 'node:crypto and a Set, one thread',
    batch: PEER_VEHICLES,
    isPeer: true,
    run: () => {
      const values = new Set<string>();
      for (let vehicle = 0; vehicle < PEER_VEHICLES; vehicle++) {
        const [first, second] = [0, 1].map((chain) => valuesOf(chains, (2 * vehicle + chain) * CHAIN_BYTES));
        for (let at = 0; at < J_MAX * 16; at += 16) {
          let value = '';
          for (let i = at; i < at + LINKAGE_VALUE_BYTES; i++) {
            value += String.fromCharCode((first?.[i] as number) ^ (second?.[i] as number));
          }
          values.add(value);
        }
      }
      must(values.size === PEER_VEHICLES * J_MAX, 'values of node:crypto');
    },
  };
}

const BLOCKS = Buffer.alloc(16 * J_MAX);

/** Pre-linkage values of the period after, 16 octets each. */
function valuesOf(chains: Uint8Array, at: number): Uint8Array {
  const laId = chains.subarray(at, at + 2);
  const input = Buffer.alloc(32);
  input.set(chains.subarray(at, at + CHAIN_BYTES));
  const seed = createHash('sha256').update(input).digest().subarray(0, 16);
  for (let j = 0; j < J_MAX; j++) {
    BLOCKS.set(laId, 16 * j);
    BLOCKS[16 * j + 5] = j;
  }
  const values = createCipheriv('aes-128-ecb', seed, null).setAutoPadding(false).update(BLOCKS);
  for (let i = 0; i < values.length; i++) (values[i] as number) ^= BLOCKS[i] as number;
  return values;
}

export const REVOCATION_LOOKUP: Group = {
  section: 'operations',
  title: 'revocation: looking values up',
  comparesWithOpenssl: false,
  open: openLookup,
};

/** More values than any cache holds the places of. */
const PROBES = 1 << 19;
const BATCH = 1024;
const SET_VEHICLES = 10_000;

async function openLookup(context: Context): Promise<Opened> {
  // As little chance of one that is revoked as of any other nine octets.
  const probes = pseudorandom(PROBES * LINKAGE_VALUE_BYTES, 0);
  const set = setLookup(probes);
  const tasks: Task[] = [];
  for (const vehicles of sizes(context)) {
    const crl = fleetCrl(vehicles);
    const data = await buildRevocation([crl], { periods: [PERIOD], threads: THREADS });
    context.notice(memoryOf(vehicles, data));
    const period = new RevocationIndex(data).scopeOf(crl.scope)?.period(PERIOD) as PeriodIndex;
    tasks.push(...lookupTasks(vehicles, period, probes, set));
  }
  return { tasks: [...tasks, set] };
}

function lookupOf(vehicles: number): string {
  return `${OPERATIONS.revocationLookup.title}, ${inWords(vehicles * J_MAX)} values`;
}

function lookupTasks(vehicles: number, period: PeriodIndex, probes: Uint8Array, set: Task): Task[] {
  const shape = { operation: lookupOf(vehicles), items: PROBES, relative: { nodeCrypto: set } };
  const numbers = new Float64Array(BATCH);
  return [
    {
      ...shape,
      kernel: 'in batches',
      batch: BATCH,
      ...(vehicles === MARKED_VEHICLES && { mark: OPERATIONS.revocationLookup.mark }),
      run: () => {
        let hits = 0;
        for (let from = 0; from < PROBES; from += BATCH) {
          period.findMany(probes, from * LINKAGE_VALUE_BYTES, LINKAGE_VALUE_BYTES, BATCH, numbers);
          for (let i = 0; i < BATCH; i++) if ((numbers[i] as number) >= 0) hits++;
        }
        must(hits === 0, 'look-ups in batches');
      },
    },
    {
      ...shape,
      kernel: 'one by one',
      batch: 1,
      run: () => {
        let hits = 0;
        for (let i = 0; i < PROBES; i++) if (period.find(probes, i * LINKAGE_VALUE_BYTES) >= 0) hits++;
        must(hits === 0, 'look-ups one by one');
      },
    },
  ];
}

/** A Set of strings, of a small fleet only: of a million vehicles it would take gigabytes. */
function setLookup(probes: Uint8Array): Task {
  const values = new Set<string>();
  const octets = Buffer.from(pseudorandom(SET_VEHICLES * J_MAX * LINKAGE_VALUE_BYTES, 1));
  for (let at = 0; at < octets.length; at += LINKAGE_VALUE_BYTES) {
    values.add(octets.toString('latin1', at, at + LINKAGE_VALUE_BYTES));
  }
  const asked = Buffer.from(probes.buffer);
  const items = PROBES >> 4;
  return {
    operation: lookupOf(SET_VEHICLES),
    kernel: 'a Set of strings',
    batch: 1,
    items,
    isPeer: true,
    run: () => {
      let hits = 0;
      for (let i = 0; i < items; i++) {
        const at = i * LINKAGE_VALUE_BYTES;
        if (values.has(asked.toString('latin1', at, at + LINKAGE_VALUE_BYTES))) hits++;
      }
      must(hits === 0, 'look-ups in a Set');
    },
  };
}

function memoryOf(vehicles: number, data: RevocationData): string {
  const { tables, chains } = bytesOf(data);
  const megabytes = (octets: number): string => `${(octets / 1e6).toFixed(1)} MB`;
  const mark =
    vehicles !== MARKED_VEHICLES
      ? ''
      : ` (${tables <= INDEX_BYTES.stretch ? 'stretch ≤ 220 MB: met' : tables <= INDEX_BYTES.reach ? 'reach ≤ 320 MB: met' : 'reach ≤ 320 MB: missed'})`;
  return (
    `memory of ${inWords(vehicles)} revoked vehicles, one week: table ${megabytes(tables)}${mark}, ` +
    `${(tables / (vehicles * J_MAX)).toFixed(2)} bytes per value, one copy for all threads; seeds for the next week ` +
    `${megabytes(chains)}; peak RSS of this process so far ${megabytes(process.resourceUsage().maxRSS * 1024)}`
  );
}
