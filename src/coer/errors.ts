/** Every way in which an encoding can deviate from COER (ITU-T X.696) or from their schema. */
export const COER_ERROR_CODES = {
  truncated: 'the input ends before the field does',
  trailingBytes: 'bytes are left over behind the structure',
  lengthForm: 'a length determinant of indefinite form or of more than four octets',
  lengthNotMinimal: 'a length determinant that is longer than needed',
  integerNotMinimal: 'a variable-size integer with needless leading octets, or with none at all',
  integerTooLarge: 'an integer beyond what this implementation holds (2^53 − 1)',
  valueOutOfRange: 'a value outside the range of its type',
  sizeOutOfRange: 'a string or list whose size its type does not allow',
  enumLongForm: 'an enumeration in long form',
  enumUnknown: 'a value that its closed enumeration does not have',
  tagClass: 'a choice tag that is not of the context-specific class',
  tagLongForm: 'a choice tag of several octets',
  choiceUnknown: 'an alternative that its closed choice does not have',
  preamblePadding: 'unused bits of a sequence preamble are set',
  defaultEncoded: 'a default value that is encoded although it should be absent',
  extensionBitmap: 'a malformed extension presence bitmap',
  extensionBitmapPadding: 'unused bits of an extension presence bitmap are set',
  extensionsEmpty: 'the extension bit is set but no extension is present',
  openTypeTrailing: 'bytes are left over inside an open type',
  quantityForm: 'a list count that is not a minimal unsigned integer',
  tooManyElements: 'a list count above the bound of its type, or above what the remaining bytes can hold',
  nestingTooDeep: 'structures nested deeper than allowed',
  utf8Invalid: 'a text that is not UTF-8',
} as const;

/** A code of {@link COER_ERROR_CODES}: how an encoding deviates. */
export type CoerErrorCode = keyof typeof COER_ERROR_CODES;

/** Why an encoding did not decode: code, offset and field. A value, because bad input is ordinary. */
export interface CoerFailure {
  readonly code: CoerErrorCode;
  /** Offset of the offending octet from the start of the decoded octets. */
  readonly offset: number;
  /** Field names from the outside in, e.g. `content.signedData.signer.certificate[0].toBeSigned`. */
  readonly path: string;
  /** The values compared. */
  readonly detail: string;
}

/** Thrown if the caller promised a valid encoding (`decodeOrThrow`) or an encodable value (`encode`). */
export class CoerError extends Error {
  readonly failure: CoerFailure;

  constructor(failure: CoerFailure) {
    super(`${failure.code} at octet ${failure.offset}${failure.path ? ` (${failure.path})` : ''}: ${failure.detail}`);
    this.name = 'CoerError';
    this.failure = failure;
  }
}
