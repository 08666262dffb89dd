/** Canonical form, clause by clause: what is rewritten before hashing, and what is left alone. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeOrThrow, encode } from '../../src/coer/index.ts';
import {
  Certificate,
  canonicalCertificate,
  canonicalToBeSigned,
  canonicalToBeSignedData,
  Ieee1609Dot2Data,
  type SignedData,
} from '../../src/dot2/index.ts';
import * as reference from '../reference/canonical.ts';
import { fromHex, toHex } from '../support/octets.ts';
import { certificates, messages } from './generated-messages.ts';

const n = (octet: string, count: number): string => octet.repeat(count);
const hexOf = (spaced: string): string => spaced.replaceAll(' ', '');
const X = n('a1', 32);
const EVEN = n('b2', 32);
const ODD = `${n('b2', 31)}b3`;
const X48 = n('a3', 48);
const ODD48 = n('b5', 48);
const S = n('c5', 32);
const S48 = n('c6', 48);
const H8 = '1122334455667788';
const FRONT = '83 000000 0000 00000005 84 0006';

const UNCOMPRESSED_EVEN = `84 ${X} ${EVEN}`;
const UNCOMPRESSED_ODD = `84 ${X} ${ODD}`;
const COMPRESSED_EVEN = `82 ${X}`;
const COMPRESSED_ODD = `83 ${X}`;
const X_ONLY = `80 ${X}`;

interface Parts {
  encryptionKey?: string;
  indicator?: string;
  signature?: string;
  /** Extension additions, bitmap included. */
  additions?: string;
}

function tbsOf({ encryptionKey, indicator = `80 80 ${COMPRESSED_EVEN}`, additions = '' }: Parts): string {
  const preamble = (additions ? 0x80 : 0) | (encryptionKey ? 0x01 : 0);
  return `${preamble.toString(16).padStart(2, '0')} ${FRONT} ${encryptionKey ?? ''} ${indicator} ${additions}`;
}

function explicitOf(parts: Parts): string {
  return `80 03 00 80 ${H8} ${tbsOf(parts)} ${parts.signature ?? `80 ${X_ONLY} ${S}`}`;
}

const certificateOf = (spaced: string): Certificate => decodeOrThrow(Certificate, fromHex(hexOf(spaced)));

