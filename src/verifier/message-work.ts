import { canonicalToBeSignedData, type Ieee1609Dot2Data, type SignedData } from '../dot2/index.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { type SignatureJob, type SignatureOutcome, verifyAll } from './arithmetic.ts';
import type { Diligence } from './certificate-judge.ts';
import { type HashName, hashAll, hashOf } from './hashing.ts';
import { isProven, type Judged } from './judged.ts';
import { keyOctets, type VerificationKey } from './keys.ts';
import { concat, octetKey, sameOctets } from './octets.ts';
import { signerHash } from './pairing.ts';
import { isRareAlgorithm } from './rare-curves.ts';
import type { ListWork } from './signer-lists.ts';
import type { Item } from './types.ts';

/** A certificate that may have signed a message, and what its key says of the signature. */
export interface Candidate {
  readonly judged: Judged;
  /** The attached or learned list it stands in; undefined for certificates of the trust material. */
  readonly list: ListWork | undefined;
  outcome: SignatureOutcome | 'notChecked' | 'nonCanonical';
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
  readonly work: MessageWork;
  readonly candidates: readonly Candidate[];
  /** What is hashed: canonical tbsData, and what an omitted payload adds. */
  readonly canonical: Uint8Array;
  readonly omitted: Uint8Array;
  readonly job: SignatureJob;
}

/** Verifies each message under each of its candidates that it can matter for, in batches. */
export function checkMessageSignatures(
  kernel: Kernel,
  works: readonly MessageWork[],
  diligence: MessageDiligence,
): void {
  const pairs = pairsOf(kernel, works, diligence.isThorough);
  const outcomes = verifyAll(
    kernel,
    pairs.map(({ job }) => job),
    diligence.memory,
  );
  pairs.forEach(({ candidates }, i) => {
    for (const candidate of candidates) candidate.outcome = outcomes[i] as SignatureOutcome;
  });
  const raw = pairs.flatMap((pair) => rawVariant(pair, diligence));
  retryRaw(kernel, raw, diligence);
}

/** Tries signatures once more over everything as it came. */
export function retryRaw(
  kernel: Kernel,
  candidates: readonly Candidate[],
  { memory }: Pick<Diligence, 'memory'>,
): void {
  const outcomes = verifyAll(
    kernel,
    candidates.map(({ raw }) => raw as SignatureJob),
    memory,
  );
  candidates.forEach((candidate, i) => {
    if (outcomes[i] === 'ok') candidate.outcome = 'nonCanonical';
    candidate.raw = undefined;
  });
}

function pairsOf(kernel: Kernel, works: readonly MessageWork[], isThorough: boolean): Pair[] {
  const hashed = works.flatMap((work) => {
    const { hashAlgorithm: algorithm } = work;
    const candidates = work.candidates.filter((candidate) => isDue(candidate, isThorough));
    if (algorithm === undefined || candidates.length === 0) return [];
    const omitted = omittedHash(work);
    if (omitted === undefined) return [];
    const canonical = concat(canonicalToBeSignedData(work.signed), omitted);
    return [{ work, algorithm, groups: grouped(candidates), canonical, omitted }];
  });
  const hashes = hashAll(
    kernel,
    hashed.map(({ algorithm, canonical }) => ({ algorithm, octets: canonical })),
  );
  return hashed.flatMap(({ work, algorithm, groups, canonical, omitted }, i) => {
    const dataHash = hashes[i] as Uint8Array;
    work.tbsHash = dataHash;
    const { signature } = work.signed;
    return groups.map((candidates): Pair => {
      const { info, key } = (candidates[0] as Candidate).judged;
      const job = {
        algorithm,
        dataHash,
        signerHash: signerHash(info, algorithm),
        signature,
        key: key as VerificationKey,
      };
      return { work, candidates, canonical, omitted, job };
    });
  });
}

/** Candidates that one verification answers for: the same certificate with the same key. */
function grouped(candidates: readonly Candidate[]): (readonly Candidate[])[] {
  if (candidates.length === 1) return [candidates];
  const groups = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const { info, key } = candidate.judged;
    const name = octetKey(concat(info.hash, ...keyOctets(key as VerificationKey)));
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
function isDue({ judged, list }: Candidate, isThorough: boolean): boolean {
  const { key } = judged;
  if (key === undefined) return false;
  if (isThorough) return true;
  return isRareAlgorithm(key.algorithm) ? isProven(judged) && list?.inconsistency === undefined : judged.isGenuine;
}

const NOTHING = new Uint8Array(0);

/**
 * What an omitted payload adds to the data that is signed (2022 edition): the hash of the external data. Nothing where the
 * payload is there; undefined where it is omitted and was not handed in, so that the signature cannot be judged.
 */
function omittedHash({ item, signed, hashAlgorithm }: MessageWork): Uint8Array | undefined {
  if (signed.tbsData.payload.omitted === undefined) return NOTHING;
  return item.externalData && hashAlgorithm && hashOf(hashAlgorithm, item.externalData);
}

/**
 * The candidate with the same signature over everything as it came, where canonical form changed something, the signature is bad, and
 * nothing else is wrong with the signer (DECISIONS D11, D44). On P-256 only: elsewhere one verification is what anybody can cause. Under an
 * implicit certificate that no message has proven it waits: anybody can mint one (D18).
 */
function rawVariant(
  { work, candidates, canonical, omitted, job }: Pair,
  { isThorough, hasProven }: MessageDiligence,
): Candidate[] {
  return candidates.filter((candidate) => {
    const { judged, list, outcome } = candidate;
    if (outcome !== 'bad') return false;
    const stands = isProven(judged) && list?.inconsistency === undefined && !isRareAlgorithm(job.key.algorithm);
    if (!stands && !isThorough) return false;
    const raw = concat(work.signed.tbsData.encoded as Uint8Array, omitted);
    const hasRawData = !sameOctets(raw, canonical);
    const hasRawSigner = !sameOctets(judged.info.octets, judged.info.canonical);
    if (!hasRawData && !hasRawSigner) return false;
    candidate.raw = {
      ...job,
      dataHash: hasRawData ? hashOf(job.algorithm, raw) : job.dataHash,
      signerHash: hasRawSigner ? hashOf(job.algorithm, judged.info.octets) : job.signerHash,
    };
    return list === undefined || judged.info.certificate.type === 'explicit' || hasProven(list);
  });
}
