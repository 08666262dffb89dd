/**
 * A catalogue of signatures that an attacker, or bad luck, would choose: every edge of the numbers, every relation between the
 * points of an item and of its neighbours. Each kind makes one or several items, which belong into one batch.
 *
 * What is not here cannot be: P-256 has prime order, so no point of the curve has a small order and no error of a signature
 * lives in a small subgroup. Points of small order are on other curves, and are here as keys.
 */
import { p256 } from '@noble/curves/nist.js';
import { RForm, Status } from '../../src/kernel/kernel.ts';
import { inverse, liftX, mod, N, P, P256, power } from '../reference/p256.ts';
import { ORDERS, smallGroup } from '../reference/torsion.ts';
import { toOctets } from './octets.ts';
import {
  type Affine,
  type Case,
  digestOf,
  INPUT_ABOVE_N,
  keyFor,
  type Made,
  type Multiple,
  multiple,
  type Nonce,
  negated,
  nonce,
  nonces,
  opposite,
  oppositeNonce,
  SENT,
  type Sent,
  type Signature,
  scalar,
  sentAs,
  sign,
  signatureWith,
} from './signatures.ts';
import type { Stream } from './stream.ts';

const { ok, badSignature, scalarOutOfRange, notOnCurve } = Status;

type Maker = () => Made[];

/** What all kinds draw from. */
interface Source {
  readonly random: Stream;
  nonce(): Nonce;
  /** A key that no other item has. */
  key(): Multiple;
  message(): Uint8Array;
  sent(): Sent;
  /** A plain valid signature. */
  signature(): Signature;
}

function sourceOf(random: Stream): Source {
  const nextNonce = nonces(random);
  const source: Source = {
    random,
    nonce: nextNonce,
    key: nextNonce,
    message: () => random.octets(64),
    sent: () => random.pick(SENT),
    signature: () => sign(source.key(), source.nonce(), source.message()),
  };
  return source;
}

// ---- Points whose logarithm nobody knows; @noble/curves adds them up.

const { Point } = p256;

/** a·A + b·G, which must not be infinity. */
function combine(a: bigint, A: Affine, b: bigint): Affine {
  return Point.fromAffine({ x: A.x, y: A.y })
    .multiplyUnsafe(mod(a, N))
    .add(Point.BASE.multiplyUnsafe(mod(b, N)))
    .toAffine();
}

/**
 * A signature with R of one's choice and a key to fit: Q = r⁻¹(s·R − e·G) makes u1·G + u2·Q = R. It is valid where r is
 * x(R) mod n; with another r, only somebody who compares x(R) wrongly takes it for valid.
 */
function forPoint(R: Affine, input: Uint8Array, s: bigint, r = R.x % N): Signature {
  const w = inverse(r, N);
  return { input, R, s, key: combine(s * w, R, -digestOf(input) * w) };
}

/** The first points at or after x, stepping up or down. */
function liftFrom(x: bigint, step: 1n | -1n, count: number): Affine[] {
  const out: Affine[] = [];
  for (let i = x; out.length < count; i += step) {
    const point = liftX(i, (out.length & 1) === 1);
    if (point) out.push(point);
  }
  return out;
}

// ---- Numbers

/** Next to 0, n, p − n, p and 2^256. */
const EDGES: readonly bigint[] = [0n, P - N, N, P, 2n ** 256n]
  .flatMap((edge) => [edge - 2n, edge - 1n, edge, edge + 1n, edge + 2n])
  .filter((value) => value >= 0n && value < 2n ** 256n);

/** A number of 256 bits from digits of so many bits, the lowest first. */
function fromDigits(bits: number, digit: (i: number) => number): bigint {
  let value = 0n;
  for (let i = 0; i * bits < 256; i++) value |= BigInt(digit(i)) << BigInt(i * bits);
  return value & (2n ** 256n - 1n);
}

