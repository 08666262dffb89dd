import { isChainFile, sniffStructure } from '../dot2/index.ts';
import { readPins, readWhole } from '../readers/index.ts';
import type { Pin, TrustMaterial, TrustWarning } from '../verifier/index.ts';
import { CliError, Exit } from './exit.ts';

/** Trust material as the command line names it. */
export interface TrustFiles {
  readonly root: readonly string[];
  readonly ca: readonly string[];
  readonly pins?: string | undefined;
}

/** Trust material with the file that each piece came from. */
export interface LoadedTrust {
  readonly material: TrustMaterial;
  /** Trust that could not be used but is not needed for judging to be right. */
  readonly warnings: readonly string[];
  /** Names the piece that a warning of the verifier is about. */
  nameOf(warning: TrustWarning): string;
}

/** A structure of a trust file. */
interface Piece {
  readonly name: string;
  readonly octets: Uint8Array;
}

/**
 * Reads what the command line trusts.
 *
 * @throws CliError with status 4 where an anchor or the pins cannot be read. What is wrong with `--ca` is a warning: nothing
 * rests on it, so that leaving it out never makes anything valid (DECISIONS D9).
 */
export async function loadTrust(files: TrustFiles): Promise<LoadedTrust> {
  const warnings: string[] = [];
  const roots = await rootPieces(files.root);
  const certificates: Piece[] = [];
  for (const path of files.ca) {
    try {
      certificates.push(...(await piecesOf(path)));
    } catch (error) {
      warnings.push(`--ca ${path}: ${messageOf(error)}`);
    }
  }
  const pins = await pinsOf(files.pins);
  const names = {
    roots: roots.map(({ name }) => `--root ${name}`),
    certificates: certificates.map(({ name }) => `--ca ${name}`),
    pins: pins.map((_, index) => `--pins ${files.pins}, entry ${index + 1}`),
  };
  return {
    material: {
      roots: roots.map(({ octets }) => octets),
      certificates: certificates.map(({ octets }) => octets),
      pins,
    },
    warnings,
    nameOf: ({ list, index }) => names[list][index] ?? `${list} ${index}`,
  };
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
    // Nobody signed a chain file: making everything in it an anchor would trust whoever wrote it.
    const found = await unusable(`--root ${path}`, () => piecesOf(path));
    if (found.some(({ octets }) => isChainFile(sniffStructure(octets)))) {
      throw new CliError(Exit.trustUnusable, `--root ${path}: a chain file is no anchor: give it as --ca`);
    }
    pieces.push(...found);
  }
  return pieces;
}

async function pinsOf(path: string | undefined): Promise<readonly Pin[]> {
  return path === undefined ? [] : unusable(`--pins ${path}`, async () => readPins(path));
}

async function piecesOf(path: string): Promise<Piece[]> {
  const structures = await readWhole(path);
  return structures.map((octets, i) => ({
    name: structures.length > 1 ? `${path} (structure ${i + 1})` : path,
    octets,
  }));
}

async function unusable<T>(what: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw new CliError(Exit.trustUnusable, `${what}: ${messageOf(error)}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
