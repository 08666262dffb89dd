import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { clockOfOneThread } from '../../bench/clock.ts';
import { type Measured, measure, median, must, type Task } from '../../bench/measure.ts';

const cell = new Int32Array(new SharedArrayBuffer(4));

/** Blocks this thread without using the processor, as when another program has it. */
function blocked(milliseconds: number): void {
  Atomics.wait(cell, 0, 0, milliseconds);
}

function worked(milliseconds: number): void {
  for (const end = performance.now() + milliseconds; performance.now() < end; );
}

async function timeOf(task: Pick<Task, 'run' | 'prepare' | 'isAsync'>): Promise<number> {
  const [{ samples }] = (await measure([{ operation: 'one', kernel: 'none', batch: 1, ...task }], true)) as [Measured];
  return 1000 / median(samples);
}

describe('what is timed', () => {
  test.runIf(clockOfOneThread() === 'cpu')('of one thread is the time that it got', async () => {
    const run = (): void => {
      worked(5);
      blocked(40);
    };
    expect(await timeOf({ run })).toBeLessThan(30);
  });

  test('of what is waited for is the time that went by', async () => {
    expect(await timeOf({ isAsync: true, run: () => sleep(20) })).toBeGreaterThan(18);
  });

  test('is each run and no preparation, which comes before every one', async () => {
    const steps: string[] = [];
    const time = await timeOf({
      prepare: () => {
        worked(30);
        steps.push('prepare');
      },
      run: () => {
        worked(2);
        steps.push('run');
      },
    });
    expect(time).toBeLessThan(20);
    expect(steps.length).toBeGreaterThan(4);
    expect(steps.every((step, i) => step === (i % 2 === 0 ? 'prepare' : 'run'))).toBe(true);
  });

  test('goes round all tasks: none has all its runs before another has any', async () => {
    const order: string[] = [];
    const task = (operation: string): Task => ({
      operation,
      kernel: 'none',
      batch: 1,
      run: () => {
        worked(20);
        order.push(operation);
      },
    });
    await measure([task('a'), task('b')], true);
    const turns = order.filter((name, i) => name !== order[i - 1]);
    expect(turns).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
  });

  test('does what is to be done between rounds before the first and behind the last too', async () => {
    const order: string[] = [];
    const task: Task = { operation: 'a', kernel: 'none', batch: 1, run: () => void order.push('run') };
    const [one] = (await measure([task], true, () => order.push('between'))) as [Measured];
    const turns = order.filter((name, i) => name !== order[i - 1]);
    expect(turns).toEqual(['run', ...one.rounds.flatMap(() => ['between', 'run']), 'between']);
  });

  test('rates are of items, not of runs', async () => {
    const how = { kernel: 'none', isAsync: true, run: () => sleep(10) };
    const [one, many] = (await measure(
      [
        { operation: 'one', batch: 1, ...how },
        { operation: 'many', batch: 4, items: 400, ...how },
      ],
      true,
    )) as [Measured, Measured];
    expect(median(many.rounds) / median(one.rounds)).toBeGreaterThan(200);
  });

  test('a run that finds something wrong ends the measurement', async () => {
    await expect(timeOf({ run: () => must(false, 'a verdict') })).rejects.toThrow('something wrong: a verdict');
  });
});
