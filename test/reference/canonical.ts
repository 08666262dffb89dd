/**
 * Canonical form by another way than src/dot2/canonical.ts: points are replaced in the decoded values, and everything is encoded again (IEEE
 * 1609.2 §6.1.3).
 */
import { encode } from '../../src/coer/index.ts';
import {
  Certificate,
  type Ieee1609Dot2Data,
  type SignedData,
  type ToBeSignedCertificate,
  ToBeSignedData,
} from '../../src/dot2/index.ts';

type Point = { tag: string; value: unknown };

/** Compressed form of a public key or reconstruction value; other forms come back as they are. */
function compressed(point: Point): Point {
  if (point.tag !== 'uncompressed') return point;
  const { x, y } = point.value as { x: Uint8Array; y: Uint8Array };
  return { tag: (y[y.length - 1] as number) & 1 ? 'compressed-y-1' : 'compressed-y-0', value: x };
}

/** x-only form of the R of a signature. */
function xOnly(point: Point): Point {
  if (point.tag === 'uncompressed') return { tag: 'x-only', value: (point.value as { x: Uint8Array }).x };
  if (point.tag === 'compressed-y-0' || point.tag === 'compressed-y-1') return { tag: 'x-only', value: point.value };
  return point;
}

/** Applies `form` to the point inside a chosen key; the same object if nothing changes. */
function withPoint<K extends { tag: string; value: unknown }>(key: K, form: (point: Point) => Point): K {
  if (key.tag === 'unknown') return key;
  const point = form(key.value as Point);
  return point === key.value ? key : { ...key, value: point };
}

function canonicalTbsValue(tbs: ToBeSignedCertificate): ToBeSignedCertificate {
  const indicator = tbs.verifyKeyIndicator;
  const verifyKeyIndicator =
    indicator.tag === 'verificationKey'
      ? replaceValue(indicator, withPoint(indicator.value, compressed))
      : withPoint(indicator, compressed);
  const encryptionKey =
    tbs.encryptionKey && replaceKey(tbs.encryptionKey, withPoint(tbs.encryptionKey.publicKey, compressed));
  if (verifyKeyIndicator === indicator && encryptionKey === tbs.encryptionKey) return tbs;
  return { ...tbs, verifyKeyIndicator, encryptionKey };
}

function replaceValue<C extends { value: unknown }>(chosen: C, value: C['value']): C {
  return value === chosen.value ? chosen : { ...chosen, value };
}

function replaceKey<E extends { publicKey: unknown }>(holder: E, publicKey: E['publicKey']): E {
  return publicKey === holder.publicKey ? holder : { ...holder, publicKey };
}

function canonicalSignature<S extends { tag: string; value: unknown }>(signature: S): S {
  if (signature.tag === 'unknown' || signature.tag === 'sm2Signature') return signature;
  const value = signature.value as { rSig: Point };
  const rSig = xOnly(value.rSig);
  return rSig === value.rSig ? signature : { ...signature, value: { ...value, rSig } };
}

function canonicalCertificateValue(certificate: Certificate): Certificate {
  const toBeSigned = canonicalTbsValue(certificate.toBeSigned);
  const signature = certificate.signature && canonicalSignature(certificate.signature);
  if (toBeSigned === certificate.toBeSigned && signature === certificate.signature) return certificate;
  return {
    ...certificate,
    toBeSigned,
    signature,
  };
}

/** Canonical bytes of a decoded certificate: what its HashedIds and the signer input are taken over. */
export function canonicalCertificate(certificate: Certificate): Uint8Array {
  return encode(Certificate, canonicalCertificateValue(certificate));
}

function canonicalTbsDataValue(tbs: ToBeSignedData): ToBeSignedData {
  const key = tbs.headerInfo.encryptionKey;
  const encryptionKey =
    key?.tag === 'public' ? replaceValue(key, replaceKey(key.value, withPoint(key.value.publicKey, compressed))) : key;
  const data = tbs.payload.data && canonicalDataValue(tbs.payload.data);
  if (encryptionKey === key && data === tbs.payload.data) return tbs;
  return { ...tbs, payload: { ...tbs.payload, data }, headerInfo: { ...tbs.headerInfo, encryptionKey } };
}

function canonicalDataValue(data: Ieee1609Dot2Data): Ieee1609Dot2Data {
  if (data.content.tag !== 'signedData') return data;
  const signed = data.content.value;
  const tbsData = canonicalTbsDataValue(signed.tbsData);
  const signer = signed.signer.tag === 'certificate' ? canonicalSigner(signed.signer) : signed.signer;
  const signature = canonicalSignature(signed.signature);
  if (tbsData === signed.tbsData && signer === signed.signer && signature === signed.signature) return data;
  const value = {
    ...signed,
    tbsData,
    signer,
    signature,
  };
  return { ...data, content: { tag: 'signedData', value } };
}

function canonicalSigner<S extends { tag: 'certificate'; value: Certificate[] }>(signer: S): S {
  const value = signer.value.map(canonicalCertificateValue);
  return value.every((certificate, i) => certificate === signer.value[i]) ? signer : { ...signer, value };
}

/** Canonical bytes of a message's tbsData: the data input of its signature. */
export function canonicalToBeSignedData(signed: SignedData): Uint8Array {
  return encode(ToBeSignedData, canonicalTbsDataValue(signed.tbsData));
}
