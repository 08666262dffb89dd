import { toHex } from '../coer/index.ts';
import type { CertificateId } from '../dot2/index.ts';
import type { CrlScope, LinkageQuery, RevocationAnswer, RevocationQuery } from '../revocation/index.ts';
import type { CertificateInfo } from './certificate-info.ts';
import type { ChainNode } from './chain-node.ts';
import type { CertificateTemplate } from './fast/certificate-template.ts';
import { hashedId10sOf, hashedId10sOfOctets } from './hashed-ids.ts';
import { RevocationStatus } from './revocation-status.ts';

/** The CRLs of one scope, for certificates that name it. */
export interface ScopeLookup {
  /** `mayExpand`: whether a period without table may be expanded for this certificate now. */
  check(query: Omit<RevocationQuery, 'scope'>, mayExpand: boolean): RevocationAnswer;
}

/** The part of a revocation index that a verifier asks. */
export interface RevocationLookup {
  /** Undefined where no CRL covers the scope. */
  scopeOf(scope: CrlScope): ScopeLookup | undefined;
  /** Periods that were expanded on demand and are held now. */
  readonly localTables?: number;
}

/** Answers that a verifier has asked for. */
export interface RevocationCounts {
  /** Certificates that were looked up. */
  lookups: number;
  hits: number;
  /** Look-ups that found no expanded period. */
  notEvaluated: number;
}

const NOT_CHECKED: RevocationAnswer = { state: 'notChecked' };
/** A pinned certificate: nobody knows which root a CRL for it would come from. */
const PINNED = new RevocationStatus(NOT_CHECKED, undefined);
/** A chain that reaches nothing trusted: that is another rule's failure. */
const NO_CHAIN = new RevocationStatus(NOT_CHECKED, undefined, false);

/** Series of CRLs on which a root, as its own CRACA, names certificates of its PKI. */
const ROOT_MANAGED_SERIES = 256;

/** An anchor, and the hash that its CRLs are known by. */
interface Root {
  readonly id: string;
  readonly revocationStatus: RevocationStatus;
}

/**
 * Asks the index about certificates whose chain was verified, and remembers what it said: a known sender and its issuers cost
 * nothing more. One of these ends with the trust material or the CRLs that it rests on.
 *
 * What a certificate means to a CRL depends on the root that its chain ends at (DECISIONS D21). A pinned certificate has no
 * chain, so that no CRL can be known to cover it.
 */
export class Revocation {
  private readonly index: RevocationLookup | undefined;
  private readonly roots = new WeakMap<ChainNode, Root>();
  /** As the tables that all threads share have it, and with what may be expanded for a proven certificate. */
  private readonly known = new WeakMap<ChainNode, RevocationStatus>();
  private readonly expanded = new WeakMap<ChainNode, RevocationStatus>();
  private readonly scopes = new WeakMap<CertificateTemplate, { readonly lookup: ScopeLookup | undefined }>();
  /** One object for all certificates of an issuer of which the same is said. */
  private readonly children = new WeakMap<RevocationStatus, Map<number, RevocationStatus>>();
  private readonly counts: RevocationCounts;

  /** Without an index nothing is covered: for a policy that requires CRLs where there are none. Adds to `counts`. */
  constructor(index: RevocationLookup | undefined, counts: RevocationCounts) {
    this.index = index;
    this.counts = counts;
  }

  /**
   * What is said of a certificate and its chain. `mayExpand` for what stands otherwise: it decides alone what is looked at, so
   * that the answer does not depend on what was asked before.
   */
  of(node: ChainNode, mayExpand: boolean): RevocationStatus {
    const known = this.known.get(node) ?? this.ask(node, false, this.known);
    if (known.isEvaluated || !mayExpand) return known;
    return this.expanded.get(node) ?? this.ask(node, true, this.expanded);
  }

  /** The same, expanded where that was done for it before: for what will stand if it is verified at all. */
  latest(node: ChainNode): RevocationStatus {
    return this.expanded.get(node) ?? this.of(node, false);
  }

  /** The same for the certificate of a template at `base`, whose hash is known. */
  ofMember(
    template: CertificateTemplate,
    bytes: Uint8Array,
    base: number,
    hash: Uint8Array,
    mayExpand: boolean,
  ): RevocationStatus {
    const above = this.aboveTemplate(template, mayExpand);
    if (this.index === undefined) return this.child(NOT_CHECKED, above);
    const octets = bytes.subarray(base, base + template.byteTemplate.length);
    const { linkage } = template;
    const query = {
      linkage: linkage?.read(octets),
      // Only asked for where a CRL has entries of this kind.
      get hashedId10s() {
        return hashedId10sOfOctets(octets, hash, template.isExplicit);
      },
    };
    return this.child(this.check(this.scopeOfShape(template), query, mayExpand), above);
  }

