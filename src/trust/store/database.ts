import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';

/**
 * The embedded database under a trust store: LMDB, one directory. A transaction is on disk as a whole or not at all, whatever
 * kills the process; one process writes at a time, and any number read what was committed last.
 */

/** Files that LMDB makes. */
const DATA_FILE = 'data.mdb';
const OWN_FILES: ReadonlySet<string> = new Set([DATA_FILE, 'lock.mdb']);
/** Part of the format: what another version wrote is refused, not guessed at. */
const FORMAT = 'scms-verify trust store 1';
/** Longest key of a value: SHA-256 in hex. */
const MAX_DATABASES = 3;

export class TrustStoreError extends Error {
  constructor(folder: string, detail: string) {
    super(`${folder}: ${detail}`);
    this.name = 'TrustStoreError';
  }
}

/** Where the newest state, and the hash of the journal's newest record, stand. */
export interface Head {
  readonly hash: string;
  /** Entries of the journal. */
  readonly length: number;
}

export class TrustDatabase {
  private readonly root: RootDatabase<string, string>;
  private readonly journal: Database<string, number>;
  private readonly blobs: Database<Uint8Array, string>;

  private constructor(folder: string, readOnly: boolean) {
    // Durable means on disk when the call returns, hence no overlapping of commit and flush.
    this.root = open({
      path: folder,
      readOnly,
      noSubdir: false,
      maxDbs: MAX_DATABASES,
      encoding: 'string',
      overlappingSync: false,
    });
    this.journal = this.root.openDB({ name: 'journal', encoding: 'string', keyEncoding: 'uint32' });
    this.blobs = this.root.openDB({ name: 'blobs', encoding: 'binary' });
  }

  /**
   * A database in a directory of its own, made where it is not there.
   *
   * @throws TrustStoreError where the directory holds something else, or a trust store already.
   */
  static create(folder: string): TrustDatabase {
    mkdirSync(folder, { recursive: true });
    const strangers = readdirSync(folder).filter((name) => !OWN_FILES.has(name));
    if (strangers.length > 0) throw new TrustStoreError(folder, `not an empty directory: it holds ${strangers[0]}`);
    const database = new TrustDatabase(folder, false);
    // A directory whose making was interrupted has no head yet, and may be made again.
    if (database.format !== undefined) {
      database.close();
      throw new TrustStoreError(folder, 'a trust store is there already');
    }
    return database;
  }

  /** @throws TrustStoreError where there is none. */
  static open(folder: string, { readOnly }: { readonly readOnly: boolean }): TrustDatabase {
    const missing = (): TrustStoreError =>
      new TrustStoreError(folder, 'no trust store (scms-verify trust init makes one)');
    if (!existsSync(join(folder, DATA_FILE))) throw missing();
    let database: TrustDatabase;
    try {
      database = new TrustDatabase(folder, readOnly);
    } catch (error) {
      throw new TrustStoreError(folder, `cannot be opened: ${(error as Error).message}`);
    }
    const { format } = database;
    if (format === FORMAT) return database;
    database.close();
    throw format === undefined ? missing() : new TrustStoreError(folder, `another format: ${format}`);
  }

  private get format(): string | undefined {
    return this.root.get('format');
  }

  get head(): Head {
    return JSON.parse(this.root.get('head') as string) as Head;
  }

  /** JSON of the newest state. */
  get state(): string {
    return this.root.get('state') as string;
  }

  record(number: number): string | undefined {
    return this.journal.get(number);
  }

  blob(sha256: string): Uint8Array | undefined {
    const octets = this.blobs.get(sha256);
    return octets && new Uint8Array(octets);
  }

  /** Runs `action` while nobody else writes; what it writes is committed, durably and as a whole, when it returns. */
  exclusively<T>(action: () => T): T {
    return this.root.transactionSync(action);
  }

  /** Inside {@link exclusively}: one more record, the octets it names, and the state after it. */
  append(head: Head, record: string, blobs: ReadonlyMap<string, Uint8Array>, state: string): void {
    for (const [sha256, octets] of blobs) {
      if (!this.blobs.doesExist(sha256)) this.blobs.putSync(sha256, octets);
    }
    this.journal.putSync(head.length - 1, record);
    this.root.putSync('state', state);
    this.root.putSync('head', JSON.stringify(head));
    this.root.putSync('format', FORMAT);
  }

  /** Readers see what was committed when they last looked anew. */
  refresh(): void {
    this.root.resetReadTxn();
  }

  close(): void {
    void this.root.close();
  }
}
