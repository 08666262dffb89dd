import { canonicalToBeSignedData, type Ieee1609Dot2Data, type SignedData } from '../dot2/index.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { type HashName, hashAll, hashOf, type SignatureJob, type SignatureOutcome, verifyAll } from './arithmetic.ts';
import { signerHash } from './certificate-judge.ts';
import type { Judged } from './judged.ts';
import { concat, sameOctets } from './octets.ts';
import type { ListWork } from './signer-lists.ts';
import type { Item } from './types.ts';

/** A certificate that may have signed a message, and what its key says of the signature. */
export interface Candidate {
  readonly judged: Judged;
  /** The attached or learned list it stands in; undefined for certificates of the trust material. */
  readonly list: ListWork | undefined;
  outcome: SignatureOutcome | 'notChecked' | 'nonCanonical';
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

/** Verifies each message under each of its candidates, in batches. */
export function checkMessageSignatures(kernel: Kernel, works: readonly MessageWork[]): void {
  const hashed = works.flatMap((work) => {
    const algorithm = work.hashAlgorithm;
    const omitted = omittedHash(work);
    if (algorithm === undefined || omitted === undefined) return [];
    return [{ work, algorithm, omitted, canonical: concat(canonicalToBeSignedData(work.signed), omitted) }];
  });
  const hashes = hashAll(
    kernel,
    hashed.map(({ algorithm, canonical }) => ({ algorithm, octets: canonical })),
  );
  const pairs = hashed.flatMap(({ work, algorithm, omitted, canonical }, i) => {
    const tbsHash = hashes[i] as Uint8Array;
    work.tbsHash = tbsHash;
    return work.candidates.flatMap((candidate) => {
      const { info, key } = candidate.judged;
      if (key === undefined) return [];
      const { signature } = work.signed;
      const job = { algorithm, dataHash: tbsHash, signerHash: signerHash(info, algorithm), signature, key };
      return [{ work, candidate, raw: concat(work.signed.tbsData.encoded as Uint8Array, omitted), canonical, job }];
    });
  });
  const outcomes = verifyAll(
    kernel,
    pairs.map(({ job }) => job),
  );
  pairs.forEach(({ candidate }, i) => {
    candidate.outcome = outcomes[i] as SignatureOutcome;
  });
  const raw = pairs
    .filter(({ candidate }) => candidate.outcome === 'bad')
    .flatMap(({ candidate, raw: octets, canonical, job }) =>
      rawVariants(octets, candidate, canonical, job).map((variant) => ({ candidate, job: variant })),
    );
  const rawOutcomes = verifyAll(
    kernel,
    raw.map(({ job }) => job),
  );
  raw.forEach(({ candidate }, i) => {
    if (rawOutcomes[i] === 'ok') candidate.outcome = 'nonCanonical';
  });
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

/** The same signature over the octets as they came, where canonical form changed something (DECISIONS D11). */
function rawVariants(
  rawTbs: Uint8Array,
  { judged }: Candidate,
  canonical: Uint8Array,
  job: SignatureJob,
): SignatureJob[] {
  const dataHashes = [job.dataHash];
  if (!sameOctets(rawTbs, canonical)) dataHashes.push(hashOf(job.algorithm, rawTbs));
  const signerHashes = [job.signerHash];
  if (!sameOctets(judged.info.octets, judged.info.canonical)) {
    signerHashes.push(hashOf(job.algorithm, judged.info.octets));
  }
  return dataHashes
    .flatMap((dataHash) => signerHashes.map((hash) => ({ ...job, dataHash, signerHash: hash })))
    .slice(1);
}
