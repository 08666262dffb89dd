/** The index against sets of values that independent code computes, over CRLs of every shape. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildRevocation } from '../../src/revocation/build.ts';
import { RevocationIndex } from '../../src/revocation/revocation-index.ts';
import type { AcceptedCrl } from '../../src/revocation/types.ts';
import { Random } from '../../src/testbed/random.ts';
import {
  acceptedCrl,
  type Entry,
  entriesOf,
  groupEntryOf,
  groupValue,
  hashEntries,
  hex,
  linkageEntries,
  octets,
  randomChains,
  SCOPE,
  valuesOf,
} from './support.ts';

const I_REV = 100;
const LAST = 104;

const scopes = [
  SCOPE,
  { ...SCOPE, crlSeries: 2 },
  { ...SCOPE, cracaId: '000001' },
  { ...SCOPE, root: 'bb'.repeat(32) },
];

const entryShape = fc.record({
  iMax: fc.integer({ min: I_REV - 1, max: LAST }),
  jMax: fc.constantFrom(0, 1, 2, 3, 20),
});
const crlShape = fc.record({
  seed: fc.string(),
  scope: fc.constantFrom(...scopes),
  iRev: fc.integer({ min: I_REV, max: LAST }),
  individuals: fc.array(entryShape, { maxLength: 6 }),
  singleSeeds: fc.array(entryShape, { maxLength: 4 }),
  groups: fc.array(entryShape, { maxLength: 3 }),
  groupSingleSeeds: fc.array(entryShape, { maxLength: 3 }),
  hashes: fc.nat({ max: 5 }),
});
type CrlShape = typeof crlShape extends fc.Arbitrary<infer T> ? T : never;

function crlOf(shape: CrlShape): AcceptedCrl {
  const random = new Random(shape.seed);
  const list = (
    name: string,
    chainsPerEntry: 1 | 2,
    shapes: readonly { iMax: number; jMax: number }[],
    grouped = false,
  ) =>
    linkageEntries(
      chainsPerEntry,
      shapes.map(
        ({ iMax, jMax }, at): Entry => ({
          chains: randomChains(random.fork(`${name} ${at}`), chainsPerEntry, shape.iRev),
          iMax,
          ...(!grouped && { jMax }),
        }),
      ),
    );
  return acceptedCrl({
    scope: shape.scope,
    iRev: shape.iRev,
    individuals: list('individual', 2, shape.individuals),
    singleSeeds: list('single', 1, shape.singleSeeds),
    groups: list('group', 2, shape.groups, true),
    groupSingleSeeds: list('group single', 1, shape.groupSingleSeeds, true),
    ...(shape.hashes > 0 && {
      hashes: hashEntries(Array.from({ length: shape.hashes }, (_, i) => random.fork(`hash ${i}`).bytes(10))),
    }),
  });
}

const J_VALUE = octets('0000000f');

describe('an index of random CRLs', () => {
  test.each([
    ['expanded for all periods', [100, 101, 102, 103, 104]],
    ['expanded for some, the others on demand', [101, 103]],
    ['expanded for none', []],
  ])('says what sets of values say: %s', async (_, periods) => {
    await fc.assert(
      fc.asyncProperty(fc.array(crlShape, { maxLength: 4 }), fc.boolean(), async (shapes, inclusiveJMax) => {
        const crls = shapes.map(crlOf);
        const index = new RevocationIndex(await buildRevocation(crls, { periods, inclusiveJMax }));
        const values = new Set<string>();
        for (const crl of crls) {
          for (let i = I_REV - 1; i <= LAST + 1; i++)
            for (const value of valuesOf(crl, i, true).keys()) values.add(value);
        }
        for (const scope of scopes) {
          const mine = crls.filter((crl) => crl.scope === scope);
          for (let i = I_REV - 1; i <= LAST + 1; i++) {
            for (const value of [...values, '00'.repeat(9), 'ff'.repeat(9)]) {
              const answer = index.check({
                scope,
                linkage: { iCert: i, linkageValue: octets(value) },
                hashedId10s: [],
              });
              const wanted = mine.find((crl) => valuesOf(crl, i, inclusiveJMax).has(value));
              if (mine.length === 0) expect(answer.state).toBe('notChecked');
              else if (wanted === undefined) expect(answer.state).toBe('notRevoked');
              else {
                const entry = valuesOf(wanted, i, inclusiveJMax).get(value);
                expect(answer).toMatchObject({
                  state: 'revoked',
                  hit: { crl: wanted.id, rule: 'linkageValue', entry },
                });
              }
            }
          }
        }
      }),
      { numRuns: 15 },
    );
  });

  test('finds groups by the jValue of the certificate, and in their periods only', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(crlShape, { minLength: 1, maxLength: 3 }), async (shapes) => {
        const crls = shapes.map(crlOf);
        const index = new RevocationIndex(await buildRevocation(crls, { periods: [] }));
        for (const crl of crls) {
          const groups = [crl.groups, crl.groupSingleSeeds].flatMap((list) => entriesOf(list, crl.iRev as number));
          for (let i = crl.iRev as number; i <= LAST + 1; i++) {
            for (const group of groups) {
              const value = groupValue(group, i, J_VALUE);
              const ask = (scope: AcceptedCrl['scope'], iCert: number, jValue: Uint8Array) =>
                index.check({
                  scope,
                  linkage: { iCert, linkageValue: new Uint8Array(9), group: { jValue, value } },
                  hashedId10s: [],
                });
              const entry = groupEntryOf(crl, i, J_VALUE, value);
              const answer = ask(crl.scope, i, J_VALUE);
              if (entry < 0) expect(answer.state).toBe('notRevoked');
              else
                expect(answer).toMatchObject({
                  state: 'revoked',
                  hit: { crl: crl.id, rule: 'groupLinkageValue', entry },
                });
              expect(ask(crl.scope, i, octets('00000010')).state).toBe('notRevoked');
              expect(ask(crl.scope, i + 1, J_VALUE).state).toBe('notRevoked');
              expect(ask({ ...crl.scope, crlSeries: 99 }, i, J_VALUE).state).toBe('notChecked');
            }
          }
        }
      }),
      { numRuns: 15 },
    );
  });

  test('finds every hash in its scope, and none that differs in a bit', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(crlShape, { minLength: 1, maxLength: 3 }), async (shapes) => {
        const crls = shapes.map(crlOf);
        const index = new RevocationIndex(await buildRevocation(crls, { periods: [] }));
        for (const crl of crls) {
          const { ids, count } = crl.hashes ?? { ids: new Uint8Array(0), count: 0 };
          for (let entry = 0; entry < count; entry++) {
            const id = ids.slice(10 * entry, 10 * entry + 10);
            const ask = (scope: AcceptedCrl['scope'], hashedId10s: Uint8Array[]) => index.check({ scope, hashedId10s });
            const other = octets('00112233445566778899');
            expect(ask(crl.scope, [other, id])).toMatchObject({
              state: 'revoked',
              hit: { rule: 'hash', crl: crl.id, entry },
            });
            expect(ask({ ...crl.scope, root: 'cc' }, [id]).state).toBe('notChecked');
            for (let bit = 0; bit < 80; bit++) {
              const near = id.slice();
              (near[bit >> 3] as number) ^= 1 << (bit & 7);
              expect(ask(crl.scope, [near]).state, hex(near)).toBe('notRevoked');
            }
          }
        }
      }),
      { numRuns: 10 },
    );
  });
});
