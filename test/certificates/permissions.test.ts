/** What a CA may give, rule by rule and at every limit (IEEE 1609.2 §6.4.28 – §6.4.31). */
import { describe, expect, it } from 'vitest';
import { checkPermissions } from '../../src/certificates/index.ts';
import type { PsidGroupPermissions, PsidSsp, SspRange } from '../../src/dot2/index.ts';
import { brokenBy, CHAIN_RULES, type ChainFacts } from '../../src/rules/index.ts';
import { cpuMs } from '../support/cpu.ts';
import {
  ANY,
  APP,
  all,
  bitmap,
  bitmapRange,
  ENROL,
  group,
  opaque,
  opaqueRange,
  type Tbs,
  tbsWith,
} from '../support/fields.ts';

const ca = (...certIssuePermissions: PsidGroupPermissions[]): Tbs =>
  tbsWith({ appPermissions: undefined, certIssuePermissions });
const app = (...appPermissions: PsidSsp[]): Tbs => tbsWith({ appPermissions });
const enrolment = (...certRequestPermissions: PsidGroupPermissions[]): Tbs =>
  tbsWith({ appPermissions: undefined, certRequestPermissions });

/** Whether everything is covered; and that a refusal carries the code and says which CA refuses. */
function allowed(subject: Tbs, ...issuers: Tbs[]): boolean {
  const findings = checkPermissions(subject, issuers);
  for (const { code, detail } of findings) {
    expect(code).toBe('inconsistentChainPermissions');
    expect(detail).toMatch(/\(CA \d above\)$/);
  }
  return findings.length === 0;
}

describe('a PSID', () => {
  it.each<[string, boolean, PsidGroupPermissions[]]>([
    ['listed', true, [group([{ psid: 32 }])]],
    ['listed second', true, [group([{ psid: 33 }, { psid: 32 }])]],
    ['listed in a second group', true, [group([{ psid: 33 }]), group([{ psid: 32 }])]],
    ['missing', false, [group([{ psid: 33 }])]],
    ['among all', true, [all()]],
    ['among all, beside others', true, [all(), group([{ psid: 33 }])]],
    ['shadowed by its own group', false, [all({ range: -1 }), group([{ psid: 32, sspRange: opaqueRange([1]) }])]],
    ['in an empty group', false, [group([])]],
    [
      'under alternatives from the future',
      false,
      [{ ...all(), subjectPermissions: { tag: 'unknown', index: 2, value: new Uint8Array(0) } }],
    ],
  ])('%s: %s', (_, expected, groups) => {
    expect(allowed(app({ psid: 32 }), ca(...groups))).toBe(expected);
  });

  it('is judged entry by entry', () => {
    expect(checkPermissions(app({ psid: 32 }, { psid: 34 }, { psid: 35 }), [ca(group([{ psid: 34 }]))])).toHaveLength(
      2,
    );
  });

  it('is judged at every CA above', () => {
    const [wide, narrow] = [ca(all({ range: -1 })), ca(group([{ psid: 33 }], { range: -1 }))];
    expect(allowed(app({ psid: 32 }), wide, wide, wide)).toBe(true);
    for (const at of [0, 1, 2]) {
      const issuers = [wide, wide, wide].map((one, i) => (i === at ? narrow : one));
      const findings = checkPermissions(app({ psid: 32 }), issuers);
      expect(findings.map(({ detail }) => detail)).toEqual([expect.stringContaining(`CA ${at + 1} above`)]);
    }
  });
});

