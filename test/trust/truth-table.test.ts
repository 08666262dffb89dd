import { describe, expect, it } from 'vitest';
import { issueCrl } from '../../src/testbed/crls.ts';
import type { Credential } from '../../src/testbed/index.ts';
import { globalPolicy } from '../../src/testbed/trust/index.ts';
import { type Artefact, applyBundle, flagsOf, type TrustState } from '../../src/trust/index.ts';
import {
  A,
  addElector,
  addRoot,
  adds,
  B,
  C,
  CONTEXT,
  crl,
  D,
  DAY,
  device,
  file,
  gccf,
  id,
  otherRoot,
  pg,
  pg2,
  R1,
  R2,
  removeElector,
  removeRoot,
  removes,
  scms,
  scms2,
  T0,
} from './support.ts';

/** What each party has heard up to and including a day. */
function statesOf(heard: Readonly<Record<number, readonly Artefact[]>>, days: number): TrustState[] {
  let state = device();
  return Array.from({ length: days }, (_, i) => {
    state = applyBundle(state, heard[i + 1] ?? [], T0 + BigInt(i) * DAY, CONTEXT).state;
    return state;
  });
}

const nextDay = ({ clock }: TrustState): bigint => BigInt(clock);

/** `Y` where an artefact is accepted, `noop` where it changes nothing, else `N`. */
function verdict(state: TrustState, artefact: Artefact, proposition: string): string {
  const { decisions } = applyBundle(state, [artefact], nextDay(state), CONTEXT);
  const found = decisions.filter((one) => one.proposition === proposition).map(({ decision }) => decision);
  if (found.includes('ACCEPT')) return 'Y';
  return found.includes('ACCEPT_NOOP') ? 'noop' : found.includes('PENDING') ? 'P' : 'N';
}

const PROBE = otherRoot('probe');
const ballotBy =
  (...voters: Credential[]) =>
  (state: TrustState): string =>
    verdict(state, file('probe', addRoot(PROBE, voters)), 'addRoot');
const voteBy =
  (voter: Credential) =>
  (state: TrustState): string => {
    const { decisions } = applyBundle(state, [file('probe', addRoot(PROBE, [voter]))], nextDay(state), CONTEXT);
    return decisions[0]?.votes?.[0]?.counted ? 'Y' : 'N';
  };
const below =
  (of: Credential) =>
  (state: TrustState): string => {
    const trust = {
      roots: state.roots.map(({ certificate }) => Uint8Array.from(Buffer.from(certificate, 'hex'))),
      certificates: [scms, scms2].flatMap(({ ica, pca, eca }) => [ica, pca, eca].map(({ bytes }) => bytes)),
      crls: [],
      removedRoots: [],
      at: nextDay(state),
    };
    return CONTEXT.verifyCertificates(trust, [of.bytes])[0]?.ok ? 'Y' : 'N';
  };

type Probe = (state: TrustState) => string;

describe('truth table C.1: an elector is revoked and replaced', () => {
  const removal = crl({ revokedElectors: [removeElector(A, [B, C])] });
  const withoutVoteOfA = gccf(2, adds([], [addRoot(R1, [B, C])]), { authenticated: true });
  const replaced = gccf(3, adds([addElector(D, [B, C])], [addRoot(R1, [B, C, D])]), { authenticated: true });
  const initial = gccf(1, adds([], [addRoot(R1, [A, B, C])]), { authenticated: true });
  const parties = {
    'component and EE that heard': statesOf({ 1: [initial], 2: [removal, withoutVoteOfA], 4: [replaced] }, 5),
    'EE that missed everything': statesOf({ 1: [initial] }, 5),
    'EE with the new file only': statesOf({ 1: [initial], 4: [replaced] }, 5),
  };
  const rows: [object: string, probe: Probe, ...expected: string[]][] = [
    ['certificates below R1', below(scms.pca), 'YYYYY', 'YYYYY', 'YYYYY'],
    ['vote by A', voteBy(A), 'YNNNN', 'YYYYY', 'YYYYY'],
    ['vote by B', voteBy(B), 'YYYYY', 'YYYYY', 'YYYYY'],
    ['vote by C', voteBy(C), 'YYYYY', 'YYYYY', 'YYYYY'],
    ['vote by D', voteBy(D), 'NNNYY', 'NNNNN', 'NNNYY'],
    ['ballot {A,B}', ballotBy(A, B), 'YNNNN', 'YYYYY', 'YYYYY'],
    ['ballot {A,D}', ballotBy(A, D), 'NNNNN', 'NNNNN', 'NNNYY'],
    ['ballot {B,D}', ballotBy(B, D), 'NNNYY', 'NNNNN', 'NNNYY'],
    ['ballot {B,C}', ballotBy(B, C), 'YYYYY', 'YYYYY', 'YYYYY'],
    [
      'removeElector(A){A,B}',
      (s) => verdict(s, removes([removeElector(A, [A, B])]), 'removeElector'),
      'NNNNN',
      'NNNNN',
      'NNNNN',
    ],
  ];
  it.each(rows)('%s', (_, probe, ...expected) => {
    const got = Object.values(parties).map((states) => states.map(probe).join(''));
    expect(got).toEqual(expected);
  });

  it('removeElector(A){B,C} is accepted once', () => {
    const removalOf = (s: TrustState): string => verdict(s, removal, 'removeElector');
    const [heard, missed, half] = Object.values(parties).map((states) => states.map(removalOf).join(' '));
    expect([heard, missed, half]).toEqual(['Y noop noop noop noop', 'Y Y Y Y Y', 'Y Y Y Y Y']);
  });

  it('electors trusted, and R1 with its quorum on every day', () => {
    const [heard] = Object.values(parties);
    expect(heard?.map((state) => state.electors.length)).toEqual([3, 2, 2, 3, 3]);
    expect(heard?.map((state) => flagsOf(state).join())).toEqual(['', 'DEGRADED', 'DEGRADED', '', '']);
    expect(heard?.every((state) => state.roots.some(({ hashedId8 }) => hashedId8 === id(R1)))).toBe(true);
  });
});

