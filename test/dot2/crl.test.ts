/** CRL contents: encodings written by hand from the declarations, both forms of hash entries, files, size. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, decodeOrThrow, encode } from '../../src/coer/index.ts';
import { CrlContents, CrlSsp, crlsOfFile, MAX_CRL_GROUPS } from '../../src/dot2/index.ts';
import { entriesOf, entryCount, kindOf, positionOf } from '../../src/revocation/crl-columns.ts';
import { CRL_KINDS } from '../../src/revocation/types.ts';
import { compositeCrl, createScms, crlContents, issueCrl, scmsCompositeCrl } from '../../src/testbed/index.ts';
import { concat, fromHex, toHex } from '../support/octets.ts';

const scms = createScms({ seed: 'crl.test' });
const HEAD = '01 0102 a1a2a3a4a5a6a7a8 00000010 00000020';
const octetsOf = (text: string): Uint8Array => fromHex(text.replace(/\s/g, ''));
const s = (octet: string): string => octet.repeat(16);

describe('worked encodings', () => {
  const ENCODINGS: readonly [string, string, string, number][] = [
    [
      'a full hash CRL of 2016, no priority',
      `${HEAD} 00 80 00 00000005 01 02 ${'aa'.repeat(10)} 00000007 ${'bb'.repeat(10)} 00000008`,
      'fullHashCrl',
      2,
    ],
    [
      'a delta hash CRL of 2022, priority 9',
      `${HEAD} 40 09 81 00 00000005 01 01 00 ${'aa'.repeat(10)} 00000007`,
      'deltaHashCrl',
      1,
    ],
    [
      'a full linked CRL with groups',
      `${HEAD} 00 82 60 0190 03 01 01 00 14 01 01 00 2aa0 0e7e 01 01 00 0244 01 01 00 ${s('11')} ${s('22')} 01 01 00 0245 2aa0 ${s('33')} 0e7e ${s('44')}`,
      'fullLinkedCrl',
      2,
    ],
    [
      'single seeds and groups with single seeds',
      `${HEAD} 00 82 c0 0190 03 01 01 00 14 01 01 00 2aa0 0e7e 01 01 80 0244 01 00 02 07 80 12 01 01 ${s('11')} 02 07 80 16 01 01 0245 2aa0 ${s('33')}`,
      'fullLinkedCrl',
      2,
    ],
    [
      'a delta with its functions named',
      `${HEAD} 00 85 1b 10 0190 04 01 01 0245 2aa0 ${s('33')}`.replace('85 1b', '85 1a'),
      'deltaLinkedCrlWithAlg',
      1,
    ],
    ['an empty linked CRL', `${HEAD} 00 83 40 0190 03 01 00`, 'deltaLinkedCrl', 0],
  ];

  it.each(ENCODINGS)('%s', (_, hex, kind, entries) => {
    const bytes = octetsOf(hex);
    const contents = decodeOrThrow(CrlContents, bytes);
    expect([kindOf(contents), entryCount(contents)]).toEqual([kind, entries]);
    expect(contents).toMatchObject({ version: 1, crlSeries: 0x102, issueDate: 16, nextCrl: 32 });
    expect(toHex(encode(CrlContents, contents))).toBe(toHex(bytes));
  });

  it('has every entry in its column', () => {
    const [, , groups, singles] = ENCODINGS.map(([, hex]) => entriesOf(decodeOrThrow(CrlContents, octetsOf(hex))));
    expect(groups).toMatchObject({
      individuals: { count: 1, chainsPerEntry: 2, iMax: Uint16Array.of(0x244), jMax: Uint8Array.of(20) },
      groups: { count: 1, chainsPerEntry: 2, iMax: Uint16Array.of(0x245) },
    });
    expect(toHex(groups?.individuals?.chains as Uint8Array)).toBe(`2aa0${s('11')}0e7e${s('22')}`);
    expect(toHex(groups?.groups?.chains as Uint8Array)).toBe(`2aa0${s('33')}0e7e${s('44')}`);
    expect(singles).toMatchObject({
      individuals: { count: 0 },
      singleSeeds: { count: 1, chainsPerEntry: 1, iMax: Uint16Array.of(0x244), jMax: Uint8Array.of(20) },
      groupSingleSeeds: { count: 1, chainsPerEntry: 1, iMax: Uint16Array.of(0x245) },
    });
    expect(toHex(singles?.singleSeeds?.chains as Uint8Array)).toBe(`2aa0${s('11')}`);
    expect(toHex(singles?.groupSingleSeeds?.chains as Uint8Array)).toBe(`2aa0${s('33')}`);
    const [first, second] = ENCODINGS.map(([, hex]) => entriesOf(decodeOrThrow(CrlContents, octetsOf(hex))).hashes);
    expect(first).toEqual({
      count: 2,
      ids: octetsOf(`${'aa'.repeat(10)}${'bb'.repeat(10)}`),
      expiry: Uint32Array.of(7, 8),
    });
    expect(second).toEqual({ count: 1, ids: octetsOf('aa'.repeat(10)), expiry: Uint32Array.of(7) });
  });

  it('reads the CrlSsp of a root and of a CRLG', () => {
    const ssp = (hex: string): CrlSsp => decodeOrThrow(CrlSsp, octetsOf(hex));
    expect(ssp('00 01 00 0101 0100')).toMatchObject({ version: 1, associatedCraca: 'isCraca', crls: [256] });
    const crlg = { version: 1, associatedCraca: 'issuerIsCraca', crls: [4, 3, 1, 2] };
    expect(ssp('00 01 01 0104 0004 0003 0001 0002')).toMatchObject(crlg);
    expect(decode(CrlSsp, octetsOf('00 01 02 0101 0100'))).toMatchObject({ ok: false, error: { code: 'enumUnknown' } });
  });
});

describe('hash entries', () => {
  const list = (count: number, octets: number): Uint8Array =>
    concat(octetsOf(`${HEAD} 00 80 00 00000005 01`), Uint8Array.of(count), new Uint8Array(octets));

  it('are of 2016 or of 2022 by the octets left, and nothing else', () => {
    for (let count = 0; count < 20; count++) {
      for (const octets of [13, 14, 15, 16].flatMap((each) => [-1, 0, 1].map((by) => Math.max(0, count * each + by)))) {
        const result = decode(CrlContents, list(count, octets));
        expect(result.ok, `${count} in ${octets}`).toBe(octets === count * 14 || octets === count * 15);
      }
    }
  });

  it('say so in the error', () => {
    expect(decode(CrlContents, list(3, 43))).toMatchObject({
      ok: false,
      error: {
        code: 'tooManyElements',
        detail: '3 entries in 43 octets: neither 14 nor 15 each',
        path: 'typeSpecific.fullHashCrl.entries',
      },
    });
  });

  it('may not claim more than a CRL can have', () => {
    const claim = concat(octetsOf(`${HEAD} 00 80 00 00000005 04 7fffffff`), new Uint8Array(100));
    expect(decode(CrlContents, claim)).toMatchObject({
      ok: false,
      error: { code: 'tooManyElements', detail: /at most 16777216/ },
    });
  });
});

describe('round trip', () => {
  const request = fc.record({
    kind: fc.constantFrom(...CRL_KINDS),
    serial: fc.nat(255),
    iRev: fc.nat(1000).map((i) => scms.firstPeriod + (i % 3)),
    filler: fc.nat(40),
    devices: fc.array(fc.nat(9), { maxLength: 3 }),
    singleSeeds: fc.array(fc.nat(9), { maxLength: 3 }),
    groups: fc.option(fc.array(fc.nat(9), { maxLength: 3 }), { nil: undefined }),
    groupSingleSeeds: fc.option(fc.array(fc.nat(9), { maxLength: 3 }), { nil: undefined }),
    edition: fc.constantFrom(2016 as const, 2022 as const),
    priority: fc.option(fc.nat(255), { nil: undefined }),
  });

  it('gives back every CRL that the testbed makes', () => {
    fc.assert(
      fc.property(request, ({ groups, groupSingleSeeds, priority, ...rest }) => {
        const contents = crlContents(scms, {
          ...rest,
          ...(groups ? { groups } : {}),
          ...(groupSingleSeeds ? { groupSingleSeeds } : {}),
          ...(priority === undefined ? {} : { priority }),
        });
        const bytes = encode(CrlContents, contents);
        const again = decodeOrThrow(CrlContents, bytes);
        expect(encode(CrlContents, again)).toEqual(bytes);
        expect([kindOf(again), positionOf(again).serial]).toEqual([rest.kind, rest.serial]);
        const columns = Object.values(entriesOf(again)).reduce((sum, { count }) => sum + count, 0);
        expect(columns).toBe(entryCount(again));
      }),
      { numRuns: 100 },
    );
  });
});

describe('size', () => {
  it('decodes 200,000 entries without an object for each', () => {
    const bytes = encode(CrlContents, crlContents(scms, { filler: 200_000 }));
    decode(CrlContents, bytes);
    const before = process.memoryUsage().heapUsed;
    const cpu = process.cpuUsage();
    const contents = decodeOrThrow(CrlContents, bytes);
    const { user, system } = process.cpuUsage(cpu);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(1_000_000);
    expect(user + system).toBeLessThan(200_000);
    expect(entryCount(contents)).toBe(200_000);
  });

  it('bounds the groups of a CRL in total, and names the bound', () => {
    // LAGroups without content: seven octets and one object each.
    const group = octetsOf('00 2aa0 0e7e 01 00');
    const many = new Uint8Array(group.length * MAX_CRL_GROUPS);
    for (let i = 0; i < MAX_CRL_GROUPS; i++) many.set(group, i * group.length);
    const bytes = concat(octetsOf(`${HEAD} 00 82 40 0190 03 01 01 00 14 03 010000`), many);
    expect(decode(CrlContents, bytes)).toMatchObject({
      ok: false,
      error: { code: 'tooManyElements', detail: `more than ${MAX_CRL_GROUPS} groups in a CRL` },
    });
  });
});

describe('files', () => {
  const crls = [issueCrl(scms), issueCrl(scms, { kind: 'fullHashCrl', filler: 3 })];
  const offsetsOf = (bytes: Uint8Array): string[] =>
    crlsOfFile(bytes).crls.map((piece) => toHex(bytes.subarray(piece.offset, piece.offset + piece.bytes.length)));
  const wanted = crls.map(toHex);

  it.each([
    ['one behind the other', concat(...crls), 'securedCrl'],
    ['CAMP', compositeCrl(crls), 'compositeCrl'],
    ['IEEE 1609.2.1, in unsecured data', scmsCompositeCrl(crls), 'scmsPdu'],
    ['IEEE 1609.2.1, bare', scmsCompositeCrl(crls).subarray(scmsCompositeCrl(crls)[2] === 0x82 ? 5 : 4), 'scmsPdu'],
  ])('%s', (_, bytes, container) => {
    expect(crlsOfFile(bytes)).toMatchObject({ container });
    expect(crlsOfFile(bytes).error).toBeUndefined();
    expect(offsetsOf(bytes)).toEqual(wanted);
  });

  it.each([
    ['CAMP', compositeCrl(crls)],
    ['IEEE 1609.2.1', scmsCompositeCrl(crls)],
  ])('%s: the CRLs in front of damage stand', (_, bytes) => {
    const end = bytes.length - 2;
    const cut = crlsOfFile(bytes.subarray(0, end));
    expect(cut.crls.slice(0, 1).map((piece) => toHex(piece.bytes))).toEqual(wanted.slice(0, 1));
  });

  it('keeps the CRLs of a composite one whose ballots are damaged', () => {
    const bytes = compositeCrl(crls);
    const damaged = crlsOfFile(bytes.map((octet, i) => (i === bytes.length - 1 ? 9 : octet)));
    expect(damaged.error?.code).toBe('tooManyElements');
    expect(damaged.crls.map((piece) => toHex(piece.bytes))).toEqual(wanted);
  });
});
