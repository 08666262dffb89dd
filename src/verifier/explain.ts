/** Why an item gets its verdict: a walk over the list of rules, with the facts of the item, and of every certificate of its chain. */
import { annotate, type Schema, type TraceNode, toHex } from '../coer/index.ts';
import { Certificate, formatTai, Ieee1609Dot2Data } from '../dot2/index.ts';
import {
  applies,
  DecodedCertificateFacts,
  type MessageFacts,
  type Rule,
  type RuleBook,
  STATEFUL_RULES,
  type StatefulRule,
  verifiedAt,
} from '../rules/index.ts';
import { CODES, type Failure, type FailureCode, type Stage, stageIndex, type Verdict } from '../verdict/index.ts';
import type { BatchContext } from './batch-context.ts';
import { hashedId8Text } from './certificate-info.ts';
import { chainFacts } from './chain-facts.ts';
import type { ChainNode } from './chain-node.ts';
import { CERTIFICATE_FIELDS, type Fields, find, MESSAGE_FIELDS, plain } from './explain-facts.ts';
import type { Candidate } from './message-work.ts';
import type { RevocationStatus } from './revocation-status.ts';
import type { Item } from './types.ts';

/**
 * `passed` and `failed` say what came of the rule; `notApplicable`: a fact that it is about is absent; `notChecked`: what it
 * compares is not
 * known, because of another failure.
 */
export type RuleOutcome = 'passed' | 'failed' | 'notApplicable' | 'notChecked';

/** The place of a fact in the item: a path of field names, and an offset in bytes. */
export interface FactField {
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}

/** One rule, and what came of it. Plain data: it survives JSON unchanged. */
export interface ExplainedRule {
  readonly id: string;
  readonly codes: readonly FailureCode[];
  /** Standard and clause, or the decision that asks for it. */
  readonly clause: string;
  readonly stage: Stage;
  /** As `Failure.depth`: 0 the item; for a message 1 its signing certificate. */
  readonly depth: number;
  readonly outcome: RuleOutcome;
  /** False if the verdict would be the same without it, so that `verify` leaves it out (DECISIONS D44). */
  readonly needed: boolean;
  readonly failures: readonly { readonly code: FailureCode; readonly detail: string }[];
  /** The values compared, by the names of the facts: times as RFC 3339, octets as hex, null if absent. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Where those of them stand that are fields of the item. */
  readonly fields: Readonly<Record<string, FactField>>;
}

/** A certificate of the chain, from the item or its signer up to the anchor. */
export interface ExplainedCertificate {
  readonly depth: number;
  readonly hashedId8: string;
  readonly type: string;
  /** HashedId8 by which it names its issuer, or `self`. */
  readonly issuer: string;
  readonly validFrom: string;
  readonly validUntil: string;
  readonly trust: Verdict['trust'];
  readonly signature: Verdict['signature'];
  /** What CRLs say of this certificate alone; undefined if none is asked. */
  readonly revocation?: { readonly state: string; readonly nextCrl?: string; readonly source?: string };
}

/** A certificate that may have signed the message, or for a certificate one that may have issued it. */
export interface ExplainedCandidate {
  readonly hashedId8: string;
  readonly from: 'trust' | 'attached' | 'learned';
  /** What its key says of the signature. */
  readonly signature: string;
  readonly chosen: boolean;
}

/** Everything about one item. Plain data. */
export interface Explanation {
  /** As `verify` gives it. */
  readonly verdict: Verdict;
  /** The time of verification, RFC 3339. */
  readonly at: string;
  /** The path that `verify` takes now; the verdict does not depend on it. */
  readonly path: 'fast' | 'full';
  readonly chain: readonly ExplainedCertificate[];
  readonly candidates: readonly ExplainedCandidate[];
  /** In the order of verification: by stage, and inside a stage from the root down. */
  readonly rules: readonly ExplainedRule[];
}

/** What a verifier has found out about an item. */
export interface Examined {
  readonly item: Item;
  readonly failures: readonly Failure[];
  /** Members of the verdict that do not follow from failures. */
  readonly known: Partial<Verdict>;
  /** Of a message that was decoded. */
  readonly facts?: MessageFacts;
  /** The certificate itself, or the one that signed the message. */
  readonly node?: ChainNode;
  readonly revocationStatus?: RevocationStatus | undefined;
  readonly chosen?: Candidate;
  readonly candidates?: readonly (Candidate & { readonly isAvailable: boolean })[];
}

