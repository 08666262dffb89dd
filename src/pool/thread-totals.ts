import { type KernelMetrics, noMetrics } from '../kernel/metrics.ts';
import type { RevocationMetrics, Verifier, VerifierMetrics } from '../verifier/verifier.ts';

/** The report of a thread with every job: counts since it started, and its present memory. */
export interface ThreadState {
  readonly kernel: KernelMetrics;
  readonly verifier: VerifierMetrics;
  readonly revocation: RevocationMetrics;
  /** Octets of its kernel's linear memory. */
  readonly memoryBytes: number;
}

export function stateOf({ kernelMetrics, metrics, revocationMetrics, memoryBytes }: Verifier): ThreadState {
  return { kernel: kernelMetrics, verifier: metrics, revocation: revocationMetrics, memoryBytes };
}

const nothing = (): ThreadState => ({
  kernel: noMetrics(),
  verifier: { fast: 0, ordinary: 0, templates: 0 },
  revocation: { lookups: 0, hits: 0, notEvaluated: 0, localTables: 0 },
  memoryBytes: 0,
});

/** Adds up what the threads of a worker have counted, one after another: a thread starts at zero, its predecessors' counts stay. */
export class ThreadTotals {
  private ended = nothing();
  private present = nothing();

  /** What the present thread has said last. */
  saw(state: ThreadState): void {
    this.present = state;
  }

  /** The present thread is gone: its counts stay, and what it held is free. */
  threadEnded(): void {
    const { verifier, revocation, ...counts } = this.totals();
    this.ended = {
      ...counts,
      verifier: { ...verifier, templates: 0 },
      revocation: { ...revocation, localTables: 0 },
      memoryBytes: 0,
    };
    this.present = nothing();
  }

  totals(): ThreadState {
    return sumOf([this.ended, this.present]);
  }
}

export function sumOf(states: readonly ThreadState[]): ThreadState {
  return {
    kernel: added(states.map(({ kernel }) => kernel)),
    verifier: added(states.map(({ verifier }) => verifier)),
    revocation: added(states.map(({ revocation }) => revocation)),
    memoryBytes: states.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
  };
}

/** Field by field. */
function added<T extends { readonly [K in keyof T]: number }>(all: readonly T[]): T {
  const sums: Record<string, number> = {};
  for (const one of all)
    for (const [name, value] of Object.entries<number>(one)) sums[name] = (sums[name] ?? 0) + value;
  return sums as T;
}
