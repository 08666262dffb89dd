import { createCipheriv } from 'node:crypto';
import { concatBytes } from '@noble/hashes/utils.js';
import type { Packed } from '../coer/index.ts';
import { type CrlContents, HASH_ENTRY_BYTES, type LinkageValueCrl, validityMicros } from '../dot2/index.ts';
import type { Credential } from './certificates.ts';
import { chainAt, createLinkageAuthority, type LinkageChain, linkageValues, preLinkageValues } from './linkage.ts';
import type { Scms } from './scms.ts';

/** Entries of CRLs (IEEE 1609.2 §7.3.4 ff.) for certificates of the testbed, and fillers that revoke no device. */

export type HashEdition = keyof typeof HASH_ENTRY_BYTES;
type JMaxGroup = NonNullable<LinkageValueCrl['individual']>[number];

/** Certificates that the testbed gives a device in a week; what its CRLs say as jmax. */
const J_MAX = 20;
const SEED_OCTETS = 16;
const LA_OCTETS = 2;
const ID_OCTETS = 10;

function packed(width: number, octets: Uint8Array): Packed {
  return { count: octets.length / width, width, octets };
}

/** Bytes without end from the seed of the testbed, in one step: a filler of a million entries is made while a user waits. */
function stream(scms: Scms, label: string, count: number): Uint8Array {
  const random = scms.random.fork(label);
  const cipher = createCipheriv('aes-128-ctr', random.bytes(16), random.bytes(16));
  return new Uint8Array(cipher.update(new Uint8Array(count)));
}

/** An entry of a CRL of certificate hashes. */
export interface HashEntry {
  /** HashedId10. */
  readonly id: Uint8Array;
  readonly expiry: number;
}

/** The entry that names a certificate. */
export function hashEntryOf({ fullHash, toBeSigned }: Credential): HashEntry {
  const { end } = validityMicros(toBeSigned.validityPeriod);
  return { id: fullHash.slice(-ID_OCTETS), expiry: Math.min(Number(end / 1_000_000n), 0xffffffff) };
}

/** Hash-based entries, then so many that name no certificate. */
export function hashEntries(
  scms: Scms,
  entries: readonly HashEntry[],
  { edition = 2022, filler = 0 }: { readonly edition?: HashEdition; readonly filler?: number } = {},
): Packed {
  const width = HASH_ENTRY_BYTES[edition];
  const octets = new Uint8Array((entries.length + filler) * width);
  const view = new DataView(octets.buffer);
  const preamble = width - HASH_ENTRY_BYTES[2016];
  const noise = stream(scms, `hash entries of nobody, ${filler}`, filler * ID_OCTETS);
  for (let i = 0; i < entries.length + filler; i++) {
    const at = i * width + preamble;
    const from = (i - entries.length) * ID_OCTETS;
    octets.set(entries[i]?.id ?? noise.subarray(from, from + ID_OCTETS), at);
    view.setUint32(at + ID_OCTETS, entries[i]?.expiry ?? scms.start);
  }
  return packed(width, octets);
}

/** The chains of a device at both authorities, at a period. */
export function deviceChains(scms: Scms, device: number, i: number): readonly [LinkageChain, LinkageChain] {
  const [first, second] = scms.linkageAuthorities;
  return [chainAt(first.chainOf(device), i), chainAt(second.chainOf(device), i)];
}

/** The chains of a group of devices, which both authorities keep beside those of devices. */
export function groupChains(scms: Scms, group: number, i: number): readonly [LinkageChain, LinkageChain] {
  const [first, second] = scms.linkageAuthorities.map(({ laId }, n) =>
    createLinkageAuthority(scms.random.fork(`groups of authority ${n}`), laId, scms.firstPeriod),
  ) as [Scms['linkageAuthorities'][0], Scms['linkageAuthorities'][1]];
  return [chainAt(first.chainOf(group), i), chainAt(second.chainOf(group), i)];
}

/** groupLinkageValue of a certificate (§6.4.11); of one chain where the group has a single seed. */
export function groupLinkageValue(
  scms: Scms,
  { group, i, jValue, single = false }: { group: number; i: number; jValue: number; single?: boolean },
): { jValue: Uint8Array; value: Uint8Array } {
  const [first, second] = groupChains(scms, group, i);
  const [value] = single ? preLinkageValues(first, [jValue]) : linkageValues(first, second, [jValue]);
  const octets = new Uint8Array(4);
  new DataView(octets.buffer).setUint32(0, jValue);
  return { jValue: octets, value: value as Uint8Array };
}

