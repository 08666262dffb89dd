import { canonicalToBeSignedData, type Ieee1609Dot2Data, type SignedData } from '../dot2/index.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { type SignatureJob, type SignatureOutcome, type SignedHashes, verifyAll } from './arithmetic.ts';
import type { CertificateInfo } from './certificate-info.ts';
import { type ChainNode, isProven } from './chain-node.ts';
import type { Diligence } from './diligence.ts';
import { type HashName, hashAll, hashOf } from './hashing.ts';
import { keyOctets, type VerificationKey } from './keys.ts';
import { concat, octetKey, sameOctets } from './octets.ts';
import { signerHash } from './pairing.ts';
import { isRareAlgorithm } from './rare-curves.ts';
import type { ListWork } from './signer-lists.ts';
import type { Item } from './types.ts';

/** A certificate that may have signed a message, and what its key says of the signature. */
export interface Candidate {
  readonly node: ChainNode;
  /** The attached or learned list it stands in; undefined for certificates of the trust material. */
  readonly list: ListWork | undefined;
  outcome: SignatureOutcome | 'notChecked';
  /** The signature over everything as it came, not tried because nothing had proven the implicit certificate. */
  raw?: SignatureJob | undefined;
}

/** A decoded message on its way to a verdict. */
export interface MessageWork {
  readonly item: Item;
  readonly data: Ieee1609Dot2Data;
  readonly signed: SignedData;
  /** Undefined for hash functions that this verifier does not compute. */
  readonly hashAlgorithm: HashName | undefined;
  /** H(canonical tbsData); set by {@link checkMessageSignatures}. */
  tbsHash: Uint8Array | undefined;
  candidates: Candidate[];
}

export function messageWork(item: Item, data: Ieee1609Dot2Data, signed: SignedData): MessageWork {
  const hashAlgorithm = signed.hashId === 'sha256' || signed.hashId === 'sha384' ? signed.hashId : undefined;
  return { item, data, signed, hashAlgorithm, tbsHash: undefined, candidates: [] };
}

/** What a message's signature is verified with, beside the kernel. */
export interface MessageDiligence extends Diligence {
  /** Whether a message has proven the implicit certificate that a list begins with, in the encoding in which it stands there. */
  hasProven(list: ListWork): boolean;
}

/** A message under one certificate with one key, and the candidates that it is: several lists may begin with it. */
interface Pair {
  readonly candidates: readonly Candidate[];
  readonly job: SignatureJob;
}

/** Verifies each message under each of its candidates that it can matter for, in batches. */
export function checkMessageSignatures(
  kernel: Kernel,
  works: readonly MessageWork[],
  diligence: MessageDiligence,
): void {
  const pairs = pairsOf(kernel, works, diligence);
  const outcomes = verifyAll(
    kernel,
    pairs.map(({ job }) => job),
    diligence.memory,
  );
  pairs.forEach(({ candidates }, i) => {
    for (const candidate of candidates) candidate.outcome = outcomes[i] as SignatureOutcome;
  });
}

/** Tries a signature over everything as it came, which had to wait for the certificate to be proven. */
export function tryRaw(kernel: Kernel, candidate: Candidate, { memory }: Pick<Diligence, 'memory'>): void {
  const { raw } = candidate;
  if (raw === undefined || candidate.outcome !== 'bad') return;
  if (verifyAll(kernel, [raw], memory)[0] === 'ok') candidate.outcome = 'nonCanonical';
  candidate.raw = undefined;
}

