/** Every file of the cases of root management gives what it has to, each by its name. */
import { expect, it } from 'vitest';
import { decodeOrThrow, toHex } from '../../src/coer/index.ts';
import { Certificate, MultiSignedCtl } from '../../src/dot2/index.ts';
import { taiFromUnixMs } from '../../src/dot2/time.ts';
import { openArtefacts } from '../../src/trust/artefacts.ts';
import {
  applyBundle,
  createTrustState,
  type Decision,
  flagsOf,
  lint,
  type TrustState,
  trustMaterialOf,
} from '../../src/trust/index.ts';
import { Verifier } from '../../src/verifier/index.ts';
import { describeWithCases } from '../support/cases.ts';
import { KERNEL } from '../support/kernels.ts';
import { caseOctets } from './cases.ts';
import { CONTEXT } from './support.ts';

const INIT_AT = taiFromUnixMs(Date.UTC(2024, 0, 2, 12));
const AT = taiFromUnixMs(Date.UTC(2024, 0, 2, 13));

describeWithCases('cases of root management', () => {
  const [electors, roots] = [['A', 'B', 'C'].map(caseOctets), [caseOctets('root')]];
  const init = { electors, roots, quorum: 2, at: INIT_AT };
  const device = (more = {}): TrustState => createTrustState({ ...init, ...more }, CONTEXT).state;

  /** What comes of files, applied one after the other; a name with `!` comes over an authenticated channel. */
  function apply(state: TrustState, ...names: string[]): { state: TrustState; decisions: Decision[] } {
    let after = { state, decisions: [] as Decision[] };
    for (const name of names) {
      const octets = caseOctets(name.replace('!', ''));
      after = applyBundle(after.state, [{ name, octets, authenticated: name.endsWith('!') }], AT, CONTEXT);
    }
    return after;
  }
  const held = ({ certificates }: TrustState): string[] => certificates.map(({ hashedId8 }) => hashedId8).sort();
  const find = (decisions: readonly Decision[], place: string): string => {
    const found = decisions.find(({ part, proposition }) => part === place || proposition === place);
    return `${found?.decision} ${found?.code}`;
  };
  const idOf = (name: string): string => {
    const { certificates } = apply(device(), 'gccf1').state;
    const hex = toHex(caseOctets(name));
    return certificates.find(({ certificate }) => certificate === hex)?.hashedId8 ?? 'unknown';
  };
  const six = (): string[] => ['ma', 'ica', 'pca', 'ra', 'crlg'].map(idOf);

  it('gccf1 brings six certificates', () => {
    const { state, decisions } = apply(device(), 'gccf1');
    expect(state.certificates).toHaveLength(6);
    expect(held(state)).toEqual(expect.arrayContaining(six()));
    expect(find(decisions, 'chainFile')).toBe('ACCEPT OK');
    expect(state.chainFiles.global.newest?.version).toEqual([1]);
  });

  it.each(['ogccf', 'g-forged'])('%s after gccf1 leaves all six, and gccf2 and gccf3 are accepted after it', (name) => {
    const before = apply(device(), 'gccf1').state;
    const { state, decisions } = apply(before, name);
    expect({ ...state, clock: before.clock }).toEqual(before);
    expect(find(decisions, 'chainFile')).toBe('REJECT G_NOTHING');
    for (const next of ['gccf2', 'gccf2!', 'gccf3', 'gccf3!']) {
      expect(find(apply(state, next).decisions, 'chainFile')).toBe('ACCEPT OK');
    }
  });

  it.each(['ogccf!', 'g-forged!'])('%s, authenticated by mistake, changes nothing either', (name) => {
    const before = apply(device(), 'gccf1!').state;
    const { state, decisions } = apply(before, name);
    expect({ ...state, clock: before.clock }).toEqual(before);
    expect(find(decisions, 'chainFile')).toBe('REJECT G_NOTHING');
  });

  it('gccf2 without the vote of A and gccf3 with D follow crl-remA', () => {
    const { state } = apply(device(), 'gccf1', 'crl-remA');
    expect([state.electors.length, flagsOf(state)]).toEqual([2, ['DEGRADED']]);
    const after = apply(state, 'gccf2', 'gccf3').state;
    expect(after.electors.map(({ certificate }) => certificate)).toEqual(
      expect.arrayContaining(['B', 'C', 'D'].map((name) => toHex(caseOctets(name)))),
    );
    expect(flagsOf(after)).toEqual([]);
    expect(held(after)).toEqual(held(apply(device(), 'gccf1').state));
  });

  it('gccf2 after gccf3 is a rollback among authenticated files, and names the way out', () => {
    const { decisions } = apply(device(), 'gccf3!', 'gccf2!');
    const file = decisions.find(({ proposition }) => proposition === 'chainFile');
    expect(file).toMatchObject({ decision: 'REJECT', code: 'G_ROLLBACK' });
    expect(file?.detail).toContain('version 2, but authenticated version 3 is in force; have it issued as version 4');
  });

  it('crl-remR: what is under the removed root is rootRemoved, with revision and voters', () => {
    const { state } = apply(device(), 'gccf1', 'crl-remR');
    expect([state.roots, state.certificates, flagsOf(state)]).toEqual([[], [], ['NO_ROOT']]);
    const verifier = new Verifier({ trust: trustMaterialOf(state), at: AT, kernelInstance: KERNEL });
    const names = ['ica', 'pca', 'ma', 'ra', 'crlg', 'dev'];
    const verdicts = verifier.verify(names.map((name) => ({ kind: 'certificate', bytes: caseOctets(name) })));
    const voters = state.tombstones[0]?.votes.map(({ voter }) => voter.slice(-16)).join(', ');
    for (const verdict of verdicts) {
      expect(verdict).toMatchObject({
        verdict: 'invalid',
        code: 'rootRemoved',
        resultCode: 9,
        signature: 'notChecked',
      });
      expect(verdict.detail).toMatch(/^root caa43a9d2346db38 was removed in revision 3 by the votes of /);
      expect(verdict.detail).toContain(voters);
    }
  });

  it('crl-remR: without chain files certificates right under the root are', () => {
    const { state } = apply(device(), 'crl-remR');
    const verifier = new Verifier({ trust: trustMaterialOf(state), at: AT, kernelInstance: KERNEL });
    const codes = verifier
      .verify(['ica', 'crlg', 'pca'].map((name) => ({ kind: 'certificate' as const, bytes: caseOctets(name) })))
      .map(({ code }) => code);
    expect(codes).toEqual(['rootRemoved', 'rootRemoved', 'issuerNotFound']);
  });

  it('g-devma: a device is no MA', () => {
    const { state, decisions } = apply(device(), 'gccf1', 'g-devma');
    expect(find(decisions, 'maCertificate')).toBe('REJECT G_MA');
    expect(state.certificates.filter(({ role }) => role === 'ma').map(({ hashedId8 }) => hashedId8)).toEqual([
      idOf('ma'),
    ]);
    expect(state.chainFiles.global.newest?.version).toEqual([1]);
  });

  it('g-root-in: a trusted root is ACCEPT_NOOP among the certificates, and no MA', () => {
    const { state, decisions } = apply(device(), 'g-root-in');
    expect(find(decisions, 'maCertificate')).toBe('REJECT G_MA');
    expect(find(decisions, 'certs[0]')).toBe('ACCEPT OK');
    expect(find(decisions, 'certs[1]')).toBe('ACCEPT_NOOP OK');
    expect(held(state)).toEqual([idOf('ica')]);
  });

  it('g-dev: a device is no component', () => {
    const { state, decisions } = apply(device(), 'g-dev');
    expect([0, 1, 2].map((i) => find(decisions, `certs[${i}]`))).toEqual([
      'ACCEPT OK',
      'ACCEPT OK',
      'REJECT G_CERTIFICATE',
    ]);
    expect(held(state)).toEqual([idOf('ma'), idOf('ica'), idOf('pca')].sort());
  });

  it('g-v65535: the last version is refused, authenticated or not', () => {
    for (const name of ['g-v65535', 'g-v65535!']) {
      const { state, decisions } = apply(device(), 'gccf1', name);
      expect(find(decisions, 'chainFile')).toBe('REJECT G_EXHAUSTED');
      expect(state.chainFiles.global.newest?.version).toEqual([1]);
    }
  });

  it('g-dup: a certificate that is listed twice is kept once', () => {
    const { state, decisions } = apply(device(), 'g-dup');
    expect([0, 1, 2, 3].map((i) => find(decisions, `certs[${i}]`))).toEqual([
      'ACCEPT OK',
      'ACCEPT OK',
      'ACCEPT_NOOP OK',
      'ACCEPT_NOOP OK',
    ]);
    expect(state.certificates).toHaveLength(3);
  });

  it('c-freeze: removals by electors that are not known are refused', () => {
    const { state, decisions } = apply(device(), 'c-freeze');
    expect(decisions.map(({ decision, code }) => `${decision} ${code}`)).toEqual([
      'REJECT B_QUORUM',
      'REJECT B_QUORUM',
    ]);
    expect(state.electors).toHaveLength(3);
  });

  it.each(['vote-D-B', 'vote-D-C', 'rawvote-D-C'])('%s: one vote is one vote, named as such', (name) => {
    const { state, decisions } = apply(device(), name);
    expect(decisions).toMatchObject([
      { proposition: 'addElector', decision: 'REJECT', code: 'B_QUORUM', votes: [{ counted: true, code: 'OK' }] },
    ]);
    expect(decisions[0]).toMatchObject({
      detail: '1 of 2 votes: a single vote',
      part: name.startsWith('raw') ? 'vote' : '',
    });
    expect(state.electors).toHaveLength(3);
  });

  it.each([
    ['vote-D-B', 'BL'],
    ['rawvote-D-C', 'BL'],
    ['g-v65535', 'G'],
    ['g-dup', 'G10'],
    ['g-dev', 'G9'],
    ['g-devma', 'G9'],
    ['c-freeze', 'C11'],
  ])('%s does not pass lint: %s', (name, rule) => {
    expect(lint({ name, octets: caseOctets(name) }, device(), AT, CONTEXT)).toContainEqual(
      expect.objectContaining({ rule, detail: expect.not.stringContaining('trusted, but without a ballot') }),
    );
  });

  it.each(['gccf1', 'gccf2', 'gccf3', 'crl-remA', 'crl-remR'])('%s passes lint', (name) => {
    expect(lint({ name, octets: caseOctets(name) }, device(), AT, CONTEXT)).toEqual([]);
  });

  /** A device whose electors are those that the CTLs approve. */
  function ctlDevice(electorGroupId: string | null = 'ffffffffffffff00'): TrustState {
    const [part] = openArtefacts([{ name: 'ctl1', octets: caseOctets('ctl1') }]).ctls;
    const ctl = decodeOrThrow(MultiSignedCtl, part?.ctl.encoded as Uint8Array);
    const certificates = ctl.unsigned.map(({ encoded }) => encoded as Uint8Array);
    const issues = certificates.map((octets) => {
      const { toBeSigned } = decodeOrThrow(Certificate, octets);
      return toBeSigned.certIssuePermissions !== undefined;
    });
    return device({
      electors: certificates.filter((_, i) => !issues[i]),
      roots: certificates.filter((_, i) => issues[i]),
      electorGroupId,
    });
  }

  it('ctl1, ctl2 are accepted one after the other by the electors that they approve', () => {
    const { state, decisions } = apply(ctlDevice(), 'ctl1');
    expect(find(decisions, 'ctl')).toBe('ACCEPT OK');
    expect(state.mode).toBe('ctl');
    expect(find(apply(state, 'ctl2').decisions, 'ctl')).toBe('ACCEPT OK');
    expect(find(apply(state, 'gccf1').decisions, 'rootCAEndorsements[0]')).toBe('REJECT MODE_CTL');
  });

  it('ctl2-dup: a doubled signer is T_DUPLICATE, not two bad signatures', () => {
    const { decisions } = apply(ctlDevice(), 'ctl1', 'ctl2-dup');
    const ctl = decisions.find(({ proposition }) => proposition === 'ctl');
    expect(ctl).toMatchObject({ decision: 'REJECT', code: 'T_DUPLICATE' });
    expect(ctl?.votes?.map(({ counted, code }) => [counted, code])).toEqual([
      [true, 'OK'],
      [false, 'T_DUPLICATE'],
    ]);
    expect(ctl?.detail).not.toContain('V_SIGNATURE');
  });

  it('ctl2-one: one signature of two is T_VOTES', () => {
    const { decisions } = apply(ctlDevice(), 'ctl1', 'ctl2-one');
    expect(find(decisions, 'ctl')).toBe('REJECT T_VOTES');
  });

  it.each([
    ['ctl2', []],
    ['ctl2-dup', ['T']],
    ['ctl2-one', ['T']],
  ])('%s in lint: %j', (name, rules) => {
    const { state } = apply(ctlDevice(), 'ctl1');
    expect(lint({ name, octets: caseOctets(name) }, state, AT, CONTEXT).map(({ rule }) => rule)).toEqual(rules);
  });

  it.each(['ctl1', 'ctl2', 'ctl2-dup', 'ctl2-one'])('%s: T_GROUP says that no group was configured', (name) => {
    const { decisions } = apply(ctlDevice(null), name);
    const [ctl] = decisions;
    expect(ctl).toMatchObject({ decision: 'REJECT', code: 'T_GROUP' });
    expect(ctl?.detail?.includes('T_DUPLICATE')).toBe(name === 'ctl2-dup');
    expect(ctl?.detail).toContain('T_GROUP: group ffffffffffffff00, but no elector group is configured here');
  });
});
