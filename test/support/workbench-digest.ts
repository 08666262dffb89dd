import type { Workbench } from '../../src/kernel/workbench.ts';

/** A digest of the round that a workbench has run. */
export function workbenchDigest(bench: Workbench, id: number): Uint8Array {
  const digest = new Uint8Array(32);
  bench.copyDigest(id, 32, digest, 0);
  return digest;
}
