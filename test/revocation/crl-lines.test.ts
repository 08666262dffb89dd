/** What is in force after CRLs, in every order, and what a delta adds. */
import { describe, expect, it } from 'vitest';
import {
  type CrlRequest,
  createScms,
  crlGenerator,
  crlPermission,
  hashedId8,
  issueCrl,
  negated,
  SERIES_COMPONENT,
  SERIES_ROOT_MANAGED,
  yearsFrom,
} from '../../src/testbed/index.ts';
import { Verifier } from '../../src/verifier/index.ts';
import { KERNEL } from '../support/kernels.ts';
import { toHex } from '../support/octets.ts';

const scms = createScms({ seed: 'crl lines' });
const generators = ['a', 'b', 'c'].map((name) =>
  crlGenerator(scms, scms.random.fork(name), { crlSeries: SERIES_COMPONENT }),
);
const trust = {
  roots: scms.trust().roots,
  certificates: [...(scms.trust().certificates ?? []), ...generators.map(({ bytes }) => bytes)],
};

function judge(crls: readonly Uint8Array[], previous: readonly Uint8Array[] = []) {
  const verifier = new Verifier({ trust, at: scms.at, kernelInstance: KERNEL });
  const input = (name: string) => (bytes: Uint8Array, i: number) => ({ bytes, source: `${name}${i}` });
  return verifier.verifyCrls(crls.map(input('crl')), { previous: previous.map(input('previous')) });
}
const codes = (...args: Parameters<typeof judge>): string[] => judge(...args).verdicts.map(({ code }) => code);
const issue = (request: CrlRequest): Uint8Array => issueCrl(scms, request);
const at = (second: number): { issueDate: number } => ({ issueDate: scms.start + second });

/** Every order of some things. */
function* orders<T>(list: readonly T[]): Generator<T[]> {
  if (list.length === 0) yield [];
  for (const [i, one] of list.entries()) {
    for (const rest of orders([...list.slice(0, i), ...list.slice(i + 1)])) yield [one, ...rest];
  }
}

describe('deltas', () => {
  const [pca, eca, ra] = [scms.pca, scms.eca, scms.ra];
  const full = issue({ kind: 'fullHashCrl', serial: 7, certificates: [pca], ...at(0) });
  const first = issue({ kind: 'deltaHashCrl', serial: 8, certificates: [eca], ...at(1), edition: 2016 });
  const second = issue({ kind: 'deltaHashCrl', serial: 9, certificates: [ra], ...at(2) });

  it('add up onto the full CRL, in every order of the input', () => {
    const wanted = [pca, eca, ra].map(({ fullHash }) => toHex(fullHash.slice(-10))).join('');
    for (const order of orders([full, first, second])) {
      const { accepted, verdicts } = judge(order);
      expect(verdicts.map(({ code }) => code)).toEqual(['ok', 'ok', 'ok']);
      expect(accepted).toHaveLength(1);
      expect(accepted[0]).toMatchObject({
        kind: 'fullHashCrl',
        serial: 9,
        issueDate: scms.start + 2,
        hashes: { count: 3 },
      });
      expect(toHex(accepted[0]?.hashes?.ids as Uint8Array)).toBe(wanted);
    }
  });

  it('may follow what was in force before', () => {
    expect(judge([second], [full, first]).accepted[0]).toMatchObject({ hashes: { count: 3 } });
    expect(codes([second], [full])).toEqual(['crlNotContinuous']);
  });

  it('get another id than the full CRL alone, and the same each time', () => {
    const ids = [[full], [full, first], [full, first, second], [second, first, full]].map(
      (crls) => judge(crls).accepted[0]?.id,
    );
    expect(new Set(ids).size).toBe(3);
    expect(ids[2]).toBe(ids[3]);
  });

  it('of linkage-based CRLs keep the seeds of their iRev', () => {
    const base = issue({ devices: [0], singleSeeds: [4], groups: [2], ...at(0) });
    const delta = issue({ kind: 'deltaLinkedCrl', serial: 1, devices: [1, 2], groups: [3], ...at(1) });
    const [merged] = judge([delta, base]).accepted;
    expect(merged).toMatchObject({
      individuals: { count: 3 },
      singleSeeds: { count: 1 },
      groups: { count: 2 },
      serial: 1,
    });
    const full = issue({ devices: [0, 1, 2], singleSeeds: [4], groups: [2, 3], ...at(0) });
    const { individuals, groups } = judge([full]).accepted[0] ?? {};
    expect(merged).toMatchObject({ individuals, groups });
  });
});

