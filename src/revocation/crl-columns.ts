import { type Packed, startOf } from '../coer/index.ts';
import { type CrlContents, HASH_ENTRY_BYTES, type HashIdCrl, type LinkageValueCrl } from '../dot2/index.ts';
import type { AcceptedCrl, CrlKind, HashEntries, LinkageEntries } from './types.ts';

/** The entries of a CRL as columns, in the numbering of {@link AcceptedCrl.individuals}. */
export type CrlEntries = Pick<AcceptedCrl, 'hashes' | 'individuals' | 'singleSeeds' | 'groups' | 'groupSingleSeeds'>;

const ID_OCTETS = 10;
const LA_OCTETS = 2;
const SEED_OCTETS = 16;
const CHAIN_BYTES = LA_OCTETS + SEED_OCTETS;

export function isHashKind(kind: CrlKind): kind is 'fullHashCrl' | 'deltaHashCrl' {
  return kind === 'fullHashCrl' || kind === 'deltaHashCrl';
}

export function isDelta(kind: CrlKind): boolean {
  return kind.startsWith('delta');
}

/** The kind of a CRL; undefined for an alternative of a later edition. */
export function kindOf({ typeSpecific }: CrlContents): CrlKind | undefined {
  return typeSpecific.tag === 'unknown' ? undefined : typeSpecific.tag;
}

/** crlSerial or indexWithinI, and iRev where there is one. */
export function positionOf(contents: CrlContents): { serial: number; iRev?: number } {
  const { tag, value } = contents.typeSpecific;
  if (tag === 'unknown') throw new TypeError('a CRL of an unknown kind has no position');
  return tag === 'fullHashCrl' || tag === 'deltaHashCrl'
    ? { serial: value.crlSerial }
    : { serial: value.indexWithinI, iRev: value.iRev };
}

/** How many entries a CRL has, of all lists together. */
export function entryCount(contents: CrlContents): number {
  const { tag, value } = contents.typeSpecific;
  if (tag === 'unknown') return 0;
  if (tag === 'fullHashCrl' || tag === 'deltaHashCrl') return value.entries.count;
  let count = (value.groups?.count ?? 0) + (value.groupsSingleSeed?.count ?? 0);
  for (const { imax } of imaxGroupsOf(value)) count += imax.contents.count + (imax.singleSeed?.count ?? 0);
  return count;
}

/** Takes the entries apart into columns of their own: nothing of the received octets is kept. */
export function entriesOf(contents: CrlContents): CrlEntries {
  const { tag, value } = contents.typeSpecific;
  if (tag === 'unknown') return {};
  if (tag === 'fullHashCrl' || tag === 'deltaHashCrl') return { hashes: hashEntries(value) };
  const found = {
    individuals: individualEntries(value),
    singleSeeds: singleSeedEntries(value),
    groups: value.groups && groupEntries(value.groups),
    groupSingleSeeds: value.groupsSingleSeed && groupSingleSeedEntries(value.groupsSingleSeed),
  };
  return present(found);
}

function hashEntries({ entries }: HashIdCrl): HashEntries {
  const { count, width, octets } = entries;
  const ids = new Uint8Array(count * ID_OCTETS);
  const expiry = new Uint32Array(count);
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  const preamble = width - HASH_ENTRY_BYTES[2016];
  for (let i = 0; i < count; i++) {
    const at = startOf(entries, i) + preamble;
    copy(octets, at, ID_OCTETS, ids, i * ID_OCTETS);
    expiry[i] = view.getUint32(at + ID_OCTETS);
  }
  return { count, ids, expiry };
}

/** By hand: a view for each of a million entries would cost more than what it copies. */
function copy(from: Uint8Array, at: number, octets: number, to: Uint8Array, toAt: number): void {
  for (let k = 0; k < octets; k++) to[toAt + k] = from[at + k] as number;
}

type JMaxGroup = NonNullable<LinkageValueCrl['individual']>[number];
type LAGroup = JMaxGroup['contents'][number];
type IMaxGroup = LAGroup['contents'][number];

function imaxGroupsOf({ individual }: LinkageValueCrl): { jmax: number; la: LAGroup; imax: IMaxGroup }[] {
  return (individual ?? []).flatMap(({ jmax, contents }) =>
    contents.flatMap((la) => la.contents.map((imax) => ({ jmax, la, imax }))),
  );
}

/** Room for so many entries. */
function columns(count: number, chainsPerEntry: 1 | 2): Required<LinkageEntries> {
  return {
    count,
    chainsPerEntry,
    chains: new Uint8Array(count * chainsPerEntry * CHAIN_BYTES),
    iMax: new Uint16Array(count),
    jMax: new Uint8Array(count),
  };
}

