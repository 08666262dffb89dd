/** Signatures of distinct keys, for kernels and peers alike. The same on every machine. */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { RForm, type VerifyBatch } from '../../src/kernel/index.ts';
import { generateKey, hashWith, publicPoint, Random, signDigest } from '../../src/testbed/index.ts';

const HASH_INPUT_OCTETS = 64;

export interface Signed {
  /** What is signed, 64 octets: ECDSA hashes them. */
  readonly input: Uint8Array;
  /** r ‖ s. */
  readonly signature: Uint8Array;
  /** Affine x ‖ y. */
  readonly key: Uint8Array;
}

/** Each of a key of its own. */
export function signatures(count: number): Signed[] {
  const random = new Random('bench signatures');
  return Array.from({ length: count }, () => {
    const key = generateKey(random);
    const input = random.bytes(HASH_INPUT_OCTETS);
    const { R, s } = signDigest(key, hashWith('sha256', input));
    const { x, y } = publicPoint(key);
    // R.x ≥ n would happen once in 2^32 signatures; these are fixed, and none of them is.
    return { input, signature: Uint8Array.of(...R.x, ...s), key: Uint8Array.of(...x, ...y) };
  });
}

/** Packed for a kernel, r x-only. */
export function packed(signed: readonly Signed[]): VerifyBatch {
  const join = (part: (one: Signed) => Uint8Array): Uint8Array => new Uint8Array(Buffer.concat(signed.map(part)));
  return {
    count: signed.length,
    hashed: false,
    input: join(({ input }) => input),
    rForm: new Uint8Array(signed.length).fill(RForm.xOnly),
    r: join(({ signature }) => signature.subarray(0, 32)),
    s: join(({ signature }) => signature.subarray(32)),
    publicKey: join(({ key }) => key),
  };
}

/** SubjectPublicKeyInfo of an uncompressed P-256 key up to its coordinates (RFC 5480 §2). */
const SPKI_PREFIX = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex');

export function spki(key: Uint8Array): Buffer {
  return Buffer.concat([SPKI_PREFIX, key]);
}

export function keyObject(key: Uint8Array): KeyObject {
  return createPublicKey({ key: spki(key), format: 'der', type: 'spki' });
}
