/** Every fault of a CRL that the testbed knows gets its code, every rarity is accepted, and nothing touches its neighbours. */
import { describe, expect, it } from 'vitest';
import {
  buildCrlSpecimen,
  CRL_FAULTS,
  CRL_SPECIALS,
  type CrlCase,
  type CrlSpecimen,
  createScms,
  inputsOf,
  issueCrl,
  SERIES_ENROLMENT,
} from '../../src/testbed/index.ts';
import { CODES } from '../../src/verdict/index.ts';
import { Verifier } from '../../src/verifier/index.ts';
import { KERNEL } from '../support/kernels.ts';

const scms = createScms({ seed: 'crl catalogue' });

function verifierFor({ trust, policy }: CrlCase): Verifier {
  return new Verifier({ trust: trust ?? scms.trust(), at: scms.at, kernelInstance: KERNEL, ...policy });
}

function judge(built: CrlCase, more: ReturnType<typeof inputsOf> = []) {
  const { previous = [] } = built;
  const before = previous.map((bytes, i) => ({ bytes, source: `previous ${i}` }));
  return verifierFor(built).verifyCrls([...inputsOf(built), ...more], { previous: before });
}

const ids = ({ accepted }: ReturnType<typeof judge>): string[] => accepted.map(({ id }) => id).sort();
const OVERDUE = ['overdueCRL', 'overdueCRLRejected'];

describe.each(CRL_FAULTS.map((one): [string, CrlSpecimen] => [one.name, one]))('%s', (_, specimen) => {
  it(`is refused: ${specimen.description}`, () => {
    const built = buildCrlSpecimen(specimen, scms);
    const judgement = judge(built);
    const [verdict] = judgement.verdicts;
    expect(verdict, verdict?.detail).toMatchObject(specimen.expected);
    const isAccepted = judgement.accepted.some(({ source }) => source.split(' + ').includes('crl 0'));
    expect(isAccepted).toBe(OVERDUE.includes(verdict?.code as string));
  });

  it('leaves its neighbours alone', () => {
    const built = buildCrlSpecimen(specimen, scms);
    const neighbour = { bytes: issueCrl(scms, { series: SERIES_ENROLMENT, kind: 'fullHashCrl' }), source: 'neighbour' };
    const trusting = judge({ ...built, bytes: neighbour.bytes, others: [], previous: [] }).verdicts[0];
    const verdicts = judge(built, [neighbour]).verdicts;
    const own = verdicts.at(-1);
    // The neighbour has the same CRLG: where that one is revoked, or not trusted, it falls as well.
    const expected = verdicts.some(({ code }) => code === 'certificateRevoked') ? own : trusting;
    expect(own).toEqual(expected);
    expect(verdicts[0]).toMatchObject(specimen.expected);
  });
});

describe.each(CRL_SPECIALS.map((one): [string, CrlSpecimen] => [one.name, one]))('%s', (_, specimen) => {
  it(`is accepted: ${specimen.description}`, () => {
    const judgement = judge(buildCrlSpecimen(specimen, scms));
    const [verdict] = judgement.verdicts;
    expect(verdict, verdict?.detail).toMatchObject(specimen.expected);
    expect(judgement.accepted.length).toBeGreaterThan(0);
  });
});

describe('the catalogue', () => {
  it('has a fault for every code that is about CRLs', () => {
    const covered = new Set(CRL_FAULTS.map(({ expected }) => expected.code));
    const wanted = Object.keys(CODES).filter((code) => /crl/i.test(code));
    expect(wanted.length).toBeGreaterThan(10);
    expect(wanted.filter((code) => !covered.has(code as never))).toEqual([]);
    expect(covered).toContain('certificateRevoked');
  });

  it('names each specimen once', () => {
    const names = [...CRL_FAULTS, ...CRL_SPECIALS].map(({ name }) => name);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });
});

describe('all at once', () => {
  const cases = [...CRL_FAULTS, ...CRL_SPECIALS]
    .map((specimen) => buildCrlSpecimen(specimen, scms))
    .filter(({ trust, policy }) => !trust && !policy);
  const inputs = cases.flatMap((built, i) =>
    inputsOf(built).map(({ bytes, source }) => ({ bytes, source: `case ${i}, ${source}` })),
  );

  it('gives the same CRLs and the same verdicts in every order of the input', () => {
    expect(inputs.length).toBeGreaterThan(40);
    const verifier = () => verifierFor({ bytes: new Uint8Array(0) });
    const reference = verifier().verifyCrls(inputs);
    expect(reference.accepted.length).toBeGreaterThan(0);
    for (let round = 0; round < 5; round++) {
      const random = scms.random.fork(`order ${round}`);
      const order = inputs.map((_, i) => ({ i, key: random.below(1 << 30) })).sort((a, b) => a.key - b.key);
      const judgement = verifier().verifyCrls(order.map(({ i }) => inputs[i] as (typeof inputs)[number]));
      expect(ids(judgement)).toEqual(ids(reference));
      order.forEach(({ i }, at) => {
        expect.soft(judgement.verdicts[at]?.code, inputs[i]?.source).toBe(reference.verdicts[i]?.code);
      });
    }
  });

  it('is plain data', () => {
    const { verdicts, accepted } = verifierFor({ bytes: new Uint8Array(0) }).verifyCrls(inputs);
    expect(structuredClone(verdicts)).toEqual(verdicts);
    expect(JSON.parse(JSON.stringify(verdicts))).toEqual(verdicts);
    expect(structuredClone(accepted)).toEqual(accepted);
  });
});