/** A scalar that drives recoding to its ends, in 1…n − 1. */
function extremeScalar(random: Stream): bigint {
  const bits = random.pick([1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 16, 32]);
  const half = 2 ** (bits - 1);
  const digit = random.pick([1, half - 1, half, half + 1, 2 * half - 1]);
  const lonely = random.index(256);
  const value = random.pick<() => bigint>([
    () => BigInt(1 + random.index(40)),
    () => 1n << BigInt(lonely),
    () => (1n << BigInt(lonely)) - 1n,
    () => fromDigits(bits, () => digit),
    () => fromDigits(bits, (i) => (i & 1 ? digit : 0)),
    () => fromDigits(bits, (i) => (i & 1 ? 0 : digit)),
    () => fromDigits(bits, () => random.pick([0, digit])),
    () => (N + BigInt(random.index(5)) - 2n) / 2n,
    () => random.integer(16),
    () => random.integer(16) << 128n,
    () => scalar(random),
  ])();
  // What is n or more loses its top bit: reduced mod n it would lose its pattern.
  const below = value < N ? value : value & (2n ** 255n - 1n);
  const nonzero = below === 0n ? 1n : below;
  return random.chance(0.3) ? N - nonzero : nonzero;
}

// ---- Kinds whose input is known, so that node:crypto can be asked

/** The encoding of R, and which of s and n − s, change nothing. */
function encodings(source: Source): Record<string, Maker> {
  const kinds: Record<string, Maker> = {};
  for (const sent of SENT) {
    kinds[`valid, ${sent}`] = () => [sentAs(source.signature(), sent, ok)];
    kinds[`valid, s negated, ${sent}`] = () => [sentAs(negated(source.signature()), sent, ok)];
  }
  return {
    ...kinds,
    'valid, every encoding of one signature': () => {
      const signature = source.signature();
      return [signature, negated(signature)].flatMap((one) => SENT.map((sent) => sentAs(one, sent, ok)));
    },
  };
}

/** Something was changed after signing. */
function damage(source: Source): Record<string, Maker> {
  const { random, signature, sent } = source;
  const flip = (value: bigint) => value ^ (1n << BigInt(random.index(256)));
  const damaged = (change: (item: Made) => Partial<Made>, status?: Status): Made[] => {
    const item = sentAs(signature(), sent(), status);
    return [{ ...item, ...change(item) }];
  };
  const pair = () => [sentAs(signature(), sent(), badSignature), sentAs(signature(), sent(), badSignature)] as const;
  return {
    'bit flip in the input': () =>
      damaged(({ input }) => {
        const copy = input.slice();
        copy[random.index(64)]! ^= 1 << random.index(8);
        return { input: copy };
      }, badSignature),
    'bit flip in r': () => damaged(({ r }) => ({ r: flip(r) })),
    'bit flip in s': () => damaged(({ s }) => ({ s: flip(s) })),
    'bit flip in x of the key': () => damaged(({ x }) => ({ x: flip(x) })),
    'bit flip in y of the key': () => damaged(({ y }) => ({ y: flip(y) })),
    'another form of r': () => damaged(() => ({ rForm: random.pick([0, 2, 3, 4] as const) })),
    'r and s exchanged': () => damaged(({ r, s }) => ({ r: s, s: r })),
    'the key negated': () => damaged(({ y }) => ({ y: P - y }), badSignature),
    's for r, r for s, of neighbours': () => {
      const [a, b] = pair();
      return [
        { ...a, r: b.r, rForm: b.rForm! },
        { ...b, r: a.r, rForm: a.rForm! },
      ];
    },
    'signatures of neighbours swapped': () => {
      const [a, b] = pair();
      return [
        { ...a, r: b.r, rForm: b.rForm!, s: b.s },
        { ...b, r: a.r, rForm: a.rForm!, s: a.s },
      ];
    },
    'inputs of neighbours swapped': () => {
      const [a, b] = pair();
      return [
        { ...a, input: b.input },
        { ...b, input: a.input },
      ];
    },
    'keys of neighbours swapped': () => {
      const [a, b] = pair();
      return [
        { ...a, x: b.x, y: b.y },
        { ...b, x: a.x, y: a.y },
      ];
    },
    'inputs of one key swapped': () => {
      const key = source.key();
      const [a, b] = [0, 1].map(() => sentAs(sign(key, source.nonce(), source.message()), sent(), badSignature));
      return [
        { ...a!, input: b!.input },
        { ...b!, input: a!.input },
      ];
    },
    's of the nonce next to it: R sent is R − G': () => {
      const k = source.nonce();
      const { log, inverse: w } = nonce(k.log + 1n);
      const honest = sign(source.key(), k, source.message());
      return [sentAs({ ...honest, s: mod(honest.s * k.log * w, N) }, sent(), log === 0n ? undefined : badSignature)];
    },
    'octets without a meaning': () => [
      {
        input: source.message(),
        rForm: random.pick([0, 2, 3, 4] as const),
        r: random.integer(),
        s: random.integer(),
        x: random.integer(),
        y: random.integer(),
      },
    ],
    'all zero': () => [{ input: new Uint8Array(64), r: 0n, s: 0n, x: 0n, y: 0n, status: scalarOutOfRange }],
    'all ones': () => {
      const ones = 2n ** 256n - 1n;
      const input = new Uint8Array(64).fill(255);
      return [{ input, rForm: RForm.uncompressed, r: ones, s: ones, x: ones, y: ones }];
    },
  };
}