/** The linkage value of a certificate whose device has a chain at the first authority only (2022 edition). */
export function singleSeedLinkageValue(scms: Scms, device: number, i: number, j: number): Uint8Array {
  return preLinkageValues(deviceChains(scms, device, i)[0], [j])[0] as Uint8Array;
}

/** The entries to make in a CRL of linkage seeds. */
export interface LinkageRequest {
  /** Period that the seeds belong to; default: the first one. */
  readonly iRev?: number;
  /** Last period that the entries are meant for; default: 155 after iRev. */
  readonly iMax?: number;
  readonly jMax?: number;
  /** Devices that are revoked by both their chains. */
  readonly devices?: readonly number[];
  /** Entries that revoke no certificate. */
  readonly filler?: number;
  /** Devices that are revoked by their first chain alone. */
  readonly singleSeeds?: readonly number[];
  readonly groups?: readonly number[];
  /** Groups that are revoked by their first chain alone. */
  readonly groupSingleSeeds?: readonly number[];
}

/** The lists of a linkage-based CRL; the individual one is there even if it is empty. */
export function linkageLists(
  scms: Scms,
  request: LinkageRequest,
): Pick<LinkageValueCrl, 'iRev' | 'individual' | 'groups' | 'groupsSingleSeed'> {
  const { iRev = scms.firstPeriod, iMax = iRev + 155, groups, groupSingleSeeds } = request;
  return {
    iRev,
    individual: individualGroups(scms, request, iRev, iMax),
    groups: groups && groupEntries(scms, groups, iRev, iMax),
    groupsSingleSeed: groupSingleSeeds && groupSingleSeedEntries(scms, groupSingleSeeds, iRev, iMax),
  };
}

function individualGroups(scms: Scms, request: LinkageRequest, iRev: number, iMax: number): JMaxGroup[] {
  const { devices = [], filler = 0, singleSeeds = [], jMax: jmax = J_MAX } = request;
  if (devices.length + filler + singleSeeds.length === 0) return [];
  const [la1Id, la2Id] = scms.linkageAuthorities.map(({ laId }) => laId) as [Uint8Array, Uint8Array];
  const contents = packed(1 + 2 * SEED_OCTETS, individualEntries(scms, devices, filler, iRev));
  const seeds = singleSeeds.map((device) => deviceChains(scms, device, iRev)[0].seed);
  const singleSeed = seeds.length > 0 ? packed(SEED_OCTETS, concatBytes(...seeds)) : undefined;
  return [{ jmax, contents: [{ la1Id, la2Id, contents: [{ iMax, contents, singleSeed }] }] }];
}

/** Preamble and both seeds of each. */
function individualEntries(scms: Scms, devices: readonly number[], filler: number, iRev: number): Uint8Array {
  const width = 1 + 2 * SEED_OCTETS;
  const octets = new Uint8Array((devices.length + filler) * width);
  devices.forEach((device, n) => {
    const [first, second] = deviceChains(scms, device, iRev);
    octets.set(first.seed, n * width + 1);
    octets.set(second.seed, n * width + 1 + SEED_OCTETS);
  });
  const noise = stream(scms, `seeds of nobody, ${filler}`, filler * (width - 1));
  for (let n = 0; n < filler; n++) {
    octets.set(noise.subarray(n * (width - 1), (n + 1) * (width - 1)), (devices.length + n) * width + 1);
  }
  return octets;
}

function groupEntries(scms: Scms, groups: readonly number[], iRev: number, iMax: number): Packed {
  const entries = groups.map((group) => {
    const [first, second] = groupChains(scms, group, iRev);
    return concatBytes(Uint8Array.of(0, iMax >> 8, iMax), first.laId, first.seed, second.laId, second.seed);
  });
  return packed(3 + 2 * (LA_OCTETS + SEED_OCTETS), concatBytes(...entries));
}

function groupSingleSeedEntries(scms: Scms, groups: readonly number[], iRev: number, iMax: number): Packed {
  const entries = groups.map((group) => {
    const [{ laId, seed }] = groupChains(scms, group, iRev);
    return concatBytes(Uint8Array.of(iMax >> 8, iMax), laId, seed);
  });
  return packed(2 + LA_OCTETS + SEED_OCTETS, concatBytes(...entries));
}

export type TypeSpecific = CrlContents['typeSpecific'];
