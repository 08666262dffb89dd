/**
 * Signer lists that proved themselves in the input, so that later messages can name their signer by digest. The store is
 * cut into sets by HashedId8 and forgets inside a set only; a set belongs to one thread, hence what is known at a message
 * does not depend on the number of threads (DECISIONS D13).
 */
import { toHex } from '../coer/index.ts';
import type { Signer } from './signer.ts';

/** Sets of the store. A power of two; threads own whole sets. */
export const SIGNER_SETS = 4096;
/** Signer lists kept for each set: 65,536 in all. */
export const SIGNERS_PER_SET = 16;

/** The set that a signing certificate belongs to. */
export function signerSet(hashedId8: Uint8Array): number {
  return (((hashedId8[6] as number) << 8) | (hashedId8[7] as number)) % SIGNER_SETS;
}

/** The same of the lower word of a HashedId8. */
export function signerSetOf(low: number): number {
  return low & (SIGNER_SETS - 1);
}

/** The same of a whole hash in hex: its last two octets are those of the HashedId8. */
export function signerSetOfText(hash: string): number {
  return Number.parseInt(hash.slice(-4), 16) % SIGNER_SETS;
}

/** A list of certificates as a message carries it: the signing certificate, then its issuers. */
export class SignerList {
  /** HashedId8 of the signing certificate, in two words. */
  readonly high: number;
  readonly low: number;
  /** The received octets of each certificate, as a key. */
  readonly certificates: readonly string[];
  /** What the fast path knows of the signer; undefined where the list has to be verified when it is used. */
  signer: Signer | undefined = undefined;
  /** The identity, or the hash of the only certificate that it will be made of when somebody asks. */
  private named: string | Uint8Array;

  constructor(high: number, low: number, identity: string | Uint8Array, certificates: readonly string[]) {
    this.high = high;
    this.low = low;
    this.named = identity;
    this.certificates = certificates;
  }

  /** The received octets of all certificates, as a key. */
  get key(): string {
    return this.certificates.length === 1 ? (this.certificates[0] as string) : this.certificates.join('');
  }

  /**
   * Full hashes of the certificates. Lists count as the same by these: anybody can write the signature inside a certificate
   * in another form, and must not push out other signers with it.
   */
  get identity(): string {
    if (typeof this.named !== 'string') this.named = identityOf([this.named]);
    return this.named;
  }
}

/** What makes two signer lists the same: the full hashes of their certificates. */
export function identityOf(hashes: readonly Uint8Array[]): string {
  return hashes.map(toHex).join();
}

export class LearnedSigners {
  /** Each set in the order in which its lists were learned or used, the latest last. */
  private readonly sets = new Map<number, SignerList[]>();
  /** In the order in which they were learned or used. */
  private fresh = new Set<SignerList>();
  /** Whether somebody will ask what is new; without that the list of it would only grow. */
  private readonly isAsked: boolean;

  constructor(isAsked: boolean) {
    this.isAsked = isAsked;
  }

  /** The lists whose signing certificate has this HashedId8, oldest first. */
  find(high: number, low: number): SignerList[] {
    return this.setOf(low)?.filter((list) => list.high === high && list.low === low) ?? [];
  }

  /** The only list with this HashedId8: undefined where there is none, null where there are several. */
  only(high: number, low: number): SignerList | null | undefined {
    const set = this.setOf(low);
    if (set === undefined) return undefined;
    let found: SignerList | undefined;
    for (const list of set) {
      if (list.low !== low || list.high !== high) continue;
      if (found !== undefined) return null;
      found = list;
    }
    return found;
  }

  has(high: number, low: number, identity: string): boolean {
    return this.find(high, low).some((list) => list.identity === identity);
  }

  /** Marks a list as used again, and remembers one that is not there yet. Gives the one that is remembered. */
  use(list: SignerList): SignerList {
    const set = this.setOf(list.low) ?? this.newSet(list.low);
    const place = set.findIndex((one) => isSame(one, list));
    const known = set[place] ?? list;
    // The order of use decides what is forgotten next, so that it is part of what is handed over.
    if (place >= 0 && place === set.length - 1) return known;
    if (place >= 0) set.splice(place, 1);
    set.push(known);
    if (set.length > SIGNERS_PER_SET) set.shift();
    if (this.isAsked) {
      this.fresh.delete(known);
      this.fresh.add(known);
    }
    return known;
  }

  /** After a change of trust every list has to be verified again when it is used. */
  forgetSigners(): void {
    for (const set of this.sets.values()) for (const list of set) list.signer = undefined;
  }

  /** What was learned, or used out of its turn, since the last call; the last one last. */
  takeFresh(): SignerList[] {
    const fresh = [...this.fresh];
    this.fresh.clear();
    return fresh;
  }

  private setOf(low: number): SignerList[] | undefined {
    return this.sets.get(signerSetOf(low));
  }

  private newSet(low: number): SignerList[] {
    const set: SignerList[] = [];
    this.sets.set(signerSetOf(low), set);
    return set;
  }
}

function isSame(a: SignerList, b: SignerList): boolean {
  return a === b || (a.low === b.low && a.high === b.high && a.identity === b.identity);
}
