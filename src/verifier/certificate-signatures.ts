import type { Finding } from '../certificates/index.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { type SignatureJob, type SignatureOutcome, type SignedHashes, verifyAll } from './arithmetic.ts';
import { type CertificateInfo, hashToBeSigned } from './certificate-info.ts';
import { type ChainNode, isProven } from './chain-node.ts';
import type { Diligence } from './diligence.ts';
import { type HashName, hashOf } from './hashing.ts';
import type { VerificationKey } from './keys.ts';
import { sameOctets } from './octets.ts';
import { isDue, type Pairing, signerHash } from './pairing.ts';
import { isRareAlgorithm } from './rare-curves.ts';

/**
 * Signatures of explicit certificates under what is genuine, over the canonical form, or else over what was received, if nothing else is
 * wrong with the chain (DECISIONS D11, D44).
 */
export function checkSignatures(kernel: Kernel, pairings: readonly Pairing[], { isThorough, memory }: Diligence): void {
  const due = pairings.filter(
    (pairing) => isSigned(pairing) && (isThorough || isDue(pairing, isUnderRareKey(pairing))),
  );
  hashToBeSigned(
    kernel,
    due.map(({ info }) => info),
  );
  const outcomes = verifyAll(
    kernel,
    due.map((pairing) => signatureJobOf(pairing, isThorough)),
    memory,
    (index) => (due[index] as Pairing).attached === 'issuer',
  );
  due.forEach((pairing, i) => {
    pairing.signature = outcomes[i] as SignatureOutcome;
  });
}

function issuerKeyOf({ issuer, key }: Pairing): VerificationKey | undefined {
  return issuer === 'self' ? key : issuer?.key;
}

function isSigned(pairing: Pairing): boolean {
  const { certificate, hashAlgorithm } = pairing.info;
  return certificate.signature !== undefined && hashAlgorithm !== undefined && issuerKeyOf(pairing) !== undefined;
}

function isUnderRareKey(pairing: Pairing): boolean {
  const key = issuerKeyOf(pairing);
  return key !== undefined && isRareAlgorithm(key.algorithm);
}

/** In: a certificate that {@link isSigned}, its toBeSigned hashed. */
function signatureJobOf(pairing: Pairing, isThorough: boolean): SignatureJob {
  const { certificate, hashAlgorithm, tbsHash } = pairing.info;
  const algorithm = hashAlgorithm as HashName;
  const signer = pairing.issuer === 'self' ? 'self' : (pairing.issuer as ChainNode).info;
  const hashes = { dataHash: tbsHash as Uint8Array, signerHash: signerHash(signer, algorithm) };
  return {
    algorithm,
    ...hashes,
    signature: certificate.signature as SignatureJob['signature'],
    key: issuerKeyOf(pairing) as VerificationKey,
    alternative: isThorough || mayBeRaw(pairing) ? rawHashes(pairing, algorithm, hashes) : undefined,
  };
}

/** On P-256 only: elsewhere one verification is what anybody can cause. */
function mayBeRaw(pairing: Pairing): boolean {
  const { issuer, findings } = pairing;
  return typeof issuer === 'object' && findings.length === 0 && isProven(issuer) && !isUnderRareKey(pairing);
}

/** The hashes of everything as it came, where canonical form changed something. */
function rawHashes({ info, issuer }: Pairing, algorithm: HashName, hashes: SignedHashes): SignedHashes | undefined {
  const rawTbs = info.certificate.toBeSigned.encoded as Uint8Array;
  const above = typeof issuer === 'object' ? issuer.info : undefined;
  const hasRawData = !sameOctets(rawTbs, info.canonicalTbs);
  const hasRawSigner = above !== undefined && !sameOctets(above.octets, above.canonical);
  if (!hasRawData && !hasRawSigner) return undefined;
  return {
    dataHash: hasRawData ? hashOf(algorithm, rawTbs) : hashes.dataHash,
    signerHash: hasRawSigner ? hashOf(algorithm, above.octets) : hashes.signerHash,
  };
}

export function signatureState({ signature }: Pairing): ChainNode['signature'] {
  if (signature === 'ok') return 'ok';
  return signature === 'unsupported' || signature === 'notChecked' ? 'notChecked' : 'bad';
}

export function signatureFindings(pairing: Pairing): Finding[] {
  const { info, signature } = pairing;
  switch (signature) {
    case 'ok':
      return [];
    // An implicit CA that makes no key has signed nothing.
    case 'bad':
    case 'notOnCurve':
    case 'infinity':
      return [{ code: 'badSignature', detail: badSignatureDetail(info, issuerKeyOf(pairing)) }];
    case 'nonCanonical':
      return [{ code: 'nonCanonicalSignature', detail: 'signed over an encoding that is not canonical' }];
    case 'unsupported':
      return [{ code: 'unsupportedAlgorithm', detail: info.certificate.signature?.tag ?? 'signature' }];
    case 'notChecked': {
      const named = info.certificate.issuer;
      if (info.hashAlgorithm !== undefined || named.tag === 'unknown') return [];
      if (named.tag === 'self' && named.value.startsWith('unknown')) return [];
      return [{ code: 'unsupportedAlgorithm', detail: `issuer ${named.tag}` }];
    }
  }
}

function badSignatureDetail(info: CertificateInfo, key: VerificationKey | undefined): string {
  return `${info.certificate.signature?.tag} with ${info.hashAlgorithm} under a ${key?.algorithm} key`;
}
