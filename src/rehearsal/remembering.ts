import { createHash } from 'node:crypto';
import type { ChainTrust, TrustContext, VoteJob, VoteOutcome } from '../trust/index.ts';

/**
 * A trust context that answers a question only once. A rehearsal puts the same questions again and again, to every party and on every
 * day, and a context answers the same question in the same way. Nothing is ever forgotten: for one rehearsal, not for a service.
 */
export function rememberingContext(context: TrustContext): TrustContext {
  const votes = new Map<string, VoteOutcome>();
  const certificates = answering(context.verifyCertificates.bind(context));
  const messages = answering(context.verifyMessages.bind(context));
  const crls = answering(context.verifyCrls.bind(context));
  return {
    hash: (algorithm, octets) => context.hash(algorithm, octets),
    recall: (certificate) => context.recall(certificate),
    examine: (list) => context.examine(list),
    checkAnchors: (list) => context.checkAnchors(list),
    verifySignatures: (jobs) => verifyOnce(context, votes, jobs),
    verifyCertificates: certificates,
    verifyMessages: messages,
    verifyCrls: crls,
  };
}

type Judge<T> = (trust: ChainTrust, items: readonly Uint8Array[]) => T;

function answering<T>(judge: Judge<T>): Judge<T> {
  const answers = new Map<string, T>();
  return (trust, items) => {
    const key = questionOf(trust, items);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = judge(trust, items);
    answers.set(key, answer);
    return answer;
  };
}

/** SHA-256 of everything that a result depends on, lengths included. */
function questionOf({ roots, certificates, crls, removedRoots, at }: ChainTrust, items: readonly Uint8Array[]): string {
  return digestOf([
    `${at}`,
    JSON.stringify(removedRoots),
    ...[roots, certificates, crls, items].flatMap((list) => [`${list.length}`, ...list]),
  ]);
}

function digestOf(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex');
}

/** Questions not asked before, in one batch. */
function verifyOnce(context: TrustContext, known: Map<string, VoteOutcome>, jobs: readonly VoteJob[]): VoteOutcome[] {
  const keys = jobs.map(jobKey);
  const fresh = new Map(jobs.map((job, i) => [keys[i] as string, job] as const).filter(([key]) => !known.has(key)));
  context.verifySignatures([...fresh.values()]).forEach((outcome, i) => {
    known.set([...fresh.keys()][i] as string, outcome);
  });
  return keys.map((key) => known.get(key) as VoteOutcome);
}

function jobKey({ signer, algorithm, data, signature }: VoteJob): string {
  return digestOf([algorithm, signer.octets, data, JSON.stringify(signature, octetsAsText)]);
}

function octetsAsText(_name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}
