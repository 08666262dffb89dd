/**
 * Reconstruction and decompression in every kernel, item by item against logarithms that are known and against node:crypto.
 * A tenth of SCMS_DIFFERENTIAL; SCMS_SEED chooses others.
 */
import { ECDH } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type PointResult, Status } from '../../src/kernel/kernel.ts';
import { add, isOnCurve, liftX, mod, multiply, N, P } from '../reference/p256.ts';
import { type ImplicitKey, implicitKinds, reconstructed } from '../support/implicit-keys.ts';
import { kernels } from '../support/kernel-paths.ts';
import { concat, toHex, toInteger, toOctets } from '../support/octets.ts';
import { digestOf, multiple } from '../support/signatures.ts';
import { Stream } from '../support/stream.ts';

const TOTAL = Math.max(1000, Math.floor(Number(process.env.SCMS_DIFFERENTIAL ?? 0) / 10));
/** @noble/curves, which the native kernel reconstructs with, takes milliseconds an item. */
const TIMEOUT = 60_000 + 10 * TOTAL;
const SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 63, 64, 65, 255, 256, 257, 513];

const random = new Stream(`reconstruction ${process.env.SCMS_SEED ?? '1'}`);
const kinds = implicitKinds(random);
const underTest = kernels();

/** A status and the octets of its point, in words. */
type Outcome = string;

function outcomes({ status, points }: PointResult): Outcome[] {
  return Array.from(status, (one, i) => `${one} ${toHex(points.subarray(64 * i, 64 * i + 64))}`);
}

const refused = (status: Status): Outcome => `${status} ${'00'.repeat(64)}`;

/** Runs of every size over a list, with where each starts. */
function* runs<T>(items: readonly T[]): Generator<{ from: number; part: readonly T[] }> {
  for (let from = 0, n = 0; from < items.length; n++) {
    const part = items.slice(from, from + SIZES[n % SIZES.length]!);
    yield { from, part };
    from += part.length;
  }
}

describe('reconstruction', () => {
  const items: ImplicitKey[] = [
    ...kinds.names.map((name) => kinds.make(name)),
    ...Array.from({ length: TOTAL }, () => kinds.make(random.chance(0.4) ? 'plain' : random.pick(kinds.names))),
  ];
  const expected = items.map((item): Outcome => {
    const { status, log } = reconstructed(item);
    if (log === undefined) return refused(status);
    const { x, y } = multiple(log);
    return `${status} ${toHex(concat(toOctets(x), toOctets(y)))}`;
  });

  it('comes out as its kinds say, from the definitions', () => {
    kinds.names.forEach((kind, i) => {
      const { input, value, issuer } = items[i]!;
      const [prefix, x] = [value[0]!, toInteger(value.subarray(1))];
      const point = prefix === 2 || prefix === 3 ? liftX(x, prefix === 3) : undefined;
      if (!point || !isOnCurve(issuer)) {
        expect(expected[i], kind).toBe(refused(Status.notOnCurve));
        return;
      }
      const key = add(multiply(mod(digestOf(input), N), point), issuer);
      const octets = key && toHex(concat(toOctets(key.x), toOctets(key.y)));
      expect(expected[i], kind).toBe(octets ? `${Status.ok} ${octets}` : refused(Status.infinity));
    });
    expect(items.some(({ input }) => digestOf(input) >= N)).toBe(true);
    expect(liftX(5n, false)).toBeDefined();
  });

  it.each(underTest)(
    `is right for ${TOTAL} items in batches of every size, $name`,
    ({ kernel }) => {
      for (const { from, part } of runs(items)) {
        const result = kernel.reconstruct({
          count: part.length,
          input: concat(...part.map(({ input }) => input)),
          reconstructionValue: concat(...part.map(({ value }) => value)),
          issuerKey: concat(...part.map(({ issuer: { x, y } }) => concat(toOctets(x), toOctets(y)))),
        });
        const label = `${from}: ${part.map(({ kind }) => kind).join('; ')}`;
        expect(outcomes(result), label).toEqual(expected.slice(from, from + part.length));
      }
    },
    TIMEOUT,
  );

  it.each(underTest)('takes 20000 items in the same memory, $name', ({ name, kernel, memory }) => {
    if (name === 'native') return;
    const before = { stated: kernel.memoryBytes, taken: memory() };
    const count = 20_000;
    const filled = (octets: Uint8Array) => concat(...new Array<Uint8Array>(count).fill(octets));
    const { input, value, issuer } = items[0]!;
    const result = kernel.reconstruct({
      count,
      input: filled(input),
      reconstructionValue: filled(value),
      issuerKey: filled(concat(toOctets(issuer.x), toOctets(issuer.y))),
    });
    expect(new Set(outcomes(result))).toEqual(new Set([expected[0]]));
    expect({ stated: kernel.memoryBytes, taken: memory() }).toEqual(before);
  });
});

describe('decompression', () => {
  /** Half of all x have a y. */
  const arbitrary = () => concat(Uint8Array.of(random.pick([2, 3])), random.octets(32));
  const edges = [0n, 1n, 2n, 3n, 5n, N, N + 1n, P - 1n, P - 2n, P, P + 1n, P + 5n, 2n ** 256n - 1n];
  const items = [
    ...edges.flatMap((x) => [0, 1, 2, 3, 4, 5, 6, 7, 255].map((first) => concat(Uint8Array.of(first), toOctets(x)))),
    ...Array.from({ length: TOTAL }, () =>
      random.chance(0.1) ? concat(Uint8Array.of(random.index(256)), random.octets(32)) : arbitrary(),
    ),
  ];
  const expected = items.map((octets): Outcome => {
    if (octets[0] !== 2 && octets[0] !== 3) return refused(Status.notOnCurve);
    try {
      const point = ECDH.convertKey(octets, 'prime256v1', undefined, undefined, 'uncompressed') as Buffer;
      return `${Status.ok} ${toHex(point.subarray(1))}`;
    } catch {
      return refused(Status.notOnCurve);
    }
  });

  it('has points and others', () => {
    const points = expected.filter((outcome) => outcome.startsWith(`${Status.ok} `)).length;
    expect(points).toBeGreaterThan(items.length / 4);
    expect(points).toBeLessThan(items.length / 2);
  });

  it.each(underTest)(
    `is right for ${TOTAL} items in batches of every size, $name`,
    ({ kernel }) => {
      for (const { from, part } of runs(items)) {
        const result = kernel.decompress(part.length, concat(...part));
        expect(outcomes(result), `from ${from}`).toEqual(expected.slice(from, from + part.length));
      }
    },
    TIMEOUT,
  );
});
