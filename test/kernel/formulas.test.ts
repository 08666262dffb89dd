/** Affine additions with a shared inversion, and the formulas of the single path, exhaustively on small groups. */
import { describe, expect, it } from 'vitest';
import { add, G, inverse, mod, multiply, P, type Point } from '../reference/p256.ts';
import { ORDERS, smallGroup } from '../reference/torsion.ts';
import { Random } from '../support/octets.ts';
import { CORE_NAMES, fromLimbs, R, TestingCore } from '../support/testing-core.ts';

type Affine = { x: bigint; y: bigint };

describe.each(CORE_NAMES)('affine sums, %s', (name) => {
  const core = new TestingCore(name);
  const { call, feBytes, lanes } = core;
  const rInverse = inverse(core.R, P);
  const [left, right, out] = [core.slot(0), core.slot(2), core.slot(4)];

  function put(at: number, lane: number, point: Affine): void {
    core.put(at, lane, mod(point.x * core.R, P));
    core.put(at + feBytes, lane, mod(point.y * core.R, P));
  }

  function get(at: number, lane: number): Affine {
    const [x, y] = [0, feBytes].map((offset) => mod(core.get(at + offset, lane) * rInverse, P));
    return { x: x!, y: y! };
  }

  it.each(ORDERS)('adds every pair of different x in a group of order %i, and says where x is the same', (order) => {
    const { curve, points } = smallGroup(order);
    const finite = points.filter((point) => point !== undefined) as Affine[];
    const pairs = finite.flatMap((p) => finite.map((q) => ({ p, q, sum: add(p, q, curve) })));
    for (let i = 0; i < pairs.length; i++) {
      const used = Array.from({ length: lanes }, (_, lane) => pairs[(i + lane * 5) % pairs.length]!);
      used.forEach(({ p, q }, lane) => {
        put(left, lane, p);
        put(right, lane, q);
      });
      call.inversesBegin!();
      const equal = call.affineSumAnnounce!(left, right);
      call.inversesRun!();
      call.affineSumFinish!(out, left, right);
      used.forEach(({ p, q, sum }, lane) => {
        const same = p.x === q.x;
        expect((equal >> lane) & 1).toBe(same ? 1 : 0);
        if (!same) expect(get(out, lane)).toEqual(sum);
      });
    }
  });

  it.each(ORDERS.filter((order) => order % 2 === 1))('doubles every point of a group of order %i', (order) => {
    const { curve, points } = smallGroup(order);
    const finite = points.filter((point) => point !== undefined) as Affine[];
    finite.forEach((_, i) => {
      const used = Array.from({ length: lanes }, (__, lane) => finite[(i + lane) % finite.length]!);
      used.forEach((point, lane) => {
        put(left, lane, point);
      });
      call.inversesBegin!();
      call.affineDoubleAnnounce!(left);
      call.inversesRun!();
      call.affineDoubleFinish!(out, left);
      used.forEach((point, lane) => {
        expect(get(out, lane)).toEqual(add(point, point, curve));
      });
    });
  });
});

describe.each(CORE_NAMES)('formulas of the single path, %s', (name) => {
  const core = new TestingCore(name);
  const { call } = core;
  const random = new Random(31n);
  const rInverse = inverse(R, P);
  const [entry, octets] = [core.slot(0), core.slot(4)];
  /** A half of a pair: in the SIMD builds every other limb, in the scalar one nine limbs in a row. */
  const isSplit = name === 'scalar';
  const words = new Uint32Array(core.memory.buffer);

  function half(at: number, which: number): bigint {
    const limbs = Array.from({ length: 9 }, (_, i) =>
      BigInt(words[at / 4 + (isSplit ? 10 * which + i : 2 * i + which)]!),
    );
    return mod(fromLimbs(limbs) * rInverse, P);
  }

  function putEntry(point: Affine): void {
    [point.x, point.y].forEach((value, which) => {
      core.putHex(octets, value.toString(16).padStart(64, '0'));
      call.pairFromOctets!(entry, which, octets);
    });
    call.pairToMontgomery!(entry, entry);
  }

  /** The point so far, affine; undefined for infinity. */
  function current(): Point {
    const [xx, zy] = [core.constant('XX'), core.constant('ZY')];
    expect(half(xx, 0)).toBe(half(xx, 1));
    const z = half(zy, 0);
    if (z === 0n) return undefined;
    const inverted = inverse(z, P);
    const square = mod(inverted * inverted, P);
    return {
      x: mod(half(xx, 0) * square, P),
      y: mod(half(zy, 1) * square * inverted, P),
    };
  }

  it.each(ORDERS)('adds and doubles in every combination in a group of order %i, and says when it cannot', (order) => {
    const { curve, points } = smallGroup(order);
    const finite = points.filter((point) => point !== undefined) as Affine[];
    for (const first of finite) {
      for (const second of finite) {
        for (const doubled of [false, true]) {
          call.singleBegin!();
          putEntry(first);
          call.singleAdd!(entry);
          let expected: Point = first;
          if (doubled) {
            call.singleDouble!();
            expected = add(first, first, curve);
            expect(current()).toEqual(expected);
          }
          putEntry(second);
          call.singleAdd!(entry);
          const holds = expected !== undefined && expected.x !== second.x;
          expect(call.singleIsExceptional!()).toBe(holds ? 0 : 1);
          if (holds) expect(current()).toEqual(add(expected, second, curve));
        }
      }
    }
  });

  it('adds and doubles on P-256', () => {
    for (let i = 0; i < 40; i++) {
      const [p, q] = [multiply(random.below(1n << 40n) + 1n, G)!, multiply(random.below(1n << 40n) + 1n, G)!];
      call.singleBegin!();
      putEntry(p);
      call.singleAdd!(entry);
      call.singleDouble!();
      call.singleDouble!();
      putEntry(q);
      call.singleAdd!(entry);
      expect(current()).toEqual(add(multiply(4n, p), q));
      expect(call.singleIsExceptional!()).toBe(0);
    }
  });
});
