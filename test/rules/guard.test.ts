/**
 * The fast path keeps every rule of the list. For each rule there is an item that breaks it; if the rule reads what templates leave open, the
 * item matches one: without the rule the fast path would accept it, with the rule it is refused with its code. A rule without such an item
 * fails here, so that nobody has to remember to write a test for one.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../../src/coer/index.ts';
import type { Kernel } from '../../src/kernel/index.ts';
import type { RevocationAnswer } from '../../src/revocation/types.ts';
import {
  type ChainFacts,
  DecodedMessageFacts,
  type MessageFacts,
  RULE_BOOK,
  type Rule,
  type RuleBook,
  rulesOver,
} from '../../src/rules/index.ts';
import {
  type Credential,
  generateKey,
  groupForAll,
  implicitApplicationCertificate,
  issueImplicit,
  named as nameOf,
  PSID_SCMS,
  yearsFrom,
} from '../../src/testbed/index.ts';
import type { Verdict } from '../../src/verdict/index.ts';
import type { Item, Policy, VerifierOptions } from '../../src/verifier/index.ts';
import type { RevocationLookup } from '../../src/verifier/revocation.ts';
import { Verifier } from '../../src/verifier/verifier.ts';
import { withPool } from '../pool/support.ts';
import { createCatalogue, type Scenario } from '../support/catalogue.ts';
import { EVERY_KERNEL, kernelOf } from '../support/every-kernel.ts';
import { KERNEL } from '../support/kernels.ts';
import { some } from '../support/tier.ts';
import {
  EXAMPLES,
  explicit,
  HOUR,
  INSIDE,
  implicit,
  local,
  named,
  OUTSIDE,
  privileged,
  pseudonymWith,
  sent,
} from '../support/traffic-templates.ts';
import { certificate, scms, usual } from '../verifier/support.ts';

const signer = explicit[5] as Credential;
const place = local[1] as Credential;
const START = BigInt(scms.start) * 1_000_000n;
const END = START + 169n * HOUR;
const YEARS = 86_400 * 365;

/** An item that breaks a rule, after those by which its signer is known. */
interface Violation {
  readonly items: () => readonly Item[];
  readonly policy?: Policy;
  readonly index?: RevocationLookup;
}

const NEXT_CRL = Number(scms.at / 1_000_000n) + 86_400;
const WEEKS = 14 * 86_400;
const late: Policy = { at: scms.at + BigInt(86_400 + WEEKS + 10) * 1_000_000n, atOwnStart: true };

/** CRLs that say the same of every certificate, but something else of one. */
function crlsSaying(
  one: Credential,
  answer: RevocationAnswer,
  others: RevocationAnswer = NOT_REVOKED,
): RevocationLookup {
  const { id } = one.toBeSigned;
  const its = id.tag === 'linkageData' ? toHex(id.value.linkageValue) : '';
  return {
    scopeOf: () => ({ check: ({ linkage }) => (linkage && toHex(linkage.linkageValue) === its ? answer : others) }),
  };
}
const NOT_REVOKED: RevocationAnswer = { state: 'notRevoked', nextCrl: NEXT_CRL };
const HIT = { crl: '', source: 'crl', craca: '', series: 1, rule: 'linkageValue', entry: 0 } as const;

