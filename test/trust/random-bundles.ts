/** Random bundles over a small pool of parties, with real signatures that are made and verified once. */
import fc from 'fast-check';
import { octetKey } from '../../src/kernel/octet-key.ts';
import type { Credential } from '../../src/testbed/index.ts';
import { ballotOf, compositeCrlOf, globalChainFile, vote } from '../../src/testbed/trust/index.ts';
import type { Artefact, EndorsementType, TrustContext, TrustState } from '../../src/trust/index.ts';
import { A, B, C, CONTEXT, D, DAY, device, F, id, otherRoot, R1, R2, scms, T0 } from './support.ts';

export const R3 = otherRoot('R3');
export const ELECTORS: readonly Credential[] = [A, B, C, D, F];
export const ROOTS: readonly Credential[] = [R1, R2, R3];

/** A vote in words: whose (an index into ELECTORS), from when (in days), and whether its signature is right. */
export interface VoteText {
  readonly voter: number;
  readonly day: number;
  readonly genuine: boolean;
}

export interface BallotText {
  readonly type: EndorsementType;
  readonly subject: number;
  readonly votes: readonly VoteText[];
}

/** How ballots travel: each in the list for it, or by itself. */
export interface ArtefactText {
  readonly form: 'file' | 'alone';
  readonly ballots: readonly BallotText[];
}
export type BundleText = readonly ArtefactText[];

/** A bundle and how many days after the one before it comes. */
export interface Step {
  readonly days: number;
  readonly bundle: BundleText;
}

export const subjectOf = ({ type, subject }: Pick<BallotText, 'type' | 'subject'>): Credential => {
  const pool = type === 'addElector' || type === 'removeElector' ? ELECTORS : ROOTS;
  return pool[subject % pool.length] as Credential;
};

const made = new Map<string, Uint8Array>();

export function voteOctets({ type, subject }: Pick<BallotText, 'type' | 'subject'>, one: VoteText): Uint8Array {
  const { voter, day, genuine } = one;
  const about = subjectOf({ type, subject });
  const key = [type, id(about), voter, day, genuine].join(' ');
  const known = made.get(key);
  if (known) return known;
  const octets = vote(ELECTORS[voter] as Credential, {
    type,
    subject: about,
    ...(day === 0 ? {} : { effectiveTime: T0 + BigInt(day) * DAY }),
    ...(genuine
      ? {}
      : { alterSignature: ({ R, s }) => ({ R, s: s.map((octet, i) => (i === 31 ? octet ^ 1 : octet)) }) }),
  });
  made.set(key, octets);
  return octets;
}

export const ballotOctets = (ballot: BallotText): Uint8Array =>
  ballotOf(ballot.votes.map((one) => voteOctets(ballot, one)));

/** Version 1 is never stored, so that every file is as new as every other. */
export function artefactsOf({ form, ballots }: ArtefactText, name: string): Artefact[] {
  if (form === 'alone') {
    return ballots.map((ballot, i) => ({ name: `${name} ${i}`, octets: ballotOctets(ballot) }));
  }
  const of = (type: EndorsementType): Uint8Array[] =>
    ballots.filter((ballot) => ballot.type === type).map(ballotOctets);
  const removals = { revokedElectors: of('removeElector'), revokedRootCAs: of('removeRoot') };
  const crl = { name: `${name} crl`, octets: compositeCrlOf(removals) };
  const additions = [...of('addElector'), ...of('addRoot')].length;
  if (additions === 0) return [crl];
  const parts = { ma: scms.ma, electorEndorsements: of('addElector'), rootCAEndorsements: of('addRoot') };
  version++;
  return [crl, { name: `${name} gccf`, octets: globalChainFile(version % 0xffff, parts) }];
}

/** Each file is newer than all before it. */
let version = 0;

export const bundleOf = (bundle: BundleText): Artefact[] => {
  // One file a bundle: of several the versions would have an order.
  let files = 0;
  return bundle.flatMap((one, i) =>
    artefactsOf(one.form === 'file' && files++ > 0 ? { ...one, form: 'alone' } : one, `${i}`),
  );
};

const voteText = (days: readonly number[], genuineOf: number): fc.Arbitrary<VoteText> =>
  fc.record({
    voter: fc.nat({ max: ELECTORS.length - 1 }),
    day: fc.constantFrom(...days),
    genuine: fc.integer({ min: 0, max: genuineOf }).map((n) => n > 0),
  });

const TYPES: readonly EndorsementType[] = ['addRoot', 'addElector', 'removeRoot', 'removeElector', 'addElector'];

export const ballotText = (days: readonly number[] = [0]): fc.Arbitrary<BallotText> =>
  fc.record({
    type: fc.constantFrom(...TYPES),
    subject: fc.nat({ max: 4 }),
    votes: fc.array(voteText(days, 8), { minLength: 1, maxLength: 4 }),
  });