/** r and s at their edges, refused and valid. */
function edges(source: Source): Record<string, Maker> {
  const { random, signature, sent } = source;
  const edge = () => random.pick(EDGES);
  /** R next to the edges of [0, p − n), [n, p): those with an x or an r that is short, or wraps. */
  const R = [
    ...liftFrom(1n, 1n, 3),
    ...liftFrom(P - N - 1n, -1n, 3),
    ...liftFrom(P - N, 1n, 3),
    ...liftFrom(N - 1n, -1n, 3),
    ...liftFrom(N + 1n, 1n, 3),
    ...liftFrom(P - 1n, -1n, 3),
  ];
  const atEdges = R.flatMap((point) => [0, 1].map(() => forPoint(point, source.message(), scalar(random))));
  const wrapping = atEdges.filter(({ R: { x } }) => x >= N);
  const short = atEdges.filter(({ R: { x } }) => x > 0n && x + N < 2n ** 256n);
  const undecodable = [
    ...wrapping.filter(({ R: { x } }) => !liftX(x - N, false)).map((one) => ({ one, r: one.R.x - N })),
    ...short.filter(({ R: { x } }) => !liftX(x + N, false)).map((one) => ({ one, r: one.R.x + N })),
  ];
  /** x(R) is x, while r is x plus something that vanishes mod p or mod 2^256 once n is added. */
  const folded = liftFrom(0n, 1n, 4).flatMap((point) =>
    [P - N, 2n ** 256n - N].map((more) => {
      const r = point.x + more;
      return { one: forPoint(point, source.message(), scalar(random), r), r };
    }),
  );
  const hint = () => random.pick([RForm.compressedY0, RForm.compressedY1, RForm.uncompressed] as const);
  return {
    'r at an edge': () => [{ ...sentAs(signature(), sent()), r: edge() }],
    's at an edge': () => [{ ...sentAs(signature(), sent()), s: edge() }],
    'r and s at edges': () => [{ ...sentAs(signature(), sent()), r: edge(), s: edge() }],
    'valid with s at an edge': () => {
      const [k, input] = [source.nonce(), source.message()];
      const s = random.pick([1n, 2n, 3n, N - 1n, N - 2n, N - 3n, (N + 1n) / 2n, P - N, 2n ** 255n]);
      return [sentAs({ input, R: k, s, key: keyFor(k, s, input) }, sent(), ok)];
    },
    'valid with x(R) at an edge': () => [sentAs(random.pick(atEdges), sent(), ok)],
    'valid with x(R) at an edge, s negated': () => [sentAs(negated(random.pick(atEdges)), sent(), ok)],
    'x(R) at an edge, r beside it': () => {
      const item = sentAs(random.pick(atEdges), sent());
      return [{ ...item, r: item.r + random.pick([1n, -1n]) }];
    },
    'x(R) ≥ n sent as r': () => {
      const one = random.pick(wrapping);
      return [{ ...sentAs(one, 'xOnly', scalarOutOfRange), r: one.R.x }];
    },
    'x(R) ≥ n, r sent as if it were x': () => {
      const one = random.pick(wrapping);
      return [{ ...sentAs(one, 'xOnly', ok), r: one.R.x - N, rForm: hint() }];
    },
    'r + n sent as if it were x, perhaps p or more': () => {
      const one = random.pick(short);
      return [{ ...sentAs(one, 'xOnly', ok), r: one.R.x + N, rForm: hint() }];
    },
    'r + n sent as r': () => {
      const one = random.pick(short);
      return [{ ...sentAs(one, 'xOnly', scalarOutOfRange), r: one.R.x + N }];
    },
    'valid, though what is sent is no x of the curve': () => {
      const { one, r } = random.pick(undecodable);
      return [{ ...sentAs(one, 'xOnly', ok), r, rForm: hint() }];
    },
    'x(R) = r + n − p, or r + n − 2^256': () => {
      const { one, r } = random.pick(folded);
      return [{ ...sentAs(one, sent(), badSignature), r }];
    },
    'a sent x that is no x of the curve': () => {
      for (;;) {
        const r = random.chance(0.2) ? N + random.integer(15) : random.integer();
        if (!liftX(r, false)) return [{ ...sentAs(signature(), 'xOnly'), r, rForm: hint() }];
      }
    },
    'a digest of n or more': () => [sentAs(sign(source.key(), source.nonce(), INPUT_ABOVE_N), sent(), ok)],
    'a digest of n or more, wrong key': () => [
      { ...sentAs(sign(source.key(), source.nonce(), INPUT_ABOVE_N), sent(), badSignature), ...affine(source.key()) },
    ],
  };
}

