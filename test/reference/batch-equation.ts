/** The batch equation of ECDSA from its definition: what an attacker wants to bring to infinity with invalid signatures. */
import { RForm } from '../../src/kernel/kernel.ts';
import type { Item } from '../support/batches.ts';
import { digestOf } from '../support/signatures.ts';
import { rOf } from './judge.ts';
import { add, G, inverse, liftX, mod, multiply, N, negate, type Point } from './p256.ts';

/** Σ zᵢ·(u1ᵢ·G + u2ᵢ·Qᵢ − Rᵢ) of items whose r is compressed; undefined is infinity. */
export function batchEquation(items: readonly Item[], multipliers: readonly bigint[]): Point {
  return items.reduce<Point>((sum, item, i) => {
    const w = inverse(item.s, N);
    const right = add(multiply(mod(digestOf(item.input) * w, N), G), multiply(mod(rOf(item) * w, N), item));
    const left = liftX(item.r, item.rForm === RForm.compressedY1);
    return add(sum, multiply(multipliers[i]!, add(right, negate(left))));
  }, undefined);
}
