/** Jobs of a thread come one at a time, and an answer that does not come is not waited for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { answerWithin } from '../../src/pool/answer.ts';
import { JobQueue } from '../../src/pool/job-queue.ts';

/** A job that ends when it is told to. */
function controlled(name: string, log: string[]) {
  let end: (() => void) | undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const job = async (): Promise<string> => {
    log.push(`${name} begins`);
    await ended;
    log.push(`${name} ends`);
    return name;
  };
  return { job, end: end as unknown as () => void };
}

describe('JobQueue', () => {
  it('runs one job at a time, in order, urgent ones before those that wait', async () => {
    const queue = new JobQueue();
    const log: string[] = [];
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => controlled(name, log)) as [
      ReturnType<typeof controlled>,
      ReturnType<typeof controlled>,
      ReturnType<typeof controlled>,
      ReturnType<typeof controlled>,
    ];
    const all = [queue.add(a.job), queue.add(b.job), queue.add(c.job, true), queue.add(d.job, true)];
    expect(queue.length).toBe(4);
    for (const one of [d, c, b, a]) one.end();
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
    expect(log).toEqual(['a', 'c', 'd', 'b'].flatMap((name) => [`${name} begins`, `${name} ends`]));
    await queue.idle();
    expect(queue.length).toBe(0);
  });

  it('goes on after a job that fails, and tells only its caller', async () => {
    const queue = new JobQueue();
    const failed = queue.add(async () => {
      throw new Error('it failed');
    });
    const next = queue.add(async () => 1);
    await expect(failed).rejects.toThrow('it failed');
    expect(await next).toBe(1);
  });

  it('is idle only after jobs that were added meanwhile', async () => {
    const queue = new JobQueue();
    const log: string[] = [];
    void queue.add(async () => {
      await undefined;
      void queue.add(async () => void log.push('added by the first'));
    });
    await queue.idle();
    expect(log).toEqual(['added by the first']);
  });
});

describe('answerWithin', () => {
  it('gives an answer, or what it fails with', async () => {
    expect(await answerWithin(Promise.resolve(1), 10_000)).toBe(1);
    expect(await answerWithin(Promise.resolve(1), Number.POSITIVE_INFINITY)).toBe(1);
    await expect(answerWithin(Promise.reject(new Error('no')), 10_000)).rejects.toThrow('no');
  });

  it('fails where none comes, and leaves no failure unhandled that comes later', async () => {
    const later = sleep(50).then(() => {
      throw new Error('too late');
    });
    await expect(answerWithin(later, 1)).rejects.toThrow('no answer within 1 ms');
    await sleep(60);
  });

  it('takes an answer that came while this thread was busy', async () => {
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise<unknown>((resolve) => {
      port1.onmessage = ({ data }) => resolve(data);
    });
    const waited = answerWithin(answer, 5);
    port2.postMessage('the answer');
    for (const end = performance.now() + 50; performance.now() < end; );
    expect(await waited).toBe('the answer');
    port1.close();
  });
});
