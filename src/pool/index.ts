export { type LaneMetrics, WorkerStartError } from './lane.ts';
export { createPool, Pool, type PoolMetrics, type PoolOptions, type VerifyOptions } from './pool.ts';
export type { ThreadState } from './thread-totals.ts';
