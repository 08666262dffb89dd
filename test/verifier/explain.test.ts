/** An explanation says what the verdict says, names every rule, and changes nothing. */
import { beforeAll, describe, expect, it } from 'vitest';
import { formatTai } from '../../src/dot2/index.ts';
import { RULE_BOOK, STATEFUL_RULES } from '../../src/rules/index.ts';
import type { Credential } from '../../src/testbed/index.ts';
import { compareFailures, type Failure } from '../../src/verdict/index.ts';
import type { Explanation, Item, Policy } from '../../src/verifier/index.ts';
import { Verifier } from '../../src/verifier/verifier.ts';
import { createCatalogue, type Scenario } from '../support/catalogue.ts';
import { KERNEL } from '../support/kernels.ts';
import { EXAMPLES, explicit, HOUR, implicit, local, named, OUTSIDE, sent } from '../support/traffic-templates.ts';
import { certificate, scms, usual, verifierWith } from './support.ts';

const last = <T>(list: readonly T[]): T => list[list.length - 1] as T;
const ruleOf = ({ rules }: Explanation, id: string, depth?: number) =>
  rules.find((one) => one.id === id && (depth === undefined || one.depth === depth));

/** Failures that an explanation lists, in the order of verification. */
function failuresIn({ rules }: Explanation): Failure[] {
  return rules
    .flatMap(({ failures, depth, stage }) => failures.map((failure): Failure => ({ ...failure, depth, stage })))
    .sort(compareFailures)
    .map(({ code, depth, detail }) => ({ code, depth, detail }));
}

/** Explains an item and compares it with what two verifiers in the same state say of it. */
function explained(
  item: Item,
  before: readonly Item[],
  options: ConstructorParameters<typeof Verifier>[0],
): Explanation {
  const make = (more: Policy = {}): Verifier => {
    const verifier = new Verifier({ ...options, kernelInstance: KERNEL });
    verifier.verify(before);
    const { trust: _, ...policy } = options;
    verifier.setPolicy({ ...policy, ...more });
    return verifier;
  };
  const verifier = make();
  const explanation = verifier.explain(item);
  expect(verifier.explain(item)).toEqual(explanation);
  expect(explanation.verdict).toEqual(verifier.verify([item])[0]);
  expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation);
  const errors = make({ allErrors: true }).verify([item])[0]?.errors ?? [];
  const listed = failuresIn(explanation);
  for (const { code, depth, detail } of errors) expect(listed).toContainEqual({ code, depth, detail });
  const { code, verdict, detail } = explanation.verdict;
  const deciding = explanation.rules.filter(({ outcome, needed }) => outcome === 'failed' && needed);
  if (code === 'ok') expect(listed).toEqual([]);
  else {
    expect(deciding.length, `${code}: ${detail}`).toBeGreaterThan(0);
    expect(deciding[0]?.codes, detail).toContain(code);
  }
  expect(verdict === 'valid').toBe(deciding.length === 0);
  return explanation;
}

describe('the catalogue of faults, explained', () => {
  const catalogue = createCatalogue('verifier');
  let scenarios: Scenario[];
  beforeAll(() => {
    scenarios = [...catalogue.faults, ...catalogue.specials];
  });

  it('is explained as it is judged', { timeout: 600_000 }, () => {
    for (const { items, options, specimen } of scenarios) {
      const { rules } = explained(last(items), items.slice(0, -1), options);
      expect(rules.length, specimen.name).toBeGreaterThan(5);
    }
  });
});

