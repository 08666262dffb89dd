import { toHex } from '../coer/index.ts';
import { isValidAt } from './flags.ts';
import { byHash, isSame, issuerDigestOf } from './identity.ts';
import { crlsOf, fromHex, removedRootsOf } from './material.ts';
import type { Source } from './motions.ts';
import type { Rules } from './rules.ts';
import type {
  ChainTrust,
  Decision,
  DecisionKind,
  EndorsementType,
  Pending,
  PendingBallot,
  StoredVote,
  Tombstone,
  TrustContext,
  TrustedCertificate,
  TrustState,
} from './types.ts';
import type { Electorate } from './votes.ts';

/** Propositions that may wait for their time at once (E-11). */
export const MAX_PENDING = 64;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Which list of the state a proposition is about. */
export function roleOf(type: EndorsementType): 'elector' | 'root' {
  return type === 'addElector' || type === 'removeElector' ? 'elector' : 'root';
}

/** A state being changed by one bundle: the lists are replaced, never changed in place. */
export class Draft {
  readonly now: bigint;
  readonly context: TrustContext;
  readonly rules: Rules;
  readonly decisions: Decision[] = [];
  readonly state: Mutable<TrustState>;
  /** Decisions on parts of artefacts, by the part's own source. */
  private readonly outcomes = new Map<Source, DecisionKind>();
  private readonly before: TrustState;

  constructor(state: TrustState, now: bigint, context: TrustContext, rules: Rules) {
    this.before = state;
    this.state = { ...state, clock: now.toString() };
    this.now = now;
    this.context = context;
    this.rules = rules;
    this.forgetExpired();
  }

  /** Notes the decision on a part, for the decision on the file around it. */
  record(source: Source, decision: DecisionKind): void {
    this.outcomes.set(source, decision);
  }

  isAccepted(source: Source): boolean {
    const outcome = this.outcomes.get(source);
    return outcome !== undefined && outcome !== 'REJECT';
  }

  /** Whether a part was accepted and changes something, now or later. */
  isChange(source: Source): boolean {
    return this.isAccepted(source) && this.outcomes.get(source) !== 'ACCEPT_NOOP';
  }

  /** The state after the bundle; its revision is the next one if anything but the clock has changed. */
  finish(): TrustState {
    const { before, state } = this;
    const changed = (Object.keys(state) as (keyof TrustState)[]).some(
      (name) => name !== 'clock' && state[name] !== before[name],
    );
    return changed ? { ...state, revision: before.revision + 1 } : state;
  }

  /** The electors that may vote now. */
  electorate(): Electorate {
    const { electors, tombstones, roots, certificates } = this.state;
    return {
      voters: this.rules.voters(electors, tombstones),
      tombstones,
      others: [...roots, ...certificates],
      now: this.now,
      context: this.context,
      trustsSelfSignature: this.rules.trustsSelfSignature,
    };
  }

  /** The trust that chains are verified against now. */
  chainTrust(
    certificates: readonly string[] = this.state.certificates.map(({ certificate }) => certificate),
  ): ChainTrust {
    return {
      roots: this.state.roots.map(({ certificate }) => fromHex(certificate)),
      certificates: certificates.map(fromHex),
      // Components are revoked by hash; lists of linkage seeds, which can be long, say nothing about them.
      crls: crlsOf({ crls: this.state.crls.filter(({ iRev }) => iRev === null) }),
      removedRoots: removedRootsOf(this.state),
      at: this.now,
    };
  }

  listOf(role: 'elector' | 'root'): readonly TrustedCertificate[] {
    return role === 'elector' ? this.state.electors : this.state.roots;
  }

  /** AE5, AR5: what has expired takes no place. */
  hasRoom(role: 'elector' | 'root'): boolean {
    const { maxElectors, maxRoots } = this.state.settings;
    const held = this.listOf(role).filter(({ end }) => BigInt(end) >= this.now).length;
    return held < (role === 'elector' ? maxElectors : maxRoots);
  }

  /** BL7: whether a proposition changes nothing. */
  isInForce(type: EndorsementType, subject: TrustedCertificate): boolean {
    const role = roleOf(type);
    if (type === 'addElector' || type === 'addRoot') return this.listOf(role).some(({ hash }) => hash === subject.hash);
    return this.state.tombstones.some((one) => one.role === role && one.hash === subject.hash);
  }

  add(role: 'elector' | 'root', subject: TrustedCertificate): void {
    this.replace(role, [...this.listOf(role), subject].sort(byHash));
  }

