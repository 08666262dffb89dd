import { sha256, sha384 } from '@noble/hashes/sha2.js';
import type { SignatureValue } from '../dot2/index.ts';
import { type Kernel, RForm, Status } from '../kernel/kernel.ts';
import type { PublicKey } from './keys.ts';
import { concat } from './octets.ts';
import { isRareAlgorithm, verifyRare } from './rare-curves.ts';

/** Hash functions of signatures and certificates that this verifier computes. */
export type HashName = 'sha256' | 'sha384';

export interface HashJob {
  readonly algorithm: HashName;
  readonly octets: Uint8Array;
}

/** Hashes many octet strings; SHA-256 in one kernel batch. */
export function hashAll(kernel: Kernel, jobs: readonly HashJob[]): Uint8Array[] {
  const common = jobs.filter((job) => job.algorithm === 'sha256');
  const digests = kernel.sha256(common.map((job) => job.octets));
  let next = 0;
  return jobs.map((job) => {
    if (job.algorithm === 'sha384') return sha384(job.octets);
    const at = next++ * 32;
    return digests.subarray(at, at + 32);
  });
}

/** One hash, where a batch of them would be no gain. */
export function hashOf(algorithm: HashName, octets: Uint8Array): Uint8Array {
  return algorithm === 'sha384' ? sha384(octets) : sha256(octets);
}

/** A signature over H(H(data) ‖ H(signer identifier)) (IEEE 1609.2 §5.3.1). */
export interface SignatureJob {
  readonly algorithm: HashName;
  readonly dataHash: Uint8Array;
  /** Hash of the signing certificate, or of no octets where the signer is itself. */
  readonly signerHash: Uint8Array;
  readonly signature: SignatureValue;
  readonly key: PublicKey;
}

export type SignatureOutcome = 'ok' | 'bad' | 'unsupported';

const SIGNATURE_OF_KEY: Readonly<Record<PublicKey['algorithm'], SignatureValue['tag']>> = {
  ecdsaNistP256: 'ecdsaNistP256Signature',
  ecdsaBrainpoolP256r1: 'ecdsaBrainpoolP256r1Signature',
  ecdsaBrainpoolP384r1: 'ecdsaBrainpoolP384r1Signature',
  ecdsaNistP384: 'ecdsaNistP384Signature',
  ecsigSm2: 'sm2Signature',
};

/** The hash that each curve signs with (§5.3.1): as wide as the curve. */
const HASH_OF_KEY: Readonly<Record<PublicKey['algorithm'], HashName | undefined>> = {
  ecdsaNistP256: 'sha256',
  ecdsaBrainpoolP256r1: 'sha256',
  ecdsaBrainpoolP384r1: 'sha384',
  ecdsaNistP384: 'sha384',
  ecsigSm2: undefined,
};

const R_FORMS: Readonly<Record<string, number>> = {
  'x-only': RForm.xOnly,
  'compressed-y-0': RForm.compressedY0,
  'compressed-y-1': RForm.compressedY1,
  uncompressed: RForm.uncompressed,
};

interface Prepared {
  readonly form: number;
  readonly x: Uint8Array;
  readonly s: Uint8Array;
}

const STATUSES: ReadonlySet<number | undefined> = new Set(Object.values(Status));

/**
 * A status that the kernel has really given. Anything else is a failure of the kernel, which is nobody's fault but ours:
 * read as a refusal it would call a good item bad.
 * @throws Error where the item was not judged.
 */
function judgedStatus(status: number | undefined): Status {
  if (status === Status.notJudged || !STATUSES.has(status))
    throw new Error(`the kernel answered with status ${status}`);
  return status as Status;
}

