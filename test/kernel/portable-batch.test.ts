import { describe, expect, it } from 'vitest';
import { type Kernel, RForm, Status } from '../../src/kernel/kernel.ts';
import { createPortableBatch } from '../../src/kernel/portable-batch.ts';
import { createScms, pseudonyms } from '../../src/testbed/index.ts';
import { kernelBatchDigest } from '../support/kernel-batch-digest.ts';
import { KERNEL } from '../support/kernels.ts';

const scms = createScms({ seed: 'kernelBatch' });
/** toBeSigned stands behind the issuer; key, r and s at the end. */
const certificate = [...pseudonyms(scms, { devices: 1, perWeek: 1, explicit: true })].map(
  ({ bytes }) => bytes,
)[0] as Uint8Array;
const end = certificate.length;
const at = { tbs: 12, tbsEnd: end - 66, x: end - 66 - 32, r: end - 64, s: end - 32 };
const issuerKey = { point: affineOf(scms.pca.bytes) };
const sha256 = (octets: Uint8Array): Uint8Array => KERNEL.sha256([octets]).slice();

/** The key of an explicit certificate, which stands before its signature of 66 octets. */
function affineOf(octets: Uint8Array): Uint8Array {
  const point = octets.slice(octets.length - 66 - 33, octets.length - 66);
  point[0] = 2 | ((point[0] as number) & 1);
  const { status, points } = KERNEL.decompress(1, point);
  expect(status[0]).toBe(Status.ok);
  return points.slice(0, 64);
}

describe('the portable kernel batch', () => {
  const bench = createPortableBatch(KERNEL);

  it('does a round, and the next one as if there had been none before', () => {
    for (let round = 0; round < 3; round++) {
      bench.begin();
      const forged = certificate.slice();
      forged[end - 1] = (forged[end - 1] as number) ^ 1;
      const [good, bad] = [bench.put(certificate), bench.put(forged)];
      const tbs = bench.hash(good + at.tbs, at.tbsEnd - at.tbs);
      const whole = bench.hash(good, end);
      const issuer = bench.known(scms.pca.fullHash);
      const signatures = [good, bad].map((base) =>
        bench.verify(tbs, issuer, RForm.xOnly, base + at.r, base + at.s, issuerKey),
      );
      const point = bench.point(good + at.x, (certificate[at.x - 1] as number) & 1);
      const offCurve = bench.point(bench.put(new Uint8Array(32).fill(255)), 0);
      const under = bench.verifyWithPoint(tbs, issuer, RForm.xOnly, good + at.r, good + at.s, offCurve);
      bench.run();
      expect(signatures.map((id) => bench.status(id))).toEqual([Status.ok, Status.badSignature]);
      expect([bench.pointStatus(point), bench.pointStatus(offCurve), bench.status(under)]).toEqual([
        Status.ok,
        Status.notOnCurve,
        Status.notOnCurve,
      ]);
      expect(kernelBatchDigest(bench, tbs)).toEqual(sha256(certificate.subarray(at.tbs, at.tbsEnd)));
      expect(kernelBatchDigest(bench, whole)).toEqual(sha256(certificate));
      expect(bench.affine(point)).toEqual(affineOf(certificate));
      expect(() => bench.affine(offCurve)).toThrow(RangeError);
    }
  });

  it('refuses misuse', () => {
    bench.begin();
    const base = bench.put(certificate);
    const digest = bench.known(new Uint8Array(32));
    expect(() => bench.hash(base, end + 1)).toThrow(RangeError);
    expect(() => bench.hash(-1, 1)).toThrow(RangeError);
    expect(() => bench.known(new Uint8Array(31))).toThrow(RangeError);
    expect(() => bench.point(end - 31, 0)).toThrow(RangeError);
    expect(() => bench.verify(digest, digest + 1, RForm.xOnly, 0, 0, issuerKey)).toThrow(RangeError);
    expect(() => bench.verify(digest, digest, 1, 0, 0, issuerKey)).toThrow(RangeError);
    expect(() => bench.verifyWithPoint(digest, digest, RForm.xOnly, 0, 0, 0)).toThrow(RangeError);
    const none = { point: 0, tbs: digest, issuer: digest, issuerKey };
    expect(() => bench.verifyImplicit(digest, digest, RForm.xOnly, 0, 0, none)).toThrow(RangeError);
    expect(() => bench.status(0)).toThrow(RangeError);
    expect(() => bench.put(new Uint8Array(1 << 21))).toThrow(RangeError);
    bench.run();
    expect(() => bench.run()).toThrow(RangeError);
    expect(() => bench.put(certificate)).toThrow(RangeError);
    expect(() => bench.status(0)).toThrow(RangeError);
    for (const id of [1, -1, 0.5]) expect(() => kernelBatchDigest(bench, id)).toThrow(RangeError);
    const out = new Uint8Array(40);
    for (const [octets, at] of [
      [33, 0],
      [-1, 0],
      [32, 9],
      [8, -1],
      [Number.NaN, 0],
    ] as const) {
      expect(() => bench.copyDigest(0, octets, out, at)).toThrow(RangeError);
    }
  });

  it('says when there is no more room, before anything throws', () => {
    bench.begin();
    let items = 0;
    while (bench.hasRoom(200)) {
      const base = bench.put(new Uint8Array(200));
      for (let i = 0; i < 4; i++) bench.hash(base, 200);
      for (let i = 0; i < 2; i++) bench.known(new Uint8Array(32));
      items++;
    }
    expect(items).toBeGreaterThan(1000);
    expect(bench.hasRoom(2 ** 24)).toBe(false);
    bench.run();
    bench.begin();
    expect(bench.hasRoom(200)).toBe(true);
  });

  it('believes nothing of a kernel that leaves out what it was asked', () => {
    const lazy: Kernel = {
      ...KERNEL,
      sha256: (messages) => KERNEL.sha256(messages),
      verify: () => new Uint8Array(0),
      decompress: () => ({ status: new Uint8Array(0), points: new Uint8Array(0) }),
      reconstruct: () => ({ status: new Uint8Array(0), points: new Uint8Array(0) }),
    };
    const other = createPortableBatch(lazy);
    other.begin();
    const base = other.put(certificate);
    const digest = other.hash(base, end);
    const point = other.point(base + at.x, 0);
    const ids = [
      other.verify(digest, digest, RForm.xOnly, base + at.r, base + at.s, issuerKey),
      other.verifyWithPoint(digest, digest, RForm.xOnly, base + at.r, base + at.s, point),
      other.verifyImplicit(digest, digest, RForm.xOnly, base + at.r, base + at.s, {
        point,
        tbs: digest,
        issuer: digest,
        issuerKey,
      }),
    ];
    other.run();
    expect(ids.map((id) => other.status(id))).toEqual([Status.notJudged, Status.notJudged, Status.notJudged]);
    expect(other.pointStatus(point)).toBe(Status.notJudged);
  });
});