describe('eeType', () => {
  it.each([
    [APP, true, false],
    [ENROL, false, true],
    [APP | ENROL, true, true],
    [0x20, false, false],
  ])('%d lets applications: %s, enrolment: %s', (eeType, application, enrol) => {
    expect(allowed(app({ psid: 32 }), ca(all({ eeType })))).toBe(application);
    expect(allowed(enrolment(group([{ psid: 32 }])), ca(all({ eeType })))).toBe(enrol);
    expect(allowed(app({ psid: 32 }), ca(group([{ psid: 32 }], { eeType })))).toBe(application);
  });

  it('of a CA lies within that of the CA above', () => {
    const both = ca(all({ eeType: APP | ENROL }));
    for (const eeType of [APP, ENROL, APP | ENROL]) expect(allowed(ca(all({ eeType })), both)).toBe(true);
    expect(allowed(both, ca(all({ eeType: APP })))).toBe(false);
    expect(allowed(ca(all({ eeType: ENROL })), ca(all({ eeType: APP })))).toBe(false);
    expect(allowed(ca(group([{ psid: 1 }], { eeType: ENROL })), ca(all({ eeType: APP })))).toBe(false);
    expect(allowed(ca(group([{ psid: 1 }], { eeType: APP | ENROL })), ca(all({ eeType: APP })))).toBe(false);
  });
});

describe('chain length', () => {
  const any = ca(all({ range: -1 }));

  it.each([
    [1, 0, [1]],
    [2, 0, [2]],
    [2, 1, [2, 3]],
    [3, -1, [3, 4, 5]],
    [1, -1, [1, 2, 3, 4, 5]],
    [0, 0, []],
    [0, 1, [1]],
  ])('minChainLength %d, chainLengthRange %d allows %j', (min, range, lengths) => {
    for (const limited of [all({ min, range }), group([{ psid: 32 }], { min, range })]) {
      for (let length = 1; length <= 5; length++) {
        const issuers = Array.from({ length }, (_, i) => (i === length - 1 ? ca(limited) : any));
        expect(allowed(app({ psid: 32 }), ...issuers), `length ${length}`).toBe(lengths.includes(length));
      }
    }
  });

  it('is that of the group that speaks for the PSID', () => {
    const mixed = ca(all({ min: 2 }), group([{ psid: 35 }], { min: 1, range: -1 }));
    expect(allowed(app({ psid: 35 }), mixed)).toBe(true);
    expect(allowed(app({ psid: 32 }), mixed)).toBe(false);
    expect(allowed(app({ psid: 32 }), any, mixed)).toBe(true);
    expect(allowed(app({ psid: 35 }), any, mixed)).toBe(true);
  });

  it('may be allowed by any group for the PSID, whose range then counts', () => {
    const two = ca(
      group([{ psid: 32, sspRange: opaqueRange([1]) }], { min: 1 }),
      group([{ psid: 32, sspRange: opaqueRange([2]) }], { min: 2 }),
    );
    expect(allowed(app({ psid: 32, ssp: opaque(1) }), two)).toBe(true);
    expect(allowed(app({ psid: 32, ssp: opaque(2) }), two)).toBe(false);
    expect(allowed(app({ psid: 32, ssp: opaque(2) }), any, two)).toBe(true);
  });

  it('counts for enrolment too, and not for what a CA may issue', () => {
    const two = ca(all({ min: 2, eeType: APP | ENROL }));
    expect(allowed(enrolment(group([{ psid: 32 }])), two)).toBe(false);
    expect(allowed(enrolment(all()), two)).toBe(false);
    expect(allowed(enrolment(group([{ psid: 32 }])), ca(all({ range: -1, eeType: ENROL })), two)).toBe(true);
    expect(allowed(enrolment(all()), ca(all({ range: -1, eeType: ENROL })), two)).toBe(true);
    expect(allowed(ca(all({ min: 5 })), two)).toBe(true);
  });

  it('as deployed: root, ICA, PCA and pseudonym certificate', () => {
    const root = ca(
      all({ min: 3, range: -1, eeType: APP | ENROL }),
      group([{ psid: 35 }], { range: -1 }),
      group([{ psid: 38 }], { range: -1 }),
    );
    const ica = ca(all({ min: 2, eeType: APP | ENROL }), group([{ psid: 35, sspRange: ANY }], { range: -1 }));
    const pca = ca(all());
    const pseudonym = app({ psid: 32 }, { psid: 35 }, { psid: 38 });
    expect(allowed(pseudonym, pca, ica, root)).toBe(true);
    expect(allowed(pca, ica, root)).toBe(true);
    expect(allowed(ica, root)).toBe(true);
    // One CA too few or too many on the way.
    expect(allowed(pseudonym, ica, root)).toBe(false);
    expect(allowed(pseudonym, pca, pca, ica, root)).toBe(false);
  });
});