const affine = ({ x, y }: Affine): Affine => ({ x, y });

/** Where the additions of u1·G + u2·Q meet their exceptions. */
function exceptions(source: Source, pool: number): Record<string, Maker> {
  const { random, message, sent } = source;
  const lifted = Array.from({ length: pool }, () => liftedExtreme(source));
  return {
    'R is infinity': () => {
      const [k, input] = [source.nonce(), message()];
      const key = multiple(-digestOf(input) * inverse(k.x, N));
      const s = random.chance(0.5) ? scalar(random) : extremeScalar(random);
      return [sentAs({ input, R: k, s, key }, sent(), badSignature)];
    },
    'u1·G = u2·Q': () => {
      const [k, input] = [source.nonce(), message()];
      const e = digestOf(input);
      const signature = { input, R: k, s: mod(2n * e * k.inverse, N), key: multiple(e * inverse(k.x, N)) };
      return [sentAs(signature, sent(), ok)];
    },
    'extreme u1 and u2': () => [sentAs(random.pick(lifted), sent(), ok)],
    'extreme u1 and u2, s negated': () => [sentAs(negated(random.pick(lifted)), sent(), ok)],
    'extreme u1 and u2, another input': () => [
      { ...sentAs(random.pick(lifted), sent(), badSignature), input: message() },
    ],
  };
}

/** u1 and u2 of one's choice over an input that is known: r = u2·e/u1 is then given, and half of the inputs have such an R. */
function liftedExtreme({ random, message }: Source): Signature {
  const [u1, u2] = [extremeScalar(random), extremeScalar(random)];
  const w = inverse(u1, N);
  for (;;) {
    const input = message();
    const s = mod(digestOf(input) * w, N);
    const R = liftX(mod(u2 * s, N), random.chance(0.5));
    if (R && R.x !== 0n) return forPoint(R, input, s);
  }
}

