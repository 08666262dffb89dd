/** The period that a certificate names, without decoding it: what the command line counts before it expands CRLs. */
import { describe, expect, it } from 'vitest';
import { decode } from '../../src/coer/index.ts';
import { Certificate } from '../../src/dot2/index.ts';
import { skimPeriod } from '../../src/dot2/skim.ts';
import { applicationCertificate, createScms, pseudonyms } from '../../src/testbed/index.ts';

const scms = createScms({ seed: 'skim period', electors: 0 });

describe('skimPeriod', () => {
  it('says what the decoder says of certificates of every kind', () => {
    const weekly = [true, false].flatMap((explicit) => [
      ...pseudonyms(scms, { devices: 1, weeks: 3, perWeek: 1, explicit }),
    ]);
    for (const { bytes, i } of weekly) expect(skimPeriod(bytes)).toBe(i);
    const others = [scms.root, scms.pca, applicationCertificate(scms, { label: 'unit' })];
    for (const { bytes } of others) expect(skimPeriod(bytes)).toBeUndefined();
  });

  it('never throws, and agrees wherever mutants still decode', () => {
    const [sample] = pseudonyms(scms, { devices: 1, perWeek: 1 });
    const octets = sample?.bytes as Uint8Array;
    for (let at = 0; at < octets.length; at++) {
      expect(() => skimPeriod(octets.subarray(0, at))).not.toThrow();
      for (const flip of [1, 0x80, 0xff]) {
        const mutant = octets.slice();
        mutant[at] = (mutant[at] as number) ^ flip;
        const skimmed = skimPeriod(mutant);
        const decoded = decode(Certificate, mutant);
        if (!decoded.ok) continue;
        const { id } = decoded.value.toBeSigned;
        expect(skimmed).toBe(id.tag === 'linkageData' ? id.value.iCert : undefined);
      }
    }
  });
});
