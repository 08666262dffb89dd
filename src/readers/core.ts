/**
 * The part of the readers that takes bytes: no file, no stream, no module of a platform. A test keeps it so.
 */
export { ReaderError } from './errors.ts';
export { FORMATS, type Format, type SniffedFormat } from './format-names.ts';
export { sniffFormat } from './formats.ts';
export { MAX_LINE_BYTES } from './limits.ts';
export { pieceOf } from './pieces.ts';
export { type Recognised, recognise, unreadableText } from './recognise.ts';
export { type InputRecord, type Piece, type Place, type RecordParser, unwrapOf } from './record.ts';
export { type CutterOptions, RecordCutter } from './record-cutter.ts';
export { type ByteAccount, type ReadReport, Tally } from './tally.ts';
export { type Unwrapped, unwrap } from './unwrap.ts';
