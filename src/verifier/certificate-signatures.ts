import type { Finding } from '../certificates/index.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { type SignatureJob, type SignatureOutcome, verifyAll } from './arithmetic.ts';
import { type CertificateInfo, hashToBeSigned } from './certificate-info.ts';
import type { Diligence } from './certificate-judge.ts';
import { hashOf } from './hashing.ts';
import { isProven, type Judged } from './judged.ts';
import type { VerificationKey } from './keys.ts';
import { sameOctets } from './octets.ts';
import { isDue, type Pairing, signerHash } from './pairing.ts';
import { isRareAlgorithm } from './rare-curves.ts';

/** A signature to be verified, and whose it is. */
interface Signed {
  readonly pairing: Pairing;
  readonly job: SignatureJob;
}

/**
 * Signatures of explicit certificates under what is genuine, first over the canonical form. One that is bad is tried once more over what
 * was received, if nothing else is wrong with the chain (DECISIONS D11, D44).
 */
export function checkSignatures(kernel: Kernel, pairings: readonly Pairing[], { isThorough, memory }: Diligence): void {
  const due = pairings.filter(
    (pairing) => isSigned(pairing) && (isThorough || isDue(pairing, isUnderRareKey(pairing))),
  );
  hashToBeSigned(
    kernel,
    due.map(({ info }) => info),
  );
  const signed = due.map((pairing): Signed => ({ pairing, job: signatureJobOf(pairing) }));
  verify(kernel, signed, memory);
  const raw = signed
    .filter(({ pairing }) => pairing.signature === 'bad' && (isThorough || mayBeRaw(pairing)))
    .flatMap(rawVariant);
  const outcomes = verifyAll(
    kernel,
    raw.map(({ job }) => job),
    memory,
  );
  raw.forEach(({ pairing }, i) => {
    if (outcomes[i] === 'ok') pairing.signature = 'nonCanonical';
  });
}

function verify(kernel: Kernel, signed: readonly Signed[], memory: Diligence['memory']): void {
  const isAttached = (index: number): boolean => (signed[index] as Signed).pairing.attached === 'issuer';
  const outcomes = verifyAll(
    kernel,
    signed.map(({ job }) => job),
    memory,
    isAttached,
  );
  signed.forEach(({ pairing }, i) => {
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
function signatureJobOf(pairing: Pairing): SignatureJob {
  const { certificate, hashAlgorithm, tbsHash } = pairing.info;
  const algorithm = hashAlgorithm as NonNullable<CertificateInfo['hashAlgorithm']>;
  const signer = pairing.issuer === 'self' ? 'self' : (pairing.issuer as Judged).info;
  return {
    algorithm,
    dataHash: tbsHash as Uint8Array,
    signerHash: signerHash(signer, algorithm),
    signature: certificate.signature as SignatureJob['signature'],
    key: issuerKeyOf(pairing) as VerificationKey,
  };
}

/** On P-256 only: elsewhere one verification is what anybody can cause. */
function mayBeRaw(pairing: Pairing): boolean {
  const { issuer, findings } = pairing;
  return typeof issuer === 'object' && findings.length === 0 && isProven(issuer) && !isUnderRareKey(pairing);
}

/** The same signature over everything as it came, where canonical form changed something. */
function rawVariant({ pairing, job }: Signed): Signed[] {
  const { info, issuer } = pairing;
  const rawTbs = info.certificate.toBeSigned.encoded as Uint8Array;
  const hasRawData = !sameOctets(rawTbs, info.canonicalTbs);
  const above = typeof issuer === 'object' ? issuer.info : undefined;
  const hasRawSigner = above !== undefined && !sameOctets(above.octets, above.canonical);
  if (!hasRawData && !hasRawSigner) return [];
  const dataHash = hasRawData ? hashOf(job.algorithm, rawTbs) : job.dataHash;
  const signerHash = hasRawSigner ? hashOf(job.algorithm, above.octets) : job.signerHash;
  return [{ pairing, job: { ...job, dataHash, signerHash } }];
}

export function signatureState({ signature }: Pairing): Judged['signature'] {
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
