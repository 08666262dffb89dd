import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createKernel } from '../../src/kernel/index.ts';
import { Status } from '../../src/kernel/kernel.ts';
import { add, G, inverse, liftX, mod, multiply, N, negate, P, type Point } from '../reference/p256.ts';
import { concat, Random, toHex, toInteger, toOctets } from '../support/octets.ts';

const random = new Random(6n);
const hash = (input: Uint8Array): bigint => toInteger(new Uint8Array(createHash('sha256').update(input).digest()));

const compress = (point: Point): Uint8Array => concat(Uint8Array.of(point!.y & 1n ? 3 : 2), toOctets(point!.x));
const affine = (point: Point): Uint8Array =>
  point ? concat(toOctets(point.x), toOctets(point.y)) : new Uint8Array(64);

describe.each(['fma', 'simd', 'scalar', 'native'] as const)('points, %s', (name) => {
  const kernel = createKernel(name);

  it('decompresses, and refuses what is no point', () => {
    const points = Array.from({ length: 9 }, () => multiply(random.below(N - 1n) + 1n, G)!);
    points.push(G, negate(G)!);
    for (let x = 0n; x < 12n; x++)
      for (const odd of [false, true]) {
        const p = liftX(x, odd);
        if (p) points.push(p);
      }
    const refused = [
      concat(Uint8Array.of(2), toOctets(P)),
      concat(Uint8Array.of(3), toOctets(2n ** 256n - 1n)),
      // x + p of a point with a small x, if the check of the range were missing
      concat(Uint8Array.of(2), toOctets(P + 5n)),
      concat(Uint8Array.of(0), toOctets(G.x)),
      concat(Uint8Array.of(4), toOctets(G.x)),
      concat(Uint8Array.of(6), toOctets(G.x)),
      concat(Uint8Array.of(0x82), toOctets(G.x)),
      new Uint8Array(33),
    ];
    for (let x = 0n; refused.length < 14; x++)
      if (!liftX(x, false)) refused.push(concat(Uint8Array.of(2), toOctets(x)));
    const all = points.flatMap((point, i) => [
      { octets: compress(point), point: point as Point },
      { octets: refused[i % refused.length]!, point: undefined },
    ]);
    for (const shift of [0, 1]) {
      const batch = all.slice(shift);
      const { status, points: out } = kernel.decompress(batch.length, concat(...batch.map(({ octets }) => octets)));
      expect(Array.from(status)).toEqual(batch.map(({ point }) => (point ? Status.ok : Status.notOnCurve)));
      expect(toHex(out)).toBe(toHex(concat(...batch.map(({ point }) => affine(point)))));
    }
  });

  interface Item {
    input: Uint8Array;
    value: Uint8Array;
    issuer: Uint8Array;
    status: Status;
    key?: Point;
  }

  function check(items: readonly Item[]): void {
    const { status, points } = kernel.reconstruct({
      count: items.length,
      input: concat(...items.map(({ input }) => input)),
      reconstructionValue: concat(...items.map(({ value }) => value)),
      issuerKey: concat(...items.map(({ issuer }) => issuer)),
    });
    expect(Array.from(status)).toEqual(items.map((item) => item.status));
    expect(toHex(points)).toBe(toHex(concat(...items.map(({ key }) => affine(key)))));
  }

  function good(value = multiply(random.below(N - 1n) + 1n, G), issuer = multiply(random.below(N - 1n) + 1n, G)): Item {
    const input = random.octets(64);
    const key = add(multiply(hash(input) % N, value), issuer);
    return { input, value: compress(value), issuer: affine(issuer), status: Status.ok, key };
  }

  /** Items whose sum is exceptional: the issuer is chosen after the product is known. */
  function exceptional(): Item[] {
    const value = multiply(random.below(N - 1n) + 1n, G);
    const input = random.octets(64);
    const product = multiply(hash(input) % N, value)!;
    const item = { input, value: compress(value), issuer: affine(product) };
    return [
      { ...item, status: Status.ok, key: add(product, product) },
      { ...item, issuer: affine(negate(product)), status: Status.infinity },
      { ...item, issuer: affine({ x: product.x, y: product.y === 1n ? 2n : 1n }), status: Status.notOnCurve },
      { ...item, issuer: affine({ x: P, y: product.y }), status: Status.notOnCurve },
      { ...item, value: concat(Uint8Array.of(2), toOctets(P)), status: Status.notOnCurve },
      { ...item, value: concat(Uint8Array.of(2), toOctets(P)), issuer: new Uint8Array(64), status: Status.notOnCurve },
    ];
  }

  it('reconstructs e·P + Q with all 256 bits of e', () => {
    const items = Array.from({ length: 24 }, () => good());
    items.push(good(G, G), good(negate(G), G), good(G, negate(G)), good(multiply((N + 1n) / 2n, G), G));
    // e·P = −Q + G exactly: P = e⁻¹(G − Q)
    const input = random.octets(64);
    const issuer = multiply(12345n, G);
    const value = multiply(mod((1n - 12345n) * inverse(hash(input) % N, N), N), G);
    items.push({ input, value: compress(value), issuer: affine(issuer), status: Status.ok, key: G });
    check(items);
    expect(items.some((item) => hash(item.input) >> 255n === 1n)).toBe(true);
    for (const item of items.slice(0, 3)) check([item]);
  });

  it('gets exceptional sums right, whatever the neighbour', () => {
    const items = exceptional();
    const neighbour = good();
    check(items);
    for (const item of items) {
      check([item]);
      check([item, neighbour]);
      check([neighbour, item]);
      check([neighbour, neighbour, item, item, neighbour]);
    }
  });

  it('takes any count', () => {
    const pattern = [...exceptional(), good(), good(), good()];
    for (const count of [0, 1, 2, 3, 255, 256, 257, 515]) {
      check(Array.from({ length: count }, (_, i) => pattern[i % pattern.length]!));
    }
  });

  it('throws on misuse', () => {
    expect(() => kernel.decompress(2, new Uint8Array(65))).toThrow(RangeError);
    expect(() =>
      kernel.reconstruct({
        count: 1,
        input: new Uint8Array(64),
        reconstructionValue: new Uint8Array(32),
        issuerKey: new Uint8Array(64),
      }),
    ).toThrow(/reconstructionValue/);
  });
});