describe('an SSP', () => {
  it.each<[string, boolean, PsidSsp['ssp'], SspRange | undefined]>([
    ['none, no range', true, undefined, undefined],
    ['any, no range', true, opaque(1), undefined],
    ['none, all', true, undefined, ANY],
    ['bitmap, all', true, bitmap(1), ANY],
    ['opaque in the list', true, opaque(1, 2), opaqueRange([3], [1, 2])],
    ['opaque not in the list', false, opaque(1), opaqueRange([1, 2], [2])],
    ['opaque with an octet more', false, opaque(1, 2, 3), opaqueRange([1, 2])],
    ['none, an empty string in the list', true, undefined, opaqueRange([1], [])],
    ['none, no empty string in the list', false, undefined, opaqueRange([1])],
    ['empty, an empty string in the list', true, opaque(), opaqueRange([])],
    ['none, an empty list', false, undefined, opaqueRange()],
    ['bitmap under opaque', false, bitmap(1), opaqueRange([1])],
    ['bitmap as the value', true, bitmap(0b1010), bitmapRange([0b1010], [0b1111])],
    ['bitmap with another free bit', true, bitmap(0b11010), bitmapRange([0b1010], [0b1111])],
    ['bitmap with a fixed bit off', false, bitmap(0b1000), bitmapRange([0b1010], [0b1111])],
    ['bitmap with a fixed bit on', false, bitmap(0b1011), bitmapRange([0b1010], [0b1111])],
    ['bitmap, nothing fixed', true, bitmap(0xff), bitmapRange([0], [0])],
    ['bitmap, second octet fixed', false, bitmap(1, 2), bitmapRange([1, 3], [0, 0xff])],
    ['bitmap too short', false, bitmap(1), bitmapRange([1, 0], [1, 0])],
    ['bitmap too long', false, bitmap(1, 0), bitmapRange([1], [1])],
    ['opaque under bitmap', false, opaque(1), bitmapRange([1], [1])],
    ['none under bitmap', false, undefined, bitmapRange([0], [0])],
    ['a range from the future', false, opaque(1), { tag: 'unknown', index: 5, value: new Uint8Array(0) }],
  ])('%s: %s', (_, expected, ssp, sspRange) => {
    expect(
      allowed(
        app(ssp ? { psid: 32, ssp } : { psid: 32 }),
        ca(group([sspRange ? { psid: 32, sspRange } : { psid: 32 }])),
      ),
    ).toBe(expected);
  });
});

