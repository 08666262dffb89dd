/**
 * Signer lists that proved themselves in the input, so that later messages can name their signer by digest. The store is
 * cut into sets by HashedId8 and forgets inside a set only; a set belongs to one thread, hence what is known at a message
 * does not depend on the number of threads (DECISIONS D13).
 */

/** Sets of the store. A power of two; threads own whole sets. */
export const SIGNER_SETS = 4096;
/** Signer lists kept for each set: 65,536 in all. */
export const SIGNERS_PER_SET = 16;

/** The set that a signing certificate belongs to. */
export function signerSet(hashedId8: Uint8Array): number {
  return (((hashedId8[6] as number) << 8) | (hashedId8[7] as number)) % SIGNER_SETS;
}

/** A list of certificates as a message carries it: the signing certificate, then its issuers. */
export interface SignerList {
  /** The received octets of the certificates. */
  readonly key: string;
  /**
   * Full hashes of the certificates. Lists count as the same by these: anybody can write the signature inside a certificate
   * in another form, and must not push out other signers with it.
   */
  readonly identity: string;
  /** HashedId8 of the signing certificate, hex. */
  readonly hashedId8: string;
  readonly certificates: readonly Uint8Array[];
}

export class LearnedSigners {
  private readonly sets = new Map<number, Map<string, SignerList>>();
  /** By identity, in the order in which they were learned or used. */
  private fresh = new Map<string, SignerList>();
  /** Whether somebody will ask what is new; without that the list of it would only grow. */
  private readonly isAsked: boolean;

  constructor(isAsked: boolean) {
    this.isAsked = isAsked;
  }

  /** The lists whose signing certificate has this HashedId8, oldest first. */
  find(set: number, hashedId8: string): SignerList[] {
    const entries = this.sets.get(set);
    return entries ? [...entries.values()].filter((list) => list.hashedId8 === hashedId8) : [];
  }

  has(set: number, identity: string): boolean {
    return this.sets.get(set)?.has(identity) ?? false;
  }

  /** Marks a list as used again; says whether it was there. */
  touch(set: number, identity: string): boolean {
    const entries = this.sets.get(set);
    const list = entries?.get(identity);
    if (entries === undefined || list === undefined) return false;
    if (newestOf(entries) === identity) return true;
    entries.delete(identity);
    entries.set(identity, list);
    // The order of use decides what is forgotten next, so that it is part of what is handed over.
    this.note(list);
    return true;
  }

  /** Remembers a proven list that is not there yet. */
  add(set: number, list: SignerList): void {
    let entries = this.sets.get(set);
    if (entries === undefined) {
      entries = new Map();
      this.sets.set(set, entries);
    }
    entries.set(list.identity, list);
    this.note(list);
    if (entries.size > SIGNERS_PER_SET) entries.delete(entries.keys().next().value as string);
  }

  /** What was learned, or used out of its turn, since the last call; the last one last. */
  takeFresh(): SignerList[] {
    const fresh = [...this.fresh.values()];
    this.fresh.clear();
    return fresh;
  }

  private note(list: SignerList): void {
    if (!this.isAsked) return;
    this.fresh.delete(list.identity);
    this.fresh.set(list.identity, list);
  }
}

function newestOf(entries: ReadonlyMap<string, SignerList>): string | undefined {
  let newest: string | undefined;
  for (const identity of entries.keys()) newest = identity;
  return newest;
}
