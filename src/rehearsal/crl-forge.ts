/** Issues the CRLs of a rehearsal: fresh ones, what is revoked, and what the reset rules leave of it. */

import { linkageLists } from '../testbed/crl-entries.ts';
import { type CrlRequest, hashedId8, issueCrl, SERIES_APPLICATION, SERIES_PSEUDONYM } from '../testbed/index.ts';
import { type HashEntry, type LinkageEntry, type ResetDecision, resetCrls } from './crl-reset.ts';
import type { CrlDocument, RevokedDocument } from './types.ts';
import type { World } from './world.ts';

/** Seconds for which a CRL is fresh. */
const CRL_SECONDS = 7 * 24 * 3600;
/** Series of which every tree issues CRLs here: linkage-based for pseudonyms, hash-based for application certificates. */
const SERIES = [SERIES_PSEUDONYM, SERIES_APPLICATION];
const WEEKS_OF_REVOKED = 52;

export class CrlForge {
  private readonly world: World;
  private readonly revoked: readonly RevokedDocument[];
  private serial = 0;

  constructor(world: World, revoked: readonly RevokedDocument[]) {
    this.world = world;
    this.revoked = revoked;
  }

  /** CRLs of several trees, with a line about each. */
  of(documents: readonly CrlDocument[] = []): { octets: Uint8Array[]; contents: string[] } {
    const made = documents.flatMap(({ root, entries = 'none' }) => this.crlsOf(root, entries));
    return { octets: made.map(({ octets }) => octets), contents: made.map(({ text }) => text) };
  }

  /** A fresh and empty CRL of a tree's pseudonyms; `bad`: with a signature that is none. */
  fresh(root: string, { bad = false } = {}): Uint8Array {
    return this.crl(root, SERIES_PSEUDONYM, [], bad);
  }

  /** CRLs of every series of a tree, signed now. */
  private crlsOf(root: string, entries: NonNullable<CrlDocument['entries']>): { octets: Uint8Array; text: string }[] {
    const lists = this.entriesFor(root, entries);
    return SERIES.map((series) => {
      const listed = lists.filter(({ line }) => line?.crlSeries === series);
      const names = listed.map(({ entry, rule }) => `${entry.id} (${rule})`).join(', ');
      return {
        octets: this.crl(root, series, listed, false),
        text: `CRL signed by ${root}/crlg, series ${series}: ${names || 'empty'}`,
      };
    });
  }

  /** What is revoked, and what K1–K12 make of it where this root succeeds the others. */
  private entriesFor(root: string, entries: NonNullable<CrlDocument['entries']>): readonly ResetDecision[] {
    if (entries === 'none') return [];
    const revoked = this.revoked.map((thing) => this.revokedEntry(thing));
    const trusted = new Set([root]);
    if (entries === 'reset') {
      const situation = { trusted, successor: root, i: this.world.period, now: this.world.now, series: SERIES };
      return resetCrls(revoked, situation).issue.flatMap((crl) => crl.entries);
    }
    const situation = { trusted, successor: null, i: this.world.period, now: this.world.now, series: SERIES };
    return resetCrls(
      revoked.filter((entry) => entry.root === root),
      situation,
    ).decisions;
  }

  private revokedEntry(thing: RevokedDocument): HashEntry | LinkageEntry {
    const { name, root } = thing;
    if (thing.kind === 'hash') return { kind: 'hash', id: name, root, crlSeries: SERIES_APPLICATION };
    const { firstPeriod } = this.world.tree(root).scms;
    return {
      kind: 'linkage',
      id: name,
      root,
      crlSeries: SERIES_PSEUDONYM,
      chain: thing.chain ?? 'ended',
      iRev: firstPeriod,
      iMax: firstPeriod + (thing.weeks ?? WEEKS_OF_REVOKED) - 1,
    };
  }

  private crl(root: string, series: number, listed: readonly ResetDecision[], bad: boolean): Uint8Array {
    const { scms, components } = this.world.tree(root);
    const issueDate = this.world.seconds;
    const request: CrlRequest = {
      series,
      craca: hashedId8(scms.root),
      issueDate,
      nextCrl: issueDate + CRL_SECONDS,
      ...(series === SERIES_PSEUDONYM ? this.linked(root, listed) : this.hashed(listed)),
    };
    return issueCrl(scms, request, {
      by: components.crlg,
      signer: 'chain',
      ...(bad ? { signingKey: this.world.probeElector().key } : {}),
    });
  }

  /** Linkage entries, each with the chains of the root that its device came from, forwarded to the current period (K6). */
  private linked(root: string, listed: readonly ResetDecision[]): Partial<CrlRequest> {
    const { scms } = this.world.tree(root);
    const iRev = this.world.period;
    const individual = listed.flatMap(({ entry }) => {
      if (entry.kind !== 'linkage') return [];
      const { linkageAuthorities } = this.world.tree(entry.root).scms;
      const devices = [this.world.revokedDevice(entry.id)];
      return linkageLists({ ...scms, linkageAuthorities }, { iRev, iMax: entry.iMax, devices }).individual ?? [];
    });
    return { typeSpecific: { tag: 'fullLinkedCrl', value: { iRev, indexWithinI: 0, individual } } };
  }

  private hashed(listed: readonly ResetDecision[]): Partial<CrlRequest> {
    const certificates = listed.map(({ entry }) =>
      this.world.revokedCertificate(this.revokedThing(entry.id), entry.root),
    );
    return { kind: 'fullHashCrl', serial: ++this.serial, certificates };
  }

  private revokedThing(name: string): RevokedDocument {
    const thing = this.revoked.find((each) => each.name === name);
    if (thing === undefined) throw new RangeError(`nothing revoked is called ${name}`);
    return thing;
  }
}
