/** Messages and certificates that are right in everything but who signed them. */
import { ECDH } from 'node:crypto';
import { decodeOrThrow, encode } from '../../../src/coer/index.ts';
import {
  Certificate,
  type HeaderInfo,
  Ieee1609Dot2Data,
  type SignatureValue,
  type SignedData,
} from '../../../src/dot2/index.ts';
import { type CertificateFields, curvePoint, hashedId8, hashWith, named } from '../../../src/testbed/index.ts';
import type { Item } from '../../../src/verifier/index.ts';
import { type Attack, attack, loadOf, type Scene } from './attack.ts';
import type { Forged, Forger } from './forger.ts';

/** Known senders of whom the kernel holds no table: there is not room for so many. */
const MANY_SENDERS = 1000;
/** Octets of a message as large as its length field of two octets allows. */
const LARGE_PAYLOAD = 60_000;

export function signatureAttacks(scene: Scene): Attack[] {
  return [...ofKnownSenders(scene), ...ofMintedCertificates(scene), ...ofNobody(scene)];
}

function ofKnownSenders(scene: Scene): Attack[] {
  return inNamesOfKnownSenders(scene).map((one) => ({ ...one, leaves: 'knownSender' }));
}

function inNamesOfKnownSenders({ traffic, forger }: Scene): Attack[] {
  const senders = traffic.recurring;
  const of = (index: number) => senders[index % senders.length] as (typeof senders)[number];
  const many = traffic.firstMessages('implicit', 0, MANY_SENDERS);
  const digests = many.items.map(({ bytes }) => signerOf(bytes));
  const recoded = senders.map(({ bytes }) => recodedKey(bytes));
  const signedBy = (index: number): Forged[] => [{ bytes: of(index).bytes, curve: 'ecdsaNistP256' }];
  const bad = 'badSignature';
  return [
    attack('bad signatures of known senders, by digest', bad, (i) => forger.message(hashedId8(of(i))), {
      shares: [10, 100],
    }),
    attack('bad signatures of known senders, certificate attached', bad, (i) => forger.message(signedBy(i))),
    attack(
      `bad signatures of ${MANY_SENDERS} known senders, by digest`,
      bad,
      (i) => forger.message(digests[i % MANY_SENDERS] as Uint8Array),
      { before: many },
    ),
    attack('bad signatures of known senders, certificate in another encoding', bad, (i) =>
      forger.message([{ bytes: recoded[i % recoded.length] as Uint8Array, curve: 'ecdsaNistP256' }]),
    ),
    attack('bad signatures of known senders, header not canonical', bad, (i) =>
      forger.message(hashedId8(of(i)), { header: { encryptionKey: uncompressedKey(forger) } }),
    ),
    attack('bad signatures of known senders, nothing canonical', bad, (i) =>
      forger.message([{ bytes: recoded[i % recoded.length] as Uint8Array, curve: 'ecdsaNistP256' }], {
        header: { encryptionKey: uncompressedKey(forger) },
      }),
    ),
    attack(
      `bad signatures of ${MANY_SENDERS} known senders, nothing canonical`,
      bad,
      (i) => {
        const { bytes } = many.items[i % MANY_SENDERS] as Item;
        return forger.message([{ bytes: recodedKey(certificateOf(bytes)), curve: 'ecdsaNistP256' }], {
          header: { encryptionKey: uncompressedKey(forger) },
        });
      },
      { before: many },
    ),
    attack(`bad signatures of known senders, payload of ${LARGE_PAYLOAD} octets`, bad, (i) =>
      forger.message(hashedId8(of(i)), { payload: forger.random.bytes(LARGE_PAYLOAD) }),
    ),
    attack('bad signatures on the wrong curve', bad, (i) =>
      forger.message(hashedId8(of(i)), {
        hashId: 'sha384',
        signature: forger.signature('ecdsaNistP384', 'compressed'),
      }),
    ),
  ];
}

function ofMintedCertificates({ forger }: Scene): Attack[] {
  const bad = 'badSignature';
  return [
    attack('minted implicit certificates, R compressed', bad, () => forger.message([forger.pseudonym('implicit')]), {
      shares: [10, 100],
    }),
    attack('minted implicit certificates, R x-only', bad, () =>
      forger.message([forger.pseudonym('implicit')], { signature: forger.signature('ecdsaNistP256', 'x-only') }),
    ),
    attack('minted implicit certificates, each like no other', bad, (i) =>
      forger.message([forger.pseudonym('implicit', { fields: unlikeOthers(i) })]),
    ),
    attack('minted implicit certificates, not canonical', bad, () =>
      forger.message([forger.pseudonym('implicit', { keyForm: 'uncompressed' })]),
    ),
    attack('minted implicit certificates by themselves, each like no other', 'implicitReconstructed', (i) => ({
      kind: 'certificate',
      bytes: forger.pseudonym('implicit', { fields: unlikeOthers(i) }).bytes,
    })),
    attack('minted implicit certificates, no point on the curve', 'invalidPublicKey', () =>
      forger.message([withoutPoint(forger.pseudonym('implicit'))]),
    ),
    attack('forged explicit certificates, no point on the curve', 'invalidPublicKey', () =>
      forger.message([withoutPoint(forger.pseudonym('explicit'))]),
    ),
    attack('forged explicit certificates', 'badChainSignature', () => forger.message([forger.pseudonym('explicit')]), {
      shares: [10, 100],
    }),
    attack('forged explicit certificates, not canonical', 'badChainSignature', () =>
      forger.message([forger.pseudonym('explicit', { keyForm: 'uncompressed' })]),
    ),
    attack('forged explicit certificates by themselves', bad, () => ({
      kind: 'certificate',
      bytes: forger.pseudonym('explicit').bytes,
    })),
  ];
}