/** Verifies many signatures; those on P-256 in one kernel batch. */
export function verifyAll(kernel: Kernel, jobs: readonly SignatureJob[]): SignatureOutcome[] {
  const outcomes = new Array<SignatureOutcome>(jobs.length).fill('bad');
  const batch: { index: number; job: SignatureJob; prepared: Prepared }[] = [];
  jobs.forEach((job, index) => {
    const { key, signature, algorithm } = job;
    if (signature.tag === 'sm2Signature' || key.algorithm === 'ecsigSm2') {
      outcomes[index] = 'unsupported';
      return;
    }
    if (SIGNATURE_OF_KEY[key.algorithm] !== signature.tag || HASH_OF_KEY[key.algorithm] !== algorithm) return;
    const prepared = prepare(signature);
    if (prepared === undefined) return;
    if (key.algorithm === 'ecdsaNistP256') batch.push({ index, job, prepared });
    else if (isRareAlgorithm(key.algorithm)) outcomes[index] = verifyOneRare(job, prepared);
  });
  const count = batch.length;
  if (count === 0) return outcomes;
  const input = new Uint8Array(64 * count);
  const rForm = new Uint8Array(count);
  const r = new Uint8Array(32 * count);
  const s = new Uint8Array(32 * count);
  const publicKey = new Uint8Array(64 * count);
  batch.forEach(({ job, prepared }, i) => {
    input.set(job.dataHash, 64 * i);
    input.set(job.signerHash, 64 * i + 32);
    rForm[i] = prepared.form;
    r.set(prepared.x, 32 * i);
    s.set(prepared.s, 32 * i);
    publicKey.set(job.key.point, 64 * i);
  });
  const status = kernel.verify({ count, input, hashed: false, rForm, r, s, publicKey });
  batch.forEach(({ index }, i) => {
    if (judgedStatus(status[i]) === Status.ok) outcomes[index] = 'ok';
  });
  return outcomes;
}

/** x of R and s out of a signature; undefined for forms that cannot be right. */
function prepare(signature: Exclude<SignatureValue, { tag: 'sm2Signature' }>): Prepared | undefined {
  if (signature.tag === 'unknown') return undefined;
  const { rSig, sSig } = signature.value;
  const form = R_FORMS[rSig.tag];
  if (form === undefined || rSig.tag === 'fill') return undefined;
  return { form, x: rSig.tag === 'uncompressed' ? rSig.value.x : rSig.value, s: sSig };
}

function verifyOneRare(
  { algorithm, dataHash, signerHash, key }: SignatureJob,
  { form, x, s }: Prepared,
): SignatureOutcome {
  if (!isRareAlgorithm(key.algorithm)) return 'bad';
  const both = concat(dataHash, signerHash);
  const digest = algorithm === 'sha384' ? sha384(both) : sha256(both);
  return verifyRare(key.algorithm, digest, x, form !== RForm.xOnly, s, key.point) ? 'ok' : 'bad';
}

/** ECQV: key of an implicit certificate from its reconstruction value and its issuer's key (IEEE 1609.2 §5.3.2). */
export interface ReconstructionJob {
  readonly tbsHash: Uint8Array;
  readonly issuerHash: Uint8Array;
  /** SEC 1 compressed. */
  readonly reconstructionValue: Uint8Array;
  /** Affine x ‖ y. */
  readonly issuerKey: Uint8Array;
}

/** Affine x ‖ y of each key, or why there is none. */
export function reconstructAll(
  kernel: Kernel,
  jobs: readonly ReconstructionJob[],
): (Uint8Array | 'notOnCurve' | 'infinity')[] {
  if (jobs.length === 0) return [];
  const input = new Uint8Array(64 * jobs.length);
  const reconstructionValue = new Uint8Array(33 * jobs.length);
  const issuerKey = new Uint8Array(64 * jobs.length);
  jobs.forEach((job, i) => {
    input.set(job.tbsHash, 64 * i);
    input.set(job.issuerHash, 64 * i + 32);
    reconstructionValue.set(job.reconstructionValue, 33 * i);
    issuerKey.set(job.issuerKey, 64 * i);
  });
  const { status, points } = kernel.reconstruct({ count: jobs.length, input, reconstructionValue, issuerKey });
  return jobs.map((_, i) => {
    const outcome = judgedStatus(status[i]);
    if (outcome === Status.ok) return points.slice(64 * i, 64 * i + 64);
    return outcome === Status.infinity ? 'infinity' : 'notOnCurve';
  });
}

/** Affine x ‖ y of each SEC 1 compressed point; undefined where it is not on the curve. */
export function decompressAll(kernel: Kernel, points: readonly Uint8Array[]): (Uint8Array | undefined)[] {
  if (points.length === 0) return [];
  const result = kernel.decompress(points.length, concat(...points));
  return points.map((_, i) => {
    const onCurve = judgedStatus(result.status[i]) === Status.ok;
    return onCurve ? result.points.slice(64 * i, 64 * i + 64) : undefined;
  });
}
