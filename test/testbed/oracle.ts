import { createHash, createPublicKey, verify } from 'node:crypto';
import { decodeOrThrow } from '../../src/coer/index.ts';
import {
  Certificate,
  canonicalCertificate,
  canonicalToBeSigned,
  canonicalToBeSignedData,
  Ieee1609Dot2Data,
  type SignatureValue,
  type SignedData,
} from '../../src/dot2/index.ts';

/** A second opinion on signatures: nothing of it is shared with the testbed but the decoder. */

const CURVE_OIDS: Record<string, string> = {
  ecdsaNistP256: '06082a8648ce3d030107',
  ecdsaNistP384: '06052b81040022',
  ecdsaBrainpoolP256r1: '06092b2403030208010107',
  ecdsaBrainpoolP384r1: '06092b240303020801010b',
};

const der = (tag: number, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(body.length < 128 ? [tag, body.length] : [tag, 0x81, body.length]), body]);

/** A public key for node:crypto from a SEC 1 point, compressed or not. */
function keyOf(curve: string, point: Buffer) {
  const algorithm = der(0x30, Buffer.from(`06072a8648ce3d0201${CURVE_OIDS[curve]}`, 'hex'));
  const bits = der(0x03, Buffer.concat([Buffer.of(0), point]));
  return createPublicKey({ key: der(0x30, Buffer.concat([algorithm, bits])), format: 'der', type: 'spki' });
}

type Point = { tag: string; value: unknown };

function sec1({ tag, value }: Point): Buffer {
  if (tag === 'uncompressed') {
    const { x, y } = value as { x: Uint8Array; y: Uint8Array };
    return Buffer.concat([Buffer.of(4), x, y]);
  }
  if (tag === 'compressed-y-0' || tag === 'compressed-y-1') {
    return Buffer.concat([Buffer.of(tag === 'compressed-y-0' ? 2 : 3), value as Uint8Array]);
  }
  throw new Error(`no key: ${tag}`);
}

export function publicKeyOf(certificate: Certificate): { curve: string; point: Buffer } {
  const indicator = certificate.toBeSigned.verifyKeyIndicator;
  if (indicator.tag !== 'verificationKey' || indicator.value.tag === 'unknown') throw new Error('no explicit key');
  return { curve: indicator.value.tag, point: sec1(indicator.value.value as Point) };
}

/** r ‖ s. */
function plainSignature(signature: SignatureValue): Buffer {
  const { rSig, sSig } = signature.value as { rSig: Point; sSig: Uint8Array };
  const r = rSig.tag === 'uncompressed' ? (rSig.value as { x: Uint8Array }).x : (rSig.value as Uint8Array);
  return Buffer.concat([r, sSig]);
}

export const hash = (algorithm: string, data: Uint8Array): Buffer => createHash(algorithm).update(data).digest();

export function verifies(
  algorithm: string,
  data: Uint8Array,
  signer: Uint8Array,
  key: { curve: string; point: Buffer },
  signature: SignatureValue,
): boolean {
  if (signature.tag !== `${key.curve}Signature`) return false;
  const input = Buffer.concat([hash(algorithm, data), hash(algorithm, signer)]);
  const publicKey = keyOf(key.curve, key.point);
  return verify(algorithm, input, { key: publicKey, dsaEncoding: 'ieee-p1363' }, plainSignature(signature));
}

export const certificateOf = (bytes: Uint8Array): Certificate => decodeOrThrow(Certificate, bytes);

export function signedDataOf(bytes: Uint8Array): SignedData {
  const { content } = decodeOrThrow(Ieee1609Dot2Data, bytes);
  if (content.tag !== 'signedData') throw new Error('not signed');
  return content.value;
}

/** Whether an explicit certificate's signature holds under its issuer's; under its own key where none is given. */
export function certificateVerifies(bytes: Uint8Array, issuerBytes?: Uint8Array): boolean {
  const certificate = certificateOf(bytes);
  const issuer = issuerBytes ? certificateOf(issuerBytes) : undefined;
  const { tag, value } = certificate.issuer;
  const algorithm = tag === 'self' ? (value as string) : tag.replace('AndDigest', '');
  return verifies(
    algorithm,
    canonicalToBeSigned(certificate),
    issuer ? canonicalCertificate(issuer) : new Uint8Array(0),
    publicKeyOf(issuer ?? certificate),
    certificate.signature as SignatureValue,
  );
}

/** Whether a message's signature holds under a key and the certificate that it belongs to. */
export function messageVerifies(
  bytes: Uint8Array,
  signerBytes: Uint8Array,
  key: { curve: string; point: Buffer } = publicKeyOf(certificateOf(signerBytes)),
): boolean {
  const signed = signedDataOf(bytes);
  const signer = canonicalCertificate(certificateOf(signerBytes));
  return verifies(signed.hashId, canonicalToBeSignedData(signed), signer, key, signed.signature);
}
