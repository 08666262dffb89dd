import type { Finding } from '../certificates/index.ts';

/** Messages remembered at most; beyond that the oldest ones are forgotten first. */
export const REPLAY_CAPACITY = 65_536;

/**
 * Remembers accepted messages by what was signed and by whom: never by signature octets, because anybody can turn a valid
 * signature (r, s) into the equally valid (r, n − s). Times are TAI microseconds.
 */
export class ReplayMemory {
  private readonly seen = new Map<string, bigint>();

  /**
   * Judges a message whose signature has verified, and remembers it. `key` names signer and tbsData; a message counts as
   * replayed while the first one lies no more than `windowMicros` before `at`.
   */
  check(key: string, at: bigint, windowMicros: bigint): Finding[] {
    const first = this.seen.get(key);
    if (first !== undefined && at - first <= windowMicros) {
      return [{ code: 'replayedSpdu', detail: 'the same message was accepted before' }];
    }
    this.seen.delete(key);
    this.seen.set(key, at);
    if (this.seen.size > REPLAY_CAPACITY) this.seen.delete(this.seen.keys().next().value as string);
    return [];
  }
}
