/** Every code of the decoder, with the octet it points at and the field it names, on encodings written by hand. */
import { expect, it } from 'vitest';
import {
  annotate,
  COER_ERROR_CODES,
  CoerError,
  type CoerErrorCode,
  choice,
  decode,
  decodeOrThrow,
  decodePrefix,
  defaulted,
  enumerated,
  extensibleChoice,
  extensibleEnum,
  fixedOctets,
  nothing,
  octets,
  openType,
  optional,
  recursive,
  type Schema,
  sequence,
  sequenceOf,
  signed,
  uint8,
  uint8In,
  uint16,
  uint32,
  uint64,
  unsigned,
  utf8,
} from '../../src/coer/index.ts';
import { fromHex } from '../support/octets.ts';

interface Nested {
  inner?: Nested | undefined;
}
const Nested: Schema<Nested> = recursive((): Schema<Nested> => nestedFields, 3);
const nestedFields: Schema<Nested> = sequence({ inner: optional(Nested) });

const Extensible = sequence({ a: uint8 }, { extensions: { b: uint16, c: nothing } });
const Outer = sequence({ first: uint8, list: sequenceOf(choice({ x: uint16, y: Extensible }), 0, 3) });
const NineOptional = sequence(Object.fromEntries([...'abcdefghi'].map((name) => [name, optional(uint8)])));

type Row = [code: CoerErrorCode, what: string, schema: Schema<unknown>, hex: string, offset: number, path: string];

