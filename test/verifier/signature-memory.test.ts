/** What is remembered of signatures: bounded, by everything that decides, and without any influence on verdicts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Forger } from '../../bench/inputs/attacks/forger.ts';
import type { RevocationData } from '../../src/revocation/index-data.ts';
import type { Credential } from '../../src/testbed/index.ts';
import { applicationCertificate } from '../../src/testbed/index.ts';
import type { Item, Policy, TrustMaterial } from '../../src/verifier/index.ts';
import { Verifier } from '../../src/verifier/index.ts';
import { RecentSet } from '../../src/verifier/recent-set.ts';
import { type SignatureFacts, SignatureMemory } from '../../src/verifier/signature-memory.ts';
import { revocationOf } from '../support/crls.ts';
import { KERNEL, kernelWith } from '../support/kernels.ts';
import { certificate, explicitLeaf, implicitLeaf, message, scms, usual } from './support.ts';

describe('RecentSet', () => {
  it('knows the last half that were used, and never holds more than its limit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), fc.array(fc.nat(20), { maxLength: 80 }), (limit, uses) => {
        const set = new RecentSet(limit);
        const used: string[] = [];
        for (const use of uses.map(String)) {
          if (set.has(use)) expect(used).toContain(use);
          else set.add(use);
          used.push(use);
          const last = [...new Set(used.toReversed())].slice(0, Math.floor(limit / 2));
          for (const one of last.toReversed()) expect(new Set(used).has(one)).toBe(true);
          expect(set.has(use)).toBe(true);
          expect(set.size).toBeLessThanOrEqual(limit + 1);
        }
      }),
    );
    const set = new RecentSet(10);
    for (const one of 'abcdefghijkl') set.add(one);
    expect([...'hijkl'].every((one) => set.has(one))).toBe(true);
    expect(set.has('a')).toBe(false);
  });
});

describe('SignatureMemory', () => {
  const point = new Uint8Array(64).fill(7);
  const facts: SignatureFacts = {
    form: 0,
    x: new Uint8Array(32).fill(1),
    s: new Uint8Array(32).fill(2),
    dataHash: new Uint8Array(32).fill(3),
    signerHash: new Uint8Array(32).fill(4),
    key: { algorithm: 'ecdsaNistP256', point },
  };

  it('knows a signature by everything that decides about it', () => {
    const memory = new SignatureMemory();
    memory.rememberBad(facts);
    expect(memory.recall(facts)).toBe('bad');
    const changed = (octets: Uint8Array): Uint8Array => octets.with(octets.length - 1, 99);
    const others: SignatureFacts[] = [
      { ...facts, form: 2 },
      { ...facts, x: changed(facts.x) },
      { ...facts, s: changed(facts.s) },
      { ...facts, dataHash: changed(facts.dataHash) },
      { ...facts, signerHash: changed(facts.signerHash) },
      { ...facts, key: { algorithm: 'ecdsaNistP256', point: changed(point) } },
      { ...facts, key: { algorithm: 'ecdsaBrainpoolP256r1', point } },
    ];
    for (const other of others) expect(memory.recall(other)).toBeUndefined();
  });

  it('holds no more than it says', () => {
    const memory = new SignatureMemory();
    for (let i = 0; i < 6000; i++) {
      const s = new Uint8Array(new Uint32Array(8).fill(i).buffer);
      memory.rememberBad({ ...facts, s });
      memory.rememberGood({ ...facts, s, form: 2 });
    }
    expect(memory.size).toBeLessThanOrEqual(4096 + 1024);
  });
});

describe('a verifier that remembers', () => {
  const forger = new Forger(scms, 'memory');
  const leaf = explicitLeaf('memory');
  const implicit = implicitLeaf('memory, implicit');
  const asForged = ({ bytes, key }: Credential) => ({ bytes, curve: key.curve.name });
  const forged = forger.pseudonym('explicit');
  const raw = forger.pseudonym('explicit', { keyForm: 'uncompressed' });
  /** Each is sent again and again, as it is and as the certificate in it. */
  const pool: Item[] = [
    message(leaf),
    message(leaf, { signer: 'chain' }),
    message(implicit),
    forger.message([forged]),
    forger.message([raw]),
    { kind: 'certificate', bytes: forged.bytes },
    { kind: 'certificate', bytes: raw.bytes },
    certificate(leaf),
    certificate(implicit),
    forger.message([forged, asForged(scms.pca), asForged(scms.ica)]),
    forger.message([asForged(leaf)]),
    forger.message([asForged(leaf), asForged(scms.pca), asForged(scms.ica)]),
    forger.message([forger.pseudonym('implicit')]),
    forger.message(forger.chain(3, scms.root)),
    forger.message(forger.chain(2, scms.root, 'ecdsaNistP384')),
    message(applicationCertificate(scms, { label: 'memory, of another CA', issuer: scms.worldwidePca })),
  ];
  const trusts: TrustMaterial[] = [
    usual.trust,
    { roots: usual.trust.roots },
    { roots: [] },
    { ...usual.trust, certificates: [] },
  ];
  const policies: Policy[] = [
    { at: scms.at },
    { at: scms.at, allErrors: true },
    { at: scms.at, requireLocation: true },
    { at: scms.at + 10n ** 15n },
  ];

  it('says what a fresh one says, whatever it saw before and whatever changes in between', async () => {
    const revocations = [undefined, await revocationOf(scms, [{ kind: 'fullHashCrl', certificates: [scms.pca] }])] as (
      | RevocationData
      | undefined
    )[];
    const step = fc.record({
      items: fc.array(fc.nat(pool.length - 1), { minLength: 1, maxLength: 6 }),
      trust: fc.option(fc.nat(trusts.length - 1), { freq: 3 }),
      policy: fc.option(fc.nat(policies.length - 1), { freq: 3 }),
      revocation: fc.option(fc.nat(revocations.length - 1), { freq: 3 }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), (steps) => {
        let [trust, revocation, policy] = [usual.trust as TrustMaterial, revocations[0], policies[0] as Policy];
        const remembering = new Verifier({ ...policy, trust, revocation, kernelInstance: KERNEL });
        for (const next of steps) {
          if (next.trust !== null) remembering.setTrust((trust = trusts[next.trust] as TrustMaterial), 1);
          if (next.revocation !== null) remembering.setRevocation((revocation = revocations[next.revocation]), 1);
          if (next.policy !== null) remembering.setPolicy((policy = policies[next.policy] as Policy));
          const items = next.items.map((i) => pool[i] as Item);
          const options = { ...policy, trust, revocation, trustRevision: 1, crlRevision: 1 };
          const given = remembering.verify(items).map((verdict) => ({ ...verdict, crlRevision: 1 }));
          // All of them attach what they are signed with: none depends on what was learned before.
          const expected = items.flatMap((item) =>
            new Verifier({ ...options, kernelInstance: KERNEL, fastPath: false }).verify([item]),
          );
          expect(given).toStrictEqual(expected.map((verdict) => ({ ...verdict, crlRevision: 1 })));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('verifies nothing twice that failed, and what it attached', () => {
    let verified = 0;
    const counting = kernelWith({
      verify: (batch) => {
        verified += batch.count;
        return KERNEL.verify(batch);
      },
    });
    const verifier = new Verifier({ ...usual, kernelInstance: counting });
    const items = [forger.message([forged, asForged(scms.pca), asForged(scms.ica)]), forger.message([raw])];
    verifier.verify(items);
    const once = verified;
    expect(once).toBeGreaterThan(0);
    for (let i = 0; i < 5; i++) verifier.verify(items);
    expect(verified).toBe(once);
    verifier.setTrust(usual.trust);
    const before = verified;
    verifier.verify(items);
    expect(verified).toBeGreaterThan(before);
  });
});
