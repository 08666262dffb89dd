/** Known encodings, written by hand from ITU-T X.696: one value, one encoding. */
import { describe, expect, it } from 'vitest';
import {
  annotate,
  CoerError,
  choice,
  decode,
  decodePrefix,
  defaulted,
  encode,
  enumerated,
  extensibleChoice,
  extensibleEnum,
  fixedOctets,
  int32,
  nothing,
  octets,
  openType,
  optional,
  recursive,
  type Schema,
  sequence,
  sequenceOf,
  signed,
  toJson,
  uint8,
  uint8In,
  uint16,
  uint32,
  uint64,
  unsigned,
  utf8,
} from '../../src/coer/index.ts';
import { cpuMs } from '../support/cpu.ts';
import { fromHex, toHex } from '../support/octets.ts';

const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(0xab);
const ab = (length: number): string => 'ab'.repeat(length);

const Pair = sequence({ a: uint8, b: optional(uint8) });
const Defaults = sequence({ x: defaulted(signed, 1), y: defaulted(uint8, 0x80), z: optional(nothing) });
const Extensible = sequence({ a: uint8 }, { extensions: { b: uint16, c: nothing } });
const OptionalExtensible = sequence({ a: optional(uint8) }, { extensions: {} });
const optionals = (count: number): Record<string, ReturnType<typeof optional<number>>> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, optional(uint8)]));
const Eight = sequence(optionals(8));
const Nine = sequence(optionals(9));
const SeventeenExtensible = sequence(optionals(17), { extensions: {} });
const Closed = choice({ a: uint8, b: nothing, c: octets() });
const Open = extensibleChoice({ a: uint8, b: nothing }, { c: uint16, d: nothing });

const additions = (bitmapBits: number, ...unknown: [number, string][]) => ({
  bitmapBits,
  unknown: unknown.map(([index, hex]) => ({ index, octets: fromHex(hex) })),
});

type Row = [what: string, schema: Schema<unknown>, value: unknown, hex: string];
const row = <T>(what: string, schema: Schema<T>, value: T, hex: string): Row => [
  what,
  schema as unknown as Schema<unknown>,
  value,
  hex,
];