/** Of rules that read what templates leave open. */
const VIOLATIONS: Readonly<Record<string, Violation>> = {
  headerPsid: { items: () => [sent(privileged, { psid: PSID_SCMS }), named(privileged)] },
  generatedBeforeSigner: { items: () => [sent(signer, { generationTime: START - 1n })] },
  generatedAfterSigner: { items: () => [sent(signer, { generationTime: END + 1n })] },
  expiresBeforeSigner: { items: () => [sent(signer, { generationTime: START, expiryTime: START - 1n })] },
  expiresAfterSigner: { items: () => [sent(signer, { expiryTime: END + 1n })] },
  generationLocationRequired: { items: () => [sent(place)], policy: { requireLocation: true } },
  generationLocationInRegion: { items: () => [sent(place, { generationLocation: OUTSIDE })] },
  expiryOrder: { items: () => [sent(signer, { expiryTime: scms.at })] },
  lowerLayerPsid: { items: () => [{ ...sent(signer), lowerLayerPsid: 33 }] },
  generatedLately: {
    items: () => [sent(signer, { generationTime: scms.at - 1_000_001n })],
    policy: { relevance: { maxAgeSeconds: 1 } },
  },
  notGeneratedInFuture: {
    items: () => [sent(signer, { generationTime: scms.at + 1_000_001n })],
    policy: { relevance: { maxFutureSeconds: 1 } },
  },
  messageNotExpired: {
    items: () => [sent(signer, { generationTime: scms.at - 9n, expiryTime: scms.at - 1n })],
    policy: { relevance: { checkExpiry: true } },
  },
  signerNotExpired: {
    items: () => [sent(signer)],
    policy: { at: END + 1n, relevance: { checkCertificateExpiry: true } },
  },
  generationLocationAvailable: {
    items: () => [sent(signer)],
    policy: { relevance: { position: { ...INSIDE, maxDistanceMetres: 10 } } },
  },
  generatedNearby: {
    items: () => [sent(signer, { generationLocation: OUTSIDE })],
    policy: { relevance: { position: { ...INSIDE, maxDistanceMetres: 5000 } } },
  },
  startsInsideIssuer: { items: () => [certificate(pseudonymWith('early', {}, scms.start - 20 * YEARS))] },
  endsInsideIssuer: { items: () => [certificate(pseudonymWith('late', {}, scms.start + 40 * YEARS))] },
  certificateStarted: { items: () => [certificate(signer)], policy: { at: START - 1n } },
  certificateNotExpired: { items: () => [certificate(signer)], policy: { at: END + 1n } },
  notRevoked: {
    items: () => [sent(signer)],
    index: crlsSaying(signer, { state: 'revoked', nextCrl: NEXT_CRL, hit: HIT }),
  },
  coveredByCrl: {
    items: () => [sent(signer)],
    index: crlsSaying(signer, { state: 'notChecked' }),
    policy: { requireCrl: true },
  },
  crlNotOverdue: {
    items: () => [sent(signer)],
    index: crlsSaying(signer, NOT_REVOKED, { ...NOT_REVOKED, nextCrl: NEXT_CRL + 100 }),
    policy: late,
  },
  crlNotOverdueOrRejected: {
    items: () => [sent(signer)],
    index: crlsSaying(signer, NOT_REVOKED, { ...NOT_REVOKED, nextCrl: NEXT_CRL + 100 }),
    policy: { ...late, overdue: 'reject' },
  },
  crlEvaluated: {
    items: () => [sent(signer)],
    index: crlsSaying(signer, { state: 'notEvaluated', nextCrl: NEXT_CRL, detail: 'period 7' }),
  },
};

const OFF_CURVE = { x: new Uint8Array(32).fill(7), y: new Uint8Array(32).fill(7) };
const encryptionKey = {
  supportedSymmAlg: 'aes128Ccm',
  publicKey: { tag: 'eciesNistP256', value: { tag: 'uncompressed', value: OFF_CURVE } },
} as const;

/** An implicit CA. */
function implicitCa(label: string, issuer: Credential): Credential {
  const fields = {
    id: nameOf(label),
    cracaId: scms.cracaId,
    crlSeries: 2,
    validityPeriod: yearsFrom(scms.start, 1),
    certIssuePermissions: [groupForAll({ min: 1, range: -1 }, 0x80)],
  };
  return issueImplicit({ issuer, fields, secret: generateKey(scms.random.fork(label)).d });
}

/** A message whose list has three implicit certificates, none of them trusted. */
function sentUnderImplicitCas(): Item {
  const below = implicitCa('below', implicitCa('above', scms.ica));
  const leaf = implicitApplicationCertificate(scms, { label: 'under implicit CAs', issuer: below });
  return sent(leaf, { signer: 'chain' });
}

/** Of other rules: what the catalogue of faults does not have. */
const MORE_FAULTS: Readonly<Record<string, () => Item>> = {
  certRequestPermissionsGroups: () =>
    certificate(pseudonymWith('request', { certRequestPermissions: [groupForAll({ min: 0, range: -2 }, 0x80)] })),
  certificateEncryptionKey: () => certificate(pseudonymWith('encryption', { encryptionKey })),
  unprovenImplicit: sentUnderImplicitCas,
  messageEncryptionKey: () => sent(signer, { header: { encryptionKey: { tag: 'public', value: encryptionKey } } }),
  omittedPayload: () => sent(signer, { payload: undefined, omitted: null }),
  externalDataAlgorithm: () => sent(signer, { extDataHash: { tag: 'sm3HashedData', value: new Uint8Array(32) } }),
};

/** Rules that nothing in a template's open fields can break: what breaks them is found in the catalogue of faults. */
const isOpen = (id: string): boolean => id in VIOLATIONS;

