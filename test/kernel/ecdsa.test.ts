/** ECDSA on every kernel against the BigInt oracle and node:crypto, on inputs that an attacker would choose. */
import { createPublicKey, generateKeyPairSync, type KeyObject, verify as nodeVerify, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { RForm, Status } from '../../src/kernel/kernel.ts';
import * as oracle from '../reference/p256.ts';
import { add, G, inverse, liftX, mod, multiply, N, negate, P, type Point } from '../reference/p256.ts';
import { type Item, verifyItems } from '../support/batches.ts';
import { EVERY_KERNEL_AND_PATH, kernelOf } from '../support/every-kernel.ts';
import { Random, toInteger, toOctets } from '../support/octets.ts';

const random = new Random(BigInt(process.env.SCMS_SEED ?? '5'));
/** Signatures in the differential run; SCMS_FUZZ asks for more. */
const FUZZ = Number(process.env.SCMS_FUZZ ?? 2000);
/** Items of one call of the WASM kernels. */
const CAPACITY = 1024;

interface Expected {
  name: string;
  item: Item;
  status: Status;
}

type Affine = { x: bigint; y: bigint };

function scalar(): bigint {
  return 1n + random.below(N - 1n);
}

/**
 * An item whose R = u1·G + u2·Q is a point of one's choice: Q = u2⁻¹(R − u1·G), r = x(R) mod n, s = r/u2, e = u1·s.
 * That is a valid signature under Q, and no private key is needed.
 */
function itemForPoint(point: Affine, u1 = scalar(), u2 = scalar()): Item {
  const key = multiply(inverse(u2, N), add(point, negate(multiply(u1, G))))!;
  const r = point.x % N;
  const s = mod(r * inverse(u2, N), N);
  return { input: toOctets(mod(u1 * s, N)), r, s, x: key.x, y: key.y };
}

/** A valid item under a known key d: u1 and u2 decide R = (u1 + u2·d)·G. */
function itemForScalars(d: bigint, u1: bigint, u2: bigint): Item {
  const key = multiply(d, G)!;
  const point = add(multiply(u1, G), multiply(u2, key));
  const r = point ? point.x % N : 1n;
  const s = mod(r * inverse(u2, N), N);
  return { input: toOctets(mod(u1 * s, N)), r, s, x: key.x, y: key.y };
}

/** A point with x in [n, p), so that r = x − n. */
function pointAboveN(): Affine {
  for (let x = N + 5n; ; x++) {
    const point = liftX(x, false);
    if (point) return point;
  }
}

function adversarial(): Expected[] {
  const out: Expected[] = [];
  const expectStatus = (name: string, item: Item, status: Status) => out.push({ name, item, status });
  const { ok, badSignature, scalarOutOfRange, notOnCurve } = Status;

  const good = itemForScalars(scalar(), scalar(), scalar());
  expectStatus('a plain valid signature', good, ok);
  expectStatus('s negated: the same x', { ...good, s: N - good.s }, ok);
  for (const rForm of [RForm.compressedY0, RForm.compressedY1, RForm.uncompressed]) {
    expectStatus(`y of R never decides, form ${rForm}`, { ...good, rForm }, ok);
    expectStatus(`y of R never decides with s negated, form ${rForm}`, { ...good, rForm, s: N - good.s }, ok);
  }
  expectStatus('another digest', { ...good, input: toOctets(mod(toInteger(good.input) + 1n, N)) }, badSignature);
  expectStatus('the digest plus n', itemWithDigestPlusN(), ok);
  for (const [name, r, s] of [
    ['r = 0', 0n, good.s],
    ['r = n', N, good.s],
    ['r = p', P, good.s],
    ['r = 2^256 − 1', 2n ** 256n - 1n, good.s],
    ['s = 0', good.r, 0n],
    ['s = n', good.r, N],
    ['s = n + 1', good.r, N + 1n],
    ['s = 2^256 − 1', good.r, 2n ** 256n - 1n],
    ['r = s = 0', 0n, 0n],
    ['r = n, s = n', N, N],
  ] as const) {
    expectStatus(name, { ...good, r, s }, scalarOutOfRange);
  }
  expectStatus('x = 0 in compressed form', { ...good, r: 0n, rForm: RForm.compressedY0 }, scalarOutOfRange);
  expectStatus('x = n in compressed form: r = 0', { ...good, r: N, rForm: RForm.compressedY0 }, scalarOutOfRange);
  for (const [r, s] of [
    [1n, 1n],
    [1n, N - 1n],
    [N - 1n, 1n],
    [N - 1n, N - 1n],
    [P - N - 1n, 1n],
    [P - N, 1n],
  ] as const) {
    expectStatus(`r = ${r.toString(16)}, s = ${s.toString(16)}`, { ...good, r, s }, badSignature);
  }
  expectStatus('x one above r + n', { ...good, r: good.r + 1n }, badSignature);

  const above = pointAboveN();
  const wrapped = itemForPoint(above);
  expectStatus('x(R) ≥ n, r = x − n', wrapped, ok);
  expectStatus('x(R) ≥ n, x itself in compressed form', { ...wrapped, r: above.x, rForm: RForm.compressedY1 }, ok);
  expectStatus('x(R) ≥ n, r in compressed form', { ...wrapped, rForm: RForm.compressedY1 }, ok);
  expectStatus('x(R) ≥ n, x itself as x-only', { ...wrapped, r: above.x }, scalarOutOfRange);
  expectStatus('r small, but x(R) is neither r nor r + n', { ...wrapped, r: wrapped.r + 1n }, badSignature);
  const below = smallX();
  expectStatus('x(R) < p − n and r = x', itemForPoint(below), ok);
  expectStatus(
    'x(R) < p − n, r + n sent in uncompressed form',
    { ...itemForPoint(below), r: below.x + N, rForm: RForm.uncompressed },
    ok,
  );
  // r + n ≥ p is no coordinate, and must not be compared mod p either: x(R) = r + n − p would be accepted.
  const folded = itemForPoint(liftFrom(3n));
  expectStatus('x(R) = r + n − p', { ...withR(folded, mod(folded.r - N + P, P)) }, badSignature);

  const d = scalar();
  expectStatus('R = infinity', itemForScalars(d, mod(-d * 7n, N), 7n), badSignature);
  expectStatus('R = infinity with key G', itemForScalars(1n, N - 5n, 5n), badSignature);
  expectStatus('R = infinity with key −G', itemForScalars(N - 1n, 5n, 5n), badSignature);
  for (const u1 of [0n, 1n, 2n, 3n, N - 1n, N - 2n, 1n << 255n, (1n << 253n) - 1n]) {
    for (const u2 of [1n, 2n, 16n, 31n, 32n, N - 1n, N - 2n, 1n << 250n]) {
      for (const key of [1n, 2n, N - 1n, (N + 1n) / 2n, d]) {
        if (mod(u1 + u2 * key, N) === 0n) continue;
        expectStatus(
          `u1 = ${u1.toString(16)}, u2 = ${u2.toString(16)}, d = ${key.toString(16)}`,
          itemForScalars(key, u1, u2),
          ok,
        );
      }
    }
  }
  expectStatus('u1·G = u2·Q', itemForScalars(d, mod(9n * d, N), 9n), ok);
  expectStatus('digest 0', itemForScalars(d, 0n, scalar()), ok);
  expectStatus('digest 2^256 − 1', { ...good, input: new Uint8Array(32).fill(255) }, badSignature);

  expectStatus('key (0, 0)', { ...good, x: 0n, y: 0n }, notOnCurve);
  expectStatus('key with y + 1', { ...good, y: mod(good.y + 1n, P) }, notOnCurve);
  expectStatus('key with −y: on the curve, another key', { ...good, y: P - good.y }, badSignature);
  expectStatus('key x = p', { ...good, x: P }, notOnCurve);
  expectStatus('key y = 2^256 − 1', { ...good, y: 2n ** 256n - 1n }, notOnCurve);
  const small = itemForKey(liftFrom(5n));
  expectStatus('key with a small x', small, ok);
  expectStatus('the same key with x + p', { ...small, x: small.x + P }, notOnCurve);
  // y = 5 is the smallest y of P-256 for which x³ − 3x + b = y² has exactly one root x.
  const flat = itemForKey({ x: 0xd7325d7646cd60d80a92738ceb345f844cffaf35841022cab176f692de8de1d7n, y: 5n });
  expectStatus('key with a small y', flat, ok);
  expectStatus('the same key with y + p', { ...flat, y: flat.y + P }, notOnCurve);
  expectStatus('key on the twist', { ...good, ...twistPoint() }, notOnCurve);
  expectStatus('bad key and s = 0: the range comes first', { ...good, x: 0n, s: 0n }, scalarOutOfRange);
  return out;
}

function itemWithDigestPlusN(): Item {
  const item = itemForScalars(11n, 5n, scalar());
  // A small digest e, so that e + n still fits in 256 bits: s is free, so fix e = 3 and take u1 = 3/s.
  const point = multiply(77n, G)!;
  const r = point.x % N;
  const s = mod(inverse(77n, N) * (3n + r * 11n), N);
  return { ...item, input: toOctets(3n + N), r, s };
}

function liftFrom(x: bigint): Affine {
  for (let i = x; ; i++) {
    const point = liftX(i, true);
    if (point) return point;
  }
}

function smallX(): Affine {
  return liftFrom(1n);
}

/** An item under a key of one's choice whose private key is unknown: r and s follow from u1 and u2, and so does e. */
function itemForKey(key: Affine): Item {
  const [u1, u2] = [scalar(), scalar()];
  const r = add(multiply(u1, G), multiply(u2, key))!.x % N;
  const s = mod(r * inverse(u2, N), N);
  return { input: toOctets(mod(u1 * s, N)), r, s, ...key };
}

/** The same R = u1·G + u2·Q as the item has, with another r: s and e are made to fit. */
function withR(item: Item, r: bigint): Item {
  const w = inverse(item.s, N);
  const [u1, u2] = [mod(toInteger(item.input) * w, N), mod(item.r * w, N)];
  const s = mod(r * inverse(u2, N), N);
  return { ...item, r, s, input: toOctets(mod(u1 * s, N)) };
}

/** x without a y on the curve; y of the curve with that other b is left as it is. */
function twistPoint(): Affine {
  for (let x = 1n; ; x++) if (!liftX(x, false)) return { x, y: 1n };
}

const kernels = EVERY_KERNEL_AND_PATH.map((name) => ({ name, kernel: kernelOf(name) }));
const cases = adversarial();

describe('the oracle', () => {
  it('agrees with what the cases say', () => {
    for (const { name, item, status } of cases) {
      const r = item.rForm ? mod(item.r, N) : item.r;
      expect(oracle.verify(toInteger(item.input), r, item.s, item), name).toBe(status === Status.ok);
    }
  });
});

describe.each(kernels)('ECDSA, $name', ({ kernel }) => {
  it('judges every adversarial item, alone and in one batch', () => {
    const alone = cases.filter(({ item, status }) => verifyItems(kernel, [item])[0] !== status);
    expect(alone.map(({ name }) => name)).toEqual([]);
    const together = verifyItems(
      kernel,
      cases.map(({ item }) => item),
    );
    expect(cases.filter(({ status }, i) => together[i] !== status).map(({ name }) => name)).toEqual([]);
  });

  it('leaves neighbours unharmed, whatever is wrong and in whichever lane', () => {
    const good = cases.find(({ status }) => status === Status.ok)!;
    // The table of (u1, u2, d) all end well; these are the ones that go wrong or take an exceptional path.
    const strange = cases.filter(({ status, name }) => status !== Status.ok || /u1 = [0-3],/.test(name)).slice(0, 70);
    for (const odd of strange) {
      for (let place = 0; place < 4; place++) {
        const batch = [good, good, good, good].map((one, i) => (i === place ? odd : one));
        const statuses = verifyItems(
          kernel,
          batch.map(({ item }) => item),
        );
        expect(statuses, `${odd.name} at ${place}`).toEqual(batch.map(({ status }) => status));
      }
    }
  });

  it('takes any count, and the same key many times', () => {
    const pattern = cases.slice(0, 40);
    for (const count of [0, 1, 2, 3, 4, 5, CAPACITY - 1, CAPACITY, CAPACITY + 1, 2 * CAPACITY + 3]) {
      if (kernel.name === 'native' && count > CAPACITY) continue;
      const batch = Array.from({ length: count }, (_, i) => pattern[i % pattern.length]!);
      expect(
        verifyItems(
          kernel,
          batch.map(({ item }) => item),
        ),
      ).toEqual(batch.map(({ status }) => status));
    }
  });

  it('throws on misuse, before any work', () => {
    const one = { count: 1, hashed: false, input: new Uint8Array(64), rForm: new Uint8Array(1) };
    const rest = { r: new Uint8Array(32), s: new Uint8Array(32), publicKey: new Uint8Array(64) };
    expect(Array.from(kernel.verify({ ...one, ...rest }))).toEqual([Status.scalarOutOfRange]);
    expect(() => kernel.verify({ ...one, ...rest, count: -1 })).toThrow(RangeError);
    expect(() => kernel.verify({ ...one, ...rest, count: 1.5 })).toThrow(RangeError);
    expect(() => kernel.verify({ ...one, ...rest, count: 2 })).toThrow(RangeError);
    expect(() => kernel.verify({ ...one, ...rest, input: new Uint8Array(32) })).toThrow(/input/);
    expect(() => kernel.verify({ ...one, ...rest, publicKey: new Uint8Array(63) })).toThrow(/publicKey/);
    expect(() => kernel.verify({ ...one, ...rest, rForm: Uint8Array.of(1) })).toThrow(/RForm/);
    expect(() => kernel.verify({ ...one, ...rest, rForm: Uint8Array.of(5) })).toThrow(/RForm/);
  });
});

describe('against node:crypto', () => {
  interface Signer {
    privateKey: KeyObject;
    publicKey: KeyObject;
    point: Affine;
  }
  const signers: Signer[] = Array.from({ length: 40 }, () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x, y } = publicKey.export({ format: 'jwk' });
    const coordinate = (text: string) => toInteger(new Uint8Array(Buffer.from(text, 'base64url')));
    return { privateKey, publicKey, point: { x: coordinate(x!), y: coordinate(y!) } };
  });

  /** A signature of 64 octets, left alone or damaged in one of several ways; `key` is the one node:crypto is asked with. */
  function sample(): { item: Item; key: KeyObject } {
    const signer = signers[random.index(signers.length)]!;
    const input = random.octets(64);
    const signature = sign('sha256', input, { key: signer.privateKey, dsaEncoding: 'ieee-p1363' });
    let r = toInteger(new Uint8Array(signature.subarray(0, 32)));
    let s = toInteger(new Uint8Array(signature.subarray(32)));
    let { publicKey: key, point } = signer;
    switch (random.index(10)) {
      case 0:
        input[random.index(64)]! ^= 1 << random.index(8);
        break;
      case 1:
        r ^= 1n << BigInt(random.index(256));
        break;
      case 2:
        s ^= 1n << BigInt(random.index(256));
        break;
      case 3:
        s = N - s;
        break;
      case 4:
        [r, s] = [s, r];
        break;
      case 5:
        ({ publicKey: key, point } = signers[random.index(signers.length)]!);
        break;
      case 6: {
        point = { x: point.x, y: P - point.y };
        const coordinate = (value: bigint) => Buffer.from(toOctets(value)).toString('base64url');
        key = createPublicKey({
          format: 'jwk',
          key: { kty: 'EC', crv: 'P-256', x: coordinate(point.x), y: coordinate(point.y) },
        });
        break;
      }
      default:
    }
    return { item: { input, r, s, ...point }, key };
  }

  it(`gives the same verdict on ${FUZZ} signatures, in batches of every size`, () => {
    let left = FUZZ;
    let accepted = 0;
    while (left > 0) {
      const size = Math.min(left, 1 + random.index(2) * random.index(300) + random.index(8));
      left -= size;
      const batch = Array.from({ length: size }, sample);
      const expected = batch.map(({ item, key }) =>
        nodeVerify(
          'sha256',
          item.input,
          { key, dsaEncoding: 'ieee-p1363' },
          Buffer.concat([toOctets(item.r), toOctets(item.s)]),
        ),
      );
      for (const { name, kernel } of kernels) {
        const statuses = verifyItems(
          kernel,
          batch.map(({ item }) => item),
        );
        expect(
          statuses.map((status) => status === Status.ok),
          name,
        ).toEqual(expected);
        expect(statuses).not.toContain(Status.notJudged);
      }
      accepted += expected.filter(Boolean).length;
    }
    expect(accepted).toBeGreaterThan(FUZZ / 5);
    expect(accepted).toBeLessThan(FUZZ);
  });

  it('memory stays as it was created', () => {
    for (const { kernel } of kernels) {
      const before = kernel.memoryBytes;
      kernel.sha256([new Uint8Array(300_000)]);
      verifyItems(
        kernel,
        Array.from({ length: CAPACITY + 1 }, () => cases[0]!.item),
      );
      expect(kernel.memoryBytes).toBe(before);
    }
  });
});

describe('points of the cases', () => {
  it('x in [n, p) exists and is rare', () => {
    const point: Point = pointAboveN();
    expect(point.x >= N && point.x < P).toBe(true);
    expect(oracle.isOnCurve(point)).toBe(true);
  });
});