const ROWS: readonly Row[] = [
  row('uint8 0', uint8, 0, '00'),
  row('uint8 255', uint8, 255, 'ff'),
  row('uint16 256', uint16, 256, '0100'),
  row('uint16 65535', uint16, 65535, 'ffff'),
  row('uint32 2^31', uint32, 2 ** 31, '80000000'),
  row('uint32 2^32 − 1', uint32, 2 ** 32 - 1, 'ffffffff'),
  row('uint64 2^53 + 1', uint64, 2n ** 53n + 1n, '0020000000000001'),
  row('uint64 2^64 − 1', uint64, 2n ** 64n - 1n, 'ffffffffffffffff'),
  row('uint64 2^32', uint64, 2n ** 32n, '0000000100000000'),
  row('uint8In, both ends: low', uint8In(3, 9), 3, '03'),
  row('uint8In, both ends: high', uint8In(3, 9), 9, '09'),
  row('int32 −1', int32, -1, 'ffffffff'),
  row('int32 −2^31', int32, -(2 ** 31), '80000000'),
  row('int32 2^31 − 1', int32, 2 ** 31 - 1, '7fffffff'),
  row('int32 0', int32, 0, '00000000'),

  row('unsigned 0', unsigned, 0, '0100'),
  row('unsigned 32', unsigned, 32, '0120'),
  row('unsigned 127', unsigned, 127, '017f'),
  row('unsigned 128: no sign bit', unsigned, 128, '0180'),
  row('unsigned 255', unsigned, 255, '01ff'),
  row('unsigned 256', unsigned, 256, '020100'),
  row('unsigned 65535', unsigned, 65535, '02ffff'),
  row('unsigned 65536', unsigned, 65536, '03010000'),
  row('unsigned 2^32', unsigned, 2 ** 32, '050100000000'),
  row('unsigned 2^53 − 1', unsigned, 2 ** 53 - 1, '071fffffffffffff'),

  row('signed 0', signed, 0, '0100'),
  row('signed 1', signed, 1, '0101'),
  row('signed −1', signed, -1, '01ff'),
  row('signed 127', signed, 127, '017f'),
  row('signed 128', signed, 128, '020080'),
  row('signed −128', signed, -128, '0180'),
  row('signed −129', signed, -129, '02ff7f'),
  row('signed 255', signed, 255, '0200ff'),
  row('signed −256', signed, -256, '02ff00'),
  row('signed 32767', signed, 32767, '027fff'),
  row('signed 32768', signed, 32768, '03008000'),
  row('signed −32768', signed, -32768, '028000'),
  row('signed −32769', signed, -32769, '03ff7fff'),
  row('signed 2^46', signed, 2 ** 46, '06400000000000'),
  row('signed 2^47 − 1', signed, 2 ** 47 - 1, '067fffffffffff'),
  row('signed −2^47', signed, -(2 ** 47), '06800000000000'),

  row('fixed octets', fixedOctets(3), fromHex('010203'), '010203'),
  row('no octets', octets(), bytes(0), '00'),
  row('127 octets', octets(), bytes(127), `7f${ab(127)}`),
  row('128 octets', octets(), bytes(128), `8180${ab(128)}`),
  row('255 octets', octets(), bytes(255), `81ff${ab(255)}`),
  row('256 octets', octets(), bytes(256), `820100${ab(256)}`),
  row('65535 octets', octets(), bytes(65535), `82ffff${ab(65535)}`),
  row('65536 octets', octets(), bytes(65536), `83010000${ab(65536)}`),
  row('octets at both bounds: few', octets(1, 2), bytes(1), '01ab'),
  row('octets at both bounds: many', octets(1, 2), bytes(2), '02abab'),
  row('empty text', utf8(9), '', '00'),
  row('text', utf8(9), 'aé€😀', '0a61c3a9e282acf09f9880'),
  row('a text counts characters, not octets', utf8(2), '😀😀', '08f09f9880f09f9880'),
  row('a byte order mark stays', utf8(9), '\ufeffa', '04efbbbf61'),
  row('NULL', nothing, null, ''),

  row('enumerated', enumerated(['a', 'b', 'c']), 'c', '02'),
  row('known value of an extensible one', extensibleEnum(['a', 'b']), 'b', '01'),
  row('unknown value, the first', extensibleEnum(['a', 'b']), 'unknown(2)', '02'),
  row('unknown value, the last', extensibleEnum(['a', 'b']), 'unknown(127)', '7f'),

  row('no element', sequenceOf(uint8), [], '0100'),
  row('three elements', sequenceOf(uint8), [1, 2, 3], '0103010203'),
  row('200 elements', sequenceOf(uint8), Array(200).fill(0xab), `01c8${ab(200)}`),
  row('255 elements', sequenceOf(uint8), Array(255).fill(0xab), `01ff${ab(255)}`),
  row('256 elements', sequenceOf(uint8), Array(256).fill(0xab), `020100${ab(256)}`),
  row('300 elements', sequenceOf(uint8), Array(300).fill(0xab), `02012c${ab(300)}`),
  row('elements without octets', sequenceOf(nothing), [null, null], '0102'),

  row('sequence without preamble', sequence({ a: uint8, b: uint16 }), { a: 1, b: 2 }, '010002'),
  row('sequence of nothing', sequence({}), {}, ''),
  row('optional absent', Pair, { a: 1, b: undefined }, '0001'),
  row('optional present', Pair, { a: 1, b: 2 }, '800102'),
  row('eight optional fields: no padding', Eight, { f0: 1, f7: 8 }, '810108'),
  row('nine: a second octet', Nine, { f8: 9 }, '008009'),
  row('nine: first and last', Nine, { f0: 1, f8: 9 }, '80800109'),
  row('18 preamble bits', SeventeenExtensible, { f0: 1, f16: 2 }, '4000400102'),
  row(
    '18 preamble bits and an addition',
    SeventeenExtensible,
    { f6: 1, extensionAdditions: additions(1, [0, 'cc']) } as object,
    '8100000102078001cc',
  ),
  row('defaults absent', Defaults, { x: 1, y: 0x80, z: undefined }, '00'),
  row('one default absent', Defaults, { x: -1, y: 0x80, z: null }, 'a001ff'),
  row('no default', Defaults, { x: 2, y: 0, z: undefined }, 'c0010200'),

  row('marker, nothing behind it', Extensible, { a: 7 }, '0007'),
  row('first addition', Extensible, { a: 7, b: 0x1234, extensionAdditions: additions(2) }, '800702068002' + '1234'),
  row(
    'second addition: NULL in an open type',
    Extensible,
    { a: 7, c: null, extensionAdditions: additions(2) },
    '800702064000',
  ),
  row(
    'narrow bitmap of an earlier version',
    Extensible,
    { a: 7, b: 1, extensionAdditions: additions(1) },
    '8007020780020001',
  ),
  row('bitmap of 8 bits', Extensible, { a: 7, b: 1, extensionAdditions: additions(8) }, '8007020080020001'),
  row(
    'bitmap of 9 bits, unknown addition kept',
    Extensible,
    { a: 7, extensionAdditions: additions(9, [8, 'eeff']) },
    '800703070080' + '02eeff',
  ),
  row(
    'bitmap of 16 bits, known and unknown in order',
    Extensible,
    { a: 7, c: null, extensionAdditions: additions(16, [2, ''], [15, '01']) },
    '80070300600100' + '00' + '0101',
  ),
  row(
    'bitmap of 256 bits',
    OptionalExtensible,
    { a: 5, extensionAdditions: additions(256, [255, '00']) },
    `c0052100${'00'.repeat(31)}010100`,
  ),
  row(
    'an unknown addition of 200 octets',
    OptionalExtensible,
    { extensionAdditions: additions(1, [0, ab(200)]) },
    `8002078081c8${ab(200)}`,
  ),

  row('first alternative', Closed, { tag: 'a', value: 9 }, '8009'),
  row('alternative without octets', Closed, { tag: 'b', value: null }, '81'),
  row('root alternative of an extensible choice is not wrapped', Open, { tag: 'a', value: 9 }, '8009'),
  row('alternative behind the marker is wrapped', Open, { tag: 'c', value: 0x1234 }, '82021234'),
  row('NULL behind the marker', Open, { tag: 'd', value: null }, '8300'),
  row('unknown alternative, the first', Open, { tag: 'unknown', index: 4, value: fromHex('0102') }, '84020102'),
  row('unknown alternative, the last', Open, { tag: 'unknown', index: 62, value: fromHex('') }, 'be00'),
  row('open type', openType(uint16), 5, '020005'),
  row('open type of 200 octets', openType(fixedOctets(200)), bytes(200), `81c8${ab(200)}`),
];