type Lists = Exclude<keyof RuleBook, 'factsOfMessage'>;
const LISTS = Object.keys(RULE_BOOK).filter((key) => key !== 'factsOfMessage') as Lists[];
type AnyRule = Rule<Record<string, unknown>>;
const rulesOf = (book: RuleBook, list: Lists): readonly AnyRule[] => book[list] as unknown as readonly AnyRule[];
const RULES = LISTS.flatMap((list) => rulesOf(RULE_BOOK, list));

/** The book with each rule passed through a function; null leaves it out. */
function bookWith(change: (rule: AnyRule) => AnyRule | null, book = RULE_BOOK): RuleBook {
  const lists = LISTS.map((list) => [list, rulesOf(book, list).flatMap((rule) => change(rule) ?? [])]);
  return { ...book, ...(Object.fromEntries(lists) as Partial<RuleBook>) };
}

/** Notes which rules are broken. */
function noting(broken: Set<string>): RuleBook {
  return bookWith((rule) => ({
    ...rule,
    findings: (facts) => {
      const found = rule.findings(facts);
      if (found.length > 0) broken.add(rule.id);
      return found;
    },
  }));
}

type Internals = ConstructorParameters<typeof Verifier>[0];

/** A verifier that has a template of each kind. */
function warmed(options: Partial<Internals> = {}): Verifier {
  const verifier = new Verifier({ ...usual, kernelInstance: KERNEL, ...options });
  verifier.verify(EXAMPLES);
  expect(verifier.metrics.templates).toBeGreaterThan(8);
  return verifier;
}

const last = (verdicts: readonly Verdict[]): Verdict => verdicts[verdicts.length - 1] as Verdict;

/** The verdict on the last item, and whether it took the fast path. */
function judged(verifier: Verifier, { items, policy }: Violation): { verdict: Verdict; fast: boolean } {
  verifier.setPolicy({ at: scms.at, ...policy });
  const all = items();
  verifier.verify(all.slice(0, -1));
  const before = verifier.metrics.fast;
  return { verdict: last(verifier.verify(all.slice(-1))), fast: verifier.metrics.fast > before };
}

const kernels = EVERY_KERNEL.map((name): [string, Kernel] => [name, kernelOf(name)]);

describe('every rule that reads what templates leave open', () => {
  it.each(RULES.filter(({ id }) => isOpen(id)).map((rule) => [rule.id, rule] as const))(
    '%s is kept in warmed templates, and nothing else keeps the item out',
    (id, rule) => {
      const violation = VIOLATIONS[id] as Violation;
      const revocationIndex = violation.index;
      const broken = new Set<string>();
      judged(new Verifier({ ...usual, kernelInstance: KERNEL, ruleBook: noting(broken), revocationIndex }), violation);
      expect([...broken]).toContain(id);

      const without = bookWith((one) => (broken.has(one.id) ? null : one));
      const accepted = judged(warmed({ ruleBook: without, revocationIndex }), violation);
      expect(accepted.fast, accepted.verdict.detail).toBe(true);
      expect(accepted.verdict.code).toBe('ok');

      const alone = bookWith((one) => (one.id !== id && broken.has(one.id) ? null : one));
      for (const [name, kernelInstance] of kernels) {
        const { verdict, fast } = judged(warmed({ ruleBook: alone, kernelInstance, revocationIndex }), violation);
        expect(rule.codes, name).toContain(verdict.code);
        expect(fast).toBe(false);
      }
      const { verdict } = judged(warmed({ revocationIndex }), violation);
      expect(verdict.verdict).not.toBe('valid');
    },
  );
});

