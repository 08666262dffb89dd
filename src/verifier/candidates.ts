/** Which certificates may have signed a message: those of the trust material, attached ones, and what earlier messages have proven. */
import { toHex } from '../coer/index.ts';
import type { ChainNode } from './chain-node.ts';
import { isProven } from './chain-node.ts';
import type { FastItem } from './fast/fast-item.ts';
import { learnedWork } from './learned-lists.ts';
import type { Candidate, MessageWork } from './message-work.ts';
import { wordAt } from './octets.ts';
import { type ListWork, stands } from './signer-lists.ts';
import type { VerifierState } from './state.ts';
import type { MessageItemWork, Work } from './work.ts';

type Learned = Pick<VerifierState, 'learned' | 'fast'>;

/**
 * Lists that the digests of a batch may mean, by HashedId8: learned in earlier batches, or brought by items on the fast path. They are added to
 * `lists`, whose chains are checked next.
 */
export function learnedCandidates(
  { learned, fast }: Learned,
  works: readonly Work[],
  lists: Map<string, ListWork>,
  fastItems: readonly (FastItem | undefined)[],
): Map<string, ListWork[]> {
  const candidates = new Map<string, ListWork[]>();
  for (const work of works) {
    if (work.step !== 'message' || work.message.signed.signer.tag !== 'digest') continue;
    const digest = work.message.signed.signer.value;
    const hashedId8 = toHex(digest);
    if (candidates.has(hashedId8)) continue;
    const [high, low] = [wordAt(digest, 0), wordAt(digest, 4)];
    const entries = new Set([...learned.find(high, low), ...(fast?.attachedInBatch(fastItems, high, low) ?? [])]);
    const found = [...entries].map((entry) => {
      const known = lists.get(entry.key) ?? learnedWork(entry);
      lists.set(entry.key, known);
      return known;
    });
    candidates.set(hashedId8, found);
  }
  return candidates;
}

/** Pairs each message with the certificates that may have signed it, in order of preference. In: lists whose chains are checked. */
export function findCandidates(
  { trust }: Pick<VerifierState, 'trust'>,
  works: readonly MessageItemWork[],
  learned: ReadonlyMap<string, readonly ListWork[]>,
): void {
  // Lists attached earlier in this batch that may prove themselves: whether they do so in time is settled when verdicts
  // are given. Those that cannot are left out, or each of them would cost a verification for every digest.
  const attached = new Map<string, Map<string, ListWork>>();
  for (const { message, list } of works) {
    const { signer } = message.signed;
    if (list !== undefined) {
      message.candidates = list.nodes.map((node) => candidate(node, list));
      const hashedId8 = toHex((list.nodes[0] as ChainNode).info.signerId8);
      if (!stands(list)) continue;
      const earlier = attached.get(hashedId8) ?? new Map<string, ListWork>();
      if (!earlier.has(list.identity)) earlier.set(list.identity, list);
      attached.set(hashedId8, earlier);
    } else if (signer.tag === 'digest') {
      const hashedId8 = toHex(signer.value);
      const known = new Map((learned.get(hashedId8) ?? []).map((one) => [one.identity, one]));
      for (const [identity, one] of attached.get(hashedId8) ?? []) known.set(identity, one);
      // In an order of their own: the one in which they were learned depends on how the input was cut into batches.
      const lists = [...known.values()].sort((a, b) => (a.identity < b.identity ? -1 : 1));
      message.candidates = [
        ...trust.signersByDigest(hashedId8).map((node) => candidate(node, undefined)),
        ...lists.flatMap((one) => one.nodes.map((node) => candidate(node, one))),
      ];
    }
  }
}

function candidate(node: ChainNode, list: ListWork | undefined): Candidate {
  return { node, list, outcome: 'notChecked' };
}

/** The candidate that a message is verified under; undefined if there is none. */
export function chosenCandidate(
  state: Pick<VerifierState, 'learned'>,
  { candidates, signed }: MessageWork,
): Candidate | undefined {
  const available = candidates.filter((one) => isAvailable(state, one, signed.signer.tag));
  // A certificate may be known twice, among the CAs without its issuer and proven by a list: the proven one counts.
  const verified = available.filter(({ outcome }) => outcome === 'ok');
  return verified.find(({ node }) => isProven(node)) ?? verified[0] ?? available[0];
}

/** A digest means what is trusted or was proven before this message; an attached list is always there. */
export function isAvailable(
  { learned }: Pick<VerifierState, 'learned'>,
  { node, list }: Candidate,
  signer: string,
): boolean {
  if (signer !== 'digest' || list === undefined) return true;
  const { signerId8 } = node.info;
  return learned.has(wordAt(signerId8, 0), wordAt(signerId8, 4), list.identity);
}

/** Whether a message has proven the list, in the encoding that it has here. */
export function hasProven({ learned }: Pick<VerifierState, 'learned'>, { key, nodes }: ListWork): boolean {
  const { signerId8 } = (nodes[0] as ChainNode).info;
  return learned.find(wordAt(signerId8, 0), wordAt(signerId8, 4)).some((entry) => entry.key === key);
}