  /** What is said of the issuers of a template. */
  aboveTemplate({ issuerNode }: CertificateTemplate, mayExpand: boolean): RevocationStatus {
    return this.of(issuerNode, mayExpand);
  }

  private ask(node: ChainNode, mayExpand: boolean, known: WeakMap<ChainNode, RevocationStatus>): RevocationStatus {
    const revocationStatus = this.standingOf(node, mayExpand);
    known.set(node, revocationStatus);
    return revocationStatus;
  }

  private standingOf(node: ChainNode, mayExpand: boolean): RevocationStatus {
    const { issuer, trust, info } = node;
    if (trust === 'none') return NO_CHAIN;
    if (trust === 'pinned') return PINNED;
    if (issuer === undefined) return this.rootOf(node).revocationStatus;
    const above = this.of(issuer, mayExpand);
    return this.child(this.checkAll(queryOf(info, this.rootOf(node).id), mayExpand), above);
  }

  private checkAll(query: RevocationQuery, mayExpand: boolean): RevocationAnswer {
    return this.check(this.index?.scopeOf(query.scope), query, mayExpand);
  }

  private check(
    scope: ScopeLookup | undefined,
    query: Omit<RevocationQuery, 'scope'>,
    mayExpand: boolean,
  ): RevocationAnswer {
    if (this.index === undefined) return NOT_CHECKED;
    this.counts.lookups++;
    if (scope === undefined) return NOT_CHECKED;
    const answer = scope.check(query, mayExpand);
    if (answer.state === 'revoked') this.counts.hits++;
    if (answer.state === 'notEvaluated') this.counts.notEvaluated++;
    return answer;
  }

  private child(own: RevocationAnswer, above: RevocationStatus): RevocationStatus {
    if (own.state === 'revoked' || own.state === 'notEvaluated') return new RevocationStatus(own, above);
    const key = own.state === 'notChecked' ? -1 : own.nextCrl;
    const children = this.children.get(above) ?? new Map<number, RevocationStatus>();
    this.children.set(above, children);
    const known = children.get(key) ?? new RevocationStatus(own, above);
    children.set(key, known);
    return known;
  }

  /** Found once for all certificates of a template. */
  private scopeOfShape(template: CertificateTemplate): ScopeLookup | undefined {
    const known = this.scopes.get(template);
    if (known !== undefined) return known.lookup;
    const lookup = this.index?.scopeOf({ root: this.rootOf(template.issuerNode).id, ...template.crl });
    this.scopes.set(template, { lookup });
    return lookup;
  }

  private rootOf(node: ChainNode): Root {
    let anchor = node;
    while (anchor.issuer !== undefined) anchor = anchor.issuer;
    const known = this.roots.get(anchor);
    if (known !== undefined) return known;
    const id = toHex(anchor.info.hash);
    const root = { id, revocationStatus: new RevocationStatus(this.onAnchor(anchor.info, id), undefined, false) };
    this.roots.set(anchor, root);
    return root;
  }

  /**
   * An anchor is trusted by decision and needs no CRL, but one may name it: under its own cracaId and crlSeries like any
   * certificate, or, because it cannot contain its own hash, as its own CRACA.
   */
  private onAnchor(info: CertificateInfo, root: string): RevocationAnswer {
    const query = queryOf(info, root);
    const cracaId = toHex(info.hashedId8.subarray(-3));
    const asCraca = { ...query, scope: { root, cracaId, crlSeries: ROOT_MANAGED_SERIES } };
    for (const one of [query, asCraca]) {
      const answer = this.checkAll(one, false);
      if (answer.state === 'revoked') return answer;
    }
    return NOT_CHECKED;
  }
}

/** What a certificate asks of the CRLs under a root. */
export function queryOf(info: CertificateInfo, root: string): RevocationQuery {
  const { id, cracaId, crlSeries } = info.certificate.toBeSigned;
  const linkage = linkageOf(id);
  return {
    scope: { root, cracaId: toHex(cracaId), crlSeries },
    ...(linkage && { linkage }),
    get hashedId10s() {
      return hashedId10sOf(info);
    },
  };
}

function linkageOf({ tag, value }: CertificateId): LinkageQuery | undefined {
  if (tag !== 'linkageData') return undefined;
  const { iCert, linkageValue, groupLinkageValue: group } = value;
  return { iCert, linkageValue, ...(group && { group }) };
}
