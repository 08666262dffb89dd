import { toHex } from '../coer/index.ts';
import type { Certificate } from '../dot2/index.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { RULE_BOOK, type RuleBook } from '../rules/index.ts';
import { type CertificateInfo, type CertificateLeniency, examineAll } from './certificate-info.ts';
import { makeKeys } from './certificate-keys.ts';
import { type ChainTask, checkChains } from './chain-checks.ts';
import { type ChainNode, isProven } from './chain-node.ts';
import type { Diligence } from './diligence.ts';
import type { HashName } from './hashing.ts';
import { identityOf } from './learned.ts';
import { octetKey, sameOctets } from './octets.ts';
import { signerHash } from './pairing.ts';
import type { TrustAnchors } from './trust-anchors.ts';

/** Proven lists kept; a full cache forgets the list that was used least recently. About 2 KiB each. */
const CACHE_CAPACITY = 16_384;

/** Certificates as they stand in a signer field (leaf first), verified once for a whole batch. */
export class ListWork {
  readonly key: string;
  readonly certificates: readonly Certificate[];
  /** Whether it is an item of its own, whose key will be shown; else it was attached to a message. */
  isItem = false;
  /** Full hashes of its certificates; empty until it is verified. */
  hashes: readonly Uint8Array[] = [];
  /** The leaf against each issuer that it may mean; at least one. */
  nodes: readonly ChainNode[] = [];
  /** Why the list is not one chain; undefined where it is (DECISIONS D12). */
  inconsistency: string | undefined = undefined;
  private named: string | undefined;

  /** @param identity Where it is known before. */
  constructor(certificates: readonly Certificate[], identity?: string) {
    this.key = certificates.map(({ encoded }) => octetKey(encoded as Uint8Array)).join('');
    this.certificates = certificates;
    this.named = identity;
  }

  /** The same for every encoding of the same list. */
  get identity(): string {
    this.named ??= identityOf(this.hashes);
    return this.named;
  }
}

type Result = Pick<ListWork, 'identity' | 'hashes' | 'nodes'>;

/**
 * Verifies signer lists, a whole batch at a time, and remembers those that were proven. An attached issuer counts only for the
 * message that attaches it: what a list is worth depends on the list and the trust material alone.
 */
export class SignerLists {
  private readonly kernel: Kernel;
  private readonly trust: TrustAnchors;
  private readonly leniency: CertificateLeniency;
  private readonly book: RuleBook;
  private readonly proven = new Map<string, Result>();
  /** Which encoding of a list stands in `proven`: one of each, since anybody can write a signature in other forms. */
  private readonly keyByIdentity = new Map<string, string>();

  constructor(kernel: Kernel, trust: TrustAnchors, leniency: CertificateLeniency, book: RuleBook = RULE_BOOK) {
    this.book = book;
    this.kernel = kernel;
    this.trust = trust;
    this.leniency = leniency;
  }

  /** Verifies lists, each key once. The keys of those that were proven before are made: they come back. */
  checkChains(works: readonly ListWork[], diligence: Diligence): void {
    const fresh: ListWork[] = [];
    const comeBack: ChainNode[] = [];
    for (const work of works) {
      const known = this.proven.get(work.key);
      if (known === undefined) {
        fresh.push(work);
        continue;
      }
      this.proven.delete(work.key);
      this.proven.set(work.key, known);
      work.hashes = known.hashes;
      work.nodes = known.nodes;
      comeBack.push(...known.nodes);
    }
    makeKeys(this.kernel, comeBack, ({ info }, code) => {
      throw new Error(`${code}: ${toHex(info.hashedId8)}, which a message has proven`);
    });
    if (fresh.length > 0) this.checkFresh(fresh, diligence);
  }

  /**
   * Remembers a list. Only for lists that stand: anybody can mint certificates that fail, or implicit ones that nothing has
   * proven yet, and they must not push out the good ones (DECISIONS D18).
   */
  remember(list: ListWork): void {
    if (!stands(list) || this.keyByIdentity.has(list.identity)) return;
    const { key, identity, hashes, certificates } = list;
    const nodes = list.nodes.map((one) => detached(one, certificates.length));
    this.proven.set(key, { identity, hashes, nodes });
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

  private checkFresh(works: readonly ListWork[], diligence: Diligence): void {
    const infos = examineAll(
      this.kernel,
      works.flatMap(({ certificates }) => certificates),
      this.leniency,
      this.book,
    );
    let next = 0;
    const lists = works.map((work) => {
      let list = infos.slice(next, (next += work.certificates.length));
      work.inconsistency = inconsistencyOf(list);
      // Of a list that is no chain only the signing certificate is verified, so that its signature can still be named.
      work.hashes = list.map(({ hash }) => hash);
      if (work.inconsistency !== undefined) list = list.slice(0, 1);
      return { work, list, above: undefined as readonly ChainNode[] | undefined };
    });
    const deepest = Math.max(...lists.map(({ list }) => list.length));
    // From the end of each list towards its leaf, all lists in step.
    for (let level = deepest - 1; level >= 0; level--) {
      const tasks: { entry: (typeof lists)[number]; task: ChainTask }[] = [];
      for (const entry of lists) {
        const info = entry.list[level];
        if (info === undefined) continue;
        // A pin vouches for a signer, never for what it issued.
        const known = level === 0 ? this.trust.exact(info) : this.trust.anchor(info);
        if (known !== undefined) entry.above = [known];
        else tasks.push({ entry, task: this.taskFor(entry.work, info, level, entry.above) });
      }
      const results = checkChains(
        this.kernel,
        tasks.map(({ task }) => task),
        { ...diligence, book: this.book },
      );
      tasks.forEach(({ entry }, i) => {
        entry.above = results[i] as readonly ChainNode[];
      });
    }
    for (const { work, above } of lists) work.nodes = above as readonly ChainNode[];
  }

  private taskFor(
    { isItem }: ListWork,
    info: CertificateInfo,
    level: number,
    above: readonly ChainNode[] | undefined,
  ): ChainTask {
    const attached = isItem ? 'no' : level > 0 ? 'issuer' : 'signer';
    const [candidates, removal] = [above ?? this.trust.candidatesFor(info), this.trust.removalOf(info)];
    return { info, candidates, removal, wantsKey: isItem, attached };
  }
}

/** Whether a message could prove the list: it is one chain, and that chain reaches what is trusted. */
export function stands({ nodes, inconsistency }: ListWork): boolean {
  return inconsistency === undefined && nodes.some(isProven);
}

/**
 * A verified certificate whose first `count` certificates, those of the list, have octets of their own: it will be remembered, and views would
 * keep the whole batch alive that they came in. Anchors and pins are the trust material's.
 */
function detached(node: ChainNode, count: number): ChainNode {
  const { info, issuer } = node;
  if (count === 0 || issuer === undefined) return node;
  return { ...node, info: info.detached(), issuer: detached(issuer, count - 1) };
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
