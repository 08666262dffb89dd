export { createPool, Pool, type PoolMetrics, type PoolOptions, type VerifyOptions } from './pool.ts';
export { type WorkerMetrics, WorkerStartError } from './pool-worker.ts';
export type { ThreadState } from './thread-totals.ts';
