/** What is packed comes out unchanged, and never brings along what it was cut from. */
import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ownedTrust, packItems, packVerdicts, unpackItems, unpackVerdicts } from '../../src/pool/wire.ts';
import {
  CODES,
  type Code,
  type FailureCode,
  RESULT_NAMES,
  REVOCATION_STATES,
  STAGES,
  type Verdict,
} from '../../src/verdict/index.ts';
import type { Item } from '../../src/verifier/index.ts';

const FAILURE_CODES = Object.keys(CODES) as FailureCode[];
const ALL_CODES: readonly Code[] = ['ok', ...FAILURE_CODES];

const octets = fc.uint8Array({ maxLength: 300 });
const hex = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((o) => Buffer.from(o).toString('hex'));
const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const psid = fc.oneof(fc.constantFrom(0, 32, 0xff, 2 ** 32, Number.MAX_SAFE_INTEGER), fc.maxSafeNat());

const item: fc.Arbitrary<Item> = fc.record(
  {
    kind: fc.constantFrom('certificate', 'message'),
    bytes: octets,
    lowerLayerPsid: psid,
    externalData: octets,
    at: fc.bigInt({ min: -(2n ** 53n) + 1n, max: 2n ** 53n - 1n }),
    unreadable: text,
  },
  { requiredKeys: ['kind', 'bytes'], noNullPrototype: true },
);

const failure = fc.record(
  {
    code: fc.constantFrom(...FAILURE_CODES),
    depth: fc.nat(12),
    detail: text,
    stage: fc.constantFrom(...STAGES),
  },
  { requiredKeys: ['code', 'depth', 'detail'], noNullPrototype: true },
);

/** Verdicts of one revision, as a verifier gives them: what follows from the code follows from the code. */
function verdictOf(
  code: fc.Arbitrary<Code>,
  trustRevision: number,
  crlRevision = trustRevision + 1,
): fc.Arbitrary<Verdict> {
  const common = fc.record(
    {
      hashedId8: fc.option(hex(8)),
      code,
      depth: fc.nat(255),
      detail: fc.oneof(fc.constant(''), text),
      errorOffset: fc.option(fc.nat()),
      signature: fc.constantFrom('ok' as const, 'bad' as const, 'notChecked' as const),
      trust: fc.constantFrom('root' as const, 'pinned' as const, 'none' as const),
      regionChecked: fc.boolean(),
      revocation: fc.constantFrom(...REVOCATION_STATES),
      revokedBy: fc.record(
        {
          crl: hex(32),
          source: text,
          craca: hex(8),
          series: fc.nat(65_535),
          rule: fc.constantFrom('hash' as const, 'linkageValue' as const, 'groupLinkageValue' as const),
          entry: fc.nat(),
          depth: fc.nat(12),
        },
        { noNullPrototype: true },
      ),
      warnings: fc.constant(['crlOverdue'] as const),
      errors: fc.array(failure, { maxLength: 4 }),
      lenient: fc.array(text, { maxLength: 2 }),
    },
    {
      requiredKeys: [
        'hashedId8',
        'code',
        'depth',
        'detail',
        'errorOffset',
        'signature',
        'trust',
        'regionChecked',
        'revocation',
      ],
    },
  );
  const own = fc.oneof(
    fc.record({ kind: fc.constant('certificate' as const), publicKey: fc.option(hex(33)) }),
    fc.record({
      kind: fc.constant('message' as const),
      psid: fc.option(psid),
      generationTime: fc.option(text),
      signer: fc.option(fc.constantFrom('digest', 'certificate', 'self', 'unknown')),
    }),
  );
  return fc.tuple(common, own).map(([shared, rest]): Verdict => {
    const { verdict, resultName } =
      shared.code === 'ok' ? { verdict: 'valid' as const, resultName: 'success' as const } : CODES[shared.code];
    const resultCode = resultName === null ? null : RESULT_NAMES[resultName];
    return { ...shared, ...rest, verdict, resultName, resultCode, trustRevision, crlRevision };
  });
}

/** What the other thread receives. */
const across = <T>(value: T): T => deserialize(serialize(value)) as T;

/** Without the fields that are there and undefined: for a verifier they are absent. */
const present = (value: Item): Partial<Item> =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));

