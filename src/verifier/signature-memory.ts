import { RecentlyUsed } from '../revocation/recently-used.ts';
import { keyOctets, type VerificationKey } from './keys.ts';
import { concat, octetKey } from './octets.ts';

/** Signatures remembered of each kind: some 300 octets each, and 2 MiB in all. */
const BAD = 4096;
const GOOD = 1024;

/** Everything that decides whether a signature verifies. */
export interface SignatureFacts {
  /** The number of RForm, r or x of R, and s, as they were sent. */
  readonly form: number;
  readonly x: Uint8Array;
  readonly s: Uint8Array;
  readonly dataHash: Uint8Array;
  readonly signerHash: Uint8Array;
  readonly key: VerificationKey;
}

/**
 * What came of signatures, so that repeating them costs no arithmetic: bad ones, and good ones of attached issuers. Each is known by all
 * that decides about it, full hashes included (DECISIONS D19): what is remembered is what would come out again, under any trust material.
 * Bounded: the one that was used least recently goes first.
 */
export class SignatureMemory {
  private readonly bad = new RecentlyUsed<string, true>(BAD);
  private readonly good = new RecentlyUsed<string, true>(GOOD);

  get size(): number {
    return this.bad.size + this.good.size;
  }

  /** Undefined where it is not known. */
  recall(facts: SignatureFacts): 'ok' | 'bad' | undefined {
    if (this.size === 0) return undefined;
    const name = nameOf(facts);
    if (this.bad.get(name)) return 'bad';
    return this.good.get(name) && 'ok';
  }

  rememberBad(facts: SignatureFacts): void {
    this.bad.set(nameOf(facts), true);
  }

  rememberGood(facts: SignatureFacts): void {
    this.good.set(nameOf(facts), true);
  }
}

/** All of the facts behind one another: fields have the widths of their algorithm, which stands in front, and a key the rest. */
function nameOf({ form, x, s, dataHash, signerHash, key }: SignatureFacts): string {
  const octets = octetKey(concat(Uint8Array.of(form), x, s, dataHash, signerHash, ...keyOctets(key)));
  return `${key.algorithm} ${octets}`;
}
