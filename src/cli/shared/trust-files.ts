import { decode } from '../../coer/index.ts';
import { Certificate, isChainFile, isWholeStructure, sniffStructure } from '../../dot2/index.ts';
import { type ReaderError, readPins, readTrustFiles, readWhole } from '../../readers/index.ts';
import { isSame, trustedOf } from '../../trust/identity.ts';
import type { RemovedRoot, Tombstone, TrustContext } from '../../trust/types.ts';
import type { Pin, TrustMaterial, TrustWarning } from '../../verifier/index.ts';
import { aboutFile, CliError, Exit } from './exit.ts';

/** Trust material as the command line names it. */
export interface TrustFiles {
  readonly root: readonly string[];
  readonly ca: readonly string[];
  readonly pins?: string | undefined;
  /** A trust store. */
  readonly store?: string | undefined;
  /** The time that the store is read at (TAI microseconds); default: now. */
  readonly at?: bigint | undefined;
}

/** What a trust store says. */
export interface StoreTrust {
  readonly revision: number;
  /** Revision of the newest entry of its journal: what has come into force since is not in there yet. */
  readonly journalRevision: number;
  /** When the next thing that waits comes into force. */
  readonly nextEvent: bigint | undefined;
  /** Hash of its journal's newest entry. */
  readonly head: string;
  /** SecuredCrls in force. */
  readonly crls: readonly Uint8Array[];
}

/** Trust material with the file that each piece came from. */
export interface LoadedTrust {
  readonly material: TrustMaterial;
  readonly store?: StoreTrust | undefined;
  /** Trust that could not be used but is not needed for right verdicts. */
  readonly warnings: readonly string[];
  /** Names the piece that a warning of the verifier is about. */
  nameOf(warning: TrustWarning): string;
}

/** Of a run that is to stop before trust was read: nothing is verified under it. */
export const NO_TRUST: LoadedTrust = {
  material: { roots: [] },
  warnings: [],
  nameOf: ({ list, index }) => `${list} ${index}`,
};

/** A structure of a trust file. */
interface Piece {
  readonly name: string;
  readonly octets: Uint8Array;
}

/**
 * Reads what the command line trusts.
 *
 * @throws CliError with status 4 where an anchor or the pins cannot be read. A file of
 * `--ca` that cannot be opened or holds nothing usable ends the run too (D43). A certificate in it that cannot be used is a
 * warning: nothing rests on it, so that leaving it out never makes anything valid (D9).
 */
export async function loadTrust(files: TrustFiles): Promise<LoadedTrust> {
  const stored = files.store === undefined ? undefined : await openStore(files.store, files.at);
  const warnings: string[] = [...(stored?.warnings ?? [])];
  const rooted = await rootPieces(files.root);
  const removed = rooted.filter(({ octets }) => stored?.wasRemoved(octets));
  for (const { name } of removed) warnings.push(`${name}: not trusted, because the trust store has removed it`);
  const roots = [...rooted.filter((piece) => !removed.includes(piece)), ...(stored?.roots ?? [])];
  const certificates: Piece[] = [...(stored?.certificates ?? [])];
  for (const path of files.ca) {
    const { pieces, problems } = await unusable('--ca', path, () => usablePieces('--ca', path));
    certificates.push(...pieces);
    warnings.push(...problems.map((problem) => aboutFile('--ca', path, problem)));
  }
  const pins = await pinsOf(files.pins);
  const names = {
    roots: roots.map(({ name }) => name),
    certificates: certificates.map(({ name }) => name),
    pins: pins.map((_, index) => `--pins ${files.pins}, entry ${index + 1}`),
  };
  return {
    material: {
      roots: roots.map(({ octets }) => octets),
      certificates: certificates.map(({ octets }) => octets),
      pins,
      ...(stored && { removedRoots: stored.removedRoots }),
    },
    store: stored?.trust,
    warnings,
    nameOf: ({ list, index }) => names[list][index] ?? `${list} ${index}`,
  };
}

/** What the verification of CRLs needs of a trust store: those that are in force there, and the revision that verdicts name. */
export function storedOf({ store }: LoadedTrust): {
  readonly stored?: readonly Uint8Array[];
  readonly trustRevision?: number;
} {
  return store === undefined ? {} : { stored: store.crls, trustRevision: store.revision };
}

/**
 * Sorts the verifier's warnings: an anchor or pin that cannot be used ends the run, anything else is only told.
 *
 * @throws CliError with status 4.
 */
