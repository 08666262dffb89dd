/**
 * Certificates and messages, changed in every way that comes to mind without signing them again. None may be called valid that
 * an independent reader with node:crypto does not accept as one of the originals in another form. SCMS_FUZZ says how many
 * mutants; SCMS_FUZZ_SEED which.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseTime } from '../../src/dot2/index.ts';
import {
  applicationCertificate,
  createScms,
  implicitApplicationCertificate,
  PSID_BSM,
  signMessage,
} from '../../src/testbed/index.ts';
import { createVerifier, type VerifierOptions } from '../../src/verifier/index.ts';
import { vectorsDir } from '../support/vectors.ts';
import { SecondOpinion } from './independent.ts';
import { Dice, mutant, type Seed } from './mutate.ts';

const COUNT = Number(process.env.SCMS_FUZZ ?? 20_000);
const SEED = Number(process.env.SCMS_FUZZ_SEED ?? 1609);
const BATCH = 250;

interface World {
  readonly options: VerifierOptions;
  /** From the root down. */
  readonly authorities: readonly Uint8Array[];
  readonly seeds: readonly Seed[];
}

function testbed(): World {
  const scms = createScms({ seed: 'fuzz' });
  const x = Uint8Array.from(Buffer.from('6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296', 'hex'));
  const publicKey = { tag: 'eciesNistP256', value: { tag: 'compressed-y-1', value: x } } as const;
  const encryptionKey = {
    supportedSymmAlg: 'aes128Ccm' as const,
    publicKey: { ...publicKey, value: { ...publicKey.value } },
  };
  const region = {
    tag: 'circularRegion' as const,
    value: { center: { latitude: 420_000_000, longitude: -840_000_000 }, radius: 900 },
  };
  const signers = [
    applicationCertificate(scms, { label: 'one' }),
    applicationCertificate(scms, { label: 'two', fields: { encryptionKey } }),
    applicationCertificate(scms, { label: 'three', issuer: scms.worldwidePca, fields: { region } }),
    implicitApplicationCertificate(scms, { label: 'four' }),
    implicitApplicationCertificate(scms, { label: 'five', fields: { encryptionKey } }),
  ];
  const messages = signers.flatMap((signer, i) =>
    (['certificate', 'digest', 'chain'] as const).map((form): Seed => {
      const request = {
        psid: PSID_BSM,
        payload: Uint8Array.of(i, 2, 3, 4),
        generationTime: scms.at,
        signer: form,
        rForm: (['compressed', 'x-only', 'uncompressed'] as const)[i % 3] as 'compressed',
        ...(i === 0 ? { header: { encryptionKey: { tag: 'public' as const, value: encryptionKey } } } : {}),
        ...(i === 2 ? { generationLocation: { latitude: 420_000_000, longitude: -840_000_000, elevation: 0 } } : {}),
      };
      return { kind: 'message', bytes: signMessage(signer, request) };
    }),
  );
  const authorities = [scms.root, scms.ica, scms.pca, scms.worldwideIca, scms.worldwidePca, scms.crlg];
  const certificates = [...authorities, ...signers].map(({ bytes }): Seed => ({ kind: 'certificate', bytes }));
  return {
    options: { trust: scms.trust(), at: scms.at },
    authorities: authorities.map(({ bytes }) => bytes),
    seeds: [...certificates, ...messages],
  };
}

/** The deployed PKI among the vectors. */
function deployed(folder: string): World {
  const file = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder, 'keti/bluetech', `${name}.oer`)));
  const [root, ...cas] = ['root', 'ICA', 'PCA', 'ECA', 'CRLG'].map(file) as [Uint8Array, ...Uint8Array[]];
  const messages = ['pseudonym-certificate', 'pseudonym-digest', 'app-certificate', 'app-digest'].map((name) =>
    file(`spdu-${name}`),
  );
  const certificates = [root, ...cas, file('enrollment')];
  return {
    options: { trust: { roots: [root], certificates: cas }, at: parseTime('2023-03-07T09:10:00Z') },
    authorities: [root, ...cas],
    seeds: [
      ...certificates.map((bytes): Seed => ({ kind: 'certificate', bytes })),
      ...messages.map((bytes): Seed => ({ kind: 'message', bytes })),
    ],
  };
}

