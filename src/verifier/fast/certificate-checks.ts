/** The rules on certificates as the fast path checks them: derived from the rule book for each template. */
import { decode } from '../../coer/index.ts';
import { Certificate, validityMicros } from '../../dot2/index.ts';
import {
  type CertificateItemFacts,
  type ChainFacts,
  DecodedCertificateFacts,
  failuresBy,
  keeps,
  type Period,
  periodOf,
  type Receiver,
  type Rule,
  type RuleBook,
  verifiedAt,
} from '../../rules/index.ts';
import { type Failure, stageIndex } from '../../verdict/index.ts';
import { chainFacts } from '../chain-facts.ts';
import type { ChainNode } from '../chain-node.ts';
import type { Span } from './byte-template.ts';
import { FILLINGS, filled, isFixed } from './template-facts.ts';

/** Facts of a certificate that the signer's rights are made of; a template has to fix them. */
const OF_RIGHTS = ['appPermissions', 'region'] as const;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What is left to check of a certificate that matches a template. */
export class CertificateChecks {
  /** What every such certificate fails with if it is an item: nothing, or that it is implicit. */
  readonly itemFailures: readonly Failure[];
  private readonly chain: Mutable<ChainFacts>;
  private readonly item: Mutable<CertificateItemFacts>;
  private readonly chainRules: readonly Rule<ChainFacts>[];
  private readonly itemRules: readonly Rule<CertificateItemFacts>[];
  /** Those that can still change the verdict of an item with {@link itemFailures}. */
  private readonly decisiveRules: readonly Rule<CertificateItemFacts>[];

  constructor(
    chain: ChainFacts,
    chainRules: readonly Rule<ChainFacts>[],
    item: CertificateItemFacts,
    itemRules: readonly Rule<CertificateItemFacts>[],
    itemFailures: readonly Failure[],
  ) {
    this.chain = { ...chain };
    this.chainRules = chainRules;
    this.item = { ...item };
    this.itemRules = itemRules;
    this.itemFailures = itemFailures;
    const first = Math.min(...itemFailures.map(stageIndex));
    this.decisiveRules = itemRules.filter(({ codes }) => codes.some((code) => stageIndex({ code }) <= first));
  }

  /** Whether a certificate of that validity keeps the rules towards its issuers. */
  passChain(validity: Period): boolean {
    const { chain, chainRules } = this;
    chain.validity = validity;
    for (let i = 0; i < chainRules.length; i++) if (!keeps(chainRules[i] as Rule<ChainFacts>, chain)) return false;
    return true;
  }

  /** Whether it has no failures but {@link itemFailures} as an item; with `everyError` none that would be listed either. */
  passItem(validity: Period, receiver: Receiver, everyError: boolean): boolean {
    const { item } = this;
    item.validity = validity;
    item.verifiedAt = verifiedAt(receiver, validity);
    const rules = everyError ? this.itemRules : this.decisiveRules;
    for (let i = 0; i < rules.length; i++) if (!keeps(rules[i] as Rule<CertificateItemFacts>, item)) return false;
    return true;
  }
}

/** Facts of an example, or of its copy with other bytes in the open fields. */
interface Example {
  readonly own: DecodedCertificateFacts;
  readonly chain: readonly ChainFacts[];
}

/**
 * The checks for all certificates that match a template, of which `judged` is proven under `issuer`. Undefined if a rule reads a fact that
 * differs between them, and that the template cannot read.
 */
export function certificateChecks(
  node: ChainNode,
  issuer: ChainNode,
  open: readonly Span[],
  book: RuleBook,
): CertificateChecks | undefined {
  const { info, trust } = node;
  const original = exampleOf(info.certificate, node, issuer);
  const copies: Example[] = [];
  for (const filling of FILLINGS) {
    // The octet that says how the key is written is one of two, and closed to all others.
    const copy = filled(info.octets, open, filling);
    for (const at of choicesOf(info.octets, open)) copy[at] = 0x82 | (filling(0) & 1);
    const decoded = decode(Certificate, copy);
    if (!decoded.ok) return undefined;
    copies.push(exampleOf(decoded.value, node, issuer));
  }
  const isFixedOwn = (fact: keyof DecodedCertificateFacts): boolean => {
    return isFixed(
      fact,
      original.own,
      copies.map(({ own }) => own),
    );
  };
  if (!OF_RIGHTS.every(isFixedOwn)) return undefined;
  // Nothing about them is left to check: every one is fixed, and holds for what is proven.
  if (!book.certificate.every(({ reads }) => reads.every(isFixedOwn))) return undefined;

  const isFixedInChain = (fact: keyof ChainFacts): boolean =>
    original.chain.every((example, i) =>
      isFixed(
        fact,
        example,
        copies.map(({ chain }) => chain[i] as ChainFacts),
      ),
    );
  const chainRules: Rule<ChainFacts>[] = [];
  for (const rule of [...book.chainLength, ...book.chain]) {
    if (!rule.reads.every((fact) => fact === 'validity' || isFixedInChain(fact))) return undefined;
    if (rule.reads.includes('validity')) chainRules.push(rule);
    else if (!original.chain.every((facts) => keeps(rule, facts))) return undefined;
  }

  const itemRules: Rule<CertificateItemFacts>[] = [];
  const itemFailures: Failure[] = [];
  const item = { type: info.certificate.type, trust, validity: info.period, verifiedAt: info.period.start };
  for (const rule of book.certificateItem) {
    if (!rule.reads.every((fact) => fact in item)) return undefined;
    if (rule.reads.includes('validity') || rule.reads.includes('verifiedAt')) itemRules.push(rule);
    else itemFailures.push(...failuresBy([rule], item));
  }
  const [facts] = original.chain as [ChainFacts, ...ChainFacts[]];
  return new CertificateChecks(valuesOf(facts, chainRules), chainRules, item, itemRules, itemFailures);
}

/** As a signer and as an item: what was attached counts otherwise. */
const ATTACHED = ['signer', 'no'] as const;

function exampleOf(certificate: Certificate, { info }: ChainNode, issuer: ChainNode): Example {
  const period = periodOf(validityMicros(certificate.toBeSigned.validityPeriod));
  const { allowed } = info;
  return {
    own: new DecodedCertificateFacts(certificate, allowed.has('min-chain-length')),
    chain: ATTACHED.map((attached) => chainFacts({ certificate, period, allowed }, issuer, attached)),
  };
}

/** The first octet of open fields that begin with a choice: the key or reconstruction value. */
function choicesOf(octets: Uint8Array, open: readonly Span[]): number[] {
  return open.flatMap(([start, end]) =>
    end - start === 33 && ((octets[start] as number) & 0xfe) === 0x82 ? [start] : [],
  );
}

/** The facts that rules read, as plain data. */
function valuesOf(facts: ChainFacts, rules: readonly Rule<ChainFacts>[]): ChainFacts {
  const names = new Set(rules.flatMap(({ reads }) => reads));
  return Object.fromEntries([...names].map((fact) => [fact, facts[fact]])) as unknown as ChainFacts;
}
