/** The list of rules is whole, and each rule reads what it declares. */
import { describe, expect, it } from 'vitest';
import {
  applies,
  brokenBy,
  type MessageFacts,
  RULE_BOOK,
  type Rule,
  rulesOver,
  STATEFUL_RULES,
} from '../../src/rules/index.ts';
import { CODES, type FailureCode } from '../../src/verdict/index.ts';

const DECLARED = [
  ...RULE_BOOK.certificate,
  ...RULE_BOOK.chainLength,
  ...RULE_BOOK.chain,
  ...RULE_BOOK.certificateItem,
  ...RULE_BOOK.messageStructure,
  ...RULE_BOOK.messageSigner,
  ...RULE_BOOK.relevance,
  ...RULE_BOOK.revocation,
] as readonly Omit<Rule<never>, 'holds' | 'findings'>[];

describe('the list of rules', () => {
  it('has every code but those of CRLs, and no other', () => {
    const declared = new Set([...DECLARED, ...STATEFUL_RULES].flatMap(({ codes }) => codes));
    const all = Object.keys(CODES) as FailureCode[];
    expect(all.filter((code) => !declared.has(code) && !/^(crl|unexpectedCrl|invalidCrl)/.test(code))).toEqual([]);
    expect([...declared].filter((code) => !(code in CODES))).toEqual([]);
  });

  it('names each rule once, with a clause', () => {
    const ids = [...DECLARED, ...STATEFUL_RULES].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { clause } of [...DECLARED, ...STATEFUL_RULES]) {
      expect(clause).toMatch(/^(IEEE 1609\.2 §\d|DECISIONS D\d|ITU-T X\.696)/);
    }
  });

  it('lets conditions be facts that a rule declares', () => {
    for (const { id, reads, given, lacking } of DECLARED) {
      expect(
        [...given, ...lacking].filter((fact) => !reads.includes(fact)),
        id,
      ).toEqual([]);
    }
  });
});

describe('a declared rule', () => {
  const rule = rulesOver<MessageFacts>();
  const facts = { psid: 32, generationTime: undefined } as MessageFacts;

  it('cannot read a fact that it does not declare', () => {
    const undeclared = rule({
      id: 'undeclared',
      code: 'noPayload',
      clause: 'test',
      reads: ['psid'],
      // @ts-expect-error: generationTime is not declared.
      holds: ({ generationTime }) => generationTime !== undefined,
      detail: () => '',
    });
    const inDetail = rule({
      id: 'undeclared in detail',
      code: 'noPayload',
      clause: 'test',
      reads: ['psid'],
      holds: () => false,
      // @ts-expect-error: expiryTime is not declared.
      detail: ({ expiryTime }) => `${expiryTime}`,
    });
    const inList = rule({
      id: 'undeclared in a list',
      codes: ['noPayload'],
      clause: 'test',
      reads: ['psid'],
      // @ts-expect-error: appPsids is not declared.
      failures: ({ appPsids }) => (appPsids ? [] : []),
    });
    expect([undeclared, inDetail, inList].map(({ reads }) => reads)).toEqual([['psid'], ['psid'], ['psid']]);
  });

  it('cannot have a fact for its condition that it does not read, nor one that does not exist', () => {
    const base = { code: 'noPayload', clause: 'test', holds: () => true, detail: () => '' } as const;
    // @ts-expect-error: the condition is not declared.
    const condition = rule({ ...base, id: 'condition', reads: ['psid'], given: ['trust'] });
    // @ts-expect-error: there is no such fact.
    const unknown = rule({ ...base, id: 'unknown', reads: ['weather'] });
    expect([condition.given, unknown.reads]).toEqual([['trust'], ['weather']]);
  });

  it('may be absent only where it does not say that it is given', () => {
    const given = rule({
      id: 'given',
      code: 'noPayload',
      clause: 'test',
      reads: ['generationTime'],
      given: ['generationTime'],
      holds: ({ generationTime }) => generationTime.toString() === '',
      detail: () => '',
    });
    expect(applies(given, facts)).toBe(false);
    expect(brokenBy([given], facts)).toEqual([]);
    expect(brokenBy([given], { ...facts, generationTime: 0 })).toEqual([{ code: 'noPayload', detail: '' }]);
  });

  it('fails with a code that it declares, or throws', () => {
    const failing = rule({
      id: 'failing',
      codes: ['noPayload'],
      clause: 'test',
      reads: ['psid'],
      failures: ({ psid }) => [{ code: psid === 32 ? 'noPermissions' : 'noPayload', detail: '' }],
    });
    expect(() => brokenBy([failing], facts)).toThrow(/failing does not declare noPermissions/);
    expect(brokenBy([failing], { ...facts, psid: 1 })).toHaveLength(1);
  });

  it('lists sixteen failures, and looks for no more', () => {
    let looked = 0;
    const endless = rule({
      id: 'endless',
      codes: ['noPayload'],
      clause: 'test',
      reads: ['psid'],
      *failures({ psid }) {
        for (;;) {
          looked++;
          yield { code: 'noPayload', detail: `${psid}` };
        }
      },
    });
    expect(brokenBy([endless], facts)).toHaveLength(16);
    expect(looked).toBe(16);
  });
});