/** Keys and R that are special, or related to each other. */
function relations(source: Source): Record<string, Maker> {
  const { random, message, sent } = source;
  const signed = (key: Multiple, k: Nonce) => sentAs(sign(key, k, message()), sent(), ok);
  const special = () => {
    const log = random.pick([() => 1n << BigInt(random.index(256)), () => BigInt(1 + random.index(17)), () => 1n])();
    return mod(random.chance(0.5) ? log : -log, N);
  };
  return {
    'key = ±G, a small or a power-of-2 multiple': () => [signed(multiple(special()), source.nonce())],
    'R = ±G, a small or a power-of-2 multiple': () => [signed(source.key(), nonce(special()))],
    'key and R special': () => [signed(multiple(special()), nonce(special()))],
    'key special, the input of another': () => [
      { ...signed(multiple(special()), source.nonce()), input: message(), status: badSignature },
    ],
    'key = ±R': () => {
      const k = source.nonce();
      return [signed(random.chance(0.5) ? k : opposite(k), k)];
    },
    'key = ±2^j·R': () => {
      const k = source.nonce();
      const log = k.log << BigInt(random.index(200));
      return [signed(multiple(random.chance(0.5) ? log : -log), k)];
    },
    'one item three times': () => {
      const item = signed(source.key(), source.nonce());
      return [item, item, item];
    },
    'one wrong item three times': () => {
      const item: Made = { ...signed(source.key(), source.nonce()), input: message(), status: badSignature };
      return [item, item, item];
    },
    'one input, two keys': () => {
      const input = message();
      return [0, 1].map(() => sentAs(sign(source.key(), source.nonce(), input), sent(), ok));
    },
    'one key': () => {
      const key = source.key();
      return [0, 1, 2].map(() => signed(key, source.nonce()));
    },
    'keys Q and −Q': () => {
      const key = source.key();
      return [signed(key, source.nonce()), signed(opposite(key), source.nonce())];
    },
    'one R, two keys': () => {
      const k = source.nonce();
      return [signed(source.key(), k), signed(source.key(), k)];
    },
    'R and −R': () => {
      const k = source.nonce();
      return [signed(source.key(), k), signed(source.key(), oppositeNonce(k))];
    },
    'one key and one R, two inputs': () => {
      const [key, k] = [source.key(), source.nonce()];
      return [signed(key, k), signed(key, k), signed(key, oppositeNonce(k))];
    },
    'R of one is the key of the other': () => {
      const [k, l] = [source.nonce(), source.nonce()];
      return [signed(l, k), signed(k, l), signed(opposite(k), oppositeNonce(l))];
    },
    'R, 2R, 3R … and Q, 2Q, 3Q …': () => {
      const [d, k] = [source.key().log, source.nonce().log];
      return [1n, 2n, 3n, 4n, 5n].map((i) => signed(multiple(i * d), nonce(mod(i * k, N))));
    },
    'small multiples of G everywhere': () =>
      Array.from({ length: 6 }, () =>
        signed(multiple(BigInt(1 + random.index(6))), nonce(BigInt(1 + random.index(6)))),
      ),
    'signatures of two keys crossed over one R': () => {
      const [k, input] = [source.nonce(), message()];
      const [a, b] = [0, 1].map(() => sentAs(sign(source.key(), k, input), sent(), badSignature));
      return [
        { ...a!, s: b!.s },
        { ...b!, s: a!.s },
      ];
    },
  };
}

