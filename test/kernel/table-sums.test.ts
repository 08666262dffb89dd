/** Sums of table entries in both sorts of table, where points of the same x meet in whichever round, the verdict's own addition included. */
import { describe, expect, it } from 'vitest';
import { RForm, Status } from '../../src/kernel/kernel.ts';
import { tournamentWalks } from '../support/digit-walks.ts';
import { toOctets } from '../support/octets.ts';
import { type Made, multiple, scalar, sentAs, signatureWith } from '../support/signatures.ts';
import { Stream } from '../support/stream.ts';
import { CORE_NAMES, TestingCore } from '../support/testing-core.ts';

describe.each(CORE_NAMES)('table sums, %s', (name) => {
  const core = new TestingCore(name);
  const { call } = core;

  /** Statuses of signatures under the key of the first, by its table. */
  function judge(cases: readonly Made[], issuer: boolean): Status[] {
    const put = (region: string, i: number, octets: Uint8Array): void =>
      core.putOctets(core.constant(region) + octets.length * i, octets);
    const { x, y } = cases[0]!;
    put('KEY', 0, new Uint8Array([...toOctets(x), ...toOctets(y)]));
    call.buildKeyTable!(Number(issuer), 0);
    cases.forEach(({ input, rForm, r, s }, i) => {
      put('INPUT', i, input);
      put('R_FORM', i, Uint8Array.of(rForm ?? RForm.xOnly));
      put('R_VALUE', i, toOctets(r));
      put('S_VALUE', i, toOctets(s));
      put('TABLE_SLOT', i, Uint8Array.of(0, 0));
    });
    call.verifyByTables!(cases.length, 1, Number(issuer));
    const at = core.constant('STATUS');
    return Array.from(core.octets.subarray(at, at + cases.length)) as Status[];
  }

  it.each([
    ['keys', 'KEY_WINDOW', false],
    ['issuers', 'ISSUER_WINDOW', true],
  ] as const)('double and cancel in tables of %s, beside signatures that do neither', (_, window, issuer) => {
    const random = new Stream(`table sums ${name}`);
    const walks = [...tournamentWalks(random, [[core.constant('BASE_WINDOW'), core.constant(window)]])];
    // For both signs: five rounds or six have an addition in which G meets Q, and the last of them is the verdict's own.
    expect(walks.length).toBeGreaterThanOrEqual(10);
    expect(walks.filter(({ kind }) => kind.includes(', 0 and 32, '))).toHaveLength(2);
    expect(new Set(walks.map(({ status }) => status))).toEqual(new Set([Status.ok, Status.badSignature]));
    for (const walk of walks) {
      const key = multiple(walk.log);
      const good = (): Made => sentAs(signatureWith(key, scalar(random), scalar(random)), 'xOnly', Status.ok);
      const bad = { ...good(), s: scalar(random), status: Status.badSignature };
      const cases = [walk, good(), bad, good(), good(), walk, walk];
      expect(judge(cases, issuer), walk.kind).toEqual(cases.map(({ status }) => status));
    }
  });
});
