import { encode } from '../../coer/index.ts';
import { CrlContents } from '../../dot2/index.ts';
import { type CrlSigning, crlContents, issueCrl, signCrl } from '../crls.ts';
import { publicKeyValue } from '../keys.ts';
import { unsecured } from '../messages.ts';
import type { Scms } from '../scms.ts';
import { altered, appending, cutBy, HASHES, issue } from './making.ts';
import { type CrlSpecimen, fault } from './specimen.ts';

/** Encodings and fields of the contents. */
export const CONTENTS: readonly CrlSpecimen[] = [
  fault(
    'truncated/crl',
    'the contents end inside a date',
    altered({}, (octets) => octets.subarray(0, 17)),
  ),
  fault('tooManyElements/crl', 'the last entry lacks its last octet', altered({ filler: 2 }, cutBy(1))),
  fault('trailingBytes/crl', 'an octet follows the contents', altered({ filler: 1 }, appending(0))),
  fault('tooManyElements/hash entry', 'hash entries of neither 14 nor 15 octets', altered(HASHES, cutBy(2))),
  fault(
    'tooManyElements/long hash entry',
    'hash entries with octets left over',
    altered({ ...HASHES, edition: 2016 }, appending(0)),
  ),
  fault(
    'preamblePadding/entry',
    'unused bits are set in the preamble of an entry',
    altered({ filler: 2 }, (octets) => octets.map((octet, i) => (i === octets.length - 33 ? 1 : octet))),
  ),
  fault('unsupportedVersion/crl', 'version 2', issue({ version: 2 })),
  fault(
    'unsupportedCriticalInformationField/crl type',
    'a kind of CRL from the future',
    issue({ typeSpecific: { tag: 'unknown', index: 6, value: Uint8Array.of(0) } }),
  ),
  fault(
    'invalidCrlContents',
    'a linkage-based CRL without any list',
    issue({ typeSpecific: { tag: 'fullLinkedCrl', value: { iRev: 1, indexWithinI: 0 } } }),
  ),
  fault(
    'unexpectedStructure/no data',
    'the payload is a hash of something',
    (scms) =>
      signCrl(scms, new Uint8Array(0), {
        payload: undefined,
        extDataHash: { tag: 'sha256HashedData', value: new Uint8Array(32) },
      }),
    { depth: 0 },
  ),
  fault('unexpectedStructure/hash beside', 'a hash of something beside the contents', (scms) => {
    const extDataHash = { tag: 'sha256HashedData', value: new Uint8Array(32) } as const;
    return issueCrl(scms, {}, { extDataHash });
  }),
  fault(
    'notSigned/crl',
    'contents without signature',
    (scms) => {
      const { protocolVersion, content } = unsecured(encode(CrlContents, crlContents(scms)));
      return Uint8Array.of(
        protocolVersion,
        0x80,
        (content.value as Uint8Array).length,
        ...(content.value as Uint8Array),
      );
    },
    { signature: 'notChecked' },
  ),
];

const HERE = { latitude: 425_000_000, longitude: -835_000_000, elevation: 4096 };
const header = (name: string, signing: (scms: Scms) => CrlSigning): CrlSpecimen =>
  fault(`unexpectedCrlHeader/${name}`, `the header has ${name}`, (scms) => issueCrl(scms, {}, signing(scms)));

/** Fields that the header of a CRL does not have. */
export const HEADERS: readonly CrlSpecimen[] = [
  header('generationTime', (scms) => ({ generationTime: scms.at })),
  header('expiryTime', (scms) => ({ expiryTime: scms.at + 1n })),
  header('generationLocation', () => ({ generationLocation: HERE })),
  header('p2pcdLearningRequest', () => ({ header: { p2pcdLearningRequest: new Uint8Array(3) } })),
  header('missingCrlIdentifier', () => ({
    header: { missingCrlIdentifier: { cracaId: new Uint8Array(3), crlSeries: 1 } },
  })),
  header('encryptionKey', (scms) => ({
    header: {
      encryptionKey: {
        tag: 'public',
        value: {
          supportedSymmAlg: 'aes128Ccm',
          publicKey: { tag: 'eciesNistP256', value: publicKeyValue(scms.crlg.key).value as never },
        },
      },
    },
  })),
];