/** Keys that are no points of P-256, some with signatures that hold in the group that their own curve has. */
function badKeys(source: Source): Record<string, Maker> {
  const { random, sent } = source;
  const good = multiple(77n);
  const [zero, low] = [liftX(0n, false)!, liftFrom(5n, 1n, 1)[0]!];
  // y = 5 is the smallest y of P-256 for which x³ − 3x + b = y² has exactly one root x.
  const flat = { x: 0xd7325d7646cd60d80a92738ceb345f844cffaf35841022cab176f692de8de1d7n, y: 5n };
  const ones = 2n ** 256n - 1n;
  const bad: Record<string, Affine> = {
    '(0, 0)': { x: 0n, y: 0n },
    '(0, 1)': { x: 0n, y: 1n },
    '(1, 0)': { x: 1n, y: 0n },
    '(p, p)': { x: P, y: P },
    '(2^256 − 1, 2^256 − 1)': { x: ones, y: ones },
    'y + 1': { x: good.x, y: good.y + 1n },
    'x + 1': { x: good.x + 1n, y: good.y },
    'x and y exchanged': { x: good.y, y: good.x },
    'x = 0 as p': { x: P, y: zero.y },
    'x + p': { x: low.x + P, y: low.y },
    'y + p': { x: flat.x, y: flat.y + P },
    'on the twist': onTwist(),
    'every bit of y inverted': { x: good.x, y: ones - good.y },
  };
  const small = [
    { order: 1n, point: { x: 0n, y: 0n } },
    { order: 2n, point: { x: 5n, y: 0n } },
    ...ORDERS.flatMap((order) =>
      smallGroup(order).points.flatMap((point) => (point ? [{ order: BigInt(order), point }] : [])),
    ),
  ];
  return {
    'a key that is no point': () => [
      { ...sentAs(source.signature(), sent(), notOnCurve), ...bad[random.pick(Object.keys(bad))]! },
    ],
    'a key that is no point, and s = 0': () => [
      { ...sentAs(source.signature(), sent(), scalarOutOfRange), ...bad[random.pick(Object.keys(bad))]!, s: 0n },
    ],
    'a key of small order on another curve, which its signature fits': () => {
      const { order, point } = random.pick(small);
      return [sentAs(forOrder(source, order, point), sent(), notOnCurve)];
    },
    'a key of small order on another curve': () => {
      const { point } = random.pick(small);
      return [{ ...sentAs(source.signature(), sent(), notOnCurve), ...affine(point) }];
    },
  };
}

/** A signature with u2 ≡ 0 mod the order of the key, so that R = u1·G whatever the key. */
function forOrder({ nonce: next, message }: Source, order: bigint, key: Affine): Signature {
  const k = next();
  for (;;) {
    const input = message();
    const s = mod(digestOf(input) * k.inverse, N);
    if (mod(k.x * inverse(s, N), N) % order === 0n) return { input, R: k, s, key };
  }
}

/** −y² = x³ − 3x + b. */
function onTwist(): Affine {
  for (let x = 2n; ; x++) {
    const square = mod(-(x ** 3n - 3n * x + P256.b), P);
    const y = power(square, (P + 1n) / 4n, P);
    if (mod(y * y, P) === square && y !== 0n) return { x, y };
  }
}

// ---- Kinds whose digest is chosen, so that nobody knows an input of it

