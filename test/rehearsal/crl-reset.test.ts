import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CrlLine,
  mayFollow,
  purgeable,
  type ResetDecision,
  type ResetSituation,
  type RevokedEntry,
  resetCrls,
} from '../../src/rehearsal/index.ts';

const PSEUDONYM = 1;
const APPLICATION = 3;
const situation = (more: Partial<ResetSituation> = {}): ResetSituation => ({
  trusted: new Set(['R2']),
  successor: 'R2',
  i: 100,
  now: 1000n,
  series: [PSEUDONYM, APPLICATION],
  ...more,
});
const hash = (more = {}): RevokedEntry => ({ kind: 'hash', id: 'h', root: 'R1', crlSeries: APPLICATION, ...more });
const linkage = (more = {}): RevokedEntry => ({
  kind: 'linkage',
  id: 'l',
  root: 'R1',
  crlSeries: PSEUDONYM,
  chain: 'continued',
  iRev: 90,
  iMax: 200,
  ...more,
});

function one(entry: RevokedEntry, more: Partial<ResetSituation> = {}): ResetDecision {
  const [decision] = resetCrls([entry], situation(more)).decisions;
  return decision as ResetDecision;
}

describe('CRL reset, sender', () => {
  it('K1: hash entries below the removed root go', () => {
    expect(one(hash())).toMatchObject({ action: 'remove', rule: 'K1', line: null });
  });

  it('K2: hash entries below another root that is still trusted stay in its line', () => {
    const line = { root: 'R0', crlSeries: APPLICATION };
    expect(one(hash({ root: 'R0' }), { trusted: new Set(['R0', 'R2']) })).toMatchObject({
      action: 'keep',
      rule: 'K2',
      line,
    });
  });

  it('K3: linkage entries whose chain has ended go', () => {
    expect(one(linkage({ chain: 'ended' }))).toMatchObject({ action: 'remove', rule: 'K3', line: null });
  });

  it('K4: continued linkage entries are issued again in the line of the new root', () => {
    const line = { root: 'R2', crlSeries: PSEUDONYM };
    expect(one(linkage())).toMatchObject({ action: 'reissue', rule: 'K4', line });
    expect(one(linkage(), { successor: null, trusted: new Set() })).toMatchObject({ action: 'keep', line: null });
  });

  it('K5: of a device that refused enrolment too, until iMax', () => {
    expect(one(linkage({ refusedEnrolment: true }))).toMatchObject({ action: 'reissue', rule: 'K5' });
    expect(one(linkage({ refusedEnrolment: true }), { i: 200 }).action).toBe('reissue');
    expect(one(linkage({ refusedEnrolment: true }), { i: 201 })).toMatchObject({ action: 'remove', rule: 'iMax' });
  });

  it('K6: seeds go forward to the current period, never back', () => {
    expect(one(linkage()).iRev).toBe(100);
    expect(one(linkage({ iRev: 120 })).iRev).toBe(120);
  });

  it('K7: votes stay until what they removed expires', () => {
    const ballot = (end: bigint): RevokedEntry => ({ kind: 'ballot', id: 'b', root: 'R1', end });
    expect(one(ballot(1000n))).toMatchObject({ action: 'keep', rule: 'K7' });
    expect(one(ballot(999n))).toMatchObject({ action: 'remove', rule: 'K7' });
  });

  it('K8: blacklists are carried over to the new RA', () => {
    expect(one({ kind: 'blacklist', id: 'e', root: 'R1' })).toMatchObject({ action: 'carryOver', rule: 'K8' });
  });

  it('K9: what the removed root signed is void, and issued again for components that live on', () => {
    const signed = (root: string, signedBy: string): RevokedEntry => ({ kind: 'rootSigned', id: 'pg', root, signedBy });
    expect(one(signed('R1', 'R1'))).toMatchObject({ action: 'remove', rule: 'K9', line: null });
    const line = { root: 'R2', crlSeries: 256 };
    expect(one(signed('R0', 'R1'), { trusted: new Set(['R0', 'R2']) })).toMatchObject({ action: 'reissue', line });
    expect(one(signed('R2', 'R2'))).toMatchObject({ action: 'keep', line });
  });

  it('K10: every series of the new root gets a CRL, empty or not', () => {
    const { issue } = resetCrls([hash()], situation());
    expect(issue.map(({ line, entries }) => [line, entries.length])).toEqual([
      [{ root: 'R2', crlSeries: PSEUDONYM }, 0],
      [{ root: 'R2', crlSeries: APPLICATION }, 0],
    ]);
    expect(resetCrls([hash()], situation({ successor: null })).issue).toEqual([]);
  });
});

