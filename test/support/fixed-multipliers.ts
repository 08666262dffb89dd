/**
 * A kernel whose batch equation takes multipliers of one's choice, to show that sets of invalid signatures which cancel for known
 * multipliers do cancel, and are refused because nobody knows the real ones. It is the kernel that is shipped: only the platform's
 * random generator is replaced while it runs.
 */
import { createKernel } from '../../src/kernel/index.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import { toOctets } from './octets.ts';

export interface KernelWithFixedMultipliers {
  readonly kernel: Kernel;
  /** The multipliers of the items of every batch equation from now on, in 1 … 2^128; without any, unpredictable ones again. */
  fixMultipliers(multipliers: readonly bigint[]): void;
}

/** The kernel takes 16 octets an item, lowest first, and adds one. */
export function kernelWithFixedMultipliers(name: Kernel['name']): KernelWithFixedMultipliers {
  const kernel = createKernel(name);
  const original = crypto.getRandomValues;
  return {
    kernel,
    fixMultipliers(multipliers) {
      if (multipliers.length === 0) {
        crypto.getRandomValues = original;
        return;
      }
      crypto.getRandomValues = ((view: Uint8Array) => {
        for (let item = 0; 16 * item < view.length; item++) {
          view.set(toOctets((multipliers[item] ?? 1n) - 1n, 16).reverse(), 16 * item);
        }
        return view;
      }) as typeof crypto.getRandomValues;
    },
  };
}
