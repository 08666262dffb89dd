import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeOrThrow, toHex } from '../../src/coer/index.ts';
import { SignedElectorEndorsement } from '../../src/dot2/index.ts';
import { issueCrl } from '../../src/testbed/crls.ts';
import { ballotOf, vote } from '../../src/testbed/trust/index.ts';
import { applyUnder } from '../../src/trust/apply.ts';
import type { Tombstone, TrustedCertificate } from '../../src/trust/index.ts';
import { RULES, type Rules } from '../../src/trust/rules.ts';
import { openVote } from '../../src/trust/votes.ts';
import { bundleOf, Model, remembering, START_STATE, steps } from './random-bundles.ts';
import {
  A,
  addElector,
  addRoot,
  adds,
  B,
  C,
  crl,
  D,
  DAY,
  device,
  F,
  gccf,
  id,
  ids,
  Play,
  R1,
  R2,
  removeElector,
  removeRoot,
  removes,
  scms2,
  T0,
} from './support.ts';

const CACHED = remembering();

/** The certificate of a removed elector, out of the votes that removed it. */
function removedElector({ votes, hash, key, hashedId8, end }: Tombstone): TrustedCertificate[] {
  const [first] = votes;
  if (first === undefined) return [];
  const octets = Uint8Array.from(Buffer.from(first.octets, 'hex'));
  const { content } = openVote(decodeOrThrow(SignedElectorEndorsement, octets), 0n);
  if (content?.tag !== 'tbsElectorEndorsement') return [];
  const certificate = toHex(content.value.certificate.encoded as Uint8Array);
  return [{ hash, key, hashedId8, certificate, start: '0', end }];
}

const MUTANTS: Readonly<Record<string, Partial<Rules>>> = {
  'all votes required': { isQuorum: (distinct, inBallot, quorum) => distinct === inBallot && distinct >= quorum },
  'votes of revoked electors count': {
    voters: (electors, tombstones) => [
      ...electors,
      ...tombstones.filter(({ role }) => role === 'elector').flatMap(removedElector),
    ],
  },
  'a self-signature is trusted': { trustsSelfSignature: true },
  'tombstones are skipped': { isBuried: () => false },
  'bundles are judged in file order': { inFileOrder: true },
  'removals need the CRLs beside them': { removalsNeedCrls: true },
  'one vote is enough': { isQuorum: (distinct) => distinct >= 1 },
  'nobody has a quorum': { isQuorum: () => false },
};

const withoutA = (rules: Rules): Play => new Play(device(), rules).apply(removes([removeElector(A, [B, C])]));
const attached = { signer: 'certificate' as const };

