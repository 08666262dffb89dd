/** What is not computed for strangers (DECISIONS D11, D18, D44), and what an item may hold at most: counted, not timed. */
import { describe, expect, it } from 'vitest';
import { Forger } from '../../bench/inputs/attacks/forger.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import { pseudonymFields } from '../../src/testbed/devices.ts';
import {
  app,
  type Credential,
  type CurveName,
  createScms,
  groupFor,
  issueImplicit,
  PSID_BSM,
  PSID_SCMS,
  type Scms,
} from '../../src/testbed/index.ts';
import { type Item, Verifier, type VerifierOptions } from '../../src/verifier/index.ts';
import { KERNEL, kernelWith } from '../support/kernels.ts';
import { codes, message, scms, usual } from './support.ts';

const CURVES = ['ecdsaNistP256', 'ecdsaNistP384', 'ecdsaBrainpoolP256r1', 'ecdsaBrainpoolP384r1'] as const;
const RARE = CURVES.slice(1);
const forger = new Forger(scms, 'D44');

interface Counts {
  verify: number;
  reconstruct: number;
  decompress: number;
}

/** A verifier without its fast path, and what it asks of its kernel. */
function counted(options: Partial<VerifierOptions> = {}): { verifier: Verifier; counts: Counts } {
  const counts: Counts = { verify: 0, reconstruct: 0, decompress: 0 };
  const kernelInstance: Kernel = kernelWith({
    verify(batch) {
      counts.verify += batch.count;
      return KERNEL.verify(batch);
    },
    reconstruct(batch) {
      counts.reconstruct += batch.count;
      return KERNEL.reconstruct(batch);
    },
    decompress(count, compressed) {
      counts.decompress += count;
      return KERNEL.decompress(count, compressed);
    },
  });
  const verifier = new Verifier({ ...usual, ...options, kernelInstance, fastPath: false });
  Object.assign(counts, { verify: 0, reconstruct: 0, decompress: 0 });
  return { verifier, counts };
}

const NOTHING: Counts = { verify: 0, reconstruct: 0, decompress: 0 };
const asForged = ({ bytes, key }: Credential) => ({ bytes, curve: key.curve.name });

describe.each(CURVES)('an attached list on %s', (curve: CurveName) => {
  it.each([
    ['self', 'chainEndedAtUntrustedRoot'],
    ['nobody', 'issuerNotFound'],
  ] as const)('that ends at %s costs no arithmetic', (end, code) => {
    for (const count of [1, 2, 8]) {
      const { verifier, counts } = counted();
      const items = [forger.message(forger.chain(count, end, curve))];
      expect(verifier.verify(items)).toMatchObject([{ code, signature: 'notChecked' }]);
      expect(counts).toEqual(NOTHING);
    }
  });

  it('is verified as a whole where every error is asked for', () => {
    const { verifier } = counted({ allErrors: true });
    const [verdict] = verifier.verify([forger.message(forger.chain(3, 'self', curve))]);
    expect(verdict).toMatchObject({ code: 'chainEndedAtUntrustedRoot', signature: 'bad' });
    expect(verdict?.errors?.filter(({ code }) => code === 'badChainSignature').length).toBeGreaterThanOrEqual(2);
  });

  it('in the name of the root costs one verification at most', () => {
    const { verifier, counts } = counted();
    const [verdict] = verifier.verify([forger.message(forger.chain(7, scms.root, curve))]);
    expect(verdict).toMatchObject({ code: 'badChainSignature', signature: 'notChecked' });
    // That of the certificate in the name of the root, which signs on P-256.
    expect(counts.verify).toBe(1);
    expect(counts.reconstruct).toBe(0);
  });
});

describe.each(RARE)('a PKI on %s', (curve: CurveName) => {
  const rare: Scms = createScms({ seed: `D44 ${curve}`, rootCurve: curve, caCurve: curve });
  const stranger = new Forger(rare, 'D44');
  const options = { trust: rare.trust(), at: rare.at };

  it('a certificate in the name of its CA is verified if nothing else is wrong', () => {
    const { verifier, counts } = counted(options);
    const [verdict] = verifier.verify([{ kind: 'certificate', bytes: stranger.pseudonym('explicit').bytes }]);
    expect(verdict).toMatchObject({ code: 'badSignature', signature: 'bad' });
    expect(counts.verify).toBe(0);
  });

  it('and not if anything is: its signature is notChecked', () => {
    const { verifier } = counted(options);
    const fields = { appPermissions: [app(PSID_BSM), app(PSID_BSM)] };
    const forged = stranger.pseudonym('explicit', { fields });
    const given = verifier.verify([{ kind: 'certificate', bytes: forged.bytes }, stranger.message([forged])]);
    expect(given).toMatchObject([
      { code: 'duplicatePSID', signature: 'notChecked' },
      { code: 'duplicatePSID', signature: 'notChecked' },
    ]);
    const all = counted({ ...options, allErrors: true }).verifier.verify([
      { kind: 'certificate', bytes: forged.bytes },
    ]);
    expect(all[0]?.errors?.map(({ code }) => code)).toEqual(['duplicatePSID', 'badSignature']);
    expect(all).toMatchObject([{ code: 'duplicatePSID', signature: 'bad' }]);
  });
});

