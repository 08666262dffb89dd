import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decodeOrThrow } from '../../src/coer/index.ts';
import { Ieee1609Dot2Data, ScmsPdu } from '../../src/dot2/index.ts';
import { applyBundle, createTrustState, type Decision, flagsOf } from '../../src/trust/index.ts';
import { describeWithVectors, vectorsDir } from '../support/vectors.ts';
import { CONTEXT, DAY, device, file, GROUP, id, R1, T0 } from './support.ts';

const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(vectorsDir() as string, 'openscms', name)));
/** Two years after the testbed's start: all samples are in force then. */
const NOW = T0 + 1000n * DAY;

function decided(name: string): Decision[] {
  const before = device({ electorGroupId: GROUP });
  const { state, decisions } = applyBundle(before, [file(name, read(name))], NOW, CONTEXT);
  // Whatever is in them, nothing of it is trusted.
  expect(state).toEqual({ ...before, clock: NOW.toString() });
  return decisions;
}

const codes = ({ code, detail = '' }: Decision): string[] => [
  ...new Set([code, ...[...detail.matchAll(/([TV]_\w+):/g)].map(([, one]) => one as string)]),
];

describeWithVectors('CTLs of OpenSCMS', () => {
  it('OscmsCertificateChainFile.dat: one certificate on all three signatures, and hashes of other lists', () => {
    const [ctl] = decided('OscmsCertificateChainFile.dat').filter(({ proposition }) => proposition === 'ctl');
    expect(ctl).toMatchObject({ part: 'homeCtl', decision: 'REJECT', code: 'T_DUPLICATE' });
    expect(ctl?.detail).toContain('1 distinct signers of 3');
    expect(codes(ctl as Decision)).toEqual(['T_DUPLICATE', 'T_VOTES', 'V_HEADER', 'V_UNKNOWN_ELECTOR', 'T_ENTRY']);
    expect(ctl?.votes?.map(({ counted }) => counted)).toEqual([false, false, false]);
  });

  it.each(['ccf-20241121.oer', 'ctl-20241121.oer'])('%s: the same, by another day', (name) => {
    const [ctl] = decided(name).filter(({ proposition }) => proposition === 'ctl');
    expect(ctl?.decision).toBe('REJECT');
    expect(codes(ctl as Decision)).toEqual(expect.arrayContaining(['T_ENTRY', 'T_VOTES']));
  });

  it('composite-crl-file.dat: SHA-384 under a header that says SHA-256, by electors whose certificates do the like', () => {
    const decisions = decided('composite-crl-file.dat');
    const [ctl] = decisions.filter(({ proposition }) => proposition === 'ctl');
    expect(ctl).toMatchObject({ decision: 'REJECT', code: 'T_VOTES' });
    expect(codes(ctl as Decision)).toEqual(['T_VOTES', 'T_HASH_ID', 'V_UNKNOWN_ELECTOR', 'T_ENTRY']);
    expect(new Set(ctl?.votes?.map(({ voter }) => voter)).size).toBe(3);
    // Its CRL is under a root that is not trusted.
    expect(decisions.filter(({ proposition }) => proposition === 'crl')).toMatchObject([{ decision: 'REJECT' }]);
  });

  it('its electors are no electors: key and signature are of different curves', () => {
    const outer = decodeOrThrow(Ieee1609Dot2Data, read('composite-crl-file.dat'));
    const pdu = decodeOrThrow(ScmsPdu, outer.content.value as Uint8Array);
    const composite = pdu.content.value as { tag: 'compositeCrl'; value: { homeCtl: Uint8Array } };
    const home = decodeOrThrow(Ieee1609Dot2Data, composite.value.homeCtl);
    const ctl = decodeOrThrow(ScmsPdu, home.content.value as Uint8Array).content.value;
    if (ctl === null || !('tag' in ctl) || ctl.tag !== 'multiSignedCtl') throw new Error('no CTL');
    const electors = ctl.value.unsigned
      .filter(
        ({
          toBeSigned: {
            verifyKeyIndicator: { value },
          },
        }) => 'tag' in value && value.tag === 'ecdsaBrainpoolP384r1',
      )
      .map(({ encoded }) => encoded as Uint8Array);
    expect(electors.length).toBe(3);
    expect(() => createTrustState({ electors, quorum: 2, at: NOW }, CONTEXT)).toThrow(/badSignature/);
  });

  it('other files of theirs are no artefacts', () => {
    for (const name of ['CertManagementPdu.dat', 'CertificateManagementInfoStatusSpdu.dat', 'RaCertificate.dat']) {
      expect(decided(name).map(({ decision }) => decision)).toEqual(['REJECT']);
    }
    expect([id(R1).length, flagsOf(device())]).toEqual([16, []]);
  });
});