function fuzz({ options, authorities, seeds }: World, count: number, dice: Dice): Map<string, number> {
  const verifier = createVerifier(options);
  const opinion = new SecondOpinion(authorities, seeds);
  const items = seeds.map(({ kind, bytes }) => ({ kind, bytes }));
  const untouched = verifier.verify(items);
  untouched.forEach(({ verdict, code, detail }, i) => {
    expect(code === 'implicitReconstructed' || verdict === 'valid', `seed ${i}: ${code} ${detail}`).toBe(true);
  });
  const outcomes = new Map<string, number>();
  let slowest = 0;
  for (let made = 0; made < count; made += BATCH) {
    const mutants = Array.from({ length: Math.min(BATCH, count - made) }, () => mutant(seeds, dice));
    const started = performance.now();
    const verdicts = verifier.verify(mutants.map(({ seed, bytes }) => ({ kind: seed.kind, bytes })));
    slowest = Math.max(slowest, performance.now() - started);
    expect(verdicts).toHaveLength(mutants.length);
    verdicts.forEach(({ verdict, code, detail, publicKey }, i) => {
      const { name, seed, bytes } = mutants[i] as (typeof mutants)[number];
      const outcome = verdict === 'valid' ? `valid (${name.split('+')[0]})` : code;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      const explain = (): string => `${name} of ${seed.kind}: ${Buffer.from(bytes).toString('hex')}`;
      if (code === 'internalFailure') expect.fail(`${explain()}: ${detail}`);
      if (verdict === 'valid') {
        const objection = opinion.objection(seed.kind, bytes);
        if (objection !== undefined) expect.fail(`${explain()} is called valid, but ${objection}`);
      }
      // Anybody can mint an implicit certificate; what it reconstructs to must be right all the same.
      if (code === 'implicitReconstructed' && dice.below(8) === 0) {
        expect(publicKey, explain()).toBe(opinion.reconstructed(bytes));
      }
    });
  }
  // A batch takes tens of milliseconds; anything that hangs takes seconds.
  expect(slowest).toBeLessThan(5000);
  // The verifier has not been poisoned on the way.
  expect(verifier.verify(items).map(({ code }) => code)).toEqual(untouched.map(({ code }) => code));
  return outcomes;
}

function report(name: string, outcomes: ReadonlyMap<string, number>, count: number, started: number): void {
  const list = [...outcomes].sort((a, b) => b[1] - a[1]).map(([outcome, number]) => `${outcome}: ${number}`);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (process.env.SCMS_FUZZ) console.info(`${name}: ${count} mutants in ${seconds} s\n  ${list.join('\n  ')}`);
}

describe('mutants', () => {
  const folder = vectorsDir();
  const worlds: [string, () => World][] = [['the testbed', testbed]];
  if (folder) worlds.push(['a deployed PKI', () => deployed(folder)]);
  else console.warn('mutants of deployed data are skipped: no test vectors found (set SCMS_VECTORS)');

  it.each(worlds)(
    'of %s are accepted only where they mean the same',
    (name, world) => {
      const started = performance.now();
      const count = Math.ceil(COUNT / worlds.length);
      const outcomes = fuzz(world(), count, new Dice(SEED));
      report(name, outcomes, count, started);
      const valid = [...outcomes].filter(([outcome]) => outcome.startsWith('valid'));
      // Without these the test would pass by refusing everything.
      for (const form of ['negateS', 'hint', 'keyForm']) {
        expect(valid.map(([outcome]) => outcome)).toContain(`valid (${form})`);
      }
    },
    3_600_000,
  );
});
