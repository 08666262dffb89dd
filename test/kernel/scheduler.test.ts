/** Which way each signature takes, as the metrics tell it, and what failures change in that. The verdicts have tests of their own. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createKernel, type Kernel, type KernelName, Status, type VerifyBatch } from '../../src/kernel/index.ts';
import { liftX } from '../reference/p256.ts';
import { concat, toOctets } from '../support/octets.ts';
import { type Made, pack } from '../support/signatures.ts';
import { signatureMaker } from '../support/signed-batches.ts';

const NAMES: KernelName[] = ['fma', 'simd', 'scalar'];
const make = signatureMaker(600);

/** The smallest x that no point of P-256 has. */
const NO_X = [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n, 10n].find((x) => liftX(x, false) === undefined)!;

describe.each(NAMES)('scheduler, %s', (name) => {
  let kernel: Kernel;
  beforeEach(() => {
    kernel = createKernel(name);
  });

  /** Verifies, and says what the metrics have gained. */
  function run(batch: VerifyBatch): { status: Uint8Array; gained: Record<string, number> } {
    const before = kernel.metrics;
    const status = kernel.verify(batch);
    const after = kernel.metrics;
    const gained = Object.entries(after).flatMap(([key, value]) => {
      if (key.startsWith('cache')) return [];
      const more = value - before[key as keyof typeof before];
      return more === 0 ? [] : [[key, more] as const];
    });
    return { status, gained: Object.fromEntries(gained) };
  }

  it('verifies one to three by themselves singly, and more in lock-step', () => {
    expect(run(pack(make.distinct(1, 'xOnly'), false)).gained).toEqual({ single: 1 });
    expect(run(pack(make.distinct(3, 'xOnly'), false)).gained).toEqual({ single: 3 });
    expect(run(pack(make.distinct(40, 'xOnly'), false)).gained).toMatchObject({ lockstep: 40 });
  });

  it('puts distinct keys whose R has a y into one equation, but not a handful', () => {
    expect(run(pack(make.distinct(300, 'compressed'), false)).gained).toEqual({ equation: 300, equations: 1 });
    expect(run(pack(make.distinct(5, 'compressed'), false)).gained).toEqual({ lockstep: 5 });
  });

  it('gives a key under which enough has verified a table, and keeps it over calls', () => {
    expect(run(pack(make.underOne(40, 'xOnly'), false)).gained).toEqual({ lockstep: 40 });
    expect(run(pack(make.underOne(1, 'xOnly'), false)).gained).toEqual({ table: 1, tablesBuilt: 1 });
    expect(run(pack(make.underOne(2, 'xOnly'), false)).gained).toEqual({ table: 2 });
    expect(run(pack(make.underOne(2, 'compressed'), false)).gained).toEqual({ table: 2 });
  });

  it('lends a table to a key that wrong signatures name, and lets a key that verifies take it', () => {
    const [victim] = make.underOne(1, 'xOnly');
    const forged = make.underOne(300, 'xOnly').map((item) => ({ ...item, s: item.s ^ 2n }));
    expect(run(pack(forged, false)).gained).toEqual({ lockstep: 300 });
    expect(run(pack(forged, false)).gained).toEqual({ table: 300, tablesBuilt: 1 });
    expect(run(pack(forged, false)).gained).toEqual({ table: 300 });
    expect(run(pack([victim as Made], false)).status).toEqual(Uint8Array.of(Status.ok));
  });

  it('counts signatures whose key had a table when they came, and those whose key had none', () => {
    const cache = () => [kernel.metrics.cacheHits, kernel.metrics.cacheMisses] as const;
    const [, missesAtFirst] = cache();
    run(pack(make.underOne(40, 'xOnly'), false));
    expect(cache()).toEqual([0, missesAtFirst + 40]);
    run(pack(make.underOne(1, 'xOnly'), false));
    expect(cache()).toEqual([0, missesAtFirst + 41]);
    run(pack([...make.underOne(3, 'xOnly'), ...make.distinct(2, 'xOnly')], false));
    expect(cache()).toEqual([3, missesAtFirst + 43]);
  });

  it('takes every way for its own part of a mixed call', () => {
    const items = [
      ...make.underOne(30, 'xOnly'),
      ...make.distinct(50, 'compressed'),
      ...make.distinct(20, 'xOnly', 100),
    ];
    run(pack(make.underOne(30, 'xOnly'), false));
    const { status, gained } = run(pack(items, false));
    expect(gained).toEqual({ table: 30, tablesBuilt: 1, equation: 50, equations: 1, lockstep: 20 });
    expect(status.every((one) => one === Status.ok)).toBe(true);
  });

  it('halves a failing equation, and judges what is left by itself', () => {
    const items = make.distinct(256, 'compressed').with(77, make.broken('compressed'));
    const { status, gained } = run(pack(items, false));
    expect(gained.equation! + gained.leftOver!).toBe(256);
    expect(gained.leftOver).toBeLessThanOrEqual(16);
    expect(gained.lockstep).toBe(gained.leftOver);
    expect(gained.bisections).toBe(gained.equations! - 1);
    expect(gained.equations).toBeLessThanOrEqual(9);
    expect(Array.from(status).flatMap((one, i) => (one === Status.ok ? [] : [i]))).toEqual([77]);
  });

  it('does not try a half again that must be the wrong one', () => {
    const items = make.distinct(256, 'compressed').with(200, make.broken('compressed'));
    // All; the first half, which holds; then the quarters and smaller parts of the second, down to sixteen.
    expect(run(pack(items, false)).gained).toMatchObject({ equations: 7, bisections: 6, leftOver: 16 });
  });

  it('bounds what it spends on a call in which everything is wrong', () => {
    const items = Array.from({ length: 256 }, () => make.broken('compressed'));
    const { status, gained } = run(pack(items, false));
    expect(status.every((one) => one === Status.badSignature)).toBe(true);
    expect(gained.lockstep).toBe(256);
    // Four times the items of the call at most go through equations: no more than sixteen of sixteenths, and the larger ones.
    expect(gained.equations).toBeLessThanOrEqual(2 * 16 + 8);
  });

  it('makes equations smaller while somebody plants bad ones, and larger again afterwards', () => {
    const attacked = make.distinct(512, 'compressed').with(5, make.broken('compressed'));
    const first = run(pack(attacked, false)).gained;
    let last = first;
    for (let i = 0; i < 4; i++) last = run(pack(attacked, false)).gained;
    expect(last.equation! + last.leftOver!).toBe(512);
    // Equations of some 128 now, of which one is halved: the others hold at once.
    expect(last.equations! - last.bisections!).toBeGreaterThanOrEqual(3);
    expect(last.bisections).toBeLessThan(first.bisections!);
    for (let i = 0; i < 8; i++) last = run(pack(make.distinct(512, 'compressed'), false)).gained;
    expect(last).toEqual({ equation: 512, equations: 1 });
  });

  it('tries no equation while most is wrong, and returns to them afterwards', () => {
    const wrong = Array.from({ length: 256 }, () => make.broken('compressed'));
    run(pack(wrong, false));
    for (let i = 0; i < 3; i++) expect(run(pack(wrong, false)).gained).toEqual({ lockstep: 256 });
    let last: Record<string, number> = {};
    for (let i = 0; i < 16; i++) last = run(pack(make.distinct(512, 'compressed'), false)).gained;
    // Keys that wrong signatures named may have tables by now.
    const { equation, table = 0, equations } = last;
    expect([equation! + table, equations]).toEqual([512, 1]);
    expect(table).toBeLessThan(16);
  });

  it('takes the way it is told, wherever that is possible', () => {
    const items = make.distinct(20, 'compressed');
    expect(run(pack(items, false, 'single')).gained).toEqual({ single: 20 });
    expect(run(pack(items, false, 'lockstep')).gained).toEqual({ lockstep: 20 });
    expect(run(pack(items.slice(0, 4), false, 'batch')).gained).toEqual({ equation: 4, equations: 1 });
    expect(run(pack(items.slice(0, 4), false, 'table')).gained).toEqual({ table: 4, tablesBuilt: 4 });
    expect(run(pack(make.distinct(4, 'xOnly'), false, 'batch')).gained).toEqual({ lockstep: 4 });
  });

  it('never grows, and says how large it is', () => {
    const before = kernel.memoryBytes;
    for (let i = 0; i < 3; i++) run(pack(make.distinct(600, 'compressed'), false));
    run(pack(make.underOne(600, 'xOnly'), false));
    expect(kernel.memoryBytes).toBe(before);
  });
});