function chosenDigests(source: Source): Record<string, Maker> {
  const { random, sent } = source;
  const specialKey = () =>
    multiple(random.pick([1n, -1n, 2n, -2n, 3n, 16n, 1n << BigInt(random.index(256)), inverse(2n, N), scalar(random)]));
  const withDigest = (e: bigint) => sign(source.key(), source.nonce(), toOctets(e));
  /** A key that has a coordinate close to 0, whose logarithm nobody knows. */
  const shortKeys = [...liftFrom(0n, 1n, 4), ...liftFrom(P - 1n, -1n, 3)];
  const short = shortKeys.flatMap((key) => [0, 1, 2].map(() => forKey(key, scalar(random), scalar(random))));
  return {
    'a digest at an edge': () => [sentAs(withDigest(random.pick(EDGES)), sent(), ok)],
    'a digest at an edge, the signature of another': () => [
      { ...sentAs(source.signature(), sent()), input: toOctets(random.pick(EDGES)) },
    ],
    'a digest plus n': () => {
      const e = random.integer(28);
      return [{ ...sentAs(withDigest(e), sent(), ok), input: toOctets(e + N) }];
    },
    'u1 = 0': () => [sentAs(withDigest(random.pick([0n, N])), sent(), ok)],
    'extreme u1 and u2, special key': () => {
      const [key, u1, u2] = [specialKey(), extremeScalar(random), extremeScalar(random)];
      return [sentAs(signatureWith(key, u1, u2), sent(), statusOf(key, u1, u2))];
    },
    'digits of u1·G and u2·Q that cancel or double on the way': () => {
      const bits = random.pick([4, 5, 8, 10, 11]);
      const at = (i: number) => 1n << BigInt(bits * i);
      const digit = () => BigInt(1 + random.index(2 ** (bits - 1)));
      const windows = Math.floor(250 / bits);
      const [i, j] = [random.index(windows), random.index(windows)];
      const [a, b] = [digit(), digit()];
      const sign = random.pick([1n, -1n]);
      // a·2^(w·i)·G and b·2^(w·i)·Q are equal or opposite; the other digits are arbitrary.
      const key = multiple(sign * a * inverse(b, N));
      const u1 = mod(a * at(i) + random.pick([0n, digit() * at(j)]), N);
      const u2 = mod(b * at(i) + random.pick([0n, digit() * at(j)]), N);
      return [sentAs(signatureWith(key, u1, u2), sent(), statusOf(key, u1, u2))];
    },
    'R is infinity, extreme': () => {
      const u2 = extremeScalar(random);
      const key = specialKey();
      return [{ ...sentAs(signatureWith(key, mod(-u2 * key.log, N), u2), sent(), badSignature) }];
    },
    'u1·G = u2·Q, extreme': () => {
      const u2 = extremeScalar(random);
      const key = specialKey();
      return [sentAs(signatureWith(key, mod(u2 * key.log, N), u2), sent(), ok)];
    },
    'a key with a coordinate close to 0 or p': () => [sentAs(random.pick(short), sent(), ok)],
    'the same key with x + p': () => {
      const one = random.pick(short.filter(({ key }) => key.x + P < 2n ** 256n));
      return [{ ...sentAs(one, sent(), notOnCurve), x: one.key.x + P }];
    },
  };
}

function statusOf(key: Multiple, u1: bigint, u2: bigint): Status {
  return mod(u1 + u2 * key.log, N) === 0n ? badSignature : ok;
}

/** A valid signature under a key of unknown logarithm: e follows from u1 and u2. */
function forKey(key: Affine, u1: bigint, u2: bigint): Signature {
  const R = combine(u2, key, u1);
  const s = mod(R.x * inverse(u2, N), N);
  return { input: toOctets(mod(u1 * s, N)), R, s, key };
}

// ---- The catalogue

export interface SignatureKinds {
  /** Kinds whose inputs are known: for batches of both sorts. */
  readonly withInput: readonly string[];
  /** Kinds that choose the digest: for batches with `hashed` only. */
  readonly withDigest: readonly string[];
  /** The items of one kind, new ones at every call. */
  make(kind: string): Case[];
  /** Valid signatures as honest senders make them, under the keys of a pool, or a new key each. */
  honest(sent: Sent, keys?: readonly Multiple[]): Case;
  newKey(): Multiple;
}

/** The catalogue on seeded randomness. `pool` is how many of the dear ones are made in advance (5 ms each). */
export function signatureKinds(random: Stream, pool = 40): SignatureKinds {
  const source = sourceOf(random);
  const withInput: Record<string, Maker> = {
    ...encodings(source),
    ...damage(source),
    ...edges(source),
    ...exceptions(source, pool),
    ...relations(source),
    ...badKeys(source),
  };
  const withDigest = chosenDigests(source);
  const all: Record<string, Maker> = { ...withInput, ...withDigest };
  return {
    withInput: Object.keys(withInput),
    withDigest: Object.keys(withDigest),
    make: (kind) => all[kind]!().map((made) => ({ ...made, kind })),
    honest: (sent, keys) => ({
      ...sentAs(sign(keys ? random.pick(keys) : source.key(), source.nonce(), source.message()), sent, ok),
      kind: `honest, ${sent}`,
    }),
    newKey: () => source.key(),
  };
}
