import type { SignatureValue } from '../dot2/index.ts';
import { type Kernel, RForm, Status } from '../kernel/kernel.ts';
import type { ImplicitCertificate, KernelBatch } from '../kernel/kernel-batch.ts';
import type { HashName } from './hashing.ts';
import { type ImplicitKey, isMade, type PublicKey, type VerificationKey } from './keys.ts';
import { concat } from './octets.ts';
import { isRareAlgorithm, verifyRare } from './rare-curves.ts';
import type { SignatureFacts, SignatureMemory } from './signature-memory.ts';

/** A signature over H(H(data) ‖ H(signer identifier)) (IEEE 1609.2 §5.3.1). */
export interface SignatureJob {
  readonly algorithm: HashName;
  readonly dataHash: Uint8Array;
  /** Hash of the signing certificate, or of no octets where the signer is itself. */
  readonly signerHash: Uint8Array;
  readonly signature: SignatureValue;
  readonly key: VerificationKey;
  /** The hashes of everything as it came, where canonical form changed something: tried if the signature is bad (DECISIONS D11). */
  readonly alternative?: SignedHashes | undefined;
}

/** What a signature is over. */
export type SignedHashes = Pick<SignatureFacts, 'dataHash' | 'signerHash'>;

/** `nonCanonical`: the alternative is what was signed. `notOnCurve`, `infinity`: what an implicit certificate makes is no key. */
export type SignatureOutcome = 'ok' | 'bad' | 'nonCanonical' | 'notOnCurve' | 'infinity' | 'unsupported';

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

/** `hint` is the form with the parity of R's y, where that came with it. */
type Prepared = Pick<SignatureFacts, 'form' | 'x' | 's'> & { readonly hint: number };

/** A signature that the kernel has to verify, and whose outcome it is. */
interface Due {
  readonly index: number;
  readonly facts: SignatureFacts & Pick<Prepared, 'hint'>;
  readonly alternative: SignedHashes | undefined;
}

const STATUSES: ReadonlySet<number | undefined> = new Set(Object.values(Status));

/**
 * A status that the kernel has really given. Anything else is a failure of the kernel, which is nobody's fault but ours:
 * read as a refusal it would call a good item bad.
 * @throws Error where the item was not verified.
 */
function knownStatus(status: number | undefined): Status {
  if (status === Status.notJudged || !STATUSES.has(status))
    throw new Error(`the kernel answered with status ${status}`);
  return status as Status;
}

/**
 * Verifies many signatures; those on P-256 in one kernel batch, or a round of `kernelBatch` where the key is an implicit certificate's.
 * What `memory` recalls is not computed; it learns what is bad, and of attached issuers what is good.
 */
export function verifyAll(
  kernel: Kernel,
  jobs: readonly SignatureJob[],
  memory?: SignatureMemory,
  isAttachedIssuer: (index: number) => boolean = () => false,
): SignatureOutcome[] {
  const outcomes = new Array<SignatureOutcome>(jobs.length).fill('bad');
  const due: Due[] = [];
  jobs.forEach((job, index) => {
    const one = dueOf(job, index);
    if (typeof one !== 'object') {
      outcomes[index] = one;
      return;
    }
    const recalled = recall(memory, one);
    if (recalled !== undefined) outcomes[index] = recalled;
    else due.push(one);
  });
  verifyRareOnes(due, jobs, outcomes);
  const onP256 = due.filter(({ facts }) => facts.key.algorithm === 'ecdsaNistP256');
  const known = onP256.filter(({ facts }) => isMade(facts.key));
  for (const hasOther of [false, true]) {
    const some = known.filter(({ alternative }) => (alternative !== undefined) === hasOther);
    verifyKnown(kernel, some, outcomes);
  }
  verifyImplicit(
    kernel,
    onP256.filter(({ facts }) => !isMade(facts.key)),
    outcomes,
  );
  if (memory !== undefined)
    for (const one of due) remember(memory, one, outcomes[one.index], isAttachedIssuer(one.index));
  return outcomes;
}

/** What the kernel has to do for a job, or what is known without it. */
function dueOf(job: SignatureJob, index: number): Due | SignatureOutcome {
  const { signature, algorithm, dataHash, signerHash, alternative } = job;
  const key = isMade(job.key) ? job.key : (job.key.made ?? job.key);
  if (signature.tag === 'sm2Signature' || key.algorithm === 'ecsigSm2') return 'unsupported';
  if (SIGNATURE_OF_KEY[key.algorithm] !== signature.tag || HASH_OF_KEY[key.algorithm] !== algorithm) return 'bad';
  const prepared = prepare(signature);
  return prepared ? { index, facts: { ...prepared, dataHash, signerHash, key }, alternative } : 'bad';
}

function recall(memory: SignatureMemory | undefined, { facts, alternative }: Due): SignatureOutcome | undefined {
  const outcome = memory?.recall(facts);
  if (outcome !== 'bad' || alternative === undefined) return outcome;
  return memory?.recall({ ...facts, ...alternative }) === 'bad' ? 'bad' : undefined;
}

