/** D46: a certificate under a root that was removed is invalid, `rootRemoved`; under one that is unknown it stays undecided. */
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/coer/index.ts';
import { attached, createScms, hashedId8, PSID_BSM, pseudonyms, signMessage } from '../../src/testbed/index.ts';
import type { Verdict } from '../../src/verdict/index.ts';
import { type Item, type TrustMaterial, Verifier } from '../../src/verifier/index.ts';
import { withPool } from '../pool/support.ts';
import { KERNEL } from '../support/kernels.ts';

const scms = createScms({ seed: 'a removed root' });
const other = createScms({ seed: 'another root' });
const id = (credential: typeof scms.root): string => toHex(hashedId8(credential));
const detail = 'root removed in revision 3 by the votes of B, C';
const removedRoots = [{ hashedId8s: [scms.root, scms.ica, scms.pca].map(id), detail }];
const certificate = (bytes: Uint8Array): Item => ({ kind: 'certificate', bytes });
const [pseudonym] = pseudonyms(scms, { devices: 1, perWeek: 1 });
const message = (signer: 'certificate' | 'chain'): Item => {
  const request = { psid: PSID_BSM, payload: Uint8Array.of(1), generationTime: scms.at, signer };
  return { kind: 'message', bytes: signMessage(pseudonym as never, request) };
};
const verdictsOf = (items: readonly Item[], trust: Partial<TrustMaterial>, allErrors = false): Verdict[] =>
  new Verifier({ trust: { roots: [], ...trust }, at: scms.at, allErrors, kernelInstance: KERNEL }).verify(items);
const ITEMS = [
  certificate(scms.ica.bytes),
  certificate(scms.pca.bytes),
  message('certificate'),
  message('chain'),
] as const;

describe('under a removed root', () => {
  it('every certificate and message is invalid, rootRemoved, with the voters, and no signature is reported', () => {
    const verdicts = verdictsOf(ITEMS, { removedRoots, roots: [other.root.bytes] });
    for (const verdict of verdicts) {
      expect(verdict).toMatchObject({
        verdict: 'invalid',
        code: 'rootRemoved',
        resultCode: 9,
        resultName: 'chainEndedAtUntrustedRoot',
        signature: 'notChecked',
        trust: 'none',
        detail,
      });
    }
    expect(verdicts.map(({ depth }) => depth)).toEqual([0, 0, 1, 3]);
  });

  it('the root itself is rootRemoved too, also at the end of an attached list', () => {
    const list = attached([pseudonym as never, scms.pca, scms.ica, scms.root]);
    const request = { psid: PSID_BSM, payload: Uint8Array.of(1), generationTime: scms.at, signer: list };
    const items: Item[] = [
      certificate(scms.root.bytes),
      { kind: 'message', bytes: signMessage(pseudonym as never, request) },
    ];
    const named = { verdict: 'invalid', code: 'rootRemoved', detail, signature: 'notChecked' };
    expect(verdictsOf(items, { removedRoots })).toMatchObject([
      { ...named, depth: 0 },
      { ...named, depth: 4 },
    ]);
    expect(verdictsOf(items, { roots: [other.root.bytes] })).toMatchObject([
      { code: 'chainEndedAtUntrustedRoot' },
      { code: 'chainEndedAtUntrustedRoot' },
    ]);
  });

  it('it is issuerNotFound, undecided, if nobody says that the root was removed', () => {
    for (const verdict of verdictsOf(ITEMS, { roots: [other.root.bytes] })) {
      expect(verdict).toMatchObject({ verdict: 'undecided', code: 'issuerNotFound' });
    }
  });

  it('nothing else is touched', () => {
    const trust = { removedRoots, ...other.trust() };
    expect(verdictsOf([certificate(other.pca.bytes)], trust)).toMatchObject([{ verdict: 'valid' }]);
    const stranger = createScms({ seed: 'a third root' });
    expect(verdictsOf([certificate(stranger.ica.bytes)], trust)).toMatchObject([{ code: 'issuerNotFound' }]);
  });

  it('an issuer that is known counts, whatever has its HashedId8', () => {
    const trust = { ...scms.trust(), removedRoots };
    expect(verdictsOf([certificate(scms.ica.bytes), certificate(scms.pca.bytes)], trust)).toMatchObject([
      { verdict: 'valid' },
      { verdict: 'valid' },
    ]);
    // Known, and its own chain ends at what was removed.
    expect(verdictsOf([ITEMS[1]], { removedRoots, certificates: [scms.ica.bytes] })).toMatchObject([
      { code: 'rootRemoved', depth: 1 },
    ]);
  });

  it('all errors name it once', () => {
    const [verdict] = verdictsOf([ITEMS[3]], { removedRoots }, true);
    expect(verdict?.errors?.filter(({ code }) => code === 'rootRemoved')).toHaveLength(1);
  });

  it('a certificate that was valid is rootRemoved from the change of trust on', () => {
    const verifier = new Verifier({ trust: scms.trust(), at: scms.at, kernelInstance: KERNEL });
    expect(verifier.verify(ITEMS).every(({ verdict }) => verdict === 'valid')).toBe(true);
    verifier.setTrust({ roots: [], removedRoots });
    expect(verifier.verify(ITEMS).every(({ code }) => code === 'rootRemoved')).toBe(true);
  });
});

it('a pool gives the same verdicts, from the start and after a change', async () => {
  const trust = { roots: [other.root.bytes], removedRoots };
  const alone = verdictsOf(ITEMS, trust);
  await withPool({ trust, at: scms.at, threads: 2 }, async (pool) => {
    expect(await pool.verifyAll(ITEMS)).toEqual(alone);
    await pool.setTrust({ roots: [] });
    expect((await pool.verifyAll(ITEMS)).map(({ code }) => code)).not.toContain('rootRemoved');
    await pool.setTrust(trust);
    expect((await pool.verifyAll(ITEMS)).map(({ code }) => code)).toEqual(alone.map(({ code }) => code));
  });
});
