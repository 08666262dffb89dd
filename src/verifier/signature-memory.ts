import { type KeyAlgorithm, keyOctets, type VerificationKey } from './keys.ts';
import { concat, octetKey } from './octets.ts';
import { RecentSet } from './recent-set.ts';

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
 * Bounded: those that were used least recently go first.
 */
export class SignatureMemory {
  private readonly bad = new RecentSet(BAD);
  private readonly good = new RecentSet(GOOD);

  get size(): number {
    return this.bad.size + this.good.size;
  }

  /** Undefined where it is not known. */
  recall(facts: SignatureFacts): 'ok' | 'bad' | undefined {
    if (this.size === 0) return undefined;
    const name = nameOf(facts);
    if (this.bad.has(name)) return 'bad';
    return this.good.has(name) ? 'ok' : undefined;
  }

  rememberBad(facts: SignatureFacts): void {
    this.bad.add(nameOf(facts));
  }

  rememberGood(facts: SignatureFacts): void {
    this.good.add(nameOf(facts));
  }
}

const ALGORITHMS: readonly KeyAlgorithm[] = [
  'ecdsaNistP256',
  'ecdsaBrainpoolP256r1',
  'ecdsaBrainpoolP384r1',
  'ecdsaNistP384',
  'ecsigSm2',
];

/** All of the facts behind one another: fields have the widths of their algorithm, which stands in front, and a key the rest. */
function nameOf({ form, x, s, dataHash, signerHash, key }: SignatureFacts): string {
  const head = Uint8Array.of(ALGORITHMS.indexOf(key.algorithm), form);
  return octetKey(concat(head, x, s, dataHash, signerHash, ...keyOctets(key)));
}
