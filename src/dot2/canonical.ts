import type { Certificate, ToBeSignedCertificate } from './certificate.ts';
import { OPEN_TYPES } from './crypto.ts';
import { Rewriting } from './rewriting.ts';
import type { SignedData, ToBeSignedData } from './signed-data.ts';

/**
 * Canonical form (IEEE 1609.2 §6.1.3 and the canonicalisation clauses of §6.3 and §6.4), which every hash is taken over:
 * public keys inside toBeSigned and HeaderInfo compressed, the rSig of certificate signatures x-only, recursively for
 * certificates in a signer field and signed data in a payload. What follows the extension marker of HeaderInfo is left
 * alone. Nearly everything deployed is canonical already, and then the received bytes themselves are returned; otherwise the
 * points that have another form are replaced in a copy of them. Values must have been decoded: their points are looked up there.
 */

type Point = { tag: string; value: unknown };
type Chosen = { tag: string; value: unknown };
type Coordinates = { x: Uint8Array; y: Uint8Array };

/** Tags of EccP256CurvePoint and EccP384CurvePoint (§6.3.23, §6.3.24). */
const X_ONLY = 0x80;
const COMPRESSED_Y_0 = 0x82;

/** Length determinants of one byte, and of two from this length on. */
const LONG_LENGTH = 0x80;

/** Puts the compressed form of a public key in its place, if it is uncompressed. */
function compressKey(rewriting: Rewriting, { tag, value }: Chosen): void {
  if (tag !== 'unknown') compressPoint(rewriting, value as Point, OPEN_TYPES.has(tag));
}

function compressPoint(rewriting: Rewriting, point: Point, isOpenType = false): void {
  if (point.tag !== 'uncompressed') return;
  const { x, y } = point.value as Coordinates;
  const tag = COMPRESSED_Y_0 | ((y[y.length - 1] as number) & 1);
  const lengths = isOpenType ? [1 + x.length + y.length, 1 + x.length] : [];
  replacePoint(rewriting, { x, tag, replaced: x.length + y.length, lengths });
}

/** Puts the x-only form of the R of a certificate's signature in its place. */
function reduceSignature(rewriting: Rewriting, { tag, value }: Chosen): void {
  if (tag === 'unknown' || tag === 'sm2Signature') return;
  const { rSig, sSig } = value as { rSig: Point; sSig: Uint8Array };
  const isUncompressed = rSig.tag === 'uncompressed';
  if (!isUncompressed && rSig.tag !== 'compressed-y-0' && rSig.tag !== 'compressed-y-1') return;
  const x = isUncompressed ? (rSig.value as Coordinates).x : (rSig.value as Uint8Array);
  const replaced = isUncompressed ? 2 * x.length : x.length;
  const lengths = OPEN_TYPES.has(tag) ? [1 + replaced + sSig.length, 1 + x.length + sSig.length] : [];
  replacePoint(rewriting, { x, tag: X_ONLY, replaced, lengths });
}

interface Replacement {
  /** Coordinate that stays, at its place in the received bytes. */
  readonly x: Uint8Array;
  /** Tag of the new form. */
  readonly tag: number;
  /** Bytes behind the tag that the old form takes. */
  readonly replaced: number;
  /** Lengths of the open type around the point, before and after; empty if there is none. */
  readonly lengths: readonly number[];
}

function replacePoint(rewriting: Rewriting, { x, tag, replaced, lengths: [before, after] }: Replacement): void {
  const front = before === undefined ? 0 : before < LONG_LENGTH ? 1 : 2;
  const length = after === undefined ? [] : [after];
  rewriting.replace(x, -1 - front, front + 1 + replaced, Uint8Array.of(...length, tag, ...x));
}

function rewriteToBeSigned(rewriting: Rewriting, { encryptionKey, verifyKeyIndicator }: ToBeSignedCertificate): void {
  if (encryptionKey !== undefined) compressKey(rewriting, encryptionKey.publicKey);
  const { tag, value } = verifyKeyIndicator;
  if (tag === 'verificationKey') compressKey(rewriting, value);
  else if (tag === 'reconstructionValue') compressPoint(rewriting, value);
}

function rewriteCertificate(rewriting: Rewriting, { toBeSigned, signature }: Certificate): void {
  rewriteToBeSigned(rewriting, toBeSigned);
  if (signature !== undefined) reduceSignature(rewriting, signature);
}

function rewriteTbsData(rewriting: Rewriting, { payload, headerInfo }: ToBeSignedData): void {
  if (payload.data?.content.tag === 'signedData') rewriteSignedData(rewriting, payload.data.content.value);
  if (headerInfo.encryptionKey?.tag === 'public') compressKey(rewriting, headerInfo.encryptionKey.value.publicKey);
}

function rewriteSignedData(rewriting: Rewriting, { tbsData, signer, signature }: SignedData): void {
  rewriteTbsData(rewriting, tbsData);
  if (signer.tag === 'certificate') for (const certificate of signer.value) rewriteCertificate(rewriting, certificate);
  reduceSignature(rewriting, signature);
}

/** Canonical bytes of a decoded certificate's toBeSigned: the data input of its signature. */
export function canonicalToBeSigned({ toBeSigned }: Pick<Certificate, 'toBeSigned'>): Uint8Array {
  const rewriting = new Rewriting();
  rewriteToBeSigned(rewriting, toBeSigned);
  return rewriting.apply(toBeSigned.encoded as Uint8Array);
}

/** Canonical bytes of a decoded certificate: what its HashedIds and the signer input are taken over. */
export function canonicalCertificate(certificate: Certificate): Uint8Array {
  const rewriting = new Rewriting();
  rewriteCertificate(rewriting, certificate);
  return rewriting.apply(certificate.encoded as Uint8Array);
}

/** Canonical bytes of a message's tbsData: the data input of its signature. */
export function canonicalToBeSignedData({ tbsData }: Pick<SignedData, 'tbsData'>): Uint8Array {
  const rewriting = new Rewriting();
  rewriteTbsData(rewriting, tbsData);
  return rewriting.apply(tbsData.encoded as Uint8Array);
}

/**
 * The hash with which messages and requests name a certificate (IEEE 1609.2 §6.4.3, whole-certificate hash): as wide as its own
 * key, for any algorithm of its issuer. SHA-256 for implicit certificates.
 */
export function wholeCertificateHash({ toBeSigned }: Certificate): 'sha256' | 'sha384' {
  const indicator = toBeSigned.verifyKeyIndicator;
  if (indicator.tag !== 'verificationKey') return 'sha256';
  const { tag } = indicator.value;
  return tag === 'ecdsaNistP384' || tag === 'ecdsaBrainpoolP384r1' ? 'sha384' : 'sha256';
}
