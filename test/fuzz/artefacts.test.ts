/**
 * CRLs, ballots, chain files, CTLs and policy files, changed without signing them again. What a mutant does, what it is a mutant of would
 * have done as well; whatever it is, nothing is lost, and the genuine file is accepted after it. SCMS_FUZZ says how many mutants,
 * SCMS_FUZZ_SEED which.
 */
import { describe, expect, it } from 'vitest';
import type { Schema } from '../../src/coer/index.ts';
import {
  ChainFile,
  CompositeCrl,
  ElectorBallot,
  Ieee1609Dot2Data,
  MultiSignedCtl,
  ScmsCompositeCrlPdu,
} from '../../src/dot2/index.ts';
import { createKernel } from '../../src/kernel/index.ts';
import { compositeCrl, issueCrl } from '../../src/testbed/index.ts';
import { globalPolicy, localChainFile } from '../../src/testbed/trust/index.ts';
import { type Artefact, applyBundle, type TrustState } from '../../src/trust/index.ts';
import { Verifier } from '../../src/verifier/index.ts';
import { remembering } from '../trust/random-bundles.ts';
import {
  A,
  addElector,
  addRoot,
  adds,
  B,
  C,
  crl,
  ctl,
  ctlDevice,
  D,
  DAY,
  device,
  F,
  gccf,
  pg,
  R1,
  R2,
  removeElector,
  removeRoot,
  scms,
  T0,
} from '../trust/support.ts';
import { Dice, mutant, type Seed } from './mutate.ts';

const COUNT = Number(process.env.SCMS_FUZZ ?? 3000);
const SEED = Number(process.env.SCMS_FUZZ_SEED ?? 1609);

const seedOf = (bytes: Uint8Array, schema: Schema<unknown>): Seed => ({ kind: 'message', bytes, schema });

describe('mutants of CRLs', () => {
  const devices = [0, 1];
  const crls = [
    issueCrl(scms, { kind: 'fullHashCrl', certificates: [scms.pca] }),
    issueCrl(scms, { kind: 'fullHashCrl', certificates: [scms.eca, scms.ra], serial: 3 }, { signer: 'certificate' }),
    issueCrl(scms, { devices, groups: [1] }, { signer: 'chain' }),
  ];
  const seeds = [...crls.map((bytes) => seedOf(bytes, Ieee1609Dot2Data)), seedOf(compositeCrl(crls), CompositeCrl)];
  const [kernel, other] = [createKernel('auto'), createKernel('scalar')];
  const judged = (bytes: Uint8Array, kernelInstance: typeof kernel) => {
    const verifier = new Verifier({ trust: scms.trust(), at: scms.at, kernelInstance });
    return verifier.verifyCrls([{ bytes, source: '' }]);
  };
  const contents = (bytes: Uint8Array): string[] =>
    judged(bytes, kernel).accepted.map(({ id: _, source: __, ...rest }) => text(rest));

  it('are accepted only where they say what a genuine one says, by every kernel alike', () => {
    const dice = new Dice(SEED);
    const genuine = new Set(crls.flatMap(contents));
    expect(genuine.size).toBe(crls.length);
    let accepted = 0;
    for (let i = 0; i < COUNT; i++) {
      const { name, bytes } = mutant(seeds, dice);
      const explain = (): string => `${name}: ${Buffer.from(bytes).toString('hex')}`;
      const { verdicts, accepted: left } = judged(bytes, kernel);
      for (const { id: _, source: __, ...rest } of left) {
        accepted++;
        if (!genuine.has(text(rest))) expect.fail(`${explain()} is accepted`);
      }
      for (const { code } of verdicts) if (code === 'internalFailure') expect.fail(explain());
      if (i % 4 === 0) expect(text(judged(bytes, other).verdicts), explain()).toBe(text(verdicts));
    }
    // Without any the test would pass by refusing everything.
    expect(accepted).toBeGreaterThan(0);
  }, 36_000_000);
});

interface Case {
  readonly artefact: Artefact;
  readonly schema: Schema<unknown>;
  readonly state: TrustState;
}

const CONTEXT = remembering();
const SECONDS = Number(T0 / 1_000_000n);