describe('every other rule', () => {
  const catalogue = createCatalogue('verifier');
  /** Scenarios that a rule decides, by its id. */
  const decidedBy = new Map<string, Pick<Scenario, 'items' | 'options'>>();
  beforeAll(() => {
    const more = Object.values(MORE_FAULTS).map((make) => ({ items: [make()], options: usual }));
    for (const scenario of [...catalogue.faults, ...catalogue.specials, ...more]) {
      const broken = new Set<string>();
      const verifier = new Verifier({ ...scenario.options, kernelInstance: KERNEL, ruleBook: noting(broken) });
      const { code } = last(verifier.verify(scenario.items));
      for (const { id, codes } of RULES) {
        if (broken.has(id) && codes.some((one) => one === code) && !decidedBy.has(id)) decidedBy.set(id, scenario);
      }
    }
  });

  const others = RULES.filter(({ id }) => !isOpen(id)).map((rule) => [rule.id, rule] as const);
  it.each(others)('%s has a fault, and is kept by verifiers that have templates, in every kernel', (id, { codes }) => {
    const scenario = decidedBy.get(id);
    expect(scenario, `no fault of the catalogue is decided by the rule ${id}`).toBeDefined();
    const { items, options } = scenario as Pick<Scenario, 'items' | 'options'>;
    for (const [name, kernelInstance] of kernels) {
      const verifier = warmed({ kernelInstance });
      verifier.setTrust(options.trust);
      verifier.verify(EXAMPLES);
      const { trust: _, ...policy } = options;
      verifier.setPolicy(policy);
      expect(codes, name).toContain(last(verifier.verify(items)).code);
    }
  });
});

