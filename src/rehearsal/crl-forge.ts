/** Issues the CRLs of a rehearsal: fresh ones, those with the revoked entries, and those with the entries that the reset rules keep. */

import { linkageLists } from '../testbed/crl-entries.ts';
import { type CrlRequest, hashedId8, issueCrl, SERIES_APPLICATION, SERIES_PSEUDONYM } from '../testbed/index.ts';
import {
  type BallotEntry,
  type Reset,
  type ResetDecision,
  type ResetSituation,
  type RevokedEntry,
  resetCrls,
} from './crl-reset.ts';
import type { CrlDocument, RevokedDocument } from './types.ts';
import type { World } from './world.ts';

/** Seconds for which a CRL is fresh. */
const CRL_SECONDS = 7 * 24 * 3600;
/** Series of which every tree issues CRLs here: linkage-based for pseudonyms, hash-based for application certificates. */
const SERIES = [SERIES_PSEUDONYM, SERIES_APPLICATION];
const WEEKS_OF_REVOKED = 52;

/** CRLs, with a line about each, and what a reset decided on everything that is revoked. */
export interface MadeCrls {
  readonly octets: Uint8Array[];
  readonly contents: string[];
  readonly reset: (Reset & { readonly root: string }) | undefined;
}

export class CrlForge {
  private readonly world: World;
  private readonly revoked: readonly RevokedDocument[];
  private serial = 0;

  constructor(world: World, revoked: readonly RevokedDocument[]) {
    this.world = world;
    this.revoked = revoked;
  }

  /** CRLs of several trees, with a line about each. `ballots`: the removals so far, which a reset decides on too. */
  of(documents: readonly CrlDocument[] = [], ballots: readonly BallotEntry[] = []): MadeCrls {
    const resets = documents.flatMap(({ root, entries }) => {
      return entries === 'reset' ? [{ root, ...this.reset(root, ballots) }] : [];
    });
    const made = documents.flatMap(({ root, entries = 'none' }) => {
      const decisions = entries === 'reset' ? resets.find((one) => one.root === root)?.decisions : undefined;
      return this.crlsOf(root, decisions ?? (entries === 'all' ? this.everything(root) : []));
    });
    return { octets: made.map(({ octets }) => octets), contents: made.map(({ text }) => text), reset: resets[0] };
  }

  /** A fresh and empty CRL of a tree's pseudonyms; `bad`: with an invalid signature. */
  fresh(root: string, { bad = false } = {}): Uint8Array {
    return this.crl(root, SERIES_PSEUDONYM, [], bad);
  }

  /** CRLs of every series of a tree, signed now. */
  private crlsOf(root: string, decisions: readonly ResetDecision[]): { octets: Uint8Array; text: string }[] {
    return SERIES.map((series) => {
      const listed = decisions.filter(({ line }) => line?.root === root && line.crlSeries === series);
      const names = listed.map(({ entry, rule }) => `${entry.id} (${rule})`).join(', ');
      return {
        octets: this.crl(root, series, listed, false),
        text: `CRL signed by ${root}/crlg, series ${series}: ${names || 'empty'}`,
      };
    });
  }

  /** The actions of K1–K12 on all revoked entries, with this root as the successor. */
  private reset(root: string, ballots: readonly BallotEntry[]): Reset {
    return resetCrls([...this.entries, ...ballots], this.situation(root, root));
  }

  /** Everything that is revoked under a root. */
  private everything(root: string): readonly ResetDecision[] {
    const own = this.entries.filter((entry) => entry.root === root);
    return resetCrls(own, this.situation(root, null)).decisions;
  }

  private situation(root: string, successor: string | null): ResetSituation {
    return { trusted: new Set([root]), successor, i: this.world.period, now: this.world.now, series: SERIES };
  }

  private get entries(): RevokedEntry[] {
    return this.revoked.map((thing) => this.revokedEntry(thing));
  }

  private revokedEntry(thing: RevokedDocument): RevokedEntry {
    const { name, root } = thing;
    if (thing.kind === 'blacklist') return { kind: 'blacklist', id: name, root };
    if (thing.kind === 'hash') return { kind: 'hash', id: name, root, crlSeries: SERIES_APPLICATION };
    const { firstPeriod } = this.world.tree(root).scms;
    return {
      kind: 'linkage',
      id: name,
      root,
      crlSeries: SERIES_PSEUDONYM,
      chain: thing.chain ?? 'ended',
      refusedEnrolment: thing.refusedEnrolment ?? false,
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
