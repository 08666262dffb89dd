import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { readRegularFile } from '../../files/regular-file.ts';

/**
 * The files of a trust store. None is ever changed: artefacts and states are named by their SHA-256, entries of the journal by their number.
 *
 *     journal/000000000 …   the entries, one per file
 *     octets/<SHA-256>      certificates and artefacts that entries name
 *     states/<SHA-256>      the newest states
 *     new/                  files that are being written
 *
 * A file is written and flushed under another name before it is linked to its own, so that it exists as a whole or not at all
 * after any kill of the process. Linking the next entry is the commit, and of two writers it succeeds for one only: the other has
 * to look again (DECISIONS D33: one writer at a time, without a lock that could stay behind).
 */
const FOLDERS = ['journal', 'octets', 'states', 'new'] as const;
type Folder = (typeof FOLDERS)[number];
const NUMBER_DIGITS = 9;
/** A file of a store: an artefact has at most 128 MiB, and a state several of them. */
const MAX_STORED_BYTES = 512 * 1024 * 1024;
/** States that stay: the newest, and the one before it for a reader that has just found it to be the newest. */
const STATES_KEPT = 2;
/** What the state that `init` makes begins with. */
const FIRST_STATE = '{"format":1,"revision":1,';
const JOURNAL_LOST =
  'the trust store is damaged: its journal is lost, and nothing can be derived without it: take journal/ from a copy, or make a new store in another directory';
/** A file in `new/` as old as that has been left behind by a process that was killed. */
const LEFT_BEHIND_MS = 3_600_000;

/** A store that cannot be used, and why. */
export class TrustStoreError extends Error {
  constructor(folder: string, detail: string) {
    super(`${folder}: ${detail}`);
    this.name = 'TrustStoreError';
  }
}

/** What an entry is committed with. */
export interface NewEntry {
  readonly number: number;
  readonly record: string;
  /** Content by its SHA-256. */
  readonly octets: ReadonlyMap<string, Uint8Array>;
  /** The state after it, and its SHA-256. */
  readonly state: { readonly sha256: string; readonly json: string };
}

export class TrustFiles {
  readonly folder: string;
  /** Entries that were there when it was looked last: there are never fewer. */
  private known = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * A directory for a store, made if it does not exist.
   *
   * @throws TrustStoreError if it holds other files, or a trust store already, also one that has lost its journal.
   */
  static create(folder: string): TrustFiles {
    const files = new TrustFiles(folder);
    try {
      mkdirSync(folder, { recursive: true });
      const stranger = readdirSync(folder).find((name) => !FOLDERS.includes(name as Folder));
      if (stranger !== undefined) throw new TrustStoreError(folder, `not an empty directory: it holds ${stranger}`);
      for (const name of FOLDERS) mkdirSync(join(folder, name), { recursive: true });
    } catch (error) {
      throw error instanceof TrustStoreError ? error : cannot(folder, 'be made', error);
    }
    if (files.length > 0) throw new TrustStoreError(folder, 'a trust store is there already');
    if (files.hasLostJournal) throw new TrustStoreError(folder, JOURNAL_LOST);
    return files;
  }

  /** @throws TrustStoreError without one. */
  static open(folder: string): TrustFiles {
    const files = new TrustFiles(folder);
    if (files.length > 0) {
      files.mustBeWhole();
      return files;
    }
    throw new TrustStoreError(
      folder,
      files.hasLostJournal ? JOURNAL_LOST : 'no trust store (scms-verify trust init makes one)',
    );
  }

  /** Entries of the journal. */
  get length(): number {
    while (this.has('journal', numbered(this.known))) this.known++;
    return this.known;
  }

  /**
   * Whether states are there that only entries can have led to, and no entry. An `init` that was killed leaves one state, of the first
   * revision.
   */
  private get hasLostJournal(): boolean {
    const isFirst = (name: string): boolean => this.state(name)?.startsWith(FIRST_STATE) ?? true;
    return !readdirOrNone(join(this.folder, 'states')).every(isFirst);
  }

  record(number: number): string | undefined {
    return this.read('journal', numbered(number))?.toString('utf8');
  }

  octets(sha256: string): Uint8Array | undefined {
    return this.read('octets', sha256);
  }

