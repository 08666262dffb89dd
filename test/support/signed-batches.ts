/** Valid and broken signatures for tests of how they are verified, not whether. */
import { type Made, multiple, nonces, type Sent, scalar, sentAs, sign } from './signatures.ts';
import { Stream } from './stream.ts';

export interface SignatureMaker {
  /** Signatures under so many keys, from key `first` on. */
  distinct(count: number, sent: Sent, first?: number): Made[];
  /** Signatures under one key, which no other call uses. */
  underOne(count: number, sent: Sent): Made[];
  /** A signature over something else than what it says, under a key of its own. */
  broken(sent: Sent): Made;
}

/** Makes signatures under `count` keys and one. */
export function signatureMaker(count: number): SignatureMaker {
  const random = new Stream('signed batches');
  const nonce = nonces(random);
  const keys = Array.from({ length: count + 1 }, () => multiple(scalar(random)));
  const one = (key: number, sent: Sent): Made => sentAs(sign(keys[key]!, nonce(), random.octets(64)), sent);
  return {
    distinct: (number, sent, first = 0) => Array.from({ length: number }, (_, i) => one(first + i, sent)),
    underOne: (number, sent) => Array.from({ length: number }, () => one(count, sent)),
    broken: (sent) => ({ ...one(random.index(count), sent), input: random.octets(64) }),
  };
}
