import { bytesToNumberBE } from '@noble/curves/utils.js';
import { decodeOrThrow, encode } from '../coer/index.ts';
import {
  Certificate,
  type CertificateId,
  canonicalCertificate,
  canonicalToBeSigned,
  type SignatureValue,
  ToBeSignedCertificate,
} from '../dot2/index.ts';
import {
  CURVES,
  curvePoint,
  type HashName,
  hashWith,
  multiplyBase,
  orderOf,
  type PointForm,
  type PrivateKey,
  publicKeyValue,
} from './keys.ts';
import { type RawSignature, signatureValue, signDigest, signingDigest } from './sign.ts';

/** A certificate, the private key to it, and the one that issued it. */
export interface Credential {
  /** As sent. */
  readonly bytes: Uint8Array;
  readonly toBeSigned: ToBeSignedCertificate;
  readonly key: PrivateKey;
  readonly issuer: Credential | undefined;
  /**
   * Algorithm of the whole-certificate hash: as wide as the certificate's own key, SHA-256 for implicit certificates
   * (IEEE 1609.2 §6.4.3). What the issuer signed with may be another.
   */
  readonly hash: HashName;
  /** The canonical form, which every hash is taken over. */
  readonly canonical: Uint8Array;
  /** The whole-certificate hash; HashedId8 is its last 8 bytes. */
  readonly fullHash: Uint8Array;
}

/** The HashedId8 of a credential. */
export function hashedId8({ fullHash }: Credential): Uint8Array {
  return fullHash.subarray(-8);
}

/** Hash of a certificate as signer input, with the algorithm of the signature at hand. */
export function signerInputHash(credential: Credential, hash: HashName): Uint8Array {
  return hash === credential.hash ? credential.fullHash : hashWith(hash, credential.canonical);
}

/** Everything of toBeSigned but the key. */
export type CertificateFields = Omit<ToBeSignedCertificate, 'verifyKeyIndicator' | 'encoded'>;

/** What a certificate gets wrong on purpose. Everything is signed as it then stands, unless said otherwise. */
export interface CertificateFlaws {
  readonly version?: number;
  readonly type?: Certificate['type'];
  /** Replaces the issuer field. */
  readonly issuerField?: Certificate['issuer'];
  readonly verifyKeyIndicator?: ToBeSignedCertificate['verifyKeyIndicator'];
  /** Replaces the signature; null leaves it out. */
  readonly signature?: SignatureValue | null;
  readonly alterSignature?: (raw: RawSignature) => RawSignature;
  /** Sign with this key instead of the issuer's. */
  readonly signingKey?: PrivateKey;
  /** Sign the encoding as it is sent instead of the canonical one. */
  readonly overRaw?: boolean;
}

export interface ExplicitRequest extends CertificateFlaws {
  readonly fields: CertificateFields;
  readonly key: PrivateKey;
  /** Absent for a self-signed certificate. */
  readonly issuer?: Credential | undefined;
  readonly keyForm?: PointForm;
  readonly rForm?: PointForm;
}

/** The issuer field; the hash that it names is the one of the signature, as wide as the issuer's key (§6.4.7). */
function issuerIdentifier(issuer: Credential | undefined, key: PrivateKey): Certificate['issuer'] {
  if (issuer === undefined) return { tag: 'self', value: key.curve.hash };
  return { tag: `${issuer.key.curve.hash}AndDigest`, value: hashedId8(issuer) };
}

const EMPTY = new Uint8Array(0);

