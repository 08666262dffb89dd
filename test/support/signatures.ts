/**
 * P-256 signatures in large numbers, valid and made to measure. The logarithm to G of every point is known, so any relation
 * between points is a relation between numbers mod n, and a point costs one multiplication of G, which node:crypto does in
 * about 15 µs. Nothing here judges: test/reference/judge.ts does.
 */
import { createECDH, createHash } from 'node:crypto';
import { RForm, type Status, type VerifyBatch } from '../../src/kernel/kernel.ts';
import { inverse, mod, N, P } from '../reference/p256.ts';
import type { Item } from './batches.ts';
import type { Path } from './kernel-paths.ts';
import { fromHex, toInteger, toOctets } from './octets.ts';
import type { Stream } from './stream.ts';

export interface Affine {
  readonly x: bigint;
  readonly y: bigint;
}

/** log·G. */
export interface Multiple extends Affine {
  readonly log: bigint;
}

/** R of a signature: log is the nonce k. */
export interface Nonce extends Multiple {
  /** k⁻¹ mod n. */
  readonly inverse: bigint;
}

/** A signature before its R is encoded, with the true R = u1·G + u2·Q where there is one. */
export interface Signature {
  /** 64 octets to be hashed, or a digest of 32 that nobody knows an input of. */
  readonly input: Uint8Array;
  readonly R: Affine;
  readonly s: bigint;
  readonly key: Affine;
}

/** An item, and what must come of it where its maker knows. */
export interface Made extends Item {
  readonly status?: Status | undefined;
}

/** One item of a batch, and what it is about. */
export interface Case extends Made {
  readonly kind: string;
}

/**
 * An input of 64 octets whose SHA-256 is ffffffff004f2c98…, at least n (2^-32 of all are; this one took a search), so that
 * the reduction of e can be compared with node:crypto as well, which takes no digests.
 */
export const INPUT_ABOVE_N = fromHex(
  '73636d732d7665726966793a20616e20696e7075742077686f7365205348412d323536206973206174206c65617374206e0000000000000000000000419337b9',
);

const ecdh = createECDH('prime256v1');

/** log·G for any log that is not 0 mod n. */
export function multiple(log: bigint): Multiple {
  const reduced = mod(log, N);
  ecdh.setPrivateKey(toOctets(reduced));
  const octets = new Uint8Array(ecdh.getPublicKey());
  return { log: reduced, x: toInteger(octets.subarray(1, 33)), y: toInteger(octets.subarray(33)) };
}

export function opposite(point: Multiple): Multiple {
  return { log: N - point.log, x: point.x, y: P - point.y };
}

export function nonce(log: bigint): Nonce {
  return { ...multiple(log), inverse: inverse(log, N) };
}

export function oppositeNonce(k: Nonce): Nonce {
  return { ...opposite(k), inverse: N - k.inverse };
}

export function scalar(random: Stream): bigint {
  return 1n + mod(random.integer(), N - 1n);
}

/** Inverses mod n with one inversion for all (P. L. Montgomery's trick). */
function inverses(values: readonly bigint[]): bigint[] {
  const before: bigint[] = [];
  let product = 1n;
  for (const value of values) {
    before.push(product);
    product = (product * value) % N;
  }
  let rest = inverse(product, N);
  const out = new Array<bigint>(values.length);
  for (let i = values.length - 1; i >= 0; i--) {
    out[i] = (rest * before[i]!) % N;
    rest = (rest * values[i]!) % N;
  }
  return out;
}

/** An endless supply of nonces. */
export function nonces(random: Stream): () => Nonce {
  let ready: Nonce[] = [];
  return () => {
    if (ready.length === 0) {
      const logs = Array.from({ length: 64 }, () => scalar(random));
      const inverted = inverses(logs);
      ready = logs.map((log, i) => ({ ...multiple(log), inverse: inverted[i]! }));
    }
    return ready.pop()!;
  };
}

export function sha256(input: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(input).digest());
}

