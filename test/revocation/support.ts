/** CRLs as the verify hands them over, and what they say by the plainest of means: the testbed's formulas, and sets of text. */

import type {
  AcceptedCrl,
  CrlKind,
  CrlScope,
  HashEntries,
  LinkageEntries,
  RevocationQuery,
} from '../../src/revocation/types.ts';
import {
  chainAt,
  createLinkageAuthority,
  type LinkageChain,
  linkageValues,
  preLinkageValues,
} from '../../src/testbed/linkage.ts';
import type { Random } from '../../src/testbed/random.ts';

/** The thread's code is TypeScript; Node loads what was built from it. */
export const WORKER_URL = new URL('../../dist/workers/expand-worker.js', import.meta.url);

export const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
export const octets = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

/** An entry in words: one chain for a single seed, two otherwise; none for a group has a jMax. */
export interface Entry {
  readonly chains: readonly LinkageChain[];
  readonly iMax: number;
  readonly jMax?: number;
}

export function linkageEntries(chainsPerEntry: 1 | 2, entries: readonly Entry[]): LinkageEntries {
  const chains = entries.flatMap((entry) => entry.chains.map(({ laId, seed }) => Buffer.concat([laId, seed])));
  const jMax = entries.flatMap((entry) => entry.jMax ?? []);
  return {
    count: entries.length,
    chainsPerEntry,
    chains: new Uint8Array(Buffer.concat(chains)),
    iMax: Uint16Array.from(entries, ({ iMax }) => iMax),
    ...(jMax.length > 0 && { jMax: Uint8Array.from(jMax) }),
  };
}

export function hashEntries(ids: readonly Uint8Array[]): HashEntries {
  return { count: ids.length, ids: new Uint8Array(Buffer.concat(ids)), expiry: new Uint32Array(ids.length) };
}

export const SCOPE: CrlScope = { root: 'aa'.repeat(32), cracaId: '25da1b', crlSeries: 1 };

let made = 0;

/** A CRL of the given entries; an id of its own unless one is given. */
export function acceptedCrl(some: Partial<AcceptedCrl>): AcceptedCrl {
  const id = some.id ?? (++made).toString(16).padStart(64, '0');
  const kind: CrlKind = some.hashes ? 'fullHashCrl' : 'fullLinkedCrl';
  return {
    id,
    source: `crl ${id.slice(-4)}`,
    scope: SCOPE,
    craca: '00000000ca25da1b',
    kind,
    issueDate: 700_000_000,
    nextCrl: 700_600_000,
    serial: 0,
    lenient: [],
    ...some,
  };
}

export function randomChains(random: Random, chainsPerEntry: 1 | 2, iRev: number): LinkageChain[] {
  return Array.from({ length: chainsPerEntry }, (_, at) =>
    createLinkageAuthority(random.fork(`la ${at}`), random.fork(`id ${at}`).bytes(2), iRev).chainOf(0),
  );
}

/** Everything a CRL revokes in a period, as text: `value` → the first entry that has it. */
export function valuesOf(crl: AcceptedCrl, period: number, inclusiveJMax = false): Map<string, number> {
  const values = new Map<string, number>();
  let entry = 0;
  for (const list of [crl.individuals, crl.singleSeeds]) {
    for (const one of entriesOf(list, crl.iRev as number)) {
      const jEnd = (one.jMax as number) + (inclusiveJMax ? 1 : 0);
      const js = Array.from({ length: jEnd }, (_, j) => j);
      for (const value of lives(one, period, crl) ? evaluate(one, period, js) : []) {
        if (!values.has(hex(value))) values.set(hex(value), entry);
      }
      entry++;
    }
  }
  return values;
}

/** The group entry that a value comes from, or −1. */
export function groupEntryOf(crl: AcceptedCrl, period: number, jValue: Uint8Array, value: Uint8Array): number {
  const first = (crl.individuals?.count ?? 0) + (crl.singleSeeds?.count ?? 0);
  const entries = [crl.groups, crl.groupSingleSeeds].flatMap((list) => entriesOf(list, crl.iRev as number));
  const j = new DataView(jValue.buffer, jValue.byteOffset).getUint32(0);
  const at = entries.findIndex(
    (one) => lives(one, period, crl) && hex(evaluate(one, period, [j])[0] as Uint8Array) === hex(value),
  );
  return at < 0 ? -1 : first + at;
}

export function groupValue(one: Entry, period: number, jValue: Uint8Array): Uint8Array {
  return evaluate(one, period, [new DataView(jValue.buffer, jValue.byteOffset).getUint32(0)])[0] as Uint8Array;
}

function lives({ iMax }: Entry, period: number, { iRev }: AcceptedCrl): boolean {
  return (iRev as number) <= period && period <= iMax;
}

function evaluate({ chains }: Entry, period: number, js: readonly number[]): Uint8Array[] {
  const [first, second] = chains.map((chain) => chainAt(chain, period));
  if (first === undefined) throw new Error('an entry without chains');
  return second ? linkageValues(first, second, js) : preLinkageValues(first, js);
}

export function entriesOf(list: LinkageEntries | undefined, iRev: number): Entry[] {
  if (!list) return [];
  return Array.from({ length: list.count }, (_, entry) => ({
    chains: Array.from({ length: list.chainsPerEntry }, (_unused, chain) => {
      const at = 18 * (list.chainsPerEntry * entry + chain);
      return { laId: list.chains.slice(at, at + 2), i: iRev, seed: list.chains.slice(at + 2, at + 18) };
    }),
    iMax: list.iMax[entry] as number,
    ...(list.jMax && { jMax: list.jMax[entry] as number }),
  }));
}

export function linkageQuery(iCert: number, value: Uint8Array, scope: CrlScope = SCOPE): RevocationQuery {
  return { scope, linkage: { iCert, linkageValue: value }, hashedId10s: [] };
}