/** Issues an explicit certificate (IEEE 1609.2 §6.4.5): self-signed without an issuer. */
export function issueExplicit(request: ExplicitRequest): Credential {
  const { fields, key, issuer } = request;
  const signingKey = request.signingKey ?? issuer?.key ?? key;
  const hash = (issuer?.key ?? key).curve.hash;
  const tbs: ToBeSignedCertificate = {
    ...fields,
    verifyKeyIndicator: request.verifyKeyIndicator ?? {
      tag: 'verificationKey',
      value: publicKeyValue(key, request.keyForm),
    },
  };
  tbs.encoded = encode(ToBeSignedCertificate, tbs);
  const unsigned: Certificate = {
    version: request.version ?? 3,
    type: request.type ?? 'explicit',
    issuer: request.issuerField ?? issuerIdentifier(issuer, key),
    toBeSigned: tbs,
  };
  if (request.signature === null) return credentialOf(unsigned, key, issuer);
  const signature = request.signature ?? sign();
  return credentialOf({ ...unsigned, signature }, key, issuer);

  function sign(): SignatureValue {
    const data = request.overRaw ? (tbs.encoded as Uint8Array) : canonicalTbsOf(tbs);
    const signerHash = issuer ? signerInputHash(issuer, hash) : hashWith(hash, EMPTY);
    const raw = signDigest(signingKey, signingDigest(hash, data, signerHash));
    const altered = request.alterSignature?.(raw) ?? raw;
    return signatureValue(signingKey.curve, altered, request.rForm ?? 'x-only');
  }
}

/** Flaws that an implicit certificate can have: there is no signature to get wrong. */
export type ImplicitFlaws = Pick<CertificateFlaws, 'version' | 'type' | 'issuerField' | 'verifyKeyIndicator'>;

export interface ImplicitRequest extends ImplicitFlaws {
  readonly fields: CertificateFields;
  readonly issuer: Credential;
  /** k of P_U = k·G: the requester's secret and the CA's blinding together, since the testbed plays both. */
  readonly secret: bigint;
  readonly pointForm?: PointForm;
  /** An implicit certificate has none; a flawed one may. */
  readonly signature?: SignatureValue;
}

/**
 * Issues an implicit certificate (ECQV, SEC 4): P_U = k·G is in it, and with
 * e = H( H(toBeSigned) ‖ H(issuer) ) mod n, all 256 bits, its private key is d = e·k + d_CA, its public key e·P_U + Q_CA.
 */
export function issueImplicit(request: ImplicitRequest): Credential {
  const { issuer, secret } = request;
  const curve = CURVES.ecdsaNistP256;
  if (issuer.key.curve !== curve) throw new RangeError('implicit certificates need an issuer on P-256');
  const n = orderOf(curve);
  const tbs: ToBeSignedCertificate = {
    ...request.fields,
    verifyKeyIndicator: request.verifyKeyIndicator ?? {
      tag: 'reconstructionValue',
      value: curvePoint(multiplyBase(curve, secret), request.pointForm ?? 'compressed'),
    },
  };
  tbs.encoded = encode(ToBeSignedCertificate, tbs);
  const certificate: Certificate = {
    version: request.version ?? 3,
    type: request.type ?? 'implicit',
    issuer: request.issuerField ?? issuerIdentifier(issuer, issuer.key),
    toBeSigned: tbs,
    signature: request.signature,
  };
  const digest = signingDigest('sha256', canonicalTbsOf(tbs), signerInputHash(issuer, 'sha256'));
  const d = ((bytesToNumberBE(digest) % n) * secret + issuer.key.d) % n;
  return credentialOf(certificate, { curve, d }, issuer);
}

function canonicalTbsOf({ encoded }: ToBeSignedCertificate): Uint8Array {
  return canonicalToBeSigned({ toBeSigned: decodeOrThrow(ToBeSignedCertificate, encoded as Uint8Array) });
}

function credentialOf(certificate: Certificate, key: PrivateKey, issuer: Credential | undefined): Credential {
  const { hash } = key.curve;
  const bytes = encode(Certificate, certificate);
  const canonical = canonicalCertificate(decodeOrThrow(Certificate, bytes));
  const fullHash = hashWith(hash, canonical);
  return { bytes, toBeSigned: certificate.toBeSigned, key, issuer, hash, canonical, fullHash };
}

/** A certificate name (IEEE 1609.2 §6.4.9). */
export function named(name: string): CertificateId {
  return { tag: 'name', value: name };
}