describe('items', () => {
  it('come out as they went in', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 20 }), (items) => {
        const unpacked = unpackItems(across(packItems(items)));
        expect(unpacked.map(present)).toStrictEqual(items.map(present));
      }),
      { numRuns: 300 },
    );
  });

  it('come out as they went in when they are views, Buffers or shared', () => {
    const whole = Buffer.from('0123456789abcdef');
    const shared = new Uint8Array(new SharedArrayBuffer(8)).fill(7);
    const items: Item[] = [
      { kind: 'message', bytes: whole.subarray(3, 9), externalData: whole.subarray(2, 4) },
      { kind: 'certificate', bytes: new Uint8Array(0) },
      { kind: 'message', bytes: shared.subarray(2, 5), lowerLayerPsid: 0 },
    ];
    const unpacked = unpackItems(packItems(items));
    expect(unpacked.map(({ bytes }) => Buffer.from(bytes).toString('latin1'))).toEqual(['345678', '', '\x07\x07\x07']);
    expect(Buffer.from(unpacked[0]?.externalData as Uint8Array).toString()).toBe('23');
    expect(unpacked[2]?.lowerLayerPsid).toBe(0);
  });

  it('take exactly the octets that they have, however large the file was that they were cut from', () => {
    const file = Buffer.alloc(1 << 20, 1);
    const items = Array.from({ length: 10 }, (_, i): Item => {
      const bytes = file.subarray(1000 * i, 1000 * i + 100);
      return { kind: 'message', bytes, ...(i === 3 && { externalData: file.subarray(5, 25) }) };
    });
    const packed = packItems(items);
    expect(packed.octets.buffer.byteLength).toBe(1000);
    expect(packed.table.buffer.byteLength).toBe(packed.table.byteLength);
    expect(packed.extras[0]?.externalData?.buffer.byteLength).toBe(20);
    expect(serialize(packed).length).toBeLessThan(2000);
    expect(items[0]?.bytes.length).toBe(100);
  });
});

describe('trust material', () => {
  it('takes exactly the octets that it has', () => {
    const file = Buffer.alloc(1 << 20, 1);
    const cut = (at: number): Uint8Array => file.subarray(at, at + 50);
    const material = {
      roots: [cut(0), cut(50)],
      certificates: [cut(100)],
      pins: [{ certificate: cut(150), publicKey: cut(200) }],
    };
    const owned = ownedTrust(material);
    expect(serialize(owned).length).toBeLessThan(1000);
    const plain = (octets: readonly Uint8Array[]): number[][] => octets.map((one) => [...one]);
    expect(plain(owned.roots)).toEqual(plain(material.roots));
    expect(ownedTrust({ roots: [] })).toStrictEqual({ roots: [] });
  });

  it('is not changed by who handed it in', () => {
    const root = Uint8Array.of(1, 2, 3);
    const owned = ownedTrust({ roots: [root] });
    root.fill(0);
    expect(owned.roots).toEqual([Uint8Array.of(1, 2, 3)]);
  });
});

describe('verdicts', () => {
  it.each(ALL_CODES)('come out as they went in: %s', (code) => {
    fc.assert(
      fc.property(fc.array(verdictOf(fc.constant(code), 3), { maxLength: 4 }), (verdicts) => {
        expect(unpackVerdicts(across(packVerdicts(verdicts)))).toStrictEqual(verdicts);
      }),
      { numRuns: 20 },
    );
  });

  it('come out as they went in, one after another', () => {
    const batch = fc
      .nat()
      .chain((revision) => fc.array(verdictOf(fc.constantFrom(...ALL_CODES), revision), { maxLength: 30 }));
    fc.assert(
      fc.property(batch, (verdicts) => {
        const unpacked = unpackVerdicts(across(packVerdicts(verdicts)));
        expect(unpacked).toStrictEqual(verdicts);
        expect(unpacked.map((one) => Object.keys(one).sort())).toEqual(verdicts.map((one) => Object.keys(one).sort()));
      }),
      { numRuns: 300 },
    );
  });

  it('keep no more of a batch in memory than their neighbours, whoever keeps one', () => {
    const verdicts = fc.sample(verdictOf(fc.constantFrom(...ALL_CODES), 1), 50);
    const { table, texts } = packVerdicts(verdicts);
    expect(table.buffer.byteLength).toBe(table.byteLength);
    const said = ({ hashedId8, publicKey, generationTime, detail }: Verdict): string =>
      `${hashedId8 ?? ''}${publicKey ?? generationTime ?? ''}${detail}`;
    const sheets = [0, 16, 32, 48].map((first) =>
      verdicts
        .slice(first, first + 16)
        .map(said)
        .join(''),
    );
    expect(texts).toEqual(sheets);
  });
});
