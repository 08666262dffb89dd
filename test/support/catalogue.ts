/** The testbed's catalogue as items to judge and verdicts to expect, for every way of running the verifier. */
import { expect } from 'vitest';
import {
  applicationCertificate,
  buildSpecimen,
  createScms,
  FAULTS,
  implicitApplicationCertificate,
  PSID_BSM,
  type Scms,
  SPECIALS,
  type Specimen,
  signMessage,
} from '../../src/testbed/index.ts';
import type { Verdict } from '../../src/verdict/index.ts';
import type { Item, VerifierOptions } from '../../src/verifier/index.ts';

/** A specimen with everything that it takes to judge it. */
export interface Scenario {
  readonly specimen: Specimen;
  /** Items to be judged first, then the one that counts. */
  readonly items: readonly Item[];
  readonly options: VerifierOptions;
  /** Whether trust and options are those of every other scenario, so that they may share a verifier. */
  readonly usual: boolean;
}

export interface Catalogue {
  readonly scms: Scms;
  readonly faults: readonly Scenario[];
  readonly specials: readonly Scenario[];
  /** Items that are valid under the usual options, certificates and messages, each of them different. */
  good(count: number): Item[];
}

export function createCatalogue(seed = 'catalogue'): Catalogue {
  const scms = createScms({ seed });
  const trust = scms.trust();
  const scenario = (specimen: Specimen): Scenario => {
    const { bytes, item, before = [], options, trust: own } = buildSpecimen(specimen, scms);
    const { kind } = specimen;
    return {
      specimen,
      items: [...before.map((octets) => ({ kind, bytes: octets })), { kind, bytes, ...item }],
      options: { trust: own ?? trust, at: scms.at, ...options },
      usual: own === undefined && options === undefined,
    };
  };
  return {
    scms,
    faults: FAULTS.map(scenario),
    specials: SPECIALS.map(scenario),
    good: (count) => goodItems(scms, count),
  };
}

/** In turn: an explicit certificate, a message that attaches an implicit one, and one that names that one by digest. */
function goodItems(scms: Scms, count: number): Item[] {
  return Array.from({ length: count }, (_, i): Item => {
    const sender = `good ${Math.floor(i / 3)}`;
    if (i % 3 === 0) return { kind: 'certificate', bytes: applicationCertificate(scms, { label: sender }).bytes };
    const bytes = signMessage(implicitApplicationCertificate(scms, { label: sender }), {
      psid: PSID_BSM,
      payload: new Uint8Array([i & 255, i >> 8]),
      generationTime: scms.at,
      signer: i % 3 === 1 ? 'certificate' : 'digest',
    });
    return { kind: 'message', bytes };
  });
}

/** Compares a verdict with what the catalogue says of its specimen. */
export function expectAsCatalogued({ kind, name, expected }: Specimen, verdict: Verdict | undefined): void {
  expect.soft(verdict, `${kind} ${name}: ${verdict?.detail}`).toMatchObject({ kind, ...expected });
}

/** A sequence of everything that shares the usual options, with good items between, and where each scenario's own item is. */
export function mixture({ faults, specials, good }: Catalogue): {
  items: Item[];
  places: ReadonlyMap<number, Specimen>;
} {
  const scenarios = [...faults, ...specials].filter(({ usual }) => usual);
  const between = good(scenarios.length);
  const places = new Map<number, Specimen>();
  const items = scenarios.flatMap(({ items: own }, i) => [...own, between[i] as Item]);
  let at = -1;
  for (const { specimen, items: own } of scenarios) {
    at += own.length;
    places.set(at, specimen);
    at++;
  }
  return { items, places };
}
