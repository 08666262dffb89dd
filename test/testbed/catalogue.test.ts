import { describe, expect, it } from 'vitest';
import { COER_ERROR_CODES, decode, encode } from '../../src/coer/index.ts';
import { Certificate, Ieee1609Dot2Data } from '../../src/dot2/index.ts';
import {
  buildSpecimen,
  CODES_WITHOUT_FAULT,
  createScms,
  FAULTS,
  faultsByCode,
  mixture,
  plainFaults,
  SPECIALS,
} from '../../src/testbed/index.ts';
import { CODES, type ItemKind } from '../../src/verdict/index.ts';

const scms = createScms({ seed: 'catalogue.test' });

const decodeItem = (kind: ItemKind, bytes: Uint8Array) =>
  kind === 'certificate' ? decode(Certificate, bytes) : decode(Ieee1609Dot2Data, bytes);
const encodeItem = (kind: ItemKind, value: unknown) =>
  kind === 'certificate'
    ? encode(Certificate, value as Certificate)
    : encode(Ieee1609Dot2Data, value as Ieee1609Dot2Data);
const titleOf = ({ kind, name }: { kind: string; name: string }): string => `${kind} ${name}`;

describe('the catalogue of faults', () => {
  it('covers every code but those that no octets can bring about', () => {
    const covered = new Set(faultsByCode().keys());
    const missing = Object.keys(CODES).filter((code) => !covered.has(code as never));
    expect(missing.sort()).toEqual(Object.keys(CODES_WITHOUT_FAULT).sort());
  });

  it('names each specimen once', () => {
    const titles = [...FAULTS, ...SPECIALS].map(titleOf);
    expect(titles.filter((title, at) => titles.indexOf(title) !== at)).toEqual([]);
  });

  it('expects the verdict and the code that the name says', () => {
    for (const { name, expected } of FAULTS) {
      expect(name.split('/')[0]).toBe(expected.code);
      expect(CODES[expected.code as keyof typeof CODES].verdict).toBe(expected.verdict);
    }
  });

  it('builds the same octets again, in whatever order', () => {
    const again = createScms({ seed: 'catalogue.test' });
    for (const fault of [...FAULTS].reverse()) {
      if (fault.name.length % 3 > 0) continue;
      expect(buildSpecimen(fault, again).bytes).toEqual(buildSpecimen(fault, scms).bytes);
    }
  });
});

const decodingFaults = FAULTS.filter(({ expected }) => expected.code in COER_ERROR_CODES);
const decodableFaults = FAULTS.filter(
  ({ expected }) => !(expected.code in COER_ERROR_CODES) && expected.code !== 'unexpectedStructure',
);

describe('faults of encoding', () => {
  it.each(decodingFaults.map((fault) => [titleOf(fault), fault] as const))('%s', (_, fault) => {
    const result = decodeItem(fault.kind, buildSpecimen(fault, scms).bytes);
    expect(result).toMatchObject({ ok: false, error: { code: fault.expected.code } });
  });
});

/** The decoder counts each level of nested data twice, so that it refuses a third level where four are allowed. */
const COUNTED_TWICE = new Set(['canonical/payload', 'payload/signed']);

describe('everything else', () => {
  it.each(
    [...decodableFaults, ...SPECIALS]
      .filter(({ name }) => !COUNTED_TWICE.has(name))
      .map((specimen) => [titleOf(specimen), specimen] as const),
  )('decodes and encodes again unchanged: %s', (_, specimen) => {
    const { bytes, before = [] } = buildSpecimen(specimen, scms);
    for (const octets of [bytes, ...before]) {
      const result = decodeItem(specimen.kind, octets);
      if (!result.ok) throw new Error(`${result.error.code} in ${result.error.path}`);
      expect(encodeItem(specimen.kind, result.value)).toEqual(octets);
    }
  });
});

describe('the mixture', () => {
  const faults = plainFaults(scms);

  it('has every plain fault once, and senders that attach their certificate first', () => {
    const count = faults.length * 10;
    const items = [...mixture(scms, count)];
    expect(items).toHaveLength(count);
    const names = items.flatMap(({ fault, item }) => (fault ? [`${item.kind} ${fault}`] : []));
    expect(new Set(names).size).toBe(faults.length);
    expect(items.filter(({ expected }) => expected.verdict === 'valid').length).toBeGreaterThan(count / 2);
  });

  it('keeps the distance asked for', () => {
    const items = [...mixture(scms, 100, 25)];
    const at = items.flatMap(({ fault }, index) => (fault ? [index] : []));
    expect(at).toEqual([24, 49, 74, 99]);
  });
});
