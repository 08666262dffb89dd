/** Readers: files, directories and streams of certificates and messages, as records. They judge nothing. */

export { type ReadArtefact, readArtefacts } from './artefact-files.ts';
export { type CrlFileRead, type CrlFilesRead, openCrlFiles, type ReadCrl, readCrlFiles } from './crl-files.ts';
export { ReaderError } from './errors.ts';
export { FORMATS, type Format, sniffFormat } from './formats.ts';
export { MAX_LINE_OCTETS } from './limits.ts';
export { type ReadOptions, readRecords } from './read-records.ts';
export type { InputRecord } from './record.ts';
export { readPins, readWhole } from './trust-files.ts';
export { type Unwrapped, unwrap } from './unwrap.ts';