describe('one value, one encoding', () => {
  it.each(ROWS)('%s', (_, schema, value, hex) => {
    expect(toHex(encode(schema, value))).toBe(hex);
    const octets = fromHex(hex);
    const result = decode(schema, octets);
    expect(result).toEqual({ ok: true, value, end: octets.length });
    // What follows, and what came before, changes nothing.
    const surrounded = fromHex(`ffff${hex}ffff`);
    expect(decodePrefix(schema, surrounded, 2)).toEqual({ ok: true, value, end: 2 + octets.length });
  });

  it.each(ROWS)('%s: cut short anywhere, it is refused', (_, schema, __, hex) => {
    const octets = fromHex(hex);
    const lengths = octets.length > 300 ? [0, 1, 2, octets.length - 1] : octets.keys();
    for (const length of lengths) {
      const result = decode(schema, octets.subarray(0, length));
      expect(result.ok).toBe(false);
      if (!result.ok) expect(result.error.offset).toBeLessThanOrEqual(length);
    }
  });
});

describe('what a decoded value looks like', () => {
  it('has all fields, the absent ones undefined, in the order of the declaration', () => {
    const result = decode(Extensible, fromHex('0007'));
    expect(result.ok && Object.keys(result.value)).toEqual(['a', 'b', 'c']);
  });

  it('keeps the octets of a value where its schema says so', () => {
    const Spanned = sequence({ a: uint8, b: optional(uint8) }, { span: true });
    const result = decode(sequenceOf(Spanned), fromHex('0102' + '0001' + '800203'));
    expect(result.ok && result.value.map(({ encoded }) => toHex(encoded as Uint8Array))).toEqual(['0001', '800203']);
  });

  it('encoding goes by the fields, whatever `encoded` says', () => {
    const Spanned = sequence({ a: uint8 }, { span: true });
    expect(toHex(encode(Spanned, { a: 2, encoded: fromHex('01') }))).toBe('02');
  });

  it('as JSON: octets in hex, big integers in decimal, alternatives by name, unknown ones by number', () => {
    const All = sequence(
      { o: octets(), big: uint64, c: Open, u: Open, absent: optional(uint8), none: nothing, list: sequenceOf(Pair) },
      { span: true, extensions: {} },
    );
    const value = {
      o: fromHex('00ff'),
      big: 2n ** 64n - 1n,
      c: { tag: 'a' as const, value: 1 },
      u: { tag: 'unknown' as const, index: 5, value: fromHex('0a') },
      none: null,
      list: [{ a: 1 }, { a: 1, b: 2 }],
      extensionAdditions: additions(3, [2, 'bb']),
    };
    const result = decode(All, encode(All, value));
    expect(result.ok && toJson(result.value)).toEqual({
      o: '00ff',
      big: '18446744073709551615',
      c: { a: 1 },
      u: { 'unknown(5)': '0a' },
      none: null,
      list: [{ a: 1 }, { a: 1, b: 2 }],
      extensionAdditions: { bitmapBits: 3, unknown: [{ index: 2, octets: 'bb' }] },
    });
  });

  it('as an annotated tree: fields, marks and offsets', () => {
    const { tree, error } = annotate(
      sequence({ n: uint8, e: Extensible, c: Open }),
      fromHex('0180070206800212348202aabb'),
    );
    const lines: string[] = [];
    const walk = (node: typeof tree, depth: number): void => {
      lines.push(`${' '.repeat(depth)}${node.name} ${node.offset}..${node.end}`);
      for (const child of node.children) walk(child, depth + 1);
    };
    walk(tree, 0);
    expect(error).toBeUndefined();
    expect(lines).toEqual([
      ' 0..13',
      ' n 0..1',
      ' e 1..9',
      '  (preamble) 1..2',
      '  a 2..3',
      '  (extension bitmap) 3..6',
      '  b 6..9',
      '   (length) 6..7',
      '   (content) 7..9',
      ' c 9..13',
      '  (tag) 9..10',
      '  c 10..13',
      '   (length) 10..11',
      '   (content) 11..13',
    ]);
  });
});