describe('CRL reset, receiver', () => {
  const cached = [
    { id: 'old pseudonym', root: 'R1', crlSeries: PSEUDONYM },
    { id: 'old application', root: 'R1', crlSeries: APPLICATION },
    { id: 'other', root: 'R0', crlSeries: PSEUDONYM },
  ];
  const removed = new Set(['R1']);
  const idsOf = (validated: CrlLine[]): string[] => purgeable(cached, removed, validated).map(({ id }) => id);

  it('K11: nothing goes before a CRL of the new line was validated', () => {
    expect(idsOf([])).toEqual([]);
    expect(idsOf([{ root: 'R1', crlSeries: PSEUDONYM }])).toEqual([]);
  });

  it('K11: then what is of the removed root and the same series goes, and nothing else', () => {
    expect(idsOf([{ root: 'R2', crlSeries: PSEUDONYM }])).toEqual(['old pseudonym']);
    expect(purgeable(cached, new Set(), [{ root: 'R2', crlSeries: PSEUDONYM }])).toEqual([]);
    expect(purgeable(cached, new Set(['R1', 'R2']), [{ root: 'R2', crlSeries: PSEUDONYM }])).toEqual([]);
  });

  it('K12: a new line starts where it likes, and then does not go back', () => {
    const seen = [{ root: 'R1', crlSeries: 1, issueDate: 500, serial: 9 }];
    expect(mayFollow(seen, { root: 'R2', crlSeries: 1, issueDate: 100, serial: 0 })).toBe(true);
    expect(mayFollow(seen, { root: 'R1', crlSeries: 3, issueDate: 100, serial: 0 })).toBe(true);
    expect(mayFollow(seen, { root: 'R1', crlSeries: 1, issueDate: 499, serial: 10 })).toBe(false);
    expect(mayFollow(seen, { root: 'R1', crlSeries: 1, issueDate: 501, serial: 8 })).toBe(false);
    expect(mayFollow(seen, { root: 'R1', crlSeries: 1, issueDate: 500, serial: 9 })).toBe(true);
  });
});

describe('CRL reset, oracle of C.3', () => {
  const root = fc.constantFrom('R0', 'R1', 'R2');
  const period = fc.integer({ min: 0, max: 20 });
  const entries = fc.oneof(
    fc.record({ kind: fc.constant('hash' as const), id: fc.string(), root, crlSeries: fc.constantFrom(1, 3) }),
    fc.record({
      kind: fc.constant('linkage' as const),
      id: fc.string(),
      root,
      crlSeries: fc.constantFrom(1, 3),
      chain: fc.constantFrom('continued' as const, 'ended' as const),
      refusedEnrolment: fc.boolean(),
      iRev: period,
      iMax: period,
    }),
    fc.record({
      kind: fc.constant('ballot' as const),
      id: fc.string(),
      root: fc.constant('R1'),
      end: fc.bigInt({ min: 0n, max: 20n }),
    }),
  );
  const situations = fc.record({
    trusted: fc.subarray(['R0', 'R2']).map((roots) => new Set(roots)),
    successor: fc.constantFrom('R2', null),
    i: period,
    now: fc.bigInt({ min: 0n, max: 20n }),
    series: fc.constant([1, 3]),
  });

  /** keep(x) = [r(x) still trusted] or [linkage, continued and i <= iMax] or [ballot and not expired]. */
  function isKept(entry: RevokedEntry, { trusted, i, now }: ResetSituation): boolean {
    if (entry.kind === 'ballot') return entry.end >= now;
    if (trusted.has(entry.root)) return true;
    return entry.kind === 'linkage' && entry.chain === 'continued' && i <= entry.iMax;
  }

  it('keeps exactly what it has to', () => {
    fc.assert(
      fc.property(fc.array(entries, { maxLength: 12 }), situations, (list, now) => {
        const { decisions, issue } = resetCrls(list as RevokedEntry[], now);
        decisions.forEach((decision, at) => {
          const entry = list[at] as RevokedEntry;
          expect(decision.entry).toBe(entry);
          expect(decision.action !== 'remove').toBe(isKept(entry, now));
          // What is issued again stands in a line whose root is the new one, and backward privacy holds.
          if (decision.action === 'reissue') expect(decision.line?.root).toBe(now.successor);
          if (entry.kind === 'linkage' && decision.iRev !== undefined) {
            expect(decision.iRev).toBeGreaterThanOrEqual(entry.iRev);
            expect(decision.iRev).toBeGreaterThanOrEqual(now.i);
          }
        });
        const reissued = decisions.filter(({ line }) => line !== null && line.root === now.successor);
        expect(issue.flatMap((crl) => crl.entries)).toHaveLength(now.successor === null ? 0 : reissued.length);
      }),
      { numRuns: 2000 },
    );
  });
});