function individualEntries(crl: LinkageValueCrl): LinkageEntries | undefined {
  if (crl.individual === undefined) return undefined;
  const all = imaxGroupsOf(crl);
  const out = columns(sum(all.map(({ imax }) => imax.contents.count)), 2);
  let entry = 0;
  for (const { jmax, la, imax } of all) {
    const { contents } = imax;
    for (let i = 0; i < contents.count; i++, entry++) {
      const seeds = startOf(contents, i) + 1;
      const to = entry * 2 * CHAIN_BYTES;
      copy(la.la1Id, 0, LA_OCTETS, out.chains, to);
      copy(contents.octets, seeds, SEED_OCTETS, out.chains, to + LA_OCTETS);
      copy(la.la2Id, 0, LA_OCTETS, out.chains, to + CHAIN_BYTES);
      copy(contents.octets, seeds + SEED_OCTETS, SEED_OCTETS, out.chains, to + CHAIN_BYTES + LA_OCTETS);
      out.iMax[entry] = imax.iMax;
      out.jMax[entry] = jmax;
    }
  }
  return out;
}

/**
 * A single seed stands in a group with two identifiers. Which of them goes with it is not said where the list is declared;
 * `la1Id` is taken, the one that the algorithm for a single seed has a name for.
 */
function singleSeedEntries(crl: LinkageValueCrl): LinkageEntries | undefined {
  const all = imaxGroupsOf(crl).filter(({ imax }) => imax.singleSeed !== undefined);
  if (all.length === 0) return undefined;
  const out = columns(sum(all.map(({ imax }) => imax.singleSeed?.count ?? 0)), 1);
  let entry = 0;
  for (const { jmax, la, imax } of all) {
    const seeds = imax.singleSeed as Packed;
    for (let i = 0; i < seeds.count; i++, entry++) {
      copy(la.la1Id, 0, LA_OCTETS, out.chains, entry * CHAIN_BYTES);
      copy(seeds.octets, startOf(seeds, i), SEED_OCTETS, out.chains, entry * CHAIN_BYTES + LA_OCTETS);
      out.iMax[entry] = imax.iMax;
      out.jMax[entry] = jmax;
    }
  }
  return out;
}

/** iMax, then la_id ‖ seed for each chain: behind a preamble the columns stand in the encoding already. */
function chainEntries(list: Packed, preamble: number, chainsPerEntry: 1 | 2): LinkageEntries {
  const { count, octets } = list;
  const { jMax: _, ...out } = columns(count, chainsPerEntry);
  const wide = chainsPerEntry * CHAIN_BYTES;
  for (let i = 0; i < count; i++) {
    const at = startOf(list, i) + preamble;
    out.iMax[i] = ((octets[at] as number) << 8) | (octets[at + 1] as number);
    copy(octets, at + 2, wide, out.chains, i * wide);
  }
  return out;
}

const groupEntries = (list: Packed): LinkageEntries => chainEntries(list, 1, 2);
const groupSingleSeedEntries = (list: Packed): LinkageEntries => chainEntries(list, 0, 1);

/**
 * Entries of a full CRL and of the deltas on it, in that order, list by list. An entry that a delta repeats stands twice: both
 * say the same.
 */
export function mergeEntries(parts: readonly CrlEntries[]): CrlEntries {
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0) return only;
  const lists = <K extends keyof CrlEntries>(name: K): NonNullable<CrlEntries[K]>[] =>
    parts.flatMap((part) => part[name] ?? []) as NonNullable<CrlEntries[K]>[];
  return present({
    hashes: joinHashes(lists('hashes')),
    individuals: joinLinkage(lists('individuals')),
    singleSeeds: joinLinkage(lists('singleSeeds')),
    groups: joinLinkage(lists('groups')),
    groupSingleSeeds: joinLinkage(lists('groupSingleSeeds')),
  });
}

function joinHashes(lists: readonly HashEntries[]): HashEntries | undefined {
  if (lists.length === 0) return undefined;
  const count = sum(lists.map((list) => list.count));
  const out = { count, ids: new Uint8Array(count * ID_OCTETS), expiry: new Uint32Array(count) };
  let at = 0;
  for (const { count: own, ids, expiry } of lists) {
    out.ids.set(ids, at * ID_OCTETS);
    out.expiry.set(expiry, at);
    at += own;
  }
  return out;
}

function joinLinkage(lists: readonly LinkageEntries[]): LinkageEntries | undefined {
  const [first] = lists;
  if (first === undefined) return undefined;
  const { jMax, ...out } = columns(sum(lists.map((list) => list.count)), first.chainsPerEntry);
  let at = 0;
  for (const list of lists) {
    out.chains.set(list.chains, at * first.chainsPerEntry * CHAIN_BYTES);
    out.iMax.set(list.iMax, at);
    if (list.jMax !== undefined) jMax.set(list.jMax, at);
    at += list.count;
  }
  return first.jMax === undefined ? out : { ...out, jMax };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Without the lists that are not there. */
function present(entries: { [K in keyof CrlEntries]: CrlEntries[K] | undefined }): CrlEntries {
  return Object.fromEntries(Object.entries(entries).filter(([, list]) => list !== undefined)) as CrlEntries;
}