describe('certificates', () => {
  it.each<[string, Parts, Parts]>([
    [
      'verification key, even y',
      { indicator: `80 80 ${UNCOMPRESSED_EVEN}` },
      { indicator: `80 80 ${COMPRESSED_EVEN}` },
    ],
    ['verification key, odd y', { indicator: `80 80 ${UNCOMPRESSED_ODD}` }, { indicator: `80 80 ${COMPRESSED_ODD}` }],
    ['brainpool key', { indicator: `80 81 ${UNCOMPRESSED_ODD}` }, { indicator: `80 81 ${COMPRESSED_ODD}` }],
    ['P-384 key', { indicator: `80 83 61 84 ${X48} ${ODD48}` }, { indicator: `80 83 31 83 ${X48}` }],
    ['brainpoolP384r1 key', { indicator: `80 82 61 84 ${X48} ${ODD48}` }, { indicator: `80 82 31 83 ${X48}` }],
    ['SM2 key', { indicator: `80 84 41 ${UNCOMPRESSED_EVEN}` }, { indicator: `80 84 21 ${COMPRESSED_EVEN}` }],
    ['encryption key', { encryptionKey: `00 80 ${UNCOMPRESSED_ODD}` }, { encryptionKey: `00 80 ${COMPRESSED_ODD}` }],
    [
      'brainpool encryption key',
      { encryptionKey: `00 81 ${UNCOMPRESSED_EVEN}` },
      { encryptionKey: `00 81 ${COMPRESSED_EVEN}` },
    ],
    [
      'both keys',
      { encryptionKey: `00 80 ${UNCOMPRESSED_ODD}`, indicator: `80 80 ${UNCOMPRESSED_EVEN}` },
      { encryptionKey: `00 80 ${COMPRESSED_ODD}`, indicator: `80 80 ${COMPRESSED_EVEN}` },
    ],
    ['compressed rSig', { signature: `80 ${COMPRESSED_ODD} ${S}` }, { signature: `80 ${X_ONLY} ${S}` }],
    ['uncompressed rSig', { signature: `80 ${UNCOMPRESSED_EVEN} ${S}` }, { signature: `80 ${X_ONLY} ${S}` }],
    ['brainpool rSig', { signature: `81 ${COMPRESSED_EVEN} ${S}` }, { signature: `81 ${X_ONLY} ${S}` }],
    ['P-384 rSig', { signature: `83 61 83 ${X48} ${S48}` }, { signature: `83 61 80 ${X48} ${S48}` }],
    [
      'uncompressed P-384 rSig',
      { signature: `83 8191 84 ${X48} ${ODD48} ${S48}` },
      { signature: `83 61 80 ${X48} ${S48}` },
    ],
    [
      'everything, and what is behind the marker stays',
      {
        encryptionKey: `00 80 ${UNCOMPRESSED_ODD}`,
        indicator: `80 80 ${UNCOMPRESSED_EVEN}`,
        signature: `80 ${UNCOMPRESSED_EVEN} ${S}`,
        additions: `02 03 08 44 80 80 41 ${UNCOMPRESSED_ODD}`,
      },
      {
        encryptionKey: `00 80 ${COMPRESSED_ODD}`,
        indicator: `80 80 ${COMPRESSED_EVEN}`,
        signature: `80 ${X_ONLY} ${S}`,
        additions: `02 03 08 44 80 80 41 ${UNCOMPRESSED_ODD}`,
      },
    ],
  ])('%s', (_, received, canonical) => {
    const certificate = certificateOf(explicitOf(received));
    expect(toHex(canonicalToBeSigned(certificate))).toBe(hexOf(tbsOf(canonical)));
    expect(toHex(canonicalCertificate(certificate))).toBe(hexOf(explicitOf(canonical)));
    // The value itself is as it was received.
    expect(toHex(certificate.encoded as Uint8Array)).toBe(hexOf(explicitOf(received)));
  });

  it('a reconstruction value', () => {
    const implicit = (point: string): string => `00 03 01 80 ${H8} ${tbsOf({ indicator: `81 ${point}` })}`;
    const certificate = certificateOf(implicit(UNCOMPRESSED_ODD));
    expect(toHex(canonicalCertificate(certificate))).toBe(hexOf(implicit(COMPRESSED_ODD)));
    expect(toHex(canonicalToBeSigned(certificate))).toBe(hexOf(tbsOf({ indicator: `81 ${COMPRESSED_ODD}` })));
  });

  it.each<[string, Parts]>([
    ['compressed keys and an x-only rSig', { encryptionKey: `00 80 ${COMPRESSED_ODD}` }],
    ['an x-only key, which the rules refuse', { indicator: `80 80 ${X_ONLY}` }],
    ['a filler for a key', { indicator: '80 80 81' }],
    ['a filler for an R', { signature: `80 81 ${S}` }],
    ['an unknown key', { indicator: '80 85 02 abcd' }],
    ['an unknown indicator', { indicator: '82 02 abcd' }],
    ['an unknown encryption key', { encryptionKey: '00 83 02 abcd' }],
    ['an unknown signature', { signature: '85 02 abcd' }],
    ['an SM2 signature', { signature: `84 40 ${X} ${S}` }],
    ['points behind the marker', { additions: `02 03 08 41 ${UNCOMPRESSED_ODD}` }],
  ])('left alone, and the received octets themselves: %s', (_, parts) => {
    const certificate = certificateOf(explicitOf(parts));
    expect(canonicalCertificate(certificate)).toBe(certificate.encoded);
    expect(canonicalToBeSigned(certificate)).toBe(certificate.toBeSigned.encoded);
    expect(toHex(canonicalCertificate(certificate))).toBe(hexOf(explicitOf(parts)));
  });

  it('a signature that alone is not canonical leaves the octets of toBeSigned as they are', () => {
    const certificate = certificateOf(explicitOf({ signature: `80 ${COMPRESSED_ODD} ${S}` }));
    expect(canonicalToBeSigned(certificate)).toBe(certificate.toBeSigned.encoded);
  });
});