function cases(): Case[] {
  const start = device();
  const endorsed = adds([addElector(D, [B, C])], [addRoot(R2, [A, B, C])]);
  const all = [scms.ica, scms.pca, scms.eca, scms.ra, scms.crlg, pg];
  const of = (artefact: Artefact, schema: Schema<unknown>, state = start): Case => ({ artefact, schema, state });
  const named = (name: string, octets: Uint8Array): Artefact => ({ name, octets });
  const local = { gccfVersion: 2, lccfVersion: 1, raHostname: 'ra' };
  return [
    of(named('ballot', addRoot(R2, [B, C])), ElectorBallot),
    of(named('ballot', removeElector(A, [B, C])), ElectorBallot),
    of(gccf(1, { ...endorsed, certs: all }), ChainFile),
    of({ ...gccf(2, { ...endorsed, certs: [scms.ica] }), authenticated: true }, ChainFile),
    of(named('lccf', localChainFile(local, { ...endorsed, ma: scms.ma, certs: all })), ChainFile),
    of(crl({ revokedElectors: [removeElector(A, [B, C])], revokedRootCAs: [removeRoot(R1, [B, C])] }), CompositeCrl),
    of(crl({ crls: [issueCrl(scms, { kind: 'fullHashCrl', certificates: [scms.eca] })] }), CompositeCrl),
    of(
      named('policy', globalPolicy(pg, { generationTime: T0, activeTime: T0 }, { signer: 'chain' })),
      Ieee1609Dot2Data,
    ),
    of(ctl(1, { electors: [A, B, D], signers: [A, B] }), MultiSignedCtl, ctlDevice()),
    of(
      ctl(1, { electors: [A, B, C, F], roots: [R1, R2], signers: [B, C], effectiveDate: SECONDS }),
      ScmsCompositeCrlPdu,
      ctlDevice(),
    ),
  ];
}

describe('mutants of files of trust', () => {
  const names = (list: readonly { readonly hashedId8: string }[]): string[] =>
    list.map(({ hashedId8 }) => hashedId8).sort();
  const trusted = ({ electors, roots }: TrustState): string[] => [
    ...names(electors).map((one) => `elector ${one}`),
    ...names(roots).map((one) => `root ${one}`),
  ];

  it('do nothing that the genuine file would not, and do not keep it out', () => {
    const dice = new Dice(SEED);
    const all = cases().map(({ artefact, schema, state }) => {
      const after = applyBundle(state, [artefact], T0, CONTEXT).state;
      return { artefact, schema, state, before: trusted(state), after: trusted(after) };
    });
    const changing = all.filter(({ before, after }) => before.join() !== after.join());
    expect(changing.length).toBeGreaterThanOrEqual(6);
    const seeds = all.map(({ artefact, schema }) => seedOf((artefact as { octets: Uint8Array }).octets, schema));
    let moved = 0;
    for (let i = 0; i < COUNT; i++) {
      const { seed, name, bytes } = mutant(seeds, dice);
      const one = all[seeds.indexOf(seed)] as (typeof all)[number];
      const { artefact, state, before, after } = one;
      const explain = (): string => `${name} of ${artefact.name}: ${Buffer.from(bytes).toString('hex')}`;
      // Nobody authenticates what somebody else has changed.
      const given: Artefact = { name: artefact.name, octets: bytes };
      const { state: next } = applyBundle(state, [given], T0, CONTEXT);
      const now = trusted(next);
      if (now.join() !== before.join()) moved++;
      const possible = new Set([
        ...before,
        ...after,
        ...all.filter(({ state: same }) => same === state).flatMap((other) => other.after),
      ]);
      for (const id of now) if (!possible.has(id)) expect.fail(`${explain()} makes trusted: ${id}`);
      const lasting = before.filter((id) => all.every((other) => other.state !== state || other.after.includes(id)));
      for (const id of lasting) if (!now.includes(id)) expect.fail(`${explain()} removes ${id}`);
      if (i % 8 === 0) {
        expect(applyBundle(state, [given], T0, CONTEXT).state, explain()).toEqual(next);
        const later = trusted(applyBundle(next, [artefact], T0 + DAY, CONTEXT).state);
        for (const id of after) if (!before.includes(id)) expect(later, explain()).toContain(id);
      }
    }
    expect(moved).toBeGreaterThan(0);
  }, 36_000_000);
});

const text = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) => {
    if (typeof one === 'bigint') return `${one}`;
    return ArrayBuffer.isView(one) ? Buffer.from(one.buffer, one.byteOffset, one.byteLength).toString('hex') : one;
  });