interface Material extends Examined {
  readonly book: RuleBook;
  readonly verdict: Verdict;
  readonly under: BatchContext;
  readonly path: Explanation['path'];
}

export function explanationOf(material: Material): Explanation {
  const { verdict, under, path } = material;
  return {
    verdict,
    at: formatTai(under.at),
    path,
    chain: chainOf(material),
    candidates: candidatesOf(material),
    rules: new Walk(material).rules(),
  };
}

/** The certificates of the chain, each with its depth. */
function nodesOf({ node: lowest, item }: Examined): { readonly node: ChainNode; readonly depth: number }[] {
  const nodes: { node: ChainNode; depth: number }[] = [];
  let depth = item.kind === 'certificate' ? 0 : 1;
  for (let node = lowest; node !== undefined; node = node.issuer) nodes.push({ node, depth: depth++ });
  return nodes;
}

function chainOf(material: Material): ExplainedCertificate[] {
  const answers = answersOf(material);
  return nodesOf(material).map(({ node, depth }, i) => {
    const { info, trust, signature } = node;
    const { issuer } = info.certificate;
    const answer = answers[i];
    return {
      depth,
      hashedId8: hashedId8Text(info),
      type: info.certificate.type,
      issuer: issuer.value instanceof Uint8Array ? toHex(issuer.value) : 'self',
      validFrom: formatTai(info.validity.start),
      validUntil: formatTai(info.validity.end),
      trust,
      signature,
      ...(answer && { revocation: answer }),
    };
  });
}

function answersOf({ revocationStatus }: Material): NonNullable<ExplainedCertificate['revocation']>[] {
  const answers: NonNullable<ExplainedCertificate['revocation']>[] = [];
  for (let one = revocationStatus; one !== undefined; one = one.above) {
    const { own } = one;
    answers.push({
      state: own.state,
      ...(own.state !== 'notChecked' && { nextCrl: formatTai(BigInt(own.nextCrl) * 1_000_000n) }),
      ...(own.state === 'revoked' && { source: own.hit.source }),
    });
  }
  return answers;
}

function candidatesOf({ candidates = [], chosen, node, item, facts }: Material): ExplainedCandidate[] {
  if (item.kind === 'certificate') {
    if (node?.issuer === undefined) return [];
    const { signature, issuer } = node;
    return [{ hashedId8: hashedId8Text(issuer.info), from: 'trust', signature, chosen: true }];
  }
  const isAttached = facts !== undefined && candidates.some(({ list }) => list === chosen?.list) && !isByDigest(item);
  return candidates
    .filter(({ isAvailable }) => isAvailable)
    .map(({ node: one, list, outcome }) => ({
      hashedId8: hashedId8Text(one.info),
      from: list === undefined ? 'trust' : isAttached ? 'attached' : 'learned',
      signature: outcome,
      chosen: one === chosen?.node && list === chosen.list,
    }));
}

function isByDigest({ bytes }: Item): boolean {
  return (
    find(annotate(Ieee1609Dot2Data as Schema<unknown>, bytes).tree, 'content.signedData.signer.digest') !== undefined
  );
}

class Walk {
  private readonly material: Material;
  private readonly tree: TraceNode;
  private readonly found: ExplainedRule[] = [];
  /** Failures that no declared rule has accounted for: those of rules whose facts are the verifier's state. */
  private readonly left: Failure[];

  constructor(material: Material) {
    this.material = material;
    const { item } = material;
    const schema = (item.kind === 'certificate' ? Certificate : Ieee1609Dot2Data) as Schema<unknown>;
    this.tree = annotate(schema, new Uint8Array(item.bytes)).tree;
    this.left = [...material.failures];
  }

  rules(): ExplainedRule[] {
    const { book, facts, node, item, under } = this.material;
    if (item.kind === 'message') {
      this.declared(book.messageStructure, facts, 0, true, MESSAGE_FIELDS);
      const withSigner = node === undefined ? undefined : facts;
      this.declared([...book.messageSigner, ...book.relevance], withSigner, 0, true, MESSAGE_FIELDS);
    } else if (node !== undefined) {
      const { info, trust } = node;
      const { period: validity } = info;
      const own = { type: info.certificate.type, trust, validity, verifiedAt: verifiedAt(under.receiver, validity) };
      this.declared(book.certificateItem, own, 0, true, CERTIFICATE_FIELDS);
    }
    for (const { node, depth } of nodesOf(this.material)) this.certificate(node, depth);
    this.revocation();
    this.stateful();
    return this.found.sort((a, b) => stageIndex(orderOf(a)) - stageIndex(orderOf(b)) || b.depth - a.depth);
  }