  /**
   * RE2–RE6, RR3, RR7: everything of that owner goes, and a tombstone stays, whether it was known or not. Certificates of the
   * same key get their own, because they may live longer.
   */
  remove(role: 'elector' | 'root', subject: TrustedCertificate, votes: readonly StoredVote[]): void {
    const list = this.listOf(role);
    const gone = list.filter((one) => isSame(one, subject));
    if (gone.length > 0) {
      this.replace(
        role,
        list.filter((one) => !gone.includes(one)),
      );
    }
    for (const one of [subject, ...gone]) this.bury(role, one, votes);
  }

  bury(
    role: 'elector' | 'root',
    { hash, key, hashedId8, end }: TrustedCertificate,
    votes: readonly StoredVote[],
    ctl?: number,
  ): void {
    const { tombstones } = this.state;
    if (tombstones.some((one) => one.role === role && one.hash === hash)) return;
    const below = role === 'root' ? authoritiesBelow({ hash, hashedId8 }, this.state, this.context) : [];
    const tombstone: Tombstone = {
      ...{ hash, key, hashedId8, role, end, votes },
      ...(ctl !== undefined && { ctl }),
      revision: this.before.revision + 1,
      ...(below.length > 0 && { below }),
    };
    this.state.tombstones = [...tombstones, tombstone].sort((a, b) => byHash(a, b) || (a.role < b.role ? -1 : 1));
  }

  replace(role: 'elector' | 'root', list: readonly TrustedCertificate[]): void {
    if (role === 'elector') this.state.electors = list;
    else this.state.roots = list;
  }

  pendingBallot(type: EndorsementType, hash: string): PendingBallot | undefined {
    return this.state.pending.find(
      (one): one is PendingBallot => one.kind === 'ballot' && one.type === type && one.subject.hash === hash,
    );
  }

  /** Adds a pending proposition, in place of `old`; false if the list is full. */
  wait(entry: Pending, old: Pending | undefined): boolean {
    const others = this.state.pending.filter((one) => one !== old);
    if (old === undefined && others.length >= MAX_PENDING) return false;
    if (old !== undefined && JSON.stringify(old) === JSON.stringify(entry)) return true;
    this.state.pending = [...others, entry].sort(byTime);
    return true;
  }

  drop(entry: Pending | undefined): void {
    if (entry !== undefined) this.state.pending = this.state.pending.filter((one) => one !== entry);
  }

  /** I4, D42: tombstones last as long as the certificate would have, and component certificates until they expire. */
  private forgetExpired(): void {
    const isLeft = ({ end }: { readonly end: string }): boolean => BigInt(end) >= this.now;
    const { tombstones, certificates } = this.state;
    if (!tombstones.every(isLeft)) this.state.tombstones = tombstones.filter(isLeft);
    if (!certificates.every(isLeft)) this.state.certificates = certificates.filter(isLeft);
  }

  isLive(one: TrustedCertificate): boolean {
    return isValidAt(one, this.now);
  }
}

/** HashedId8 of the CA certificates that are kept below a root. */
function authoritiesBelow(
  root: Pick<TrustedCertificate, 'hash' | 'hashedId8'>,
  { certificates }: Pick<TrustState, 'certificates'>,
  context: TrustContext,
): string[] {
  const authorities = certificates
    .map(({ certificate }) => context.recall(certificate))
    .filter(({ certificate }) => (certificate.toBeSigned.certIssuePermissions?.length ?? 0) > 0);
  const below = new Set<string>();
  // Grows while it is walked.
  const above = [root.hash.slice(-16), root.hashedId8];
  for (const digest of above) {
    for (const { certificate, hash, signerId8 } of authorities) {
      const id = toHex(signerId8);
      if (issuerDigestOf(certificate) !== digest || below.has(id)) continue;
      below.add(id);
      above.push(id, toHex(hash).slice(-16));
    }
  }
  return [...below].sort();
}

const keyOfPending = (one: Pending): string =>
  one.kind === 'ballot' ? `${one.type} ${one.subject.hash}` : `${one.kind} ${one.octets}`;

function byTime(a: Pending, b: Pending): number {
  const [first, second] = [BigInt(a.effectiveTime), BigInt(b.effectiveTime)];
  if (first !== second) return first < second ? -1 : 1;
  return keyOfPending(a) < keyOfPending(b) ? -1 : 1;
}
