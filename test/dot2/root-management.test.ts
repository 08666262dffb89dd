import { describe, expect, it } from 'vitest';
import { annotate, decode, encode, type Schema, toHex } from '../../src/coer/index.ts';
import {
  ChainFile,
  CompositeCrl,
  certificatesOfChainFile,
  ElectorBallot,
  EndorsementPdu,
  Ieee1609Dot2Data,
  PolicyFile,
  ScmsPdu,
  sniffStructure,
} from '../../src/dot2/index.ts';
import { createScms } from '../../src/testbed/index.ts';
import {
  ballot,
  compositeCrlOf,
  createElector,
  ctlFile,
  globalChainFile,
  globalPolicy,
  homeCertificateChain,
  homeCompositeCrl,
  localChainFile,
  localPolicy,
  policyGenerator,
  quorumVote,
  vote,
} from '../../src/testbed/trust/index.ts';

const scms = createScms({ seed: 'root management codecs' });
const CURVES = ['ecdsaNistP256', 'ecdsaNistP384', 'ecdsaBrainpoolP256r1', 'ecdsaBrainpoolP384r1'] as const;
const electors = CURVES.map((curve) => createElector(scms.random, { name: curve, curve, start: scms.start }));
const about = { type: 'addRoot', subject: scms.root } as const;
const votes = ballot(electors, { ...about, effectiveTime: scms.at });
const request = {
  electorGroupId: new Uint8Array(8).fill(0xff),
  sequenceNumber: 3,
  effectiveDate: scms.start,
  electors,
  roots: [scms.root],
  quorum: 2,
  signers: electors,
};
const store = { rootCAEndorsements: [votes], electorEndorsements: [votes, votes], ma: scms.ma, certs: [scms.ica] };
const pg = policyGenerator(scms);
const gpf = globalPolicy(pg, { generationTime: scms.at });

/** The octets inside unsecured data, or inside the payload of signed data. */
function inside(octets: Uint8Array): Uint8Array {
  const data = decode(Ieee1609Dot2Data, octets);
  if (!data.ok) throw new Error(data.error.detail);
  const { content } = data.value;
  if (content.tag === 'unsecuredData') return content.value;
  if (content.tag !== 'signedData') throw new Error(content.tag);
  return content.value.tbsData.payload.data?.content.value as Uint8Array;
}

const STRUCTURES: [name: string, schema: Schema<unknown>, octets: Uint8Array, prefix: string][] = [
  ['a ballot', ElectorBallot, votes, '01040381'],
  ['an endorsement', EndorsementPdu, inside(vote(electors[0] as (typeof electors)[0], about)), '018080' + '00' + '00'],
  [
    'one for later',
    EndorsementPdu,
    inside(vote(electors[0] as (typeof electors)[0], { ...about, effectiveTime: 1n })),
    '018080' + '80' + '00',
  ],
  [
    'a vote on the quorum',
    EndorsementPdu,
    inside(quorumVote(electors[0] as (typeof electors)[0], 7, 2)),
    '018081000702',
  ],
  ['a global chain file', ChainFile, globalChainFile(5, store), '018080' + '0005' + '00' + '0101'],
  [
    'a local chain file',
    ChainFile,
    localChainFile({ gccfVersion: 5, lccfVersion: 6, raHostname: 'ra' }, store, [scms.pca]),
    '01808100' + '00050006' + '027261',
  ],
  [
    'a composite CRL',
    CompositeCrl,
    compositeCrlOf({ revokedRootCAs: [votes], revokedElectors: [votes] }),
    '000100' + '0101',
  ],
  ['a CTL', ScmsPdu, inside(ctlFile(request)), '028482' + '01'],
  ['a composite CRL with a CTL', ScmsPdu, inside(homeCompositeCrl([], request)), '02848000' + '0100'],
  ['a certificate chain with a CTL', ScmsPdu, inside(homeCertificateChain(request, [scms.ica])), '02848100'],
  ['a global policy', PolicyFile, inside(gpf), '018180'],
  ['a local policy', PolicyFile, inside(localPolicy(pg, gpf, { generationTime: scms.at })), '018181'],
];

describe.each(STRUCTURES)('%s', (_, schema, octets, prefix) => {
  it('decodes, and encodes to the same octets', () => {
    expect(toHex(octets).startsWith(prefix)).toBe(true);
    const decoded = decode(schema, octets);
    expect(decoded).toMatchObject({ ok: true, end: octets.length });
    if (decoded.ok) expect(toHex(encode(schema, decoded.value))).toBe(toHex(octets));
    expect(annotate(schema, octets).error).toBeUndefined();
  });

  it('is refused where anything is missing or left over', () => {
    const step = Math.max(1, Math.floor(octets.length / 97));
    for (let length = 0; length < octets.length; length += step) {
      expect(decode(schema, octets.slice(0, length)).ok, `${length} octets`).toBe(false);
    }
    expect(decode(schema, Uint8Array.of(...octets, 0))).toMatchObject({ ok: false, error: { code: 'trailingBytes' } });
  });

  it('has one encoding only: what decodes after a change encodes to the changed octets', () => {
    for (let at = 0; at < octets.length; at += Math.max(1, Math.floor(octets.length / 211))) {
      for (const mask of [1, 0x80]) {
        const changed = octets.slice();
        changed[at] = (changed[at] as number) ^ mask;
        const decoded = decode(schema, changed);
        if (decoded.ok) expect(toHex(encode(schema, decoded.value)), `octet ${at}`).toBe(toHex(changed));
      }
    }
  });
});

describe('bounds of root management', () => {
  it.each([
    ['64 votes', new Array(64).fill(vote(electors[0] as (typeof electors)[0], about)), true],
    ['65 votes', new Array(65).fill(vote(electors[0] as (typeof electors)[0], about)), false],
  ])('%s', (_, list, ok) => {
    const octets = Uint8Array.of(1, list.length, ...list.flatMap((one) => [...one]));
    const decoded = decode(ElectorBallot, octets);
    expect(decoded.ok).toBe(ok);
    if (!decoded.ok) expect(decoded.error).toMatchObject({ code: 'tooManyElements', path: 'endorsements' });
  });

  it.each([
    [64, true],
    [65, false],
  ])('%d ballots in a list', (count, ok) => {
    const octets = globalChainFile(1, { ...store, rootCAEndorsements: new Array(count).fill(votes) });
    expect(decode(ChainFile, octets).ok).toBe(ok);
  });

  it('chain files give their certificates, never those in ballots', () => {
    const decoded = decode(ChainFile, globalChainFile(1, store));
    if (!decoded.ok) throw new Error(decoded.error.detail);
    expect(certificatesOfChainFile(decoded.value).map(toHex)).toEqual(
      [scms.ma, scms.ica].map(({ bytes }) => toHex(bytes)),
    );
    expect(sniffStructure(globalChainFile(1, store))).toBe('globalChainFile');
  });
});