function remember(
  memory: SignatureMemory,
  { facts, alternative }: Due,
  outcome: SignatureOutcome | undefined,
  isAttachedIssuer: boolean,
): void {
  if (outcome === 'ok' && isAttachedIssuer) memory.rememberGood(facts);
  if (outcome !== 'bad') return;
  memory.rememberBad(facts);
  if (alternative !== undefined) memory.rememberBad({ ...facts, ...alternative });
}

/** Under keys whose points are there; either all have an alternative or none. */
function verifyKnown(kernel: Kernel, due: readonly Due[], outcomes: SignatureOutcome[]): void {
  const count = due.length;
  if (count === 0) return;
  const input = new Uint8Array(64 * count);
  const alternative = due[0]?.alternative && new Uint8Array(64 * count);
  const rForm = new Uint8Array(count);
  const r = new Uint8Array(32 * count);
  const s = new Uint8Array(32 * count);
  const publicKey = new Uint8Array(64 * count);
  due.forEach(({ facts, alternative: other }, i) => {
    putHashes(input, i, facts);
    if (alternative && other) putHashes(alternative, i, other);
    rForm[i] = facts.form;
    r.set(facts.x, 32 * i);
    s.set(facts.s, 32 * i);
    publicKey.set((facts.key as PublicKey).point, 64 * i);
  });
  const batch = { count, input, hashed: false, rForm, r, s, publicKey };
  const status = kernel.verify(alternative ? { ...batch, alternative } : batch);
  due.forEach(({ index }, i) => {
    const outcome = knownStatus(status[i]);
    if (outcome === Status.ok) outcomes[index] = 'ok';
    else if (outcome === Status.okAlternative) outcomes[index] = 'nonCanonical';
  });
}

function putHashes(octets: Uint8Array, item: number, { dataHash, signerHash }: SignedHashes): void {
  octets.set(dataHash, 64 * item);
  octets.set(signerHash, 64 * item + 32);
}

function verifyRareOnes(due: readonly Due[], jobs: readonly SignatureJob[], outcomes: SignatureOutcome[]): void {
  for (const { index, facts, alternative } of due) {
    const { key } = facts;
    if (!isMade(key) || !isRareAlgorithm(key.algorithm)) continue;
    const hash = (jobs[index] as SignatureJob).algorithm;
    if (verifyOneRare(key, hash, facts)) outcomes[index] = 'ok';
    else if (alternative && verifyOneRare(key, hash, { ...facts, ...alternative })) outcomes[index] = 'nonCanonical';
  }
}

/** Octets that a signature under an implicit certificate's key puts into a round: r, s, and x of one or two reconstruction values. */
const IMPLICIT_OCTETS = 128;

/** Under keys of implicit certificates, which are not made for it. */
function verifyImplicit(kernel: Kernel, due: readonly Due[], outcomes: SignatureOutcome[]): void {
  roundsOf(kernel, due, outcomes, 'ok');
  const again = due.flatMap(({ index, facts, alternative }) =>
    alternative && outcomes[index] === 'bad'
      ? [{ index, facts: { ...facts, ...alternative }, alternative: undefined }]
      : [],
  );
  roundsOf(kernel, again, outcomes, 'nonCanonical');
}

/** In as many rounds as there is room in; what verifies gets the outcome `good`. */
function roundsOf(
  { kernelBatch }: Kernel,
  due: readonly Due[],
  outcomes: SignatureOutcome[],
  good: SignatureOutcome,
): void {
  for (let next = 0; next < due.length; ) {
    kernelBatch.begin();
    const ids = new Map<number, number>();
    while (next < due.length && kernelBatch.hasRoom(IMPLICIT_OCTETS)) {
      const { index, facts } = due[next++] as Due;
      ids.set(index, putImplicit(kernelBatch, facts, facts.key as ImplicitKey));
    }
    kernelBatch.run();
    for (const [index, id] of ids) {
      const status = knownStatus(kernelBatch.status(id));
      if (status === Status.ok) outcomes[index] = good;
      else if (status === Status.notOnCurve) outcomes[index] = 'notOnCurve';
      else if (status === Status.infinity) outcomes[index] = 'infinity';
    }
  }
}

function putImplicit(kernelBatch: KernelBatch, facts: Due['facts'], key: ImplicitKey): number {
  const certificate = putCertificate(kernelBatch, key);
  const [data, signer] = [kernelBatch.known(facts.dataHash), kernelBatch.known(facts.signerHash)];
  const [r, s] = [kernelBatch.put(facts.x), kernelBatch.put(facts.s)];
  return kernelBatch.verifyImplicit(data, signer, facts.hint, r, s, certificate);
}