describe('what a CA may issue, under another CA', () => {
  it.each<[string, boolean, SspRange | undefined, SspRange | undefined]>([
    ['no range, no range', true, undefined, undefined],
    ['no range, all', true, undefined, ANY],
    ['all, no range', true, ANY, undefined],
    ['opaque, all', true, opaqueRange([1]), ANY],
    ['all, opaque', false, ANY, opaqueRange([1])],
    ['no range, opaque', false, undefined, opaqueRange([1])],
    ['all, bitmap', false, ANY, bitmapRange([0], [0])],
    ['opaque, fewer of them', true, opaqueRange([2]), opaqueRange([1], [2])],
    ['opaque, the same', true, opaqueRange([2], [1]), opaqueRange([1], [2])],
    ['opaque, one more', false, opaqueRange([1], [3]), opaqueRange([1], [2])],
    ['opaque, none', true, opaqueRange(), opaqueRange([1])],
    ['opaque, bitmap', false, opaqueRange([1]), bitmapRange([1], [1])],
    ['bitmap, opaque', false, bitmapRange([1], [1]), opaqueRange([1])],
    ['bitmap, the same', true, bitmapRange([5], [7]), bitmapRange([5], [7])],
    ['bitmap, more fixed', true, bitmapRange([13], [15]), bitmapRange([5], [7])],
    ['bitmap, less fixed', false, bitmapRange([5], [5]), bitmapRange([5], [7])],
    ['bitmap, fixed to another value', false, bitmapRange([4], [7]), bitmapRange([5], [7])],
    ['bitmap, another length', false, bitmapRange([5, 0], [7, 0]), bitmapRange([5], [7])],
  ])('%s: %s', (_, expected, inner, outer) => {
    const entry = (sspRange: SspRange | undefined) => (sspRange ? { psid: 32, sspRange } : { psid: 32 });
    expect(allowed(ca(group([entry(inner)])), ca(group([entry(outer)])))).toBe(expected);
    expect(allowed(enrolment(group([entry(inner)])), ca(group([entry(outer)], { eeType: ENROL })))).toBe(expected);
  });

  it('is all only under all, and a list also under all', () => {
    expect(allowed(ca(all()), ca(all()))).toBe(true);
    expect(allowed(ca(all()), ca(group([{ psid: 32 }])))).toBe(false);
    expect(allowed(ca(group([{ psid: 32 }, { psid: 33 }])), ca(all()))).toBe(true);
    expect(allowed(ca(group([{ psid: 32 }, { psid: 33 }])), ca(group([{ psid: 32 }])))).toBe(false);
    expect(
      allowed(ca({ ...all(), subjectPermissions: { tag: 'unknown', index: 3, value: new Uint8Array(0) } }), ca(all())),
    ).toBe(false);
  });

  it('is shadowed by the groups that name a PSID', () => {
    const above = ca(all(), group([{ psid: 35, sspRange: opaqueRange([1]) }]));
    expect(allowed(ca(group([{ psid: 35, sspRange: opaqueRange([1]) }])), above)).toBe(true);
    expect(allowed(ca(group([{ psid: 35 }])), above)).toBe(false);
    // `all` below `all` passes; what it would let through is caught where the chain ends.
    expect(
      allowed(
        app({ psid: 35, ssp: opaque(2) }),
        ca(all()),
        ca(all({ range: -1 }), group([{ psid: 35, sspRange: opaqueRange([1]) }], { range: -1 })),
      ),
    ).toBe(false);
  });

  it('is judged against every CA above', () => {
    const top = ca(group([{ psid: 32 }]));
    expect(allowed(ca(group([{ psid: 33 }])), ca(all()), top)).toBe(false);
    expect(allowed(ca(group([{ psid: 32 }])), ca(all()), top)).toBe(true);
  });

  it('takes no longer than the lists are long', () => {
    const many = ca(...Array.from({ length: 256 }, () => group(Array.from({ length: 256 }, () => ({ psid: 32 })))));
    const started = cpuMs();
    checkPermissions(many, [many, many]);
    expect(cpuMs() - started).toBeLessThan(500);
  });
});

describe('an authority', () => {
  it('has certIssuePermissions', () => {
    const rules = CHAIN_RULES.filter(({ id }) => id === 'issuerIsAuthority');
    const broken = ({ certIssuePermissions: issuerGroups }: Tbs) => brokenBy(rules, { issuerGroups } as ChainFacts);
    expect(broken(ca(all()))).toEqual([]);
    for (const none of [app({ psid: 32 }), ca()]) {
      expect(broken(none)).toMatchObject([{ code: 'inconsistentChainPermissions', stage: 'issuer' }]);
      // Said once, and there.
      expect(checkPermissions(app({ psid: 32 }), [none])).toEqual([]);
    }
  });
});