function pairsOf(kernel: Kernel, works: readonly MessageWork[], diligence: MessageDiligence): Pair[] {
  const hashed = works.flatMap((work) => {
    const { hashAlgorithm: algorithm } = work;
    const candidates = work.candidates.filter((candidate) => isDue(candidate, diligence.isThorough));
    if (algorithm === undefined || candidates.length === 0) return [];
    const omitted = omittedHash(work);
    if (omitted === undefined) return [];
    const canonical = concat(canonicalToBeSignedData(work.signed), omitted);
    const raw = concat(work.signed.tbsData.encoded as Uint8Array, omitted);
    return [{ work, algorithm, groups: grouped(candidates), canonical, raw }];
  });
  const hashes = hashAll(
    kernel,
    hashed.map(({ algorithm, canonical }) => ({ algorithm, octets: canonical })),
  );
  return hashed.flatMap(({ work, algorithm, groups, canonical, raw }, i) => {
    const dataHash = hashes[i] as Uint8Array;
    work.tbsHash = dataHash;
    const rawHash = sameOctets(raw, canonical) ? dataHash : hashOf(algorithm, raw);
    return groups.map((candidates): Pair => {
      const { info, key } = (candidates[0] as Candidate).node;
      const hashes = { dataHash, signerHash: signerHash(info, algorithm) };
      const job = { algorithm, ...hashes, signature: work.signed.signature, key: key as VerificationKey };
      const alternative = rawHashes(info, algorithm, hashes, rawHash);
      return { candidates, job: withAlternative(job, alternative, candidates, diligence) };
    });
  });
}

/** The hashes of everything as it came, where canonical form changed something. */
function rawHashes(
  { octets, canonical }: CertificateInfo,
  algorithm: HashName,
  { dataHash, signerHash }: SignedHashes,
  rawHash: Uint8Array,
): SignedHashes | undefined {
  const isRawSigner = !sameOctets(octets, canonical);
  if (rawHash === dataHash && !isRawSigner) return undefined;
  return { dataHash: rawHash, signerHash: isRawSigner ? hashOf(algorithm, octets) : signerHash };
}

/**
 * The job with its alternative, if nothing else is wrong with the signer (DECISIONS D11, D44), and on P-256 only: elsewhere one verification
 * is what anybody can cause. Under an implicit certificate that no message has proven the alternative waits: anybody can mint one (D18).
 */
function withAlternative(
  job: SignatureJob,
  alternative: SignedHashes | undefined,
  candidates: readonly Candidate[],
  { isThorough, hasProven }: MessageDiligence,
): SignatureJob {
  if (alternative === undefined) return job;
  const able = candidates.filter(({ node, list }) => {
    return isThorough || (isProven(node) && list?.inconsistency === undefined && !isRareAlgorithm(job.key.algorithm));
  });
  const isProvenNow = able.some(({ node, list }) => {
    return list === undefined || node.info.certificate.type === 'explicit' || hasProven(list);
  });
  if (isProvenNow) return { ...job, alternative };
  for (const candidate of able) candidate.raw = { ...job, ...alternative };
  return job;
}

/** Candidates that one verification answers for: the same octets of a certificate with the same key. */
function grouped(candidates: readonly Candidate[]): (readonly Candidate[])[] {
  if (candidates.length === 1) return [candidates];
  const groups = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const { info, key } = candidate.node;
    const name = `${info.key} ${octetKey(concat(...keyOctets(key as VerificationKey)))}`;
    const group = groups.get(name) ?? [];
    groups.set(name, group);
    group.push(candidate);
  }
  return [...groups.values()];
}

/**
 * Whether a message's signature under a candidate can matter: its certificate is genuine, and on other curves than P-256 its chain stands
 * (DECISIONS D44).
 */
function isDue({ node, list }: Candidate, isThorough: boolean): boolean {
  const { key } = node;
  if (key === undefined) return false;
  if (isThorough) return true;
  return isRareAlgorithm(key.algorithm) ? isProven(node) && list?.inconsistency === undefined : node.isGenuine;
}

const NOTHING = new Uint8Array(0);

/**
 * What an omitted payload adds to the data that is signed (2022 edition): the hash of the external data. Nothing where the
 * payload is there; undefined where it is omitted and was not handed in, so that the signature cannot be verified.
 */
function omittedHash({ item, signed, hashAlgorithm }: MessageWork): Uint8Array | undefined {
  if (signed.tbsData.payload.omitted === undefined) return NOTHING;
  return item.externalData && hashAlgorithm && hashOf(hashAlgorithm, item.externalData);
}