export function checkTrust(trust: LoadedTrust, warnings: readonly TrustWarning[]): string[] {
  const text = (warning: TrustWarning): string => `${trust.nameOf(warning)}: ${warning.code}: ${warning.detail}`;
  const fatal = warnings.filter(({ list }) => list !== 'certificates');
  if (fatal.length > 0) throw new CliError(Exit.trustUnusable, fatal.map(text).join('\n'));
  return [...trust.warnings, ...warnings.map(text)];
}

async function rootPieces(paths: readonly string[]): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for (const path of paths) {
    // A chain file has no signature: making everything in it an anchor would trust its writer.
    const found = await unusable('--root', path, () => piecesOf('--root', path));
    if (found.some(({ octets }) => isChainFile(sniffStructure(octets)))) {
      throw new CliError(Exit.trustUnusable, `--root ${path}: a chain file is no anchor: give it as --ca`);
    }
    pieces.push(...found);
  }
  return pieces;
}

async function pinsOf(path: string | undefined): Promise<readonly Pin[]> {
  return path === undefined ? [] : unusable('--pins', path, async () => readPins(path));
}

async function piecesOf(option: string, path: string): Promise<Piece[]> {
  return named(option, path, await readWhole(path));
}

/**
 * The structures of a file, and what else is in it (DECISIONS D43).
 *
 * @throws Error if nothing in it decodes as a certificate or chain file.
 */
async function usablePieces(
  option: string,
  path: string,
): Promise<{ pieces: Piece[]; problems: readonly ReaderError[] }> {
  const { structures, problems } = await readTrustFiles(path);
  if (structures.some(isUsable)) return { pieces: named(option, path, structures), problems };
  throw problems[0] ?? new Error('no certificate and no chain file in it decodes');
}

function isUsable(structure: Uint8Array): boolean {
  return sniffStructure(structure) !== 'data' && isWholeStructure(structure);
}

function named(option: string, path: string, structures: readonly Uint8Array[]): Piece[] {
  return structures.map((octets, i) => ({
    name: `${option} ${path}${structures.length > 1 ? ` (structure ${i + 1})` : ''}`,
    octets,
  }));
}

interface OpenedStore {
  readonly trust: StoreTrust;
  readonly roots: readonly Piece[];
  readonly certificates: readonly Piece[];
  readonly removedRoots: readonly RemovedRoot[];
  /** What of the store is read in another way than it was meant. */
  readonly warnings: readonly string[];
  /** Whether electors have removed this root, in whatever encoding, or another certificate of its key. */
  wasRemoved(root: Uint8Array): boolean;
}

/**
 * The newest state of a store, with what has waited and come into force since: a removal must not wait for a bundle to be applied.
 * Loaded only if a store is named.
 */
async function openStore(folder: string, at: bigint | undefined): Promise<OpenedStore> {
  const [{ timeOrNow, withStore }, { crlsOf, trustMaterialOf }, { applyDue, nextEvent }, { createTrustContext }] =
    await Promise.all([
      import('./trust-store.ts'),
      import('../../trust/material.ts'),
      import('../../trust/apply.ts'),
      import('../../verifier/trust-context.ts'),
    ]);
  const { state: stored, head, warnings } = await withStore(folder, (store) => store.snapshot());
  const now = timeOrNow(at);
  const state = nextEvent(stored, now) === undefined ? stored : applyDue(stored, now, createTrustContext()).state;
  const { roots, certificates, removedRoots } = trustMaterialOf(state);
  const pieces = (list: readonly Uint8Array[]): Piece[] =>
    list.map((octets) => ({ name: `--store ${folder}`, octets }));
  return {
    trust: {
      revision: state.revision,
      journalRevision: stored.revision,
      nextEvent: nextEvent(state),
      head,
      crls: crlsOf(state),
    },
    roots: pieces(roots),
    certificates: pieces(certificates),
    removedRoots,
    warnings: warnings.map((warning) => `--store ${folder}: ${warning}`),
    wasRemoved: (root) => state.tombstones.length > 0 && isBuried(root, state.tombstones, createTrustContext()),
  };
}

function isBuried(root: Uint8Array, tombstones: readonly Tombstone[], context: TrustContext): boolean {
  const decoded = decode(Certificate, root);
  const [facts] = decoded.ok ? context.examine([decoded.value]) : [];
  const identity = facts && trustedOf(facts);
  return identity !== undefined && tombstones.some((one) => isSame(one, identity));
}

async function unusable<T>(option: string, path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw new CliError(Exit.trustUnusable, aboutFile(option, path, error));
  }
}