describe.each([...NAMES, 'native'] as const)('points of a round, %s', (name) => {
  it('judge nothing where the certificate that they are from is not genuine', () => {
    const bench = createKernel(name).kernelBatch;
    const [issuer, other] = make.distinct(2, 'xOnly') as [Made, Made];
    const messages = make.distinct(24, 'compressed');
    const place = (item: Made): [number, number, number, number, number] => {
      const data = bench.known(item.input.subarray(0, 32));
      const signer = bench.known(item.input.subarray(32));
      return [data, signer, item.rForm ?? 0, bench.put(toOctets(item.r)), bench.put(toOctets(item.s))];
    };
    const key = { point: concat(toOctets(issuer.x), toOctets(issuer.y)) };
    const statusesWith = (certified: 'genuine' | 'forged' | 'none'): number[] => {
      bench.begin();
      const genuine = bench.verify(...place(issuer), key);
      const forged = bench.verify(...place(other), key);
      const ids = messages.map((item) => {
        const point = bench.point(bench.put(toOctets(item.x)), Number(item.y & 1n));
        const named = { genuine, forged, none: undefined }[certified];
        return bench.verifyWithPoint(...place(item), point, named);
      });
      bench.run();
      expect([bench.status(genuine), bench.status(forged)]).toEqual([Status.ok, Status.badSignature]);
      return [...new Set(ids.map((id) => bench.status(id)))];
    };
    expect(statusesWith('none')).toEqual([Status.ok]);
    expect(statusesWith('genuine')).toEqual([Status.ok]);
    expect(statusesWith('forged')).toEqual([Status.notJudged]);
    bench.begin();
    const first = bench.verify(...place(issuer), key);
    const point = bench.point(bench.put(toOctets(issuer.x)), 0);
    for (const none of [-2, 1, 77, 0.5]) {
      expect(() => bench.verifyWithPoint(...place(issuer), point, none)).toThrow(RangeError);
    }
    expect(() => bench.verifyWithPoint(...place(issuer), point, first)).not.toThrow();
  });

  it('are not taken for good because a signature of an earlier round stood where theirs would', () => {
    const bench = createKernel(name).kernelBatch;
    const [good] = make.distinct(1, 'xOnly');
    const [known] = make.underOne(1, 'xOnly');
    const signature = (item: Made): [number, number, number, number, number] => {
      const data = bench.known(item.input.subarray(0, 32));
      const signer = bench.known(item.input.subarray(32));
      return [data, signer, 0, bench.put(toOctets(item.r)), bench.put(toOctets(item.s))];
    };
    bench.begin();
    const x = bench.put(toOctets(good!.x));
    const point = bench.point(x, Number(good!.y & 1n));
    const first = bench.verifyWithPoint(...signature(good!), point);
    bench.run();
    expect([bench.status(first), bench.pointStatus(point)]).toEqual([Status.ok, Status.ok]);
    bench.begin();
    const none = bench.point(bench.put(toOctets(NO_X)), 0);
    const second = bench.verify(...signature(known!), { point: concat(toOctets(known!.x), toOctets(known!.y)) });
    bench.run();
    expect([bench.status(second), bench.pointStatus(none)]).toEqual([Status.ok, Status.notOnCurve]);
  });
});