describe('bounds', () => {
  it('a claim of many elements costs nothing', () => {
    const before = process.memoryUsage();
    const List = sequenceOf(uint8, 0, Number.POSITIVE_INFINITY);
    const started = cpuMs();
    for (let i = 0; i < 10_000; i++) {
      for (const hex of ['050100000000', '0400ffffff', '04ffffffff0000', '071fffffffffffff'])
        decode(List, fromHex(hex));
    }
    expect(cpuMs() - started).toBeLessThan(5_000);
    const after = process.memoryUsage();
    expect(after.rss - before.rss).toBeLessThan(200e6);
  });

  it('the last allowed count decodes, the first refused does not', () => {
    const List = sequenceOf(uint8, 0, 2);
    expect(decode(List, fromHex('01020a0b')).ok).toBe(true);
    expect(decode(List, fromHex('01030a0b0c'))).toMatchObject({ ok: false, error: { code: 'tooManyElements' } });
    expect(decode(sequenceOf(nothing), fromHex('021000')).ok).toBe(true);
    expect(decode(sequenceOf(nothing), fromHex('021001')).ok).toBe(false);
  });

  it('counts the structures that are open at the same time, not those that were', () => {
    interface Tree {
      children: Tree[];
    }
    const Tree: Schema<Tree> = recursive((): Schema<Tree> => sequence({ children: sequenceOf(Tree) }), 3);
    const leaves = '0100'.repeat(5);
    expect(decode(Tree, fromHex(`0102${`0105${leaves}`.repeat(2)}`)).ok).toBe(true);
    expect(decode(Tree, fromHex('0101010101010100'))).toMatchObject({
      ok: false,
      error: { code: 'nestingTooDeep', offset: 6, path: 'children[0].children[0].children[0]' },
    });
  });
});

