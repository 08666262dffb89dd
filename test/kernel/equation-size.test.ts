/** How large equations may be while some signatures are wrong. */
import { describe, expect, it } from 'vitest';
import { EquationSize } from '../../src/kernel/equation-size.ts';

const CAPACITY = 1024;

/** What the next equation may take after so many calls of `signatures`, `wrong` of them wrong. */
function sizeAfter(calls: number, signatures: number, wrong: number, sizes = new EquationSize(CAPACITY)): number {
  for (let i = 0; i < calls; i++) sizes.saw(signatures, wrong);
  return sizes.next;
}

describe('size of the next equation', () => {
  it('is what an equation can take while everything is right', () => {
    expect(sizeAfter(0, 1, 0)).toBe(CAPACITY);
    expect(sizeAfter(50, 300, 0)).toBe(CAPACITY);
  });

  it('is less the more is wrong, and none at all before equations cost more than they save', () => {
    const sizes = [1, 2, 4, 8].map((wrong) => sizeAfter(40, 1024, wrong));
    expect(sizes).toEqual([256, 128, 64, 32]);
    expect(sizeAfter(40, 1024, 17)).toBe(0);
    expect(sizeAfter(40, 10, 1)).toBe(0);
    expect(sizeAfter(1, 256, 256)).toBe(0);
  });

  it('comes back when what is wrong no longer comes', () => {
    const sizes = new EquationSize(CAPACITY);
    expect(sizeAfter(20, 1024, 1024, sizes)).toBe(0);
    expect(sizeAfter(8, 1024, 0, sizes)).toBeGreaterThanOrEqual(512);
  });

  it('does not depend on how the same signatures were cut into calls, by more than a half', () => {
    const [few, many] = [sizeAfter(100, 1024, 4), sizeAfter(3200, 32, 0.125)];
    expect(many).toBeGreaterThan(few / 2);
    expect(many).toBeLessThan(few * 2);
  });

  it('is not changed by a call without signatures', () => {
    const sizes = new EquationSize(CAPACITY);
    sizes.saw(0, 0);
    expect(sizes.next).toBe(CAPACITY);
  });
});