/** Situations, each with the answer that only a sound engine gives. */
const CHECKS: Readonly<Record<string, (rules: Rules) => boolean>> = {
  'day 2: an elector is removed': (rules) => withoutA(rules).electors.join() === ids([B, C]).join(),
  'day 4: an old device counts whom it knows': (rules) =>
    new Play(device(), rules).apply(gccf(1, adds([], [addRoot(R2, [B, C, F])]))).roots.length === 2,
  'Q2: a repeated vote does no harm': (rules) =>
    new Play(device(), rules).apply(gccf(1, adds([], [addRoot(R2, [A, A, B])]))).roots.length === 2,
  'Q3: a revoked elector has no vote': (rules) =>
    withoutA(rules).apply(gccf(1, adds([], [addRoot(R2, [A, B])]))).roots.length === 1,
  'Q4: a revoked elector spoils no ballot': (rules) =>
    withoutA(rules).apply(gccf(1, adds([], [addRoot(R2, [A, B, C])]))).roots.length === 2,
  'Q5: one vote is no quorum': (rules) =>
    new Play(device(), rules).apply(removes([removeElector(A, [A, B])])).electors.length === 3,
  'Q8: files have no order': (rules) =>
    new Play(device(), rules).apply(gccf(1, adds([addElector(F, [C, D]), addElector(D, [B, C])]))).electors.length ===
    5,
  'Q10: what comes with a removal is judged after it': (rules) =>
    new Play(device(), rules).apply(
      { name: 'ballot', octets: addRoot(R2, [A, B]) },
      removes([removeElector(A, [B, C])]),
    ).roots.length === 1,
  'Q12: removals of one bundle do not see each other': (rules) =>
    new Play(device(), rules).apply(removes([removeElector(A, [B, C]), removeElector(C, [A, B])])).electors.join() ===
    id(B),
  'Q15: a removed elector does not come back': (rules) => {
    const at = new Play(device(), rules).apply(gccf(1, adds([addElector(D, [B, C])])));
    at.apply(removes([removeElector(D, [B, C])])).later(DAY);
    return at.apply(gccf(2, adds([addElector(D, [B, C])]))).electors.length === 3;
  },
  'Q16: a removed root does not come back': (rules) => {
    const at = new Play(device(), rules).apply(removes([], [removeRoot(R1, [B, C])])).later(DAY);
    return at.apply(gccf(1, adds([], [addRoot(R1, [A, B])]))).roots.length === 0;
  },
  'Q25: an unknown elector has no vote, whatever it brings along': (rules) => {
    const votes = ballotOf([A, D].map((one) => vote(one, { type: 'addRoot', subject: R2, ...attached })));
    return new Play(device(), rules).apply(gccf(1, adds([], [votes]))).roots.length === 1;
  },
  'day 4: a root is removed although no CRL beside it verifies': (rules) => {
    const crls = [issueCrl(scms2, { issueDate: scms2.start })];
    return new Play(device(), rules).apply(crl({ crls, revokedRootCAs: [removeRoot(R1, [B, C])] })).roots.length === 0;
  },
};

const failuresUnder = (rules: Rules): string[] =>
  Object.entries(CHECKS)
    .filter(([, holds]) => !holds(rules))
    .map(([name]) => name.replace(/:.*/, ''));

describe('broken engines are noticed', () => {
  it('our rules pass every check', () => {
    expect(failuresUnder(RULES)).toEqual([]);
  });

  it.each([
    ['all votes required', ['day 4', 'Q2', 'Q4']],
    ['votes of revoked electors count', ['Q3']],
    ['a self-signature is trusted', ['Q25']],
    ['tombstones are skipped', ['Q15', 'Q16']],
    ['bundles are judged in file order', ['Q8', 'Q10', 'Q12']],
    ['removals need the CRLs beside them', ['day 4']],
    ['one vote is enough', ['Q3', 'Q5']],
    ['nobody has a quorum', ['day 2', 'day 4', 'Q2', 'Q4', 'Q8', 'Q12']],
  ])('%s', (name, noticed) => {
    expect(failuresUnder({ ...RULES, ...MUTANTS[name] })).toEqual(expect.arrayContaining(noticed));
  });

  it.each([
    'all votes required',
    'votes of revoked electors count',
    'tombstones are skipped',
    'bundles are judged in file order',
    'one vote is enough',
    'nobody has a quorum',
  ])('%s: random bundles notice as well', (name) => {
    const rules = { ...RULES, ...MUTANTS[name] };
    const holds = (under: Rules): boolean =>
      !fc.check(
        fc.property(steps(), (sequence) => {
          const model = new Model();
          let state = START_STATE;
          for (const { bundle } of sequence) {
            state = applyUnder(under, state, bundleOf(bundle), T0, CACHED).state;
            model.apply(bundle);
          }
          const names = (list: readonly { readonly hashedId8: string }[]): string =>
            list
              .map((one) => one.hashedId8)
              .sort()
              .join();
          return (
            names(state.electors) === [...model.electors].sort().join() &&
            names(state.roots) === [...model.roots].sort().join()
          );
        }),
        { numRuns: 400, seed: 5, endOnFailure: true },
      ).failed;
    expect([holds(RULES), holds(rules)]).toEqual([true, false]);
  });
});
