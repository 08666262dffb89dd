import type { Finding } from '../certificates/index.ts';

/** Messages remembered for each set of signers; beyond that the oldest are forgotten first. */
export const REPLAY_PER_SET = 256;

/**
 * Remembers accepted messages by what was signed and by whom: never by signature octets, because anybody can turn a valid
 * signature (r, s) into the equally valid (r, n − s). Forgetting happens inside a set of signers, which one thread sees
 * whole and in order, so that verdicts do not depend on the number of threads. Times are TAI microseconds.
 */
export class ReplayMemory {
  private readonly sets = new Map<number, Map<string, bigint>>();

  /**
   * Judges a message whose signature has verified, and remembers it. `key` names signer and tbsData; a message counts as
   * replayed while the first one lies no more than `windowMicros` before `at`.
   */
  check(set: number, key: string, at: bigint, windowMicros: bigint): Finding[] {
    let seen = this.sets.get(set);
    if (seen === undefined) {
      seen = new Map();
      this.sets.set(set, seen);
    }
    const first = seen.get(key);
    if (first !== undefined && at - first <= windowMicros) {
      return [{ code: 'replayedSpdu', detail: 'the same message was accepted before' }];
    }
    seen.delete(key);
    seen.set(key, at);
    if (seen.size > REPLAY_PER_SET) seen.delete(seen.keys().next().value as string);
    return [];
  }
}