/** e: the digest of an input, or the digest that the input is. Not reduced. */
export function digestOf(input: Uint8Array): bigint {
  return toInteger(input.length === 32 ? input : sha256(input));
}

/** (R, s) and (−R, n − s) sign the same. */
export function negated(signature: Signature): Signature {
  return { ...signature, R: { x: signature.R.x, y: P - signature.R.y }, s: N - signature.s };
}

/** The valid signature of an input under a key and a nonce (FIPS 186-5 §6.4.1). */
export function sign(key: Multiple, k: Nonce, input: Uint8Array): Signature {
  return { input, R: k, s: mod(k.inverse * (digestOf(input) + k.x * key.log), N), key };
}

/** The key under which (R, s) is a valid signature of an input: d = (s·k − e)/r. */
export function keyFor(k: Nonce, s: bigint, input: Uint8Array): Multiple {
  return multiple((s * k.log - digestOf(input)) * inverse(k.x, N));
}

/**
 * The valid signature that has u1 and u2 of one's choice, over a digest that follows from them. Where the sum is infinity there
 * is no R; r is then 1, and nothing valid.
 */
export function signatureWith(key: Multiple, u1: bigint, u2: bigint): Signature {
  const log = mod(u1 + u2 * key.log, N);
  const R = log === 0n ? { x: 1n, y: 0n } : multiple(log);
  const s = mod(R.x * inverse(u2, N), N);
  return { input: toOctets(mod(u1 * s, N)), R, s, key };
}

/**
 * How R is sent: its x reduced mod n; compressed with the true parity of its y, or with the other one, which must not matter
 * (the y is a hint only); or uncompressed, of which a kernel sees x alone.
 */
export type Sent = 'xOnly' | 'compressed' | 'wrongHint' | 'uncompressed';
export const SENT: readonly Sent[] = ['xOnly', 'compressed', 'wrongHint', 'uncompressed'];

export function sentAs({ input, R, s, key }: Signature, sent: Sent, status?: Status): Made {
  const odd = (R.y & 1n) === 1n;
  const rForm = {
    xOnly: RForm.xOnly,
    compressed: odd ? RForm.compressedY1 : RForm.compressedY0,
    wrongHint: odd ? RForm.compressedY0 : RForm.compressedY1,
    uncompressed: RForm.uncompressed,
  }[sent];
  return { status, input, rForm, r: sent === 'xOnly' ? R.x % N : R.x, s, x: key.x, y: key.y };
}

/**
 * Cases as a kernel takes them. With `hashed` every input is given as its digest; without, none may be a digest already.
 */
export function pack(cases: readonly Item[], hashed: boolean, path: Path = 'auto'): VerifyBatch & { path: Path } {
  const size = hashed ? 32 : 64;
  const count = cases.length;
  const batch = {
    path,
    count,
    hashed,
    input: new Uint8Array(size * count),
    rForm: new Uint8Array(count),
    r: new Uint8Array(32 * count),
    s: new Uint8Array(32 * count),
    publicKey: new Uint8Array(64 * count),
  };
  cases.forEach((item, i) => {
    const input = hashed && item.input.length === 64 ? sha256(item.input) : item.input;
    if (input.length !== size) throw new RangeError(`an input of ${input.length} octets in a batch of ${size}`);
    batch.input.set(input, size * i);
    batch.rForm[i] = item.rForm ?? RForm.xOnly;
    batch.r.set(toOctets(item.r), 32 * i);
    batch.s.set(toOctets(item.s), 32 * i);
    batch.publicKey.set(toOctets(item.x), 64 * i);
    batch.publicKey.set(toOctets(item.y), 64 * i + 32);
  });
  return batch;
}

/** One item in full, so that a failure can be repeated without the generator. */
export function describeCase(item: Case): string {
  const hex = (value: bigint) => value.toString(16).padStart(64, '0');
  const input = Buffer.from(item.input).toString('hex');
  return `${item.kind}: input ${input} form ${item.rForm ?? 0} r ${hex(item.r)} s ${hex(item.s)} key ${hex(item.x)}${hex(item.y)}`;
}
