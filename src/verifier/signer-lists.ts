import { decodeOrThrow, toHex } from '../coer/index.ts';
import { Certificate } from '../dot2/index.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { type CertificateInfo, examineAll } from './certificate-info.ts';
import { type Diligence, type JudgeTask, judgeAll } from './certificate-judge.ts';
import { makeKeys } from './certificate-keys.ts';
import type { HashName } from './hashing.ts';
import { isProven, type Judged } from './judged.ts';
import { identityOf } from './learned.ts';
import { octetKey, sameOctets } from './octets.ts';
import { signerHash } from './pairing.ts';
import type { TrustStore } from './trust-store.ts';

/** Proven lists kept; a full cache forgets the list that was used least recently. About 2 KiB each. */
const CACHE_CAPACITY = 16_384;

/** Certificates as they stand in a signer field (leaf first), judged once for a whole batch. */
export interface ListWork {
  readonly key: string;
  readonly certificates: readonly Certificate[];
  /** Whether it is an item of its own, whose key will be shown; else it was attached to a message. */
  isItem: boolean;
  /** Full hashes of its certificates: the same for every encoding of the same list; empty until it is judged. */
  identity: string;
  /** The leaf against each issuer that it may mean; at least one. */
  judged: readonly Judged[];
  /** Why the list is not one chain; undefined where it is (DECISIONS D12). */
  inconsistency: string | undefined;
}

interface Result {
  readonly identity: string;
  readonly judged: readonly Judged[];
  readonly inconsistency: string | undefined;
}

/**
 * Judges signer lists, a whole batch at a time, and remembers those that were proven. An attached issuer counts only for the
 * message that attaches it: what a list is worth depends on the list and the trust material alone.
 */
export class SignerLists {
  private readonly kernel: Kernel;
  private readonly trust: TrustStore;
  private readonly lenientChainLength: boolean;
  private readonly proven = new Map<string, Result>();
  /** Which encoding of a list stands in `proven`: one of each, since anybody can write a signature in other forms. */
  private readonly keyByIdentity = new Map<string, string>();

  constructor(kernel: Kernel, trust: TrustStore, lenientChainLength: boolean) {
    this.kernel = kernel;
    this.trust = trust;
    this.lenientChainLength = lenientChainLength;
  }

  /** A list that waits for {@link judge}. */
  static work(certificates: readonly Certificate[]): ListWork {
    const key = certificates.map(({ encoded }) => octetKey(encoded as Uint8Array)).join('');
    return { key, certificates, isItem: false, identity: '', judged: [], inconsistency: undefined };
  }

  /** Judges lists, each key once. The keys of those that were proven before are made: they come back. */
  judge(works: readonly ListWork[], diligence: Diligence): void {
    const fresh: ListWork[] = [];
    const comeBack: Judged[] = [];
    for (const work of works) {
      const known = this.proven.get(work.key);
      if (known === undefined) {
        fresh.push(work);
        continue;
      }
      this.proven.delete(work.key);
      this.proven.set(work.key, known);
      Object.assign(work, known);
      comeBack.push(...known.judged);
    }
    makeKeys(this.kernel, comeBack, ({ info }, code) => {
      throw new Error(`${code}: ${toHex(info.hashedId8)}, which a message has proven`);
    });
    if (fresh.length > 0) this.judgeFresh(fresh, diligence);
  }

  /**
   * Remembers a list. Only for lists that stand: anybody can mint certificates that fail, or implicit ones that nothing has
   * proven yet, and they must not push out the good ones (DECISIONS D18).
   */
  remember(list: ListWork): void {
    const { key, identity, judged, inconsistency } = list;
    if (this.keyByIdentity.has(identity) || !stands(list)) return;
    this.proven.set(key, { identity, judged, inconsistency });
    this.keyByIdentity.set(identity, key);
    if (this.proven.size > CACHE_CAPACITY) this.forgetOldest();
  }

  private forgetOldest(): void {
    const [oldest] = this.proven;
    if (oldest === undefined) return;
    const [key, { identity }] = oldest;
    this.proven.delete(key);
    this.keyByIdentity.delete(identity);
  }

  private judgeFresh(works: readonly ListWork[], diligence: Diligence): void {
    const infos = examineAll(
      this.kernel,
      works.flatMap(({ certificates }) => certificates.map(detached)),
      this.lenientChainLength,
    );
    let next = 0;
    const lists = works.map((work) => {
      let list = infos.slice(next, (next += work.certificates.length));
      work.inconsistency = inconsistencyOf(list);
      work.identity = identityOf(list.map(({ hash }) => hash));
      // Of a list that is no chain only the signing certificate is judged, so that its signature can still be named.
      if (work.inconsistency !== undefined) list = list.slice(0, 1);
      return { work, list, above: undefined as readonly Judged[] | undefined };
    });
    const deepest = Math.max(...lists.map(({ list }) => list.length));
    // From the end of each list towards its leaf, all lists in step.
    for (let level = deepest - 1; level >= 0; level--) {
      const tasks: { entry: (typeof lists)[number]; task: JudgeTask }[] = [];
      for (const entry of lists) {
        const info = entry.list[level];
        if (info === undefined) continue;
        // A pin vouches for a signer, never for what it issued.
        const known = level === 0 ? this.trust.exact(info) : this.trust.anchor(info);
        if (known !== undefined) entry.above = [known];
        else tasks.push({ entry, task: this.taskFor(entry.work, info, level, entry.above) });
      }
      const results = judgeAll(
        this.kernel,
        tasks.map(({ task }) => task),
        diligence,
      );
      tasks.forEach(({ entry }, i) => {
        entry.above = results[i] as readonly Judged[];
      });
    }
    for (const { work, above } of lists) work.judged = above as readonly Judged[];
  }

  private taskFor(
    { isItem }: ListWork,
    info: CertificateInfo,
    level: number,
    above: readonly Judged[] | undefined,
  ): JudgeTask {
    const attached = isItem ? 'no' : level > 0 ? 'issuer' : 'signer';
    return { info, candidates: above ?? this.trust.candidatesFor(info), wantsKey: isItem, attached };
  }
}

/** Whether a message could prove the list: it is one chain, and that chain reaches what is trusted. */
export function stands({ judged, inconsistency }: ListWork): boolean {
  return inconsistency === undefined && judged.some(isProven);
}

/**
 * The certificate on octets of its own: what is judged may be remembered, and a view would keep the whole batch alive that
 * it came in.
 */
function detached({ encoded }: Certificate): Certificate {
  return decodeOrThrow(Certificate, (encoded as Uint8Array).slice());
}

/** Each certificate of a list must be the issuer of the one before it. */
function inconsistencyOf(list: readonly CertificateInfo[]): string | undefined {
  for (let i = 1; i < list.length; i++) {
    const { issuer } = (list[i - 1] as CertificateInfo).certificate;
    const above = list[i] as CertificateInfo;
    const algorithm = ISSUER_HASH[issuer.tag];
    if (algorithm === undefined) return `certificate ${i - 1} of the list does not name an issuer by digest`;
    const digest = signerHash(above, algorithm).subarray(-8);
    if (!sameOctets(issuer.value as Uint8Array, digest)) {
      return `certificate ${i} of the list (${toHex(above.hashedId8)}) did not issue the one before it`;
    }
  }
  return undefined;
}

const ISSUER_HASH: Readonly<Record<string, HashName | undefined>> = {
  sha256AndDigest: 'sha256',
  sha384AndDigest: 'sha384',
};
