/** Counts of a kernel since it was made: signatures by path, and the work around them. */
export interface KernelMetrics {
  /** Signatures verified by a key's table. */
  table: number;
  /** Signatures verified in a batch equation: accepted by it, or refused for values that no equation has to be tried for. */
  equation: number;
  /** Signatures verified in lock-step, and those verified singly. */
  lockstep: number;
  single: number;
  /** Signatures that an equation left to be verified by themselves. */
  leftOver: number;
  /** Equations evaluated, and how many of them only to find out which half of a failing one is wrong. */
  equations: number;
  bisections: number;
  /** Signatures under known keys that had a table when they came, and that had none. */
  cacheHits: number;
  cacheMisses: number;
  /** Tables built, and tables that had to make room for one. */
  tablesBuilt: number;
  tablesEvicted: number;
}

export function noMetrics(): KernelMetrics {
  return {
    table: 0,
    equation: 0,
    lockstep: 0,
    single: 0,
    leftOver: 0,
    equations: 0,
    bisections: 0,
    cacheHits: 0,
    cacheMisses: 0,
    tablesBuilt: 0,
    tablesEvicted: 0,
  };
}