  state(sha256: string): string | undefined {
    return this.read('states', sha256)?.toString('utf8');
  }

  /**
   * Commits an entry, durably when it returns.
   *
   * @returns false if another writer has made this entry meanwhile; then nothing has changed.
   * @throws TrustStoreError if it cannot be written; then nothing has changed either.
   */
  commit({ number, record, octets, state }: NewEntry): boolean {
    try {
      // Copies may have left it out, because it is empty.
      mkdirSync(join(this.folder, 'new'), { recursive: true });
      for (const [sha256, content] of octets) this.add('octets', sha256, content);
      this.add('states', state.sha256, state.json);
      for (const folder of ['octets', 'states'] as const) this.flush(folder);
      if (!this.add('journal', numbered(number), record)) return false;
      this.flush('journal');
    } catch (error) {
      throw cannot(this.folder, 'be written', error);
    }
    this.tidy(state.sha256);
    return true;
  }

  /**
   * Restores a lost state.
   *
   * @throws TrustStoreError if it cannot be written.
   */
  keepState(sha256: string, json: string): void {
    try {
      for (const folder of ['states', 'new'] as const) mkdirSync(join(this.folder, folder), { recursive: true });
      rmSync(this.path('states', sha256), { force: true });
      this.add('states', sha256, json);
      this.flush('states');
    } catch (error) {
      throw cannot(this.folder, 'be written', error);
    }
  }

  /** An entry behind a gap: the journal has lost one. @throws TrustStoreError */
  private mustBeWhole(): void {
    const newest = readdirSync(join(this.folder, 'journal')).sort().at(-1) ?? '';
    if (newest >= numbered(this.length)) {
      throw new TrustStoreError(this.folder, `the trust store is damaged: entry ${this.known} is missing`);
    }
  }

  private path(folder: Folder, name: string): string {
    return join(this.folder, folder, name);
  }

  private has(folder: Folder, name: string): boolean {
    try {
      return statSync(this.path(folder, name), { throwIfNoEntry: false }) !== undefined;
    } catch (error) {
      // The store is a file.
      if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return false;
      throw cannot(this.folder, 'be read', error);
    }
  }

  private read(folder: Folder, name: string): Buffer | undefined {
    try {
      return readRegularFile(this.path(folder, name), MAX_STORED_BYTES);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw cannot(this.folder, 'be read', error);
    }
  }

  /** Gives a whole file its name; false if that name is taken. */
  private add(folder: Folder, name: string, content: string | Uint8Array): boolean {
    if (this.has(folder, name)) return false;
    const path = this.path('new', `${name}-${randomUUID()}`);
    try {
      write(path, content);
      linkSync(path, this.path(folder, name));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    } finally {
      rmSync(path, { force: true });
    }
  }

  private flush(folder: Folder): void {
    // Not every system can flush a directory; those that cannot do so by themselves.
    if (process.platform === 'win32') return;
    const descriptor = openSync(join(this.folder, folder), 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  /** Removes files that are not needed. A failure has no effect. */
  private tidy(newest: string): void {
    try {
      const age = (folder: Folder, name: string): number => statSync(this.path(folder, name)).mtimeMs;
      const states = readdirSync(join(this.folder, 'states')).filter((name) => name !== newest);
      states.sort((a, b) => age('states', b) - age('states', a));
      for (const name of states.slice(STATES_KEPT - 1)) rmSync(this.path('states', name), { force: true });
      for (const name of readdirSync(join(this.folder, 'new'))) {
        if (Date.now() - age('new', name) > LEFT_BEHIND_MS) rmSync(this.path('new', name), { force: true });
      }
    } catch {
      // Another process tidies too.
    }
  }
}

function readdirOrNone(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function numbered(number: number): string {
  return number.toString().padStart(NUMBER_DIGITS, '0');
}

/** Writes a new file to the disk itself. */
function write(path: string, content: string | Uint8Array): void {
  const octets = typeof content === 'string' ? Buffer.from(content) : content;
  const descriptor = openSync(path, 'wx');
  try {
    for (let at = 0; at < octets.length; ) at += writeSync(descriptor, octets, at);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function cannot(folder: string, what: string, error: unknown): TrustStoreError {
  return new TrustStoreError(folder, `cannot ${what}: ${(error as Error).message}`);
}