/** A chain of two is the longest that a round knows, and the longest that anybody asks for. */
function putCertificate(kernelBatch: KernelBatch, key: ImplicitKey): ImplicitCertificate {
  const { issuerKey } = key;
  if (isMade(issuerKey)) return { ...putLink(kernelBatch, key), issuerKey };
  if (!isMade(issuerKey.issuerKey)) throw new RangeError('more than two implicit certificates in a row');
  return {
    ...putLink(kernelBatch, key),
    issuerKey: { ...putLink(kernelBatch, issuerKey), issuerKey: issuerKey.issuerKey },
  };
}

function putLink(kernelBatch: KernelBatch, key: ImplicitKey): Omit<ImplicitCertificate, 'issuerKey'> {
  const { reconstructionValue, tbsHash, issuerHash } = key;
  const x = kernelBatch.put(reconstructionValue.subarray(1));
  return {
    point: kernelBatch.point(x, (reconstructionValue[0] as number) & 1),
    tbs: kernelBatch.known(tbsHash),
    issuer: kernelBatch.known(issuerHash),
  };
}

/** x of R and s out of a signature; undefined for forms that cannot be right. */
function prepare(signature: Exclude<SignatureValue, { tag: 'sm2Signature' }>): Prepared | undefined {
  if (signature.tag === 'unknown') return undefined;
  const { rSig, sSig } = signature.value;
  const form = R_FORMS[rSig.tag];
  if (form === undefined || rSig.tag === 'fill') return undefined;
  if (rSig.tag !== 'uncompressed') return { form, hint: form, x: rSig.value, s: sSig };
  const { x, y } = rSig.value;
  return { form, hint: RForm.compressedY0 | ((y[y.length - 1] as number) & 1), x, s: sSig };
}

function verifyOneRare({ algorithm, point }: PublicKey, hash: HashName, facts: SignatureFacts): boolean {
  if (!isRareAlgorithm(algorithm)) return false;
  return verifyRare(algorithm, hash, facts, { ...facts, reduce: facts.form !== RForm.xOnly }, point);
}

/** The keys of implicit certificates, each made once, or why there is none. Those of issuers are made first. */
export function reconstructAll(
  kernel: Kernel,
  keys: readonly ImplicitKey[],
): (PublicKey | 'notOnCurve' | 'infinity')[] {
  const unmade = [...new Set(keys)].filter(({ made }) => made === undefined);
  const refused = unmade.length > 0 ? reconstruct(kernel, unmade) : undefined;
  return keys.map((key) => key.made ?? refused?.get(key) ?? 'notOnCurve');
}

/** Sets `made`; returns why others have none. */
function reconstruct(kernel: Kernel, keys: readonly ImplicitKey[]): Map<ImplicitKey, 'notOnCurve' | 'infinity'> {
  const refused = new Map<ImplicitKey, 'notOnCurve' | 'infinity'>();
  const issuers = keys.flatMap(({ issuerKey }) => (isMade(issuerKey) ? [] : [issuerKey]));
  reconstructAll(kernel, issuers).forEach((outcome, i) => {
    if (typeof outcome === 'string') refused.set(issuers[i] as ImplicitKey, outcome);
  });
  const able = keys.flatMap((key) => {
    const issuer = isMade(key.issuerKey) ? key.issuerKey : key.issuerKey.made;
    if (issuer === undefined) refused.set(key, refused.get(key.issuerKey as ImplicitKey) ?? 'notOnCurve');
    return issuer ? [{ key, issuer }] : [];
  });
  const count = able.length;
  if (count === 0) return refused;
  const input = new Uint8Array(64 * count);
  const reconstructionValue = new Uint8Array(33 * count);
  const issuerKey = new Uint8Array(64 * count);
  able.forEach(({ key, issuer }, i) => {
    input.set(key.tbsHash, 64 * i);
    input.set(key.issuerHash, 64 * i + 32);
    reconstructionValue.set(key.reconstructionValue, 33 * i);
    issuerKey.set(issuer.point, 64 * i);
  });
  const { status, points } = kernel.reconstruct({ count, input, reconstructionValue, issuerKey });
  able.forEach(({ key }, i) => {
    const outcome = knownStatus(status[i]);
    if (outcome === Status.ok) key.made = { algorithm: 'ecdsaNistP256', point: points.slice(64 * i, 64 * i + 64) };
    else refused.set(key, outcome === Status.infinity ? 'infinity' : 'notOnCurve');
  });
  return refused;
}

/** Affine x ‖ y of each SEC 1 compressed point; undefined where it is not on the curve. */
export function decompressAll(kernel: Kernel, points: readonly Uint8Array[]): (Uint8Array | undefined)[] {
  if (points.length === 0) return [];
  const result = kernel.decompress(points.length, concat(...points));
  return points.map((_, i) => {
    const onCurve = knownStatus(result.status[i]) === Status.ok;
    return onCurve ? result.points.slice(64 * i, 64 * i + 64) : undefined;
  });
}
