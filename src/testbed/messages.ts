import { decodeOrThrow, encode } from '../coer/index.ts';
import {
  Certificate,
  canonicalToBeSignedData,
  type HeaderInfo,
  Ieee1609Dot2Data,
  type SignatureValue,
  type SignedData,
  ToBeSignedData,
} from '../dot2/index.ts';
import { type Credential, hashedId8, signerInputHash } from './certificates.ts';
import { type HashName, hashWith, type PointForm, type PrivateKey } from './keys.ts';
import { type RawSignature, signatureValue, signDigest, signingDigest } from './sign.ts';

/** How a message names its signer; `chain` attaches every certificate below the root. */
export type SignerForm = 'digest' | 'certificate' | 'chain' | 'self';

/** The header, payload and signer of a message to sign. */
export interface MessageRequest {
  readonly psid: number;
  /** Application data, or a structure to be carried inside. Absent: no `data` in the payload. */
  readonly payload?: Uint8Array | Ieee1609Dot2Data | undefined;
  readonly extDataHash?: ToBeSignedData['payload']['extDataHash'];
  /** The payload travels elsewhere but is signed all the same (2022 edition). */
  readonly omitted?: null | undefined;
  /** TAI microseconds. */
  readonly generationTime?: bigint | undefined;
  readonly expiryTime?: bigint | undefined;
  readonly generationLocation?: HeaderInfo['generationLocation'];
  /** Any other field of HeaderInfo. */
  readonly header?: Partial<HeaderInfo>;
  readonly signer?: SignerForm | SignedData['signer'];
  readonly rForm?: PointForm;
}

/** Deliberate faults of a message. The signature covers the faulty message, unless stated otherwise. */
export interface MessageFlaws {
  readonly protocolVersion?: number;
  /** The hash that the message names; the one that it is signed with stays. */
  readonly hashId?: SignedData['hashId'];
  readonly signature?: SignatureValue;
  readonly alterSignature?: (raw: RawSignature) => RawSignature;
  readonly signingKey?: PrivateKey;
  /** Certificate that goes into the hash instead of the signer's own canonical one. */
  readonly signerInput?: Uint8Array;
  /** Sign the encoding as it is sent instead of the canonical one. */
  readonly overRaw?: boolean;
}

const EMPTY = new Uint8Array(0);

/** Wraps application bytes as unsecured data. */
export function unsecured(bytes: Uint8Array): Ieee1609Dot2Data {
  return { protocolVersion: 3, content: { tag: 'unsecuredData', value: bytes } };
}

/** A signed message (IEEE 1609.2 §6.3.4) as a value. */
export function signedMessage(
  signer: Credential,
  request: MessageRequest & MessageFlaws,
): Ieee1609Dot2Data & { content: { tag: 'signedData' } } {
  const key = request.signingKey ?? signer.key;
  const hash: HashName = key.curve.hash;
  const tbsData = toBeSignedData(request);
  const signed: Omit<SignedData, 'signature'> = {
    hashId: request.hashId ?? hash,
    tbsData,
    signer: signerIdentifier(signer, request.signer ?? 'digest'),
  };
  const value = { ...signed, signature: request.signature ?? sign() };
  return { protocolVersion: request.protocolVersion ?? 3, content: { tag: 'signedData', value } };

  function sign(): SignatureValue {
    const encoded = tbsData.encoded as Uint8Array;
    const data = request.overRaw
      ? encoded
      : canonicalToBeSignedData({ tbsData: decodeOrThrow(ToBeSignedData, encoded) });
    const raw = signDigest(key, signingDigest(hash, data, signerHash()));
    return signatureValue(key.curve, request.alterSignature?.(raw) ?? raw, request.rForm ?? 'compressed');
  }

  function signerHash(): Uint8Array {
    if (request.signerInput) return hashWith(hash, request.signerInput);
    return request.signer === 'self' ? hashWith(hash, EMPTY) : signerInputHash(signer, hash);
  }
}

/** An encoded signed message. */
export function signMessage(signer: Credential, request: MessageRequest & MessageFlaws): Uint8Array {
  return encode(Ieee1609Dot2Data, signedMessage(signer, request));
}

function toBeSignedData(request: MessageRequest): ToBeSignedData {
  const { payload, extDataHash, omitted, psid, generationTime, expiryTime, generationLocation, header } = request;
  const data = payload instanceof Uint8Array ? unsecured(payload) : payload;
  const tbsData: ToBeSignedData = {
    payload: { data, extDataHash, omitted },
    headerInfo: { psid, generationTime, expiryTime, generationLocation, ...header },
  };
  tbsData.encoded = encode(ToBeSignedData, tbsData);
  return tbsData;
}

function signerIdentifier(signer: Credential, form: SignerForm | SignedData['signer']): SignedData['signer'] {
  if (typeof form !== 'string') return form;
  if (form === 'digest') return { tag: 'digest', value: hashedId8(signer) };
  if (form === 'self') return { tag: 'self', value: null };
  return attached(form === 'certificate' ? [signer] : chainBelowRoot(signer));
}

/** A signer field that carries certificates: the signing one first. */
export function attached(credentials: readonly Credential[]): SignedData['signer'] {
  return { tag: 'certificate', value: credentials.map(({ bytes }) => decodeOrThrow(Certificate, bytes)) };
}

/** A certificate and the CAs above it, without the self-signed root. */
export function chainBelowRoot(credential: Credential): Credential[] {
  const chain: Credential[] = [];
  for (let at: Credential | undefined = credential; at?.issuer; at = at.issuer) chain.push(at);
  return chain;
}
