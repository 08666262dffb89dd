/** Declarative, strict canonical OER (COER, ITU-T X.696). */
export { asOctets, inTotal } from './bounds.ts';
export { type Chosen, choice, extensibleChoice, type UnknownAlternative } from './choice.ts';
export { Cursor, DecodeFailure } from './cursor.ts';
export { COER_ERROR_CODES, CoerError, type CoerErrorCode, type CoerFailure } from './errors.ts';
export { int32, signed, uint8, uint8In, uint16, uint32, uint64, unsigned } from './integers.ts';
export { toHex, toJson } from './json.ts';
export { sequenceOf } from './lists.ts';
export { openType, recursive } from './open.ts';
export { type Packed, type PackedOptions, packedSequenceOf, startOf } from './packed.ts';
export {
  annotate,
  type DecodeResult,
  decode,
  decodeOrThrow,
  decodePrefix,
  encode,
  endOfValue,
  type Infer,
  type Schema,
} from './schema.ts';
export { defaulted, optional, type SequenceValue, sequence } from './sequence.ts';
export type { ExtensionAdditions } from './sequence-plan.ts';
export { enumerated, extensibleEnum, fixedOctets, nothing, octets, type UnknownEnum, utf8 } from './strings.ts';
export type { TraceNode } from './trace.ts';
export { Writer } from './writer.ts';