export const bundleText = (days: readonly number[] = [0]): fc.Arbitrary<BundleText> =>
  fc.array(
    fc.record({
      form: fc.constantFrom('file' as const, 'alone' as const, 'alone' as const),
      ballots: fc.array(ballotText(days), { minLength: 1, maxLength: 3 }),
    }),
    { maxLength: 2 },
  );

export const steps = (days: readonly number[] = [0]): fc.Arbitrary<Step[]> =>
  fc.array(fc.record({ days: fc.nat({ max: 3 }), bundle: bundleText(days) }), { minLength: 1, maxLength: 4 });

/** The real context, with answers that are given once. */
export function remembering(context: TrustContext = CONTEXT): TrustContext {
  const outcomes = new Map<string, ReturnType<TrustContext['verifySignatures']>[number]>();
  const chains = new Map<string, ReturnType<TrustContext['verifyCertificates']>>();
  return {
    hash: (algorithm, octets) => context.hash(algorithm, octets),
    recall: (certificate) => context.recall(certificate),
    examine: (certificates) => context.examine(certificates),
    checkAnchors: (certificates) => context.checkAnchors(certificates),
    verifySignatures(jobs) {
      const keys = jobs.map(({ signer, data, signature }) => {
        const s = signature.tag === 'unknown' ? signature.value : signature.value.sSig;
        return octetKey(signer.hash) + octetKey(s) + octetKey(data);
      });
      const fresh = jobs.filter((_, i) => !outcomes.has(keys[i] as string));
      const freshKeys = keys.filter((key) => !outcomes.has(key));
      context.verifySignatures(fresh).forEach((outcome, i) => {
        outcomes.set(freshKeys[i] as string, outcome);
      });
      return keys.map((key) => outcomes.get(key) ?? 'bad');
    },
    verifyCertificates(trust, certificates) {
      const lists = [trust.roots, trust.certificates, trust.crls, certificates];
      const removed = JSON.stringify(trust.removedRoots);
      const key = [trust.at, removed, ...lists.map((list) => list.map(octetKey).join(' '))].join('|');
      const known = chains.get(key) ?? context.verifyCertificates(trust, certificates);
      chains.set(key, known);
      return known;
    },
    verifyMessages: (trust, messages) => context.verifyMessages(trust, messages),
    verifyCrls: (trust, crls) => context.verifyCrls(trust, crls),
  };
}

export const SMALL = { maxElectors: 4, maxRoots: 2, implicitRootRevocation: 'off' } as const;
export const ROOMY = { implicitRootRevocation: 'off' } as const;
export const START_STATE: TrustState = device(ROOMY);
export const START_SMALL: TrustState = device(SMALL);

/** What a state trusts and refuses, without what merely says which files were seen; a text, which is quick to compare. */
export function trustOf(state: TrustState): string {
  const { electors, roots, tombstones, pending, quorum, mode, ctl } = state;
  const waiting = pending.map((one) => ({ ...one, artefact: '' }));
  return JSON.stringify({ electors, roots, tombstones, pending: waiting, quorum, mode, ctl });
}

/** The rules once more, on names instead of octets: what a bundle without effective times comes to. */
export class Model {
  electors = new Set([A, B, C].map(id));
  roots = new Set([id(R1)]);
  buried = new Set<string>();
  readonly quorum = 2;

  private votes({ type, subject, votes }: BallotText, electors: ReadonlySet<string>): number {
    const about = id(subjectOf({ type, subject }));
    const voters = votes.filter(({ genuine }) => genuine).map(({ voter }) => id(ELECTORS[voter] as Credential));
    return new Set(voters.filter((voter) => electors.has(voter) && voter !== about)).size;
  }

  apply(bundle: BundleText): void {
    const ballots = bundle.flatMap(({ ballots: all }) => all);
    const passing = (type: EndorsementType, electors: ReadonlySet<string>): string[] =>
      ballots
        .filter((ballot) => ballot.type === type && this.votes(ballot, electors) >= this.quorum)
        .map((ballot) => id(subjectOf(ballot)));
    const before = new Set(this.electors);
    const removed = [...passing('removeElector', before), ...passing('removeRoot', before)];
    for (const one of removed) {
      this.electors.delete(one);
      this.roots.delete(one);
      this.buried.add(one);
    }
    for (let size = -1; size !== this.electors.size; ) {
      size = this.electors.size;
      for (const one of passing('addElector', this.electors)) if (!this.buried.has(one)) this.electors.add(one);
    }
    for (const one of passing('addRoot', this.electors)) if (!this.buried.has(one)) this.roots.add(one);
  }
}