describe('implicit certificates that nothing has proven', () => {
  const chainOf = (count: number): Item => {
    const certIssuePermissions = [groupFor([{ psid: PSID_SCMS }], { min: 1, range: -1 })];
    const chain = [] as ReturnType<Forger['certificate']>[];
    const { region: _, ...rest } = scms.ica.toBeSigned;
    for (let i = 0; i < count; i++) {
      const fields = { ...rest, certIssuePermissions };
      chain.unshift(forger.certificate({ fields, issuer: chain[0] ?? scms.root, type: 'implicit' }));
    }
    return forger.message(chain, { psid: PSID_SCMS });
  };

  it.each([
    [1, 'unauthorizedPSID'],
    [2, 'unauthorizedPSID'],
    [3, 'chainTooLong'],
    [7, 'chainTooLong'],
  ] as const)('%s in a row: %s', (count, code) => {
    const { verifier, counts } = counted();
    const [verdict] = verifier.verify([chainOf(count)]);
    expect(verdict?.verdict).toBe('invalid');
    if (code === 'chainTooLong') {
      expect(verdict).toMatchObject({ code, signature: 'notChecked' });
      expect(counts).toEqual(NOTHING);
    }
  });

  it('are tried over what was received only once a message has proven them', () => {
    // Its point written out: both forms of the same certificate are hashed alike, but only one is what was signed with.
    const fields = pseudonymFields(scms, 0, new Uint8Array(9).fill(1));
    const signer = issueImplicit({ issuer: scms.pca, secret: 1234567n, fields, pointForm: 'uncompressed' });
    const overRaw = message(signer, { signerInput: signer.bytes });
    const { verifier } = counted();
    expect(codes(verifier.verify([overRaw]))).toEqual(['badSignature']);
    expect(codes(verifier.verify([message(signer), overRaw]))).toEqual(['ok', 'nonCanonicalSignature']);
    expect(codes(counted({ allErrors: true }).verifier.verify([overRaw]))).toEqual(['badSignature']);
  });
});

describe('other forms of a signature', () => {
  it('are tried on P-256 only where nothing else is wrong', () => {
    const forged = (fields: Parameters<Forger['pseudonym']>[1]) =>
      forger.message([forger.pseudonym('explicit', fields)]);
    const { verifier } = counted();
    let alternatives = 0;
    const kernelInstance = kernelWith({
      verify(batch) {
        if (batch.alternative) alternatives += batch.count;
        return KERNEL.verify(batch);
      },
    });
    const counting = new Verifier({ ...usual, kernelInstance, fastPath: false });
    expect(codes(counting.verify([forged({ keyForm: 'uncompressed' })]))).toEqual(['badChainSignature']);
    expect(alternatives).toBe(1);
    const wrong = { appPermissions: [app(PSID_BSM), app(PSID_BSM)] };
    expect(codes(counting.verify([forged({ keyForm: 'uncompressed', fields: wrong })]))).toEqual(['duplicatePSID']);
    expect(alternatives).toBe(1);
    expect(verifier.kernelName).toBe(KERNEL.name);
  });
});

describe('what an item may hold', () => {
  const withApps = (count: number): Item => {
    const appPermissions = Array.from({ length: count }, (_, i) => app(PSID_BSM + i));
    return forger.message([forger.pseudonym('explicit', { fields: { appPermissions } })]);
  };

  it('is 128 elements of all lists together', () => {
    const { verifier } = counted();
    // One certificate, and its permissions.
    expect(codes(verifier.verify([withApps(127), withApps(128)]))).toEqual(['badChainSignature', 'tooManyElements']);
    expect(verifier.verify([withApps(128)])[0]?.detail).toContain('too many in all');
  });

  it('lists sixteen failures of a rule, however many there are', () => {
    const { verifier } = counted({ allErrors: true });
    const appPermissions = Array.from({ length: 100 }, () => app(PSID_BSM));
    const [verdict] = verifier.verify([forger.message([forger.pseudonym('explicit', { fields: { appPermissions } })])]);
    expect(verdict?.code).toBe('duplicatePSID');
    expect(verdict?.errors?.filter(({ code }) => code === 'duplicatePSID')).toHaveLength(16);
  });

  it('counts for certificates by themselves as well', () => {
    const { verifier } = counted();
    const appPermissions = Array.from({ length: 129 }, (_, i) => app(PSID_BSM + i));
    const bytes = forger.pseudonym('explicit', { fields: { appPermissions } }).bytes;
    expect(codes(verifier.verify([{ kind: 'certificate', bytes }]))).toEqual(['tooManyElements']);
  });
});

describe('a certificate as signer and as item in one batch', () => {
  it.each(['explicit', 'implicit'] as const)('has the verdicts that it has alone: %s', (type) => {
    const forged = forger.pseudonym(type, { keyForm: 'uncompressed' });
    const items: Item[] = [
      forger.message([forged]),
      { kind: 'certificate', bytes: forged.bytes },
      forger.message([forged, asForged(scms.pca)]),
      { kind: 'certificate', bytes: forged.bytes },
    ];
    const alone = items.flatMap((item) => counted().verifier.verify([item]));
    expect(counted().verifier.verify(items)).toStrictEqual(alone);
    expect(counted().verifier.verify(items.toReversed())).toStrictEqual(alone.toReversed());
  });
});
