/**
 * Readers: files, folders, streams and bytes of certificates and messages, in any deployed form, as records.
 * They verify nothing.
 *
 * {@link readRecords} reads what Node can open. {@link RecordCutter} takes bytes and knows neither files nor a platform: with
 * it, any thread and any browser can cut an input into the same records.
 */

export { type ReadArtefact, readArtefacts } from './artefact-files.ts';
export * from './core.ts';
export { type CrlFileRead, type CrlFilesRead, openCrlFiles, type ReadCrl, readCrlFiles } from './crl-files.ts';
export { type ReadOptions, type RecordSource, type RecordStream, readRecords } from './read-records.ts';
export { readPins, readTrustFiles, readWhole, type TrustFilesRead } from './trust-files.ts';