describe('messages', () => {
  const DATA = '03 80 02 cafe';
  interface Message {
    payload?: string;
    header?: string;
    signer?: string;
    signature?: string;
  }
  const tbsData = ({ payload = `40 ${DATA}`, header = '00 01 20' }: Message): string => `${payload} ${header}`;
  const messageOf = (parts: Message): string =>
    `03 81 00 ${tbsData(parts)} ${parts.signer ?? `80 ${H8}`} ${parts.signature ?? `80 ${X_ONLY} ${S}`}`;
  const signedOf = (parts: Message): SignedData =>
    (decodeOrThrow(Ieee1609Dot2Data, fromHex(hexOf(messageOf(parts)))).content as { value: SignedData }).value;
  const inside = (parts: Message): Message => ({ payload: `40 ${messageOf(parts)}` });
  const attached = (...certificates: string[]): string =>
    `81 01 ${certificates.length.toString(16).padStart(2, '0')} ${certificates.join(' ')}`;

  const RAW: Parts = { indicator: `80 80 ${UNCOMPRESSED_ODD}`, signature: `80 ${COMPRESSED_EVEN} ${S}` };
  const CANONICAL: Parts = { indicator: `80 80 ${COMPRESSED_ODD}`, signature: `80 ${X_ONLY} ${S}` };

  it.each<[string, Message, Message]>([
    [
      'encryption key of the header',
      { header: `02 01 20 80 00 80 ${UNCOMPRESSED_EVEN}` },
      { header: `02 01 20 80 00 80 ${COMPRESSED_EVEN}` },
    ],
    ['signature of signed data inside', inside({ signature: `80 ${COMPRESSED_ODD} ${S}` }), inside({})],
    ['uncompressed, inside', inside({ signature: `80 ${UNCOMPRESSED_ODD} ${S}` }), inside({})],
    [
      'certificates attached inside, each of them',
      inside({ signer: attached(explicitOf({}), explicitOf(RAW)) }),
      inside({ signer: attached(explicitOf({}), explicitOf(CANONICAL)) }),
    ],
    [
      'encryption key of the header inside',
      inside({ header: `02 01 20 80 00 81 ${UNCOMPRESSED_ODD}` }),
      inside({ header: `02 01 20 80 00 81 ${COMPRESSED_ODD}` }),
    ],
    ['two levels inside', inside(inside({ signature: `80 ${COMPRESSED_ODD} ${S}` })), inside(inside({}))],
    [
      'a key beside a header extension, which stays',
      { header: `82 01 20 80 00 80 ${UNCOMPRESSED_EVEN} 02 03 08 41 ${UNCOMPRESSED_ODD}` },
      { header: `82 01 20 80 00 80 ${COMPRESSED_EVEN} 02 03 08 41 ${UNCOMPRESSED_ODD}` },
    ],
  ])('%s', (_, received, canonical) => {
    const signed = signedOf(received);
    expect(toHex(canonicalToBeSignedData(signed))).toBe(hexOf(tbsData(canonical)));
    expect(toHex(signed.tbsData.encoded as Uint8Array)).toBe(hexOf(tbsData(received)));
  });

  const certificate = hexOf(explicitOf(RAW));
  const length = (certificate.length / 2).toString(16);
  it.each<[string, Message]>([
    ['plain data', {}],
    [
      'its own signature and signer, which are not signed',
      { signer: attached(explicitOf(RAW)), signature: `80 ${COMPRESSED_ODD} ${S}` },
    ],
    ['canonical signed data', inside({ signer: attached(explicitOf(CANONICAL)) })],
    ['a symmetric key', { header: `02 01 20 81 80 ${n('0a', 16)}` }],
    ['a certificate behind the marker of the header', { header: `80 01 20 02 04 40 81${length} ${certificate}` }],
    [
      'encrypted data',
      {
        payload: `40 03 82 0101 82 ${H8} 80 ${UNCOMPRESSED_ODD} ${n('0d', 16)} ${n('0e', 16)} 80 ${n('0c', 12)} 01 dd`,
      },
    ],
    ['no data at all', { payload: `20 80 ${X}` }],
  ])('left alone, and the received octets themselves: %s', (_, parts) => {
    const signed = signedOf(parts);
    expect(canonicalToBeSignedData(signed)).toBe(signed.tbsData.encoded);
    expect(toHex(canonicalToBeSignedData(signed))).toBe(hexOf(tbsData(parts)));
  });
});

describe('every value that the declarations allow, against encoding it again', () => {
  /** Decoded in the middle of a larger buffer, as batches are. */
  const inside = (bytes: Uint8Array): Uint8Array => Uint8Array.of(0x84, ...bytes, 0x84).subarray(1, -1);

  it('a certificate', () => {
    let rewritten = 0;
    fc.assert(
      fc.property(certificates, (value) => {
        const certificate = decodeOrThrow(Certificate, inside(encode(Certificate, value)));
        const canonical = canonicalCertificate(certificate);
        expect(toHex(canonical)).toBe(toHex(reference.canonicalCertificate(certificate)));
        if (canonical !== certificate.encoded) rewritten++;
        const again = decodeOrThrow(Certificate, canonical);
        expect(canonicalCertificate(again)).toBe(again.encoded);
        expect(toHex(canonicalToBeSigned(again))).toBe(toHex(canonicalToBeSigned(certificate)));
      }),
      { numRuns: 500 },
    );
    expect(rewritten).toBeGreaterThan(100);
  });

  it('what is signed of a message', () => {
    let rewritten = 0;
    fc.assert(
      fc.property(messages, (value) => {
        const { content } = decodeOrThrow(Ieee1609Dot2Data, inside(encode(Ieee1609Dot2Data, value)));
        if (content.tag !== 'signedData') return;
        const canonical = canonicalToBeSignedData(content.value);
        expect(toHex(canonical)).toBe(toHex(reference.canonicalToBeSignedData(content.value)));
        if (canonical !== content.value.tbsData.encoded) rewritten++;
      }),
      { numRuns: 500 },
    );
    expect(rewritten).toBeGreaterThan(20);
  });

  it('refuses values that were not decoded from the bytes they name', () => {
    const bytes = fromHex(hexOf(explicitOf({ indicator: `80 80 ${UNCOMPRESSED_ODD}` })));
    const certificate = decodeOrThrow(Certificate, bytes);
    expect(() => canonicalCertificate({ ...certificate, encoded: bytes.slice() })).toThrow(RangeError);
  });
});