function ofNobody({ traffic, forger }: Scene): Attack[] {
  const genuine = traffic.firstMessages('implicit', MANY_SENDERS, MANY_SENDERS).items;
  let taken = 0;
  return [
    attack('unknown digests', 'certificateNotFound', () => forger.message(forger.random.bytes(8)), {
      shares: [10, 100],
    }),
    attack('unknown digests, payload of 60000 octets', 'certificateNotFound', () =>
      forger.message(forger.random.bytes(8), { payload: forger.random.bytes(LARGE_PAYLOAD) }),
    ),
    {
      title: 'wrong hints on genuine first messages of senders',
      take: (count) => {
        const items = Array.from({ length: count }, () => wrongHint(genuine[taken++ % genuine.length] as Item));
        return loadOf(items, 'ok');
      },
    },
  ];
}

/** HashedId8 of the only certificate that a message attaches. */
function signerOf(bytes: Uint8Array): Uint8Array {
  return hashWith('sha256', certificateOf(bytes)).slice(-8);
}

function certificateOf(bytes: Uint8Array): Uint8Array {
  const { content } = decodeOrThrow(Ieee1609Dot2Data, bytes);
  if (content.tag !== 'signedData' || content.value.signer.tag !== 'certificate') throw new Error('no certificate');
  return content.value.signer.value[0]?.encoded as Uint8Array;
}

/** The same certificate, its point written out: canonical form, hash and key stay what they are. */
function recodedKey(bytes: Uint8Array): Uint8Array {
  const certificate = decodeOrThrow(Certificate, bytes);
  const { verifyKeyIndicator } = certificate.toBeSigned;
  if (verifyKeyIndicator.tag !== 'reconstructionValue') throw new Error('no implicit certificate');
  const { tag, value: x } = verifyKeyIndicator.value as { tag: string; value: Uint8Array };
  const compressed = Uint8Array.of(tag === 'compressed-y-0' ? 2 : 3, ...x);
  const point = ECDH.convertKey(compressed, 'prime256v1', undefined, undefined, 'uncompressed') as Buffer;
  const uncompressed = { tag: 'uncompressed', value: { x, y: new Uint8Array(point.subarray(33)) } } as const;
  return encode(Certificate, {
    ...certificate,
    toBeSigned: { ...certificate.toBeSigned, verifyKeyIndicator: { tag: 'reconstructionValue', value: uncompressed } },
  });
}

/** The same certificate, x of its key the coordinate of no point: 1 is none. */
function withoutPoint({ bytes, curve }: Forged): Forged {
  const certificate = decodeOrThrow(Certificate, bytes);
  const { tag, value: key } = certificate.toBeSigned.verifyKeyIndicator;
  const x = new Uint8Array(32);
  x[31] = 1;
  const point = { tag: 'compressed-y-0', value: x } as const;
  const value = tag === 'reconstructionValue' ? point : { ...key, value: point };
  const verifyKeyIndicator = { tag, value } as typeof certificate.toBeSigned.verifyKeyIndicator;
  const toBeSigned = { ...certificate.toBeSigned, verifyKeyIndicator, encoded: undefined };
  return { bytes: encode(Certificate, { ...certificate, toBeSigned, encoded: undefined } as Certificate), curve };
}

function uncompressedKey(forger: Forger): HeaderInfo['encryptionKey'] {
  const value = curvePoint(forger.point(), 'uncompressed');
  return { tag: 'public', value: { supportedSymmAlg: 'aes128Ccm', publicKey: { tag: 'eciesNistP256', value } } };
}

/** A name in place of linkage data: no two certificates are of one shape. */
function unlikeOthers(index: number): Partial<CertificateFields> {
  return { id: named(`device ${index}`) };
}

/** The same message, the parity of R's y turned: still valid, because only x counts. */
function wrongHint({ kind, bytes }: Item): Item {
  const data = decodeOrThrow(Ieee1609Dot2Data, bytes);
  const { value: signed } = data.content as { value: SignedData };
  const signature = signed.signature as Extract<SignatureValue, { tag: 'ecdsaNistP256Signature' }>;
  const { rSig, sSig } = signature.value;
  const tag = rSig.tag === 'compressed-y-0' ? 'compressed-y-1' : 'compressed-y-0';
  const turned = { ...signature, value: { rSig: { tag, value: rSig.value as Uint8Array }, sSig } } as const;
  return {
    kind,
    bytes: encode(Ieee1609Dot2Data, {
      ...data,
      content: { tag: 'signedData', value: { ...signed, signature: turned } },
    }),
  };
}