  /** The rules of one certificate of the chain. */
  private certificate(node: ChainNode, depth: number): void {
    const { book, item } = this.material;
    const { info, issuer } = node;
    const fields = this.fieldsOfCertificate(depth);
    const own = new DecodedCertificateFacts(info.certificate, info.allowed.has('min-chain-length'));
    this.declared(book.certificate, own, depth, true, fields);
    if (issuer === undefined) return;
    const attached = item.kind === 'certificate' ? 'no' : depth === 1 ? 'signer' : 'issuer';
    const facts = chainFacts(info, issuer, this.isAttached(depth) ? attached : 'no');
    this.declared(book.chainLength, facts, depth, issuer.trust !== 'none', fields);
    this.declared(book.chain, facts, depth, issuer.isGenuine, fields);
  }

  private isAttached(depth: number): boolean {
    return find(this.tree, `content.signedData.signer.certificate.[${depth - 1}]`) !== undefined;
  }

  private fieldsOfCertificate(depth: number): Fields {
    const { kind } = this.material.item;
    const prefix = kind === 'certificate' ? '' : `content.signedData.signer.certificate.[${depth - 1}].`;
    if (kind === 'certificate' && depth > 0) return {};
    return Object.fromEntries(Object.entries(CERTIFICATE_FIELDS).map(([fact, path]) => [fact, prefix + path]));
  }

  private revocation(): void {
    const { book, revocationStatus, under, failures, item } = this.material;
    const depth = item.kind === 'certificate' ? 0 : 1;
    const isValidOtherwise = failures.every(
      ({ code }) => CODES[code].stage === 'revocation' || code === 'implicitReconstructed',
    );
    if (revocationStatus === undefined) {
      this.declared(book.revocation, undefined, depth, true, {}, 'notApplicable');
      return;
    }
    let at = depth;
    for (let one: RevocationStatus | undefined = revocationStatus; one !== undefined; one = one.above, at++) {
      this.declared(book.revocation, one.factsUnder(under.rules, isValidOtherwise), at, true, {});
    }
  }

  /** Declared rules over facts; without facts they are not checked. */
  private declared<F extends object>(
    rules: readonly Rule<F>[],
    facts: F | undefined,
    depth: number,
    needed: boolean,
    fields: Fields,
    without: RuleOutcome = 'notChecked',
  ): void {
    for (const rule of rules) {
      const { id, codes, clause } = rule;
      const at = depth + rule.depth;
      const stage = rule.stage ?? CODES[codes[0] as FailureCode].stage;
      const base = { id, codes, clause, stage, depth: at };
      if (facts === undefined) {
        this.found.push({ ...base, outcome: without, needed, failures: [], facts: {}, fields: {} });
        continue;
      }
      const isAbout = applies(rule, facts);
      const findings = isAbout ? rule.findings(facts) : [];
      const [first] = findings;
      const counted = findings.flatMap(({ code, detail }) => this.account(code, detail, at) ?? []);
      this.found.push({
        ...base,
        stage: first === undefined ? stage : (first.stage ?? CODES[first.code].stage),
        outcome: !isAbout ? 'notApplicable' : findings.length > 0 ? 'failed' : 'passed',
        // What breaks a rule and is not among the failures was outweighed there: of CRLs only the first rule counts.
        needed: findings.length > 0 ? counted.some(({ surplus }) => !surplus) : needed,
        failures: findings.map(({ code, detail }) => ({ code, detail })),
        facts: Object.fromEntries(rule.reads.map((fact) => [fact, plain(fact, facts[fact])])),
        fields: this.fieldsOf(rule.reads, fields),
      });
    }
  }

  /** Takes a failure out of those that are left. */
  private account(code: FailureCode, detail: string, depth: number): Failure | undefined {
    const at = this.left.findIndex((one) => one.code === code && one.depth === depth && one.detail === detail);
    return at < 0 ? undefined : this.left.splice(at, 1)[0];
  }

  private fieldsOf(reads: readonly string[], fields: Fields): Record<string, FactField> {
    const found: Record<string, FactField> = {};
    for (const fact of reads) {
      const path = fields[fact];
      const node = path === undefined ? undefined : find(this.tree, path);
      if (node !== undefined) {
        found[fact] = { path: path as string, offset: node.offset, length: node.end - node.offset };
      }
    }
    return found;
  }