describe('values outside the schema are refused, never cut', () => {
  // biome-ignore lint/suspicious/noExplicitAny: wrong values are the point
  type Bad = [what: string, schema: Schema<any>, value: unknown, says: RegExp];
  const BAD: readonly Bad[] = [
    ['uint8 −1', uint8, -1, /-1/],
    ['uint8 256', uint8, 256, /256/],
    ['uint8 1.5', uint8, 1.5, /1\.5/],
    ['uint8 NaN', uint8, Number.NaN, /NaN/],
    ['uint16 65536', uint16, 65536, /65536/],
    ['uint32 2^32', uint32, 2 ** 32, /4294967296/],
    ['uint32 ∞', uint32, Number.POSITIVE_INFINITY, /Infinity/],
    ['uint8In below', uint8In(1, 9), 0, /1\.\.9/],
    ['uint8In above', uint8In(1, 9), 10, /1\.\.9/],
    ['uint64 −1', uint64, -1n, /-1/],
    ['uint64 2^64', uint64, 2n ** 64n, /18446744073709551616/],
    ['int32 2^31', int32, 2 ** 31, /2147483648/],
    ['int32 −2^31 − 1', int32, -(2 ** 31) - 1, /-2147483649/],
    ['int32 0.5', int32, 0.5, /0\.5/],
    ['unsigned −1', unsigned, -1, /-1/],
    ['unsigned 2^53', unsigned, 2 ** 53, /9007199254740992/],
    ['unsigned 0.1', unsigned, 0.1, /0\.1/],
    ['signed 2^47', signed, 2 ** 47, /140737488355328/],
    ['signed −2^47 − 1', signed, -(2 ** 47) - 1, /-140737488355329/],
    ['signed 1.5', signed, 1.5, /1\.5/],
    ['fixed octets, short', fixedOctets(3), bytes(2), /2 octets where 3/],
    ['fixed octets, long', fixedOctets(3), bytes(4), /4 octets where 3/],
    ['octets, few', octets(2, 3), bytes(1), /1 octets/],
    ['octets, many', octets(2, 3), bytes(4), /4 octets/],
    ['a long text', utf8(2), 'abc', /3 characters/],
    ['half a character', utf8(9), 'a\ud800', /half a character/],
    ['an unknown name', enumerated(['a']), 'b', /b is none of a/],
    ['an unknown value of a closed enumeration', enumerated(['a']), 'unknown(1)', /unknown/],
    ['enumeration value 128', extensibleEnum(['a']), 'unknown(128)', /unknown\(128\)/],
    ['a known value under another name', extensibleEnum(['a', 'b']), 'unknown(1)', /unknown\(1\)/],
    ['an invented name', extensibleEnum(['a']), 'b', /b is none of a/],
    ['a list too short', sequenceOf(uint8, 1, 2), [], /0 elements/],
    ['a list too long', sequenceOf(uint8, 1, 2), [1, 2, 3], /3 elements/],
    ['a bad element', sequenceOf(uint8), [1, 256], /256/],
    ['a missing field', Pair, { b: 1 }, /a is missing/],
    ['a missing NULL', sequence({ n: nothing }), {}, /n is missing/],
    ['a bad default', Defaults, { x: 1, y: 256 }, /256/],
    ['an unknown alternative of a closed choice', Closed, { tag: 'unknown', index: 5, value: bytes(1) }, /unknown/],
    ['an invented alternative', Open, { tag: 'z', value: 1 }, /z is none of a, b, c, d/],
    ['an unknown alternative with a known index', Open, { tag: 'unknown', index: 3, value: bytes(1) }, /3/],
    ['an unknown alternative beyond one octet of tag', Open, { tag: 'unknown', index: 63, value: bytes(1) }, /63/],
    ['an unknown alternative without index', Open, { tag: 'unknown', value: bytes(1) }, /undefined/],
    ['a bad alternative', Closed, { tag: 'a', value: -1 }, /-1/],
    ['an addition beyond its bitmap', Extensible, { a: 1, c: null, extensionAdditions: additions(1) }, /extension 1/],
    ['an unknown addition beyond it', Extensible, { a: 1, extensionAdditions: additions(4, [9, '01']) }, /9/],
    [
      'an unknown addition in the place of a known one',
      Extensible,
      { a: 1, extensionAdditions: additions(4, [1, '']) },
      /1/,
    ],
    ['two additions in one place', Extensible, { a: 1, extensionAdditions: additions(4, [3, ''], [3, '']) }, /3/],
    ['a bitmap of 257 bits', Extensible, { a: 1, extensionAdditions: additions(257, [3, '']) }, /257/],
    ['a bitmap of half a bit', Extensible, { a: 1, extensionAdditions: additions(4.5, [3, '']) }, /4\.5/],
    ['additions without a marker', Pair, { a: 1, extensionAdditions: additions(4, [3, '']) }, /no extension marker/],
  ];

  it.each(BAD)('%s', (_, schema, value, says) => {
    expect(() => encode(schema, value)).toThrow(CoerError);
    expect(() => encode(schema, value)).toThrow(says);
  });
});