describe('pooled', () => {
  it.each(some(EVERY_KERNEL, 1))(
    '%s: what breaks a rule is refused behind the examples that make templates',
    async (kernel) => {
      const byPolicy = new Map<string, { policy: Policy; cases: [string, readonly Item[]][] }>();
      for (const [id, { items, policy = {}, index }] of Object.entries(VIOLATIONS)) {
        if (index !== undefined) continue;
        const key = JSON.stringify(policy, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
        const group = byPolicy.get(key) ?? { policy, cases: [] };
        byPolicy.set(key, group);
        group.cases.push([id, items()]);
      }
      for (const { policy, cases } of byPolicy.values()) {
        const options: VerifierOptions = { ...usual, ...policy, kernel };
        const items = [...EXAMPLES, ...EXAMPLES, ...cases.flatMap(([, own]) => own)];
        const verdicts = await withPool({ ...options, threads: 2, maxBatch: EXAMPLES.length }, (pool) =>
          pool.verifyAll(items),
        );
        expect(verdicts).toEqual(new Verifier({ ...options, fastPath: false }).verify(items));
        let at = 2 * EXAMPLES.length - 1;
        for (const [id, own] of cases) {
          at += own.length;
          expect(verdicts[at]?.verdict, id).toBe('invalid');
        }
      }
    },
  );
});

describe('a rule that is added to the list alone', () => {
  const messageRule = rulesOver<MessageFacts>();
  const shortLived = messageRule({
    id: 'shortLived',
    code: 'expiryDateTooLate',
    clause: 'test',
    reads: ['generationTime', 'expiryTime'],
    given: ['generationTime', 'expiryTime'],
    holds: ({ generationTime, expiryTime }) => expiryTime <= Number(generationTime) + 600e6,
    detail: () => 'a message lives ten minutes at most',
  });
  const lived = (minutes: bigint) => ({ expiryTime: scms.at + minutes * 60_000_000n });

  it('is kept by messages that match a warmed template', () => {
    const ruleBook = { ...RULE_BOOK, messageSigner: [...RULE_BOOK.messageSigner, shortLived] };
    const verifier = new Verifier({ ...usual, kernelInstance: KERNEL, ruleBook });
    const [first, second] = [explicit[6] as Credential, implicit[6] as Credential];
    verifier.verify([first, second].flatMap((one) => [sent(one, lived(5n)), named(one, lived(5n))]));
    for (const one of [first, second, explicit[7] as Credential, implicit[7] as Credential]) {
      for (const make of [sent, named]) {
        const before = verifier.metrics.fast;
        expect(verifier.verify([make(one, lived(5n))])[0]?.code).toBe('ok');
        expect(verifier.metrics.fast).toBe(before + 1);
        expect(verifier.verify([make(one, lived(60n))])[0]).toMatchObject({
          code: 'expiryDateTooLate',
          verdict: 'invalid',
        });
        expect(verifier.metrics.fast).toBe(before + 1);
      }
    }
  });

  it('about certificates is kept by certificates that match a warmed template', () => {
    const notLate = rulesOver<ChainFacts>()({
      id: 'notLate',
      code: 'inconsistentExpiryTimes',
      clause: 'test',
      reads: ['validity'],
      holds: ({ validity }) => validity.start < Number(START) + 1,
      detail: () => 'starts late',
    });
    const ruleBook = { ...RULE_BOOK, chain: [...RULE_BOOK.chain, notLate] };
    const verifier = new Verifier({ ...usual, kernelInstance: KERNEL, ruleBook, atOwnStart: true });
    for (let i = 0; i < 2; i++) verifier.verify([certificate(signer)]);
    expect(verifier.metrics.fast).toBe(1);
    const later = pseudonymWith('later', {}, scms.start + 1);
    expect(verifier.verify([certificate(later)])[0]?.code).toBe('inconsistentExpiryTimes');
    expect(verifier.verify([sent(later)])[0]?.code).toBe('inconsistentExpiryTimes');
  });

  /** Facts that no template knows of: the payload, and the certificate that is attached. */
  class MoreFacts extends DecodedMessageFacts {
    private readonly received: ConstructorParameters<typeof DecodedMessageFacts>[1];

    constructor(...[data, signed, ...rest]: ConstructorParameters<typeof DecodedMessageFacts>) {
      super(data, signed, ...rest);
      this.received = signed;
    }

    get payloadEnd(): number | undefined {
      const content = this.received.tbsData.payload.data?.content;
      return content?.tag === 'unsecuredData' ? content.value[4] : undefined;
    }

    get attachedName(): string {
      const { signer: attached } = this.received;
      return attached.tag === 'certificate' ? (attached.value[0]?.toBeSigned.id.tag ?? '') : '';
    }

    get payloadVersion(): number | undefined {
      return this.received.tbsData.payload.data?.protocolVersion;
    }
  }
  const moreRule = rulesOver<MessageFacts & Pick<MoreFacts, 'payloadEnd' | 'attachedName' | 'payloadVersion'>>();
  const bookOf = (rule: Rule<never>): RuleBook => ({
    ...RULE_BOOK,
    messageStructure: [...RULE_BOOK.messageStructure, rule as unknown as Rule<MessageFacts>],
    factsOfMessage: MoreFacts,
  });
  const payloadRule = moreRule({
    id: 'payloadEnd',
    code: 'noPayload',
    clause: 'test',
    reads: ['payloadEnd'],
    holds: ({ payloadEnd }) => payloadEnd === 7,
    detail: () => 'another end',
  });
  const attachedRule = moreRule({
    id: 'attachedName',
    code: 'noPayload',
    clause: 'test',
    reads: ['attachedName', 'expiryTime'],
    holds: ({ attachedName }) => attachedName !== 'name',
    detail: () => 'a name',
  });

  it('makes templates refuse if it reads what they do not fix', () => {
    for (const [rule, isSilent] of [
      [payloadRule, named],
      [payloadRule, sent],
      [attachedRule, sent],
    ] as const) {
      const verifier = new Verifier({ ...usual, kernelInstance: KERNEL, ruleBook: bookOf(rule) });
      for (let i = 0; i < 3; i++) {
        verifier.verify([sent(signer)]);
        expect(verifier.verify([isSilent(signer)])[0]?.code).toBe('ok');
      }
      // Templates of certificates there may be; of messages there is none.
      expect(verifier.metrics.fast).toBe(0);
    }
    const verifier = new Verifier({ ...usual, kernelInstance: KERNEL, ruleBook: bookOf(payloadRule) });
    verifier.verify(EXAMPLES);
    expect(verifier.verify([sent(signer, { payload: Uint8Array.of(1, 2, 3, 7, 8) })])[0]?.code).toBe('noPayload');
  });

  it('leaves templates alone if they fix what it reads', () => {
    const fixedRule = moreRule({
      id: 'payloadVersion',
      code: 'noPayload',
      clause: 'test',
      reads: ['payloadVersion', 'expiryTime'],
      holds: ({ payloadVersion }) => payloadVersion === 3,
      detail: () => 'another version',
    });
    const verifier = new Verifier({ ...usual, kernelInstance: KERNEL, ruleBook: bookOf(fixedRule) });
    for (let i = 0; i < 2; i++) verifier.verify([sent(signer)]);
    expect(verifier.metrics.fast).toBe(1);
  });
});

describe('a rule that throws', () => {
  it('is a failure of the verifier, and never an acceptance', () => {
    const throwing = rulesOver<MessageFacts>()({
      id: 'throwing',
      code: 'noPayload',
      clause: 'test',
      reads: ['generationTime'],
      holds: () => {
        throw new Error('out of order');
      },
      detail: () => '',
    });
    const ruleBook = { ...RULE_BOOK, messageSigner: [...RULE_BOOK.messageSigner, throwing] };
    const verifier = new Verifier({ ...usual, kernelInstance: KERNEL, ruleBook });
    for (let i = 0; i < 2; i++) expect(verifier.verify([sent(signer)])[0]?.code).toBe('internalFailure');
  });
});
