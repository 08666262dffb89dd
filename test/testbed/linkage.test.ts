import { describe, expect, it } from 'vitest';
import {
  chainAt,
  createScms,
  evolveSeed,
  type LinkageChain,
  linkageValues,
  preLinkageValues,
  pseudonyms,
} from '../../src/testbed/index.ts';

const octets = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const hex = (value: Uint8Array | undefined): string => Buffer.from(value as Uint8Array).toString('hex');
const chain = (laId: string, i: number, seed: string): LinkageChain => ({ laId: octets(laId), i, seed: octets(seed) });

describe('linkage values', () => {
  it('are those of the worked example of CAMP', () => {
    const first = chain('8e09', 0, '4840ed221502d9ab6786bf68fba9f210');
    const second = chain('59ce', 0, '6b71a7eb5755f16e89981d2189a6daea');
    expect(hex(preLinkageValues(first, [8])[0])).toBe('61f391b5d930e103ed');
    expect(hex(preLinkageValues(second, [8])[0])).toBe('09795ec53b6e211cdf');
    expect(hex(linkageValues(first, second, [8])[0])).toBe('688acf70e25ec01f32');
    const [later1, later2] = [chainAt(first, 1), chainAt(second, 1)];
    expect(hex(later1.seed)).toBe('bd8f57949b4b60800cc97dbc6cd73edf');
    expect(hex(later2.seed)).toBe('228c371780f1e0ec424659bbaebc54a1');
    expect(hex(linkageValues(later1, later2, [6])[0])).toBe('38479fda0b161a5357');
  });

  it('are those of a deployed, signed CRL', () => {
    const first = chain('2aa0', 425, '6c7f04ae976b10907120eefccb37ac5d');
    const second = chain('0e7e', 425, '98e411a705b6e60d1c18404bd9aed8aa');
    const values = linkageValues(first, second, [0, 11]).map(hex);
    expect(values).toEqual(['e4163fa00f3579621c', 'e484c54a0621419036']);
    expect(hex(evolveSeed(first.laId, first.seed))).toBe('6656b666d58dc0e07b5913b1176bf9da');
    expect(hex(evolveSeed(second.laId, second.seed))).toBe('11724e90c6a663b330a478a5019080a2');
    expect(hex(linkageValues(chainAt(first, 426), chainAt(second, 426), [0])[0])).toBe('362361ee4e3307edb3');
  });

  it('run one way', () => {
    const late = chain('2aa0', 425, '6c7f04ae976b10907120eefccb37ac5d');
    expect(() => chainAt(late, 424)).toThrow(RangeError);
    expect(() => linkageValues(late, chainAt(late, 426), [0])).toThrow(RangeError);
  });

  it('link the certificates of a device for who has both chains', () => {
    const scms = createScms({ seed: 'linkage.test', electors: 0 });
    const last = [...pseudonyms(scms, { devices: 3, weeks: 2, perWeek: 4 })].at(-1);
    const [first, second] = scms.linkageAuthorities.map((la) => chainAt(la.chainOf(2), scms.firstPeriod + 1));
    const [expected] = linkageValues(first as LinkageChain, second as LinkageChain, [3]);
    expect(last?.toBeSigned.id).toMatchObject({ value: { iCert: scms.firstPeriod + 1, linkageValue: expected } });
  });
});
