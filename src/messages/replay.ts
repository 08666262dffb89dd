import type { Finding } from '../certificates/index.ts';

/** Messages remembered for each set of signers; beyond that the oldest are forgotten first. */
export const REPLAY_PER_SET = 256;

/** An accepted message as the memory knows it. */
export interface SeenMessage {
  /** Set of its signer. */
  readonly set: number;
  /** Names signer and tbsData. */
  readonly key: string;
  /** When it was accepted, in TAI microseconds. */
  readonly at: bigint;
}

/**
 * Remembers accepted messages by what was signed and by whom: never by signature octets, because anybody can turn a valid
 * signature (r, s) into the equally valid (r, n − s). Forgetting happens inside a set of signers, which one thread sees
 * whole and in order, so that verdicts do not depend on the number of threads. Times are TAI microseconds.
 */
export class ReplayMemory {
  private readonly sets = new Map<number, Map<string, bigint>>();
  private fresh: SeenMessage[] = [];
  /** Whether somebody will ask what is new; without that the list of it would only grow. */
  private readonly isAsked: boolean;

  constructor(isAsked = false) {
    this.isAsked = isAsked;
  }

  /**
   * Verifies a message whose signature has verified, and remembers it. `key` names signer and tbsData; a message counts as
   * replayed while the first one lies no more than `windowMicros` before `at`.
   */
  check(set: number, key: string, at: bigint, windowMicros: bigint): readonly Finding[] {
    const found = this.find(set, key, at, windowMicros);
    if (found.length > 0) return found;
    const message = { set, key, at };
    if (this.isAsked) this.fresh.push(message);
    this.remember(message);
    return NOT_FOUND;
  }

  /** As {@link check}, and remembers nothing. */
  find(set: number, key: string, at: bigint, windowMicros: bigint): readonly Finding[] {
    const first = this.sets.get(set)?.get(key);
    if (first === undefined || at - first > windowMicros) return NOT_FOUND;
    return [{ code: 'replayedSpdu', detail: 'the same message was accepted before' }];
  }

  /** Takes in a message that was accepted elsewhere. */
  remember({ set, key, at }: SeenMessage): void {
    const seen = this.sets.get(set) ?? new Map<string, bigint>();
    this.sets.set(set, seen);
    // Behind the others, so that the oldest is forgotten first.
    if (seen.has(key)) seen.delete(key);
    seen.set(key, at);
    if (seen.size > REPLAY_PER_SET) seen.delete(seen.keys().next().value as string);
  }

  /** What was accepted since the last call. */
  takeFresh(): SeenMessage[] {
    const fresh = this.fresh;
    this.fresh = [];
    return fresh;
  }
}

const NOT_FOUND: readonly Finding[] = [];