  /** Rules whose facts are the verifier's state: what is left of the failures is theirs. */
  private stateful(): void {
    const { item } = this.material;
    const nodes = nodesOf(this.material);
    for (const rule of STATEFUL_RULES) {
      if (!isOfCertificates(rule)) {
        if (item.kind === 'message' || !OF_MESSAGES.has(rule.id))
          this.pushStateful(rule, 0, this.outcomeOfItem(rule), true);
        continue;
      }
      for (const { node, depth } of nodes) this.pushStateful(rule, depth, outcomeOfNode(rule, node), isNeeded(node));
    }
    for (const failure of this.left.splice(0)) {
      throw new Error(`no rule accounts for ${failure.code} at depth ${failure.depth}`);
    }
  }

  private pushStateful(rule: StatefulRule, depth: number, outcome: RuleOutcome, needed: boolean): void {
    const { id, codes, clause } = rule;
    const own = this.left.filter((one) => one.depth === depth && codes.includes(one.code));
    for (const failure of own) this.left.splice(this.left.indexOf(failure), 1);
    const surplus = own.length > 0 && own.every((failure) => failure.surplus);
    const stage = CODES[(own[0]?.code ?? stageCodeOf(rule, depth)) as FailureCode].stage;
    this.found.push({
      id,
      codes,
      clause,
      stage,
      depth,
      outcome: own.length > 0 ? 'failed' : outcome,
      needed: own.length > 0 ? !surplus : needed,
      failures: own.map(({ code, detail }) => ({ code, detail })),
      facts: {},
      fields: {},
    });
  }

  /** Of a rule about the item itself that has no failure. */
  private outcomeOfItem({ id }: StatefulRule): RuleOutcome {
    const { failures, facts, node, chosen, under, item } = this.material;
    const isDecoded = facts !== undefined || node !== undefined;
    switch (id) {
      case 'decodable':
      case 'structureKind':
        return isDecoded ? 'passed' : 'notChecked';
      case 'signerFound':
        return isDecoded ? 'passed' : 'notChecked';
      case 'signerListIsChain':
        if (chosen === undefined) return isDecoded ? 'notApplicable' : 'notChecked';
        return isByDigest(item) ? 'notApplicable' : 'passed';
      case 'messageSignature':
        return chosen?.outcome === 'ok' ? 'passed' : 'notChecked';
      case 'notReplayed':
        if (under.policy.relevance?.replayWindowSeconds === undefined) return 'notApplicable';
        return failures.length === 0 ? 'passed' : 'notChecked';
      default:
        return 'passed';
    }
  }
}

const OF_MESSAGES: ReadonlySet<string> = new Set([
  'signerFound',
  'signerListIsChain',
  'messageSignature',
  'notReplayed',
]);
const OF_CERTIFICATES: ReadonlySet<string> = new Set([
  'issuerFound',
  'chainEndsAtRoot',
  'publicKeyOnCurve',
  'keyReconstructed',
  'chainSignature',
]);

function isOfCertificates({ id }: StatefulRule): boolean {
  return OF_CERTIFICATES.has(id);
}

/** The code whose stage a rule has at a depth: a CA's wrong signature has one of its own. */
function stageCodeOf({ id, codes }: StatefulRule, depth: number): FailureCode {
  if (id === 'chainSignature' && depth === 0) return 'badSignature';
  return codes[0] as FailureCode;
}

/** Of a rule about a certificate that has no failure. */
function outcomeOfNode({ id }: StatefulRule, { issuer, info, trust, key, signature }: ChainNode): RuleOutcome {
  const isTrustedItself = issuer === undefined && trust !== 'none';
  const isImplicit = info.certificate.type === 'implicit';
  switch (id) {
    case 'issuerFound':
      return issuer === undefined ? 'notApplicable' : 'passed';
    case 'chainEndsAtRoot':
      return isTrustedItself ? 'passed' : 'notApplicable';
    case 'publicKeyOnCurve':
      return key === undefined ? 'notChecked' : 'passed';
    case 'keyReconstructed':
      return !isImplicit || isTrustedItself ? 'notApplicable' : key === undefined ? 'notChecked' : 'passed';
    default:
      if (isTrustedItself || isImplicit) return 'notApplicable';
      return signature === 'ok' ? 'passed' : 'notChecked';
  }
}

/** Whether arithmetic on a certificate can matter: below what is not genuine it cannot. */
function isNeeded({ issuer, trust }: ChainNode): boolean {
  return issuer === undefined ? trust !== 'none' : issuer.isGenuine;
}

function orderOf({ codes, stage }: ExplainedRule): Pick<Failure, 'code' | 'stage'> {
  return { code: codes[0] as FailureCode, stage };
}
