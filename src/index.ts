/**
 * scms-verify: verifies IEEE 1609.2 certificates and signed messages in bulk.
 *
 * `createVerifier` verifies in the calling thread; `createPool` does the same on a pool of threads. Both give one {@link Verdict} per
 * {@link Item}, in order.
 *
 * @packageDocumentation
 */
export * from './browser.ts';
export {
  createPool,
  Pool,
  type PoolMetrics,
  type PoolOptions,
  type ThreadState,
  type VerifyOptions,
  WorkerStartError,
} from './pool/index.ts';
export {
  type BuildOptions,
  type BuildProgress,
  buildRevocation,
} from './revocation/build.ts';
export { saveRevocation } from './revocation/save.ts';
export { type ExpectedIndex, IndexFileError, openRevocation } from './revocation/save-open.ts';