describe('an explanation', () => {
  const signer = explicit[3] as Credential;

  it('names every rule of a valid message and of its chain, with clause and facts', () => {
    const explanation = explained(sent(local[0] as Credential, { expiryTime: scms.at + HOUR }), [], usual);
    const own = [...RULE_BOOK.messageStructure, ...RULE_BOOK.messageSigner, ...RULE_BOOK.relevance];
    const ids = new Set(explanation.rules.map(({ id }) => id));
    const chain = [...RULE_BOOK.certificate, ...RULE_BOOK.chainLength, ...RULE_BOOK.chain, ...RULE_BOOK.revocation];
    expect([...own, ...chain, ...STATEFUL_RULES].map(({ id }) => id).filter((id) => !ids.has(id))).toEqual([]);
    expect(explanation.chain.map(({ depth, trust }) => [depth, trust])).toEqual(
      [1, 2, 3, 4].map((one) => [one, 'root']),
    );
    expect(explanation.candidates).toMatchObject([{ from: 'attached', signature: 'ok', chosen: true }]);
    expect(ruleOf(explanation, 'expiryOrder')).toMatchObject({
      outcome: 'passed',
      needed: true,
      stage: 'consistency',
      facts: { generationTime: formatTai(scms.at), expiryTime: formatTai(scms.at + HOUR) },
    });
    expect(ruleOf(explanation, 'lowerLayerPsid')).toMatchObject({
      outcome: 'notApplicable',
      facts: { lowerLayerPsid: null },
    });
    expect(ruleOf(explanation, 'notReplayed')).toMatchObject({ outcome: 'notApplicable' });
    expect(explanation.rules.every(({ clause }) => clause.length > 0)).toBe(true);
  });

  it('says where fields stand in the item', () => {
    const item = sent(local[0] as Credential, { generationLocation: OUTSIDE });
    const explanation = explained(item, [], usual);
    expect(explanation.verdict.code).toBe('generationLocationOutsideValidityRegion');
    const { fields } = ruleOf(explanation, 'generationLocationInRegion') as Explanation['rules'][number];
    const { offset, length, path } = fields.generationLocation as { offset: number; length: number; path: string };
    expect(path).toBe('content.signedData.tbsData.headerInfo.generationLocation');
    expect(length).toBe(10);
    expect(Buffer.from(item.bytes).readInt32BE(offset)).toBe(OUTSIDE.latitude);
    expect(fields.signerRegion?.path).toContain('signer.certificate.[0]');
  });

  it('computes what the verdict leaves out, and says that it was not needed', () => {
    const { certificates } = scms.trust();
    const item = sent(signer, { generationTime: scms.at });
    const explanation = explained(item, [], { ...usual, trust: { roots: [], certificates: certificates ?? [] } });
    expect(explanation.verdict).toMatchObject({ code: 'issuerNotFound', signature: 'notChecked' });
    const nesting = explanation.rules.filter(({ id }) => id === 'startsInsideIssuer');
    expect(nesting.map(({ outcome, needed }) => [outcome, needed])).toContainEqual(['passed', false]);
    expect(ruleOf(explanation, 'messageSignature')).toMatchObject({ outcome: 'passed' });
  });

  it('says which path the item takes, and leaves that as it is', () => {
    const verifier = verifierWith();
    expect(verifier.explain(sent(signer)).path).toBe('full');
    verifier.verify(EXAMPLES);
    const before = verifier.metrics;
    expect(verifier.explain(sent(signer)).path).toBe('fast');
    expect(verifier.explain(named(implicit[0] as Credential)).path).toBe('fast');
    expect(verifier.metrics).toEqual(before);
  });

  it('teaches no signer and remembers no message', () => {
    const window = { relevance: { replayWindowSeconds: 60 } };
    for (const examples of [[], EXAMPLES]) {
      const verifier = verifierWith(window);
      verifier.verify(examples);
      verifier.takeLearned();
      verifier.takeAccepted();
      const item = sent(signer);
      for (let i = 0; i < 2; i++) expect(verifier.explain(item).verdict.code).toBe('ok');
      expect(verifier.explain(named(signer)).verdict.code).toBe('certificateNotFound');
      expect([verifier.takeLearned(), verifier.takeAccepted()]).toEqual([[], []]);
      expect(verifier.verify([item])[0]?.code).toBe('ok');
      const replay = verifier.explain(item);
      expect(replay.verdict.code).toBe('replayedSpdu');
      expect(ruleOf(replay, 'notReplayed')).toMatchObject({ outcome: 'failed', needed: true });
      expect(verifier.explain(named(signer))).toMatchObject({ candidates: [{ from: 'learned', chosen: true }] });
    }
  });

  it('is given for an item of a time of its own, of an unreadable record and of junk', () => {
    expect(explained({ ...sent(signer), at: scms.at + 1n }, [], usual).at).toBe(formatTai(scms.at + 1n));
    for (const item of [
      { ...sent(signer), unreadable: 'torn' },
      { kind: 'message', bytes: new Uint8Array(0) },
      { kind: 'message', bytes: Uint8Array.of(3, 0x81, 0) },
      { kind: 'certificate', bytes: sent(signer).bytes },
      { kind: 'message', bytes: certificate(signer).bytes },
    ] as const) {
      const { chain } = explained(item, [], usual);
      expect(chain).toEqual([]);
    }
    expect(() => verifierWith().explain({} as Item)).toThrow(TypeError);
  });

  it('lists what policy asks for', () => {
    const policy: Policy = { relevance: { maxAgeSeconds: 1 }, requireLocation: true, requireCrl: true };
    const explanation = explained(named(local[0] as Credential, { generationTime: scms.at - 2_000_000n }), EXAMPLES, {
      ...usual,
      ...policy,
    });
    const failed = explanation.rules.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
    expect(failed).toEqual([
      'coveredByCrl',
      'coveredByCrl',
      'coveredByCrl',
      'generationLocationRequired',
      'generatedLately',
    ]);
  });
});