describe('one after another', () => {
  const week = [0, 1, 2, 3].map((n) => issue({ kind: 'fullHashCrl', serial: n, filler: n, ...at(n) }));

  it('the newest is in force, and every older one a rollback, in every order', () => {
    for (const order of orders(week)) {
      const { verdicts, accepted } = judge(order);
      expect(accepted.map(({ serial }) => serial)).toEqual([3]);
      order.forEach((crl, i) => {
        expect(verdicts[i]?.code).toBe(crl === week[3] ? 'ok' : 'crlRollback');
      });
    }
  });

  it('what was in force before stays in force where a rollback is tried', () => {
    const { accepted } = judge([week[0] as Uint8Array], [week[2] as Uint8Array]);
    expect(accepted.map(({ serial }) => serial)).toEqual([2]);
  });

  it('another form of the signature does not make a CRL its own rival', () => {
    const twin = issueCrl(scms, { ...at(0) }, { alterSignature: (raw) => negated(scms.crlg.key.curve, raw) });
    const other = issueCrl(scms, { ...at(0) }, { signer: 'certificate' });
    const { verdicts, accepted } = judge([issue(at(0)), twin, other]);
    expect(verdicts.map(({ code }) => code)).toEqual(['ok', 'ok', 'ok']);
    expect(accepted).toHaveLength(1);
  });

  it('hash-based and linkage-based CRLs of a series stand beside each other, and so do series', () => {
    const crls = [
      issue(at(0)),
      issue({ kind: 'fullHashCrl', ...at(1) }),
      issue({ series: SERIES_COMPONENT, ...at(2) }),
    ];
    expect(judge(crls).accepted).toHaveLength(3);
  });

  it('warns of a signer that has gone back to an older certificate', () => {
    const { start, duration } = scms.crlg.toBeSigned.validityPeriod;
    const later = crlGenerator(scms, scms.random.fork('later'), { validityPeriod: { start: start + 60, duration } });
    const byLater = (n: number): Uint8Array =>
      issueCrl(scms, { ...at(n), serial: n }, { by: later, signer: 'certificate' });
    const byCrlg = (n: number): Uint8Array => issue({ ...at(n), serial: n });
    const warningsOf = (crls: Uint8Array[]): string[] => judge(crls).verdicts.flatMap(({ warnings }) => warnings ?? []);
    for (const order of orders([byLater(0), byCrlg(1)])) {
      expect(warningsOf(order)).toEqual([expect.stringMatching(/^the signer's certificate starts/)]);
    }
    expect(warningsOf([byCrlg(0), byLater(1)])).toEqual([]);
  });
});

describe('revoked signers', () => {
  const [a, b, c] = generators as [(typeof generators)[0], (typeof generators)[0], (typeof generators)[0]];
  const names = (by: typeof a, victims: (typeof a)[], more: CrlRequest = {}): Uint8Array =>
    issueCrl(scms, { kind: 'fullHashCrl', series: SERIES_COMPONENT, certificates: victims, ...more }, { by });
  const byRoot = (victims: (typeof a)[], more: CrlRequest = {}): Uint8Array =>
    issueCrl(
      scms,
      { kind: 'fullHashCrl', series: SERIES_ROOT_MANAGED, certificates: victims, craca: hashedId8(scms.root), ...more },
      { by: scms.root },
    );
  const other = (by: typeof a): Uint8Array => issueCrl(scms, { series: 3 }, { by });

  const inEveryOrder = (crls: Uint8Array[], wanted: string[]): void => {
    const reference = judge(crls)
      .accepted.map(({ id }) => id)
      .sort();
    for (const order of orders(crls)) {
      const { verdicts, accepted } = judge(order);
      order.forEach((crl, i) => {
        expect(verdicts[i]?.code).toBe(wanted[crls.indexOf(crl)]);
      });
      expect(accepted.map(({ id }) => id).sort()).toEqual(reference);
    }
  };

  it('whoever is void revokes nobody', () => {
    inEveryOrder([names(a, [b]), other(a), other(b)], ['ok', 'ok', 'certificateRevoked']);
    // a is named by the root, so that its word against b is void.
    const named = crlGenerator(scms, scms.random.fork('a, by the root'), { crlSeries: SERIES_ROOT_MANAGED });
    const word = issueCrl(
      scms,
      { kind: 'fullHashCrl', series: SERIES_COMPONENT, certificates: [b] },
      { by: named, signer: 'certificate' },
    );
    inEveryOrder([word, other(b)], ['ok', 'certificateRevoked']);
    inEveryOrder([byRoot([named]), word, other(b)], ['ok', 'certificateRevoked', 'ok']);
  });

  it('in a circle all are void', () => {
    // Hash-based deltas cannot stand for themselves, and a series has one full CRL: each in a circle needs its own crlCraca.
    const own = (label: string, cracaId: Uint8Array) =>
      crlGenerator(scms, scms.random.fork(label), {
        cracaId,
        crlSeries: SERIES_COMPONENT,
        appPermissions: [crlPermission('isCraca', [SERIES_COMPONENT])],
      });
    // Who names whom by cracaId has to be known before the certificate is: the second is made for the first.
    const second = own('second', new Uint8Array(3));
    const first = own('first', hashedId8(second).slice(-3));
    const say = (by: typeof a, victim: typeof a): Uint8Array =>
      issueCrl(
        scms,
        { kind: 'fullHashCrl', series: SERIES_COMPONENT, certificates: [victim], craca: hashedId8(by) },
        { by, signer: 'certificate' },
      );
    // The second names the first, whose own word reaches nobody.
    inEveryOrder([say(second, first), say(first, second)], ['ok', 'certificateRevoked']);
    // Both on the one list of the series that both sign: each says so itself.
    const both = [a, b].map((by, n) => names(by, [a, b], { ...at(n), serial: n }));
    inEveryOrder(both, ['certificateRevoked', 'certificateRevoked']);
    expect(judge([...both, other(c)]).verdicts.map(({ code }) => code)).toEqual([
      'certificateRevoked',
      'certificateRevoked',
      'ok',
    ]);
  });

  it("the root's word stands against that of whom it names", () => {
    const named = crlGenerator(scms, scms.random.fork('named'), { crlSeries: SERIES_ROOT_MANAGED });
    const by = { ...named };
    const crl = issueCrl(scms, {}, { by, signer: 'certificate' });
    inEveryOrder([byRoot([named]), crl], ['ok', 'certificateRevoked']);
    inEveryOrder([byRoot([named]), byRoot([], { ...at(1), serial: 1 }), crl], ['crlRollback', 'ok', 'ok']);
  });

  it('a CRL reaches signers under its own root only, however lenient (DECISIONS D16, D21)', () => {
    const foreign = createScms({ seed: 'another root' });
    const request = { kind: 'fullHashCrl', series: SERIES_ROOT_MANAGED, certificates: [scms.crlg] } as const;
    const word = issueCrl(foreign, { ...request, craca: hashedId8(foreign.ica) }, { by: foreign.root });
    const both = {
      roots: [...trust.roots, foreign.root.bytes],
      certificates: [...trust.certificates, foreign.ica.bytes],
    };
    const verifier = new Verifier({ trust: both, at: scms.at, lenient: ['crl-craca'], kernelInstance: KERNEL });
    const { verdicts, accepted } = verifier.verifyCrls([word, issue(at(0))].map((bytes) => ({ bytes, source: '' })));
    expect(verdicts.map(({ code }) => code)).toEqual(['ok', 'ok']);
    expect(verdicts[0]?.lenient).toEqual(['crl-craca']);
    expect(new Set(accepted.map(({ scope }) => scope.root)).size).toBe(2);
  });

  it('a CRL whose crlCraca is let pass replaces none of the right authority, and adds to it (DECISIONS D28)', () => {
    const fields = { validityPeriod: yearsFrom(scms.start, 5) };
    const by = crlGenerator(scms, scms.random.fork('of the ICA'), fields, scms.ica);
    const right = issueCrl(scms, { devices: [0], ...at(0) });
    const full = issueCrl(scms, { devices: [], serial: 1, ...at(60) }, { by });
    const delta = issueCrl(scms, { kind: 'deltaLinkedCrl', serial: 1, ...at(60) }, { by });
    const certificates = [...trust.certificates, by.bytes];
    const options = { trust: { ...trust, certificates }, at: scms.at, kernelInstance: KERNEL } as const;
    const verifier = new Verifier({ ...options, lenient: ['crl-craca'] });
    for (const [other, code] of [
      [full, 'ok'],
      [delta, 'crlNotContinuous'],
    ] as const) {
      const inputs = [right, other].map((bytes, i) => ({ bytes, source: `crl${i}` }));
      const { verdicts, accepted } = verifier.verifyCrls(inputs);
      expect(verdicts.map((verdict) => verdict.code)).toEqual(['ok', code]);
      expect(accepted.map(({ source }) => source)).toContain('crl0');
    }
  });
});
