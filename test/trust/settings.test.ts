/** Changes of settings by the operator: those that are safe, and nothing else. */
import { describe, expect, it } from 'vitest';
import { localChainFile } from '../../src/testbed/trust/index.ts';
import type { TrustSettings } from '../../src/trust/index.ts';
import { A, B, C, ctl, ctlDevice, DAY, device, file, GROUP, Play, R1, R2, scms } from './support.ts';

type Change = { readonly [K in keyof TrustSettings]?: TrustSettings[K] };
const change = (settings: Change, name = 'settings') => ({ name, settings });
const said = ({ decisions }: Play): string[] =>
  decisions.map(({ artefact, decision, code }) => [artefact, decision, code].join(' '));
const lccf = (gccfVersion: number, raHostname: string) =>
  file(
    'lccf',
    localChainFile({ gccfVersion, lccfVersion: 1, raHostname }, { ma: scms.ma, certs: [scms.ica, scms.pca] }),
  );

describe('a change of settings', () => {
  it('changes what it names, is one change, and says what it changed', () => {
    const play = new Play();
    const { revision, settings } = play.state;
    play.apply(change({ maxRoots: 3, implicitRootRevocation: 'off' }));
    expect(play.decisions).toMatchObject([
      { decision: 'ACCEPT', code: 'OK', detail: 'maxRoots 3, implicitRootRevocation off' },
    ]);
    expect(play.state.settings).toEqual({ ...settings, maxRoots: 3, implicitRootRevocation: 'off' });
    expect(play.state.revision).toBe(revision + 1);
    play.apply(change({ maxRoots: 3 }));
    expect(said(play)).toEqual(['settings ACCEPT_NOOP OK']);
    expect(play.state.revision).toBe(revision + 1);
  });

  it('counts from the next bundle on', () => {
    const play = new Play(device({ raHostname: 'old' }));
    play.apply(change({ raHostname: 'new' }), lccf(1, 'new'));
    expect(said(play)).toContain('lccf REJECT G_HOSTNAME');
    play.apply(lccf(1, 'new'));
    expect(play.state.chainFiles.local.newest?.version).toEqual([1, 1]);
  });

  it('of the RA forgets the versions of the local chain files of the other, and of nothing else', () => {
    const play = new Play(device({ raHostname: 'old' })).apply(lccf(9, 'old'));
    const { certificates } = play.state;
    play.apply(change({ maxRoots: 5 }));
    expect(play.state.chainFiles.local.newest?.version).toEqual([9, 1]);
    play.apply(change({ raHostname: 'new' }));
    expect(play.state.chainFiles.local).toEqual({ newest: null, authenticated: null });
    expect(play.state.certificates).toEqual(certificates);
    play.apply(lccf(1, 'new'));
    expect(play.state.chainFiles.local.newest?.version).toEqual([1, 1]);
  });

  it.each<[string, Change]>([
    ['fewer electors than are trusted', { maxElectors: 2 }],
    ['fewer roots than are trusted', { maxRoots: 1 }],
  ])('leaves no room for %s: S_ROOM', (_what, settings) => {
    const play = new Play(device({ electors: [A, B, C], roots: [R1, R2] }));
    const before = play.state.settings;
    play.apply(change(settings));
    expect(said(play)).toEqual(['settings REJECT S_ROOM']);
    expect(play.state.settings).toEqual(before);
  });

  it('without a value say what that means: any RA, and no elector group', () => {
    const play = new Play(ctlDevice({ raHostname: 'ra.example' }));
    play.apply(change({ raHostname: null, electorGroupId: null }));
    expect(play.decisions[0]?.detail).toBe('raHostname any, electorGroupId none');
  });

  it('may leave exactly the room that is taken', () => {
    const play = new Play().apply(change({ maxElectors: 3, maxRoots: 1 }));
    expect(said(play)).toEqual(['settings ACCEPT OK']);
  });

  it('of the elector group is refused once a CTL is in force: S_GROUP', () => {
    const play = new Play(ctlDevice());
    play.apply(change({ electorGroupId: '0000000000000001' })).apply(change({ electorGroupId: GROUP }));
    expect(said(play)).toEqual(['settings ACCEPT OK']);
    play.later(DAY).apply(ctl(1, { electors: [A, B, C], signers: [A, B] }));
    expect(play.state.mode).toBe('ctl');
    for (const electorGroupId of ['0000000000000001', null]) {
      play.apply(change({ electorGroupId }));
      expect(said(play)).toEqual(['settings REJECT S_GROUP']);
      expect(play.state.settings.electorGroupId).toBe(GROUP);
    }
    // The same group is no change, and other settings do not depend on it.
    play.apply(change({ electorGroupId: GROUP, maxRoots: 4 }));
    expect(said(play)).toEqual(['settings ACCEPT OK']);
  });

  it('that says two things in one bundle is refused whole, in whatever order: S_CONFLICT', () => {
    const [one, other] = [change({ maxRoots: 3, maxElectors: 7 }, 'one'), change({ maxRoots: 4 }, 'other')];
    for (const bundle of [
      [one, other],
      [other, one],
    ]) {
      const play = new Play();
      const before = play.state.settings;
      play.apply(...bundle);
      expect(said(play).sort()).toEqual(['one REJECT S_CONFLICT', 'other REJECT S_CONFLICT']);
      expect(play.state.settings).toEqual(before);
    }
    const play = new Play().apply(change({ maxRoots: 3 }, 'one'), change({ maxElectors: 7 }, 'other'));
    expect(play.state.settings).toMatchObject({ maxRoots: 3, maxElectors: 7 });
  });

  it.each<[string, object]>([
    ['a setting that there is not', { quorum: 1 }],
    ['electors', { electors: [] }],
    ['no room at all', { maxRoots: 0 }],
    ['half a root', { maxRoots: 1.5 }],
    ['a group that is none', { electorGroupId: 'FFFFFFFFFFFFFF00' }],
    ['what unauthenticated files removed roots by', { implicitRootRevocation: 'always' }],
    ['a host name that is none', { raHostname: 7 }],
  ])('throws for %s, and nothing changes', (_what, settings) => {
    const play = new Play();
    const before = play.state;
    expect(() => play.apply(change(settings as Change))).toThrow(RangeError);
    expect(play.state).toBe(before);
  });
});