const ROWS: readonly Row[] = [
  ['truncated', 'nothing at all', uint8, '', 0, ''],
  ['truncated', 'half an integer', uint16, '01', 0, ''],
  ['truncated', 'seven octets of eight: the second half', uint64, '00000000000000', 4, ''],
  ['truncated', 'a fixed string', fixedOctets(3), '0102', 0, ''],
  ['truncated', 'the octets of a length', octets(), '8201', 1, ''],
  ['truncated', 'a short length beyond the end', octets(), '03aabb', 0, ''],
  ['truncated', 'a long length beyond the end', octets(), '8180aa', 0, ''],
  ['truncated', 'a length of 2^32 − 1', octets(), '84ffffffff', 0, ''],
  ['truncated', 'a field inside an open type, whose octets go on behind it', openType(uint16), '01aabb', 1, ''],
  ['truncated', 'a tag behind the end of its open type', openType(choice({ a: nothing })), '0080', 1, ''],
  ['truncated', 'a length behind the end of its open type', openType(octets()), '0000', 1, ''],
  ['truncated', 'the second element', Outer, '000102800001818005', 9, 'list[1].y'],
  ['truncated', 'an extension that is announced', Extensible, '800102068000', 6, 'b'],
  ['trailingBytes', 'one octet', uint8, '0102', 1, ''],
  ['trailingBytes', 'behind a NULL', nothing, '00', 0, ''],
  ['lengthForm', 'indefinite', octets(), '80', 0, ''],
  ['lengthForm', 'five octets of length', octets(), '850000000001aa', 0, ''],
  ['lengthForm', 'of an element', sequence({ a: uint8, b: octets() }), '0080', 1, 'b'],
  ['lengthNotMinimal', 'long form of 127', octets(), `817f${'00'.repeat(127)}`, 0, ''],
  ['lengthNotMinimal', 'two octets for 255', octets(), `8200ff${'00'.repeat(255)}`, 0, ''],
  ['lengthNotMinimal', 'two octets for 128, and nothing behind', octets(), '820080', 0, ''],
  ['lengthNotMinimal', 'of an integer', unsigned, '810120', 0, ''],
  ['integerNotMinimal', 'unsigned with a leading zero', unsigned, '020020', 0, ''],
  ['integerNotMinimal', 'unsigned without octets', unsigned, '00', 0, ''],
  ['integerNotMinimal', 'signed 0x007f', signed, '02007f', 0, ''],
  ['integerNotMinimal', 'signed 0xff80', signed, '02ff80', 0, ''],
  ['integerNotMinimal', 'signed without octets', signed, '00', 0, ''],
  ['integerTooLarge', '2^53', unsigned, '0720000000000000', 0, ''],
  ['integerTooLarge', 'eight octets', unsigned, '080100000000000000', 0, ''],
  ['integerTooLarge', 'seven signed octets', signed, '0701000000000000', 0, ''],
  ['integerTooLarge', 'a count of 2^56', sequenceOf(uint8), '080100000000000000', 0, ''],
  ['valueOutOfRange', 'below', uint8In(1, 254), '00', 0, ''],
  ['valueOutOfRange', 'above', sequence({ a: uint16, b: uint8In(1, 254) }), '0000ff', 2, 'b'],
  ['sizeOutOfRange', 'a string too short', octets(2, 3), '01aa', 0, ''],
  ['sizeOutOfRange', 'a string too long', octets(2, 3), '04aabbccdd', 0, ''],
  ['sizeOutOfRange', 'a list too short', sequenceOf(uint8, 2, 3), '010105', 0, ''],
  ['sizeOutOfRange', 'a text too long', utf8(2), '03616263', 0, ''],
  ['sizeOutOfRange', 'a text too long by any count', utf8(1), '056161616161', 0, ''],
  ['enumLongForm', '0x81', enumerated(['a', 'b']), '8101', 0, ''],
  ['enumLongForm', 'of an extensible one', sequence({ a: uint8, e: extensibleEnum(['x']) }), '0080', 1, 'e'],
  ['enumUnknown', 'behind the last', sequence({ a: uint8, e: enumerated(['x', 'y']) }), '0002', 1, 'e'],
  ['tagClass', 'universal', choice({ a: uint8 }), '0000', 0, ''],
  ['tagClass', 'application', choice({ a: uint8 }), '4000', 0, ''],
  ['tagClass', 'private', extensibleChoice({ a: uint8 }), 'c000', 0, ''],
  ['tagClass', 'in a list', Outer, '000101018000', 3, 'list[0]'],
  ['tagLongForm', 'of an extensible choice', extensibleChoice({ a: uint8 }), 'bf3f00', 0, ''],
  ['tagLongForm', 'of a closed one', choice({ a: uint8 }), 'bf', 0, ''],
  ['choiceUnknown', 'behind the last', choice({ a: uint8, b: uint8 }), '8200', 0, ''],
  ['choiceUnknown', 'in a list', Outer, '000101820000', 3, 'list[0]'],
  ['preamblePadding', 'the last bit', sequence({ a: optional(uint8) }), '8105', 0, ''],
  ['preamblePadding', 'of two octets: the second one is wrong', NineOptional, '0001', 1, ''],
  ['defaultEncoded', 'the default itself', sequence({ a: uint8, b: defaulted(signed, 1) }), '80070101', 2, 'b'],
  ['extensionBitmap', 'of length 0', Extensible, '800100', 2, ''],
  ['extensionBitmap', 'without bits', Extensible, '80010100', 2, ''],
  ['extensionBitmap', 'with 8 unused bits', Extensible, '8001020800', 2, ''],
  ['extensionBitmap', 'wider than 256 bits', Extensible, `80012200${'00'.repeat(33)}`, 2, ''],
  ['extensionBitmapPadding', 'an unused bit set', Extensible, '80010206a0', 4, ''],
  ['extensionBitmapPadding', 'in the second octet', Extensible, '800103078001', 5, ''],
  ['extensionsEmpty', 'no bit set', Extensible, '8001020600', 2, ''],
  ['openTypeTrailing', 'of an extension', Extensible, '80010206800300ffee', 8, 'b'],
  ['openTypeTrailing', 'of a NULL', Extensible, '800102064001aa', 6, 'c'],
  ['openTypeTrailing', 'of an alternative', extensibleChoice({}, { n: uint8 }), '8002aabb', 3, 'n'],
  ['quantityForm', 'a leading zero', sequenceOf(uint8), '020001aa', 0, ''],
  ['quantityForm', 'no octet', sequenceOf(uint8), '00', 0, ''],
  ['tooManyElements', 'above the bound', Outer, `00010480${'00'.repeat(20)}`, 1, 'list'],
  ['tooManyElements', 'more than the octets can hold', sequenceOf(uint32), '010200000000', 0, ''],
  ['tooManyElements', '2^32', sequenceOf(uint8), '050100000000', 0, ''],
  ['tooManyElements', '4097 of nothing', sequenceOf(nothing), '021001', 0, ''],
  ['nestingTooDeep', 'the fourth of three', Nested, '80808000', 3, 'inner.inner.inner'],
  ['utf8Invalid', 'a lone continuation', utf8(9), '0180', 0, ''],
  ['utf8Invalid', 'an overlong slash', sequence({ a: uint8, t: utf8(9) }), '0002c0af', 1, 't'],
  ['utf8Invalid', 'half a surrogate pair', utf8(9), '03eda080', 0, ''],
];

it('every code has a case', () => {
  const covered = new Set(ROWS.map(([code]) => code));
  expect(Object.keys(COER_ERROR_CODES).filter((code) => !covered.has(code as CoerErrorCode))).toEqual([]);
});

it.each(ROWS)('%s: %s', (code, _, schema, hex, offset, path) => {
  const octets = fromHex(hex);
  const result = decode(schema, octets);
  expect(result).toMatchObject({ ok: false, error: { code, offset, path } });
  if (result.ok) return;
  expect(result.error.detail).not.toBe('');

  const { tree, error } = annotate(schema, octets);
  expect(error).toEqual(result.error);
  expect(tree.end).toBeLessThanOrEqual(octets.length);

  expect(() => decodeOrThrow(schema, octets)).toThrow(CoerError);
  expect(() => decodeOrThrow(schema, octets)).toThrow(`${code} at octet ${offset}`);
});

it.each(ROWS)('%s: %s, behind other octets', (code, _, schema, hex, offset, path) => {
  // A prefix is not looked at beyond its end, so nothing trails there.
  if (code === 'trailingBytes') return;
  const shifted = fromHex(`ffffff${hex}`);
  expect(decodePrefix(schema, shifted, 3)).toMatchObject({ ok: false, error: { code, offset: offset + 3, path } });
});