describe('truth table C.2: the root is revoked and replaced', () => {
  const list = issueCrl(scms, { kind: 'fullHashCrl', series: 3, issueDate: scms.start });
  const list2 = issueCrl(scms2, { kind: 'fullHashCrl', series: 3, issueDate: scms.start });
  const oldTree = gccf(1, adds([], [addRoot(R1, [A, B, C])]));
  const newTree = gccf(2, {
    ...adds([], [addRoot(R2, [A, B, C])]),
    ma: scms2.ma,
    certs: [scms2.ica, scms2.pca, scms2.eca, scms2.ra, scms2.crlg],
  });
  // On day 4 no CRL beside the removal can be verified any more.
  const beside = issueCrl(scms2, { kind: 'fullHashCrl', series: 2, issueDate: scms.start });
  const removal = crl({ crls: [beside], revokedRootCAs: [removeRoot(R1, [A, B])] });
  const early = file('addRoot', addRoot(R2, [A, B], { effectiveTime: T0 + 3n * DAY }));
  const parties = {
    component: statesOf({ 1: [oldTree], 3: [early], 4: [removal, newTree] }, 6),
    'EE that heard': statesOf({ 1: [oldTree], 4: [removal], 6: [newTree] }, 6),
    'EE that missed everything': statesOf({ 1: [oldTree] }, 6),
  };
  const policy =
    (of: Credential): Probe =>
    (s) =>
      verdict(s, file('gpf', globalPolicy(of, { generationTime: T0 + 5n * DAY, activeTime: T0 })), 'policy');
  const trusts =
    (root: Credential): Probe =>
    (s) =>
      s.roots.some(({ hashedId8 }) => hashedId8 === id(root)) ? 'Y' : 'N';
  const crlOf =
    (octets: Uint8Array): Probe =>
    (s) =>
      verdict(s, crl({ crls: [octets] }), 'crl');
  const rows: [object: string, probe: Probe, ...expected: string[]][] = [
    ['R1 trusted', trusts(R1), 'YYYNNN', 'YYYNNN', 'YYYYYY'],
    ['R2 trusted', trusts(R2), 'NNNYYY', 'NNNNNY', 'NNNNNN'],
    ['certificates below R1', below(scms.eca), 'YYYNNN', 'YYYNNN', 'YYYYYY'],
    ['certificates below R2', below(scms2.eca), 'NNNYYY', 'NNNNNY', 'NNNNNN'],
    ['CRL under R1', crlOf(list), 'YYYNNN', 'YYYNNN', 'YYYYYY'],
    ['CRL under R2', crlOf(list2), 'NNNYYY', 'NNNNNY', 'NNNNNN'],
    ['policy under R1', policy(pg), 'YYYNNN', 'YYYNNN', 'YYYYYY'],
    ['policy under R2', policy(pg2), 'NNNYYY', 'NNNNNY', 'NNNNNN'],
    ['ballots of the electors', ballotBy(A, B), 'YYYYYY', 'YYYYYY', 'YYYYYY'],
  ];
  it.each(rows)('%s', (_, probe, ...expected) => {
    expect(Object.values(parties).map((states) => states.map(probe).join(''))).toEqual(expected);
  });

  it('addRoot(R2) that is seen early waits for its day, or is accepted at once', () => {
    const [component, heard] = Object.values(parties);
    const seen = (s: TrustState): string => verdict(s, early, 'addRoot');
    expect(heard?.map(seen).join(' ')).toBe('P P P Y Y noop');
    expect(component?.map((s) => s.pending.length).join('')).toBe('001000');
    expect(heard?.map((s) => verdict(s, file('now', addRoot(R2, [A, B])), 'addRoot')).join(' ')).toBe('Y Y Y Y Y noop');
  });

  it('removeRoot(R1) is accepted once, and its old ballot never again', () => {
    const [component] = Object.values(parties);
    expect(component?.map((s) => verdict(s, removal, 'removeRoot')).join(' ')).toBe('Y Y Y noop noop noop');
    const back = (s: TrustState): string => verdict(s, file('old', addRoot(R1, [A, B, C])), 'addRoot');
    expect(component?.map(back).join(' ')).toBe('noop noop noop N N N');
  });

  it('cached CRL entries stay, electors too, and the device says that it has no root', () => {
    const [, heard] = Object.values(parties);
    expect(heard?.map((s) => flagsOf(s).join()).join(' ')).toBe('   NO_ROOT NO_ROOT ');
    expect(heard?.every((s) => s.electors.length === 3)).toBe(true);
  });
});
