/** Every fault of the testbed gets its verdict, and every rarity that has to be accepted is: in every kernel, in any batch. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Kernel } from '../../src/kernel/kernel.ts';
import { CODES_WITHOUT_FAULT, faultsByCode } from '../../src/testbed/index.ts';
import { CODES, type FailureCode, type Verdict } from '../../src/verdict/index.ts';
import { type Item, Verifier } from '../../src/verifier/index.ts';
import { type Catalogue, createCatalogue, expectAsCatalogued, mixture, type Scenario } from '../support/catalogue.ts';
import { EVERY_KERNEL_AND_PATH, kernelOf } from '../support/every-kernel.ts';
import { isQuick, some } from '../support/tier.ts';

/** The ways once is enough: the vectors run them on two fields. */
const CATALOGUE_KERNELS = some(
  EVERY_KERNEL_AND_PATH.filter((label) => !label.startsWith('simd, ')),
  1,
);

let catalogue: Catalogue;
beforeAll(() => {
  catalogue = createCatalogue();
});

describe.each(CATALOGUE_KERNELS)('the catalogue of faults (%s)', (name) => {
  let kernel: Kernel;
  beforeAll(() => {
    kernel = kernelOf(name);
  });
  const verifierFor = ({ options }: Pick<Scenario, 'options'>): Verifier =>
    new Verifier({ ...options, kernelInstance: kernel });
  const last = <T>(list: readonly T[]): T | undefined => list[list.length - 1];

  it('names each fault when it comes alone', () => {
    for (const scenario of catalogue.faults) {
      expectAsCatalogued(scenario.specimen, last(verifierFor(scenario).verify(scenario.items)));
    }
  });

  it('accepts each special', () => {
    for (const scenario of catalogue.specials) {
      expectAsCatalogued(scenario.specimen, last(verifierFor(scenario).verify(scenario.items)));
    }
  });

  it.skipIf(isQuick)(
    'judges the neighbours of a fault as if it were not there',
    () => {
      const [before, after] = [catalogue.good(6), catalogue.good(12).slice(6)];
      const usual = { options: { trust: catalogue.scms.trust(), at: catalogue.scms.at } };
      const undisturbed = verifierFor(usual).verify([...before, ...after]);
      for (const scenario of [...catalogue.faults, ...catalogue.specials]) {
        const alone = scenario.usual ? undisturbed : verifierFor(scenario).verify([...before, ...after]);
        const verdicts = verifierFor(scenario).verify([...before, ...scenario.items, ...after]);
        const own = verdicts.splice(before.length, scenario.items.length);
        expectAsCatalogued(scenario.specimen, last(own));
        expect.soft(verdicts, scenario.specimen.name).toEqual(alone);
      }
    },
    300_000,
  );

  it.each(some([7, 1, 1000], 1))('gives the same verdicts in batches of %d', (size) => {
    const { items, places } = mixture(catalogue);
    expect(items.length).toBeGreaterThan(500);
    const options = { options: { trust: catalogue.scms.trust(), at: catalogue.scms.at } };
    const verdicts = inBatches(verifierFor(options), items, size);
    expect(verdicts).toEqual(inBatches(verifierFor(options), items, items.length));
    verdicts.forEach((verdict, i) => {
      const specimen = places.get(i);
      if (specimen) expectAsCatalogued(specimen, verdict);
    });
  });
});

function inBatches(verifier: Verifier, items: readonly Item[], size: number): Verdict[] {
  const verdicts: Verdict[] = [];
  for (let at = 0; at < items.length; at += size) verdicts.push(...verifier.verify(items.slice(at, at + size)));
  return verdicts;
}

describe('the catalogue', () => {
  it('has a fault for every code, or says why there is none', () => {
    const byCode = faultsByCode();
    const missing = (Object.keys(CODES) as FailureCode[]).filter(
      (code) => !byCode.has(code) && CODES_WITHOUT_FAULT[code] === undefined,
    );
    expect(missing).toEqual([]);
  });

  it('names the depth and the signature of nearly every fault', () => {
    const vague = catalogue.faults.filter(({ specimen: { expected } }) => expected.depth === undefined);
    expect(vague.length).toBeLessThan(catalogue.faults.length / 8);
  });

  it('gives every verdict as plain data', () => {
    // One kernel for all: making one takes longer than a fault.
    const kernelInstance = kernelOf('simd');
    for (const { items, options } of [...catalogue.faults, ...catalogue.specials]) {
      for (const verdict of new Verifier({ ...options, kernelInstance, allErrors: true }).verify(items)) {
        expect(structuredClone(verdict)).toEqual(verdict);
        expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
      }
    }
  });
});
