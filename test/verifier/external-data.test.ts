/** Payloads that travel elsewhere: hashed beside the message, or omitted and joined to what is signed. */

import { sha256 } from '@noble/hashes/sha2.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeOrThrow, encode } from '../../src/coer/index.ts';
import { canonicalToBeSignedData, Ieee1609Dot2Data, type SignedData } from '../../src/dot2/index.ts';
import { applicationCertificate, createScms, type Scms, signMessage } from '../../src/testbed/index.ts';
import { signatureValue, signDigest } from '../../src/testbed/sign.ts';
import { createVerifier } from '../../src/verifier/index.ts';
import { concat } from '../support/octets.ts';

let scms: Scms;
beforeAll(() => {
  scms = createScms({ seed: 'external data' });
});

/** A message with omitted payload, signed over tbsData ‖ H(payload), or over tbsData alone. */
function omittedMessage(payload: Uint8Array | undefined): Uint8Array {
  const signer = applicationCertificate(scms, { label: 'unit' });
  const octets = signMessage(signer, { psid: 0x20, omitted: null, generationTime: scms.at, signer: 'certificate' });
  if (payload === undefined) return octets;
  const data = decodeOrThrow(Ieee1609Dot2Data, octets);
  const signed = data.content.value as SignedData;
  const dataHash = sha256(concat(canonicalToBeSignedData(signed), sha256(payload)));
  const digest = sha256(concat(dataHash, sha256(signer.bytes)));
  const signature = signatureValue(signer.key.curve, signDigest(signer.key, digest), 'compressed');
  return encode(Ieee1609Dot2Data, { ...data, content: { tag: 'signedData', value: { ...signed, signature } } });
}

describe('an omitted payload', () => {
  const payload = new TextEncoder().encode('sent by other means');
  const judge = (bytes: Uint8Array, externalData?: Uint8Array) =>
    createVerifier({ trust: scms.trust(), at: scms.at }).verify([{ kind: 'message', bytes, externalData }])[0];

  it('is joined to what is signed', () => {
    expect(judge(omittedMessage(payload), payload)).toMatchObject({ verdict: 'valid', signature: 'ok' });
  });

  it('makes the signature wrong where it is another one', () => {
    expect(judge(omittedMessage(payload), payload.slice(1))).toMatchObject({
      verdict: 'invalid',
      code: 'badSignature',
    });
  });

  it('leaves the message undecided where it was not handed in, whatever was signed', () => {
    for (const bytes of [omittedMessage(payload), omittedMessage(undefined)]) {
      expect(judge(bytes)).toMatchObject({
        verdict: 'undecided',
        code: 'noExtDataHashProvided',
        signature: 'notChecked',
      });
    }
  });

  it('does not pass where only tbsData was signed', () => {
    expect(judge(omittedMessage(undefined), payload)).toMatchObject({ verdict: 'invalid', code: 'badSignature' });
  });
});