describe('what a certificate may request, if the requested end entity counts', () => {
  /** Whether an RA with this request is covered by both readings. */
  function readings(request: PsidGroupPermissions[], ...issuers: Tbs[]): [requester: boolean, requested: boolean] {
    const ra = tbsWith({ appPermissions: [{ psid: 35 }], certRequestPermissions: request });
    const both = ['requester', 'requested'] as const;
    return both.map((reading) => checkPermissions(ra, issuers, reading).length === 0) as [boolean, boolean];
  }

  const scms = group([{ psid: 35 }], { min: 1, range: -1 });
  /** As deployed: an ICA whose end entities are two below it, under a root. */
  const ica = ca(all({ min: 2, range: 0, eeType: APP | ENROL }), scms);
  const root = ca(all({ min: 3, range: -1, eeType: APP | ENROL }), scms);
  const asDeployed = all({ min: 0, range: 0, eeType: APP });

  it('covers RAs as deployed, which are one too short without it', () => {
    expect(readings([asDeployed], ica, root)).toEqual([false, true]);
    expect(readings([group([{ psid: 32 }, { psid: 131 }], { min: 0, range: 0, eeType: APP })], ica, root)).toEqual([
      false,
      true,
    ]);
  });

  it.each<[string, PsidGroupPermissions]>([
    ['for chains that are one longer', all({ min: 1, range: 0, eeType: APP })],
    ['for chains that may be one longer', all({ min: 0, range: 1, eeType: APP })],
    ['for chains of any length', all({ min: 0, range: -1, eeType: APP })],
    ['for some PSIDs in longer chains', group([{ psid: 32 }], { min: 0, range: 1, eeType: APP })],
    ['for a kind of end entity that no CA has', all({ min: 0, range: 0, eeType: APP | 0x20 })],
    [
      'for alternatives from the future',
      { ...asDeployed, subjectPermissions: { tag: 'unknown', index: 2, value: new Uint8Array(0) } },
    ],
  ])('covers no request %s', (_what, request) => {
    expect(readings([request], ica, root)).toEqual([false, false]);
    expect(readings([asDeployed, request], ica, root)).toEqual([false, false]);
  });

  it('covers no request that any CA above does not', () => {
    const narrow: Tbs[] = [
      ca(all({ min: 2, range: 0, eeType: APP | ENROL }), scms),
      ca(all({ min: 4, range: -1, eeType: APP | ENROL }), scms),
      ca(all({ min: 3, range: -1, eeType: ENROL }), scms),
      ca(group([{ psid: 32 }], { min: 3, range: -1, eeType: APP | ENROL }), scms),
    ];
    for (const above of narrow) expect(readings([asDeployed], ica, above)).toEqual([false, false]);
  });

  it('relaxes nothing but the length', () => {
    // Not for enrolment at all; another PSID; another SSP.
    expect(readings([asDeployed], ca(all({ min: 2, eeType: APP }), scms))).toEqual([false, false]);
    const limited = ca(group([{ psid: 32, sspRange: opaqueRange([1]) }], { min: 2, eeType: APP | ENROL }), scms);
    const asking = (psid: number, sspRange: SspRange) => group([{ psid, sspRange }], { min: 0, range: 0, eeType: APP });
    expect(readings([asking(32, opaqueRange([1]))], limited)).toEqual([false, true]);
    expect(readings([asking(32, opaqueRange([2]))], limited)).toEqual([false, false]);
    expect(readings([asking(33, opaqueRange([1]))], limited)).toEqual([false, false]);
    // What it may do itself is counted as before.
    const doing = tbsWith({ appPermissions: [{ psid: 32 }], certRequestPermissions: [asDeployed] });
    expect(checkPermissions(doing, [ica, root], 'requested')).not.toEqual([]);
  });

  it('spans every length from the least to the most that is requested', () => {
    for (const [min, range] of [
      [0, 0],
      [1, 0],
      [0, 2],
      [2, 1],
      [0, -1],
    ] as const) {
      for (const [M, R] of [
        [1, 0],
        [2, 0],
        [2, 2],
        [3, 1],
        [1, -1],
        [5, -1],
      ] as const) {
        const issuer = ca(all({ min: M, range: R, eeType: APP | ENROL }), scms);
        const lengths = range === -1 ? [2 + min, 1_000_000] : [2 + min, 2 + min + range];
        const fits = lengths.every((length) => length >= M && (R === -1 || length <= M + R));
        const [, requested] = readings([all({ min, range, eeType: APP })], issuer);
        expect(requested, `${min}+${range} under ${M}+${R}`).toBe(fits);
      }
    }
  });
});
