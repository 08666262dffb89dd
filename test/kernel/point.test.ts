import { describe, expect, it } from 'vitest';
import { add, G, isOnCurve, mod, multiply, P, type Point } from '../reference/p256.ts';
import { ORDERS, smallGroup } from '../reference/torsion.ts';
import { Random } from '../support/octets.ts';
import { CORE_NAMES, TestingCore } from '../support/testing-core.ts';

describe.each(ORDERS)('the group of order %i for the tests', (order) => {
  it('is one: on its curve, closed, with as many points', () => {
    const { curve, points } = smallGroup(order);
    expect(points.length).toBe(order);
    for (const point of points) expect(point === undefined || isOnCurve(point, curve)).toBe(true);
    expect(new Set(points.map((point) => `${point?.x}/${point?.y}`)).size).toBe(order);
  });
});

describe.each(CORE_NAMES)('points, %s', (name) => {
  const core = new TestingCore(name);
  const { call, feBytes, R } = core;
  const random = new Random(3n);

  function putAffine(at: number, lane: number, point: Point): void {
    core.put(at, lane, mod(point!.x * R, P));
    core.put(at + feBytes, lane, mod(point!.y * R, P));
  }

  /** Any of the many representations: a random Z, and for infinity Z = 0 or p with random X and Y. */
  function putJacobian(at: number, lane: number, point: Point): void {
    const z = point ? 1n + random.below(P - 1n) : 0n;
    const [x, y] = point ? [point.x * z * z, point.y * z * z * z] : [random.below(P), random.below(P)];
    core.put(at, lane, mod(x * R, P));
    core.put(at + feBytes, lane, mod(y * R, P));
    core.put(at + 2 * feBytes, lane, point ? mod(z * R, P) : random.index(2) ? P : 0n);
  }

  const rInverse = multiplyInverse();
  function multiplyInverse(): bigint {
    let inverse = 1n;
    for (let i = 0; 1n << BigInt(i) < R; i++) inverse = mod(inverse * ((P + 1n) / 2n), P);
    return inverse;
  }

  function sameJacobian(at: number, lane: number, point: Point): boolean {
    const [x, y, z] = [0, 1, 2].map((i) => mod(core.get(at + i * feBytes, lane) * rInverse, P)) as [
      bigint,
      bigint,
      bigint,
    ];
    if (!point) return z === 0n;
    return z !== 0n && x === mod(point.x * z * z, P) && y === mod(point.y * z * z * z, P);
  }

  const left = core.slot(0);
  const right = core.slot(3);
  const out = core.slot(5);

  it.each(ORDERS)('adds every pair of a group of order %i, whatever the other lane does', (order) => {
    const { curve, points } = smallGroup(order);
    const cases = points.flatMap((p) => points.slice(1).map((q) => ({ p, q, sum: add(p, q, curve) })));
    for (let i = 0; i < cases.length; i++) {
      for (let j = 0; j < (core.lanes === 1 ? 1 : cases.length); j++) {
        const lanes = [cases[i]!, cases[j]!].slice(0, core.lanes);
        lanes.forEach(({ p, q }, lane) => {
          putJacobian(left, lane, p);
          putAffine(right, lane, q);
        });
        // Every other time over its own operand.
        const target = (i + j) % 2 ? left : out;
        call.pointAddAffine!(target, left, right);
        lanes.forEach(({ sum }, lane) => {
          if (!sameJacobian(target, lane, sum)) throw new Error(`order ${order}, cases ${i} and ${j}, lane ${lane}`);
        });
      }
    }
  });

  it.each(ORDERS)('doubles every point of a group of order %i', (order) => {
    const { curve, points } = smallGroup(order);
    for (let i = 0; i < points.length; i++) {
      for (let j = 0; j < points.length; j++) {
        const lanes = [points[i], points[j]].slice(0, core.lanes);
        lanes.forEach((p, lane) => {
          putJacobian(left, lane, p);
        });
        const target = (i + j) % 2 ? left : out;
        call.pointDouble!(target, left);
        lanes.forEach((p, lane) => {
          if (!sameJacobian(target, lane, add(p, p, curve))) throw new Error(`order ${order}, points ${i} and ${j}`);
        });
      }
    }
  });

  it('adds and doubles on P-256 itself', () => {
    for (let i = 0; i < 20; i++) {
      const points = Array.from({ length: core.lanes }, () => ({
        p: multiply(random.below(1n << 20n) + 1n, G),
        q: multiply(random.below(1n << 20n) + 1n, G),
      }));
      points.forEach(({ p, q }, lane) => {
        putJacobian(left, lane, p);
        putAffine(right, lane, q);
      });
      call.pointAddAffine!(out, left, right);
      call.pointDouble!(left, left);
      points.forEach(({ p, q }, lane) => {
        expect(sameJacobian(out, lane, add(p, q))).toBe(true);
        expect(sameJacobian(left, lane, add(p, p))).toBe(true);
      });
    }
  });

  it('has the odd multiples of every power in its table of G', () => {
    const window = core.constant('BASE_WINDOW');
    let at = core.constant('BASE_TABLE');
    let bit = 0;
    for (let position = 0; position < core.constant('BASE_POSITIONS'); position++) {
      const width = position < 256 % window ? window + 1 : window;
      const entries = 1 << (width - 1);
      const power = multiply(1n << BigInt(bit), G);
      const sample = [0, 1, 2, 3, 4, 5, 63, 64, 1023, entries / 2 - 1, entries / 2, entries - 1, random.index(entries)];
      for (const e of sample) {
        const expected = multiply(BigInt(2 * e + 1), power)!;
        const got = [0, 32].map((y) => mod(core.compact(at + 64 * e + y) * rInverse, P));
        if (got[0] !== expected.x || got[1] !== expected.y) throw new Error(`position ${position}, entry ${e}`);
      }
      at += 64 * entries;
      bit += width;
    }
    expect(bit).toBe(256);
  });
});
