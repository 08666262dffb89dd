import { LINKAGE_VALUE_BYTES, type LinkageKernel } from '../kernel/linkage-kernel.ts';
import { createLinkageKernel } from '../kernel/linkage-load.ts';
import type { RevocationHit } from '../verdict/index.ts';
import type { CrlIndex, RevocationData } from './index-data.ts';
import { GroupEntries } from './index-groups.ts';
import { findHash } from './index-hashes.ts';
import { expandLocally } from './index-local.ts';
import { LinkageTableReader } from './linkage-table.ts';
import { RecentlyUsed } from './recently-used.ts';
import { ANY_CRACA, type CrlKind, type CrlScope, type RevocationAnswer, type RevocationQuery } from './types.ts';

export interface RevocationIndexOptions {
  /** For what is evaluated on demand; made when that happens first where it is absent. */
  readonly kernel?: LinkageKernel;
  /** Periods that are expanded on demand and kept, in each scope (DECISIONS D22). */
  readonly localPeriods?: number;
}

const LOCAL_PERIODS = 4;

/** Group entries that are evaluated for certificates that nothing has proven: two AES keys each, a few microseconds in all. */
const CHEAP_GROUPS = 64;
/** Periods whose readers are kept: made again at the cost of an object or two. */
const BUILT_PERIODS = 64;

/**
 * Says whether certificates are revoked. A reader over {@link RevocationData}: cheap to make, one for each thread, and for each set
 * of data a new one.
 */
export class RevocationIndex {
  readonly data: RevocationData;
  private readonly scopes = new Map<string, ScopeIndex>();
  private readonly hasAnyCraca: boolean;

  constructor(data: RevocationData, { kernel, localPeriods = LOCAL_PERIODS }: RevocationIndexOptions = {}) {
    this.data = data;
    this.hasAnyCraca = data.crls.some(({ about }) => about.scope.cracaId === ANY_CRACA);
    let made = kernel;
    const lazyKernel = (): LinkageKernel => {
      made ??= createLinkageKernel();
      return made;
    };
    for (const [key, crls] of byScope(data.crls)) {
      this.scopes.set(key, new ScopeIndex(crls, data, lazyKernel, localPeriods));
    }
  }

  /** Periods that were expanded on demand and are held now. */
  get localTables(): number {
    let tables = 0;
    for (const { localTables } of this.scopes.values()) tables += localTables;
    return tables;
  }

  /** What is known of a scope; undefined where no CRL covers it. Callers keep it: finding it takes longer than asking it. */
  scopeOf(scope: CrlScope): ScopeIndex | undefined {
    return this.scopes.get(keyOf(scope)) ?? (this.hasAnyCraca ? this.scopes.get(anyCraca(scope)) : undefined);
  }

  /**
   * `mayExpand`: whether this certificate is proven, so that work may be put into a period for it that nobody expanded. The answer
   * depends on that and on the data alone, never on what was asked before.
   */
  check(query: RevocationQuery, mayExpand = true): RevocationAnswer {
    return this.scopeOf(query.scope)?.check(query, mayExpand) ?? { state: 'notChecked' };
  }
}

function keyOf({ root, cracaId, crlSeries }: CrlScope): string {
  return `${root}/${cracaId}/${crlSeries}`;
}

function anyCraca(scope: CrlScope): string {
  return keyOf({ ...scope, cracaId: ANY_CRACA });
}

/** CRLs by the scope that certificates name, in their order: one for any cracaId stands in every scope of its root and series. */
function byScope(crls: readonly CrlIndex[]): Map<string, CrlIndex[]> {
  const scopes = new Map(crls.map(({ about: { scope } }) => [keyOf(scope), scope]));
  return new Map(
    [...scopes].map(([key, scope]) => {
      const any = anyCraca(scope);
      const isIn = ({ about }: CrlIndex): boolean => [key, any].includes(keyOf(about.scope));
      return [key, crls.filter(isIn)];
    }),
  );
}

/** Numbers of hits name the CRL above the entry: entries have fewer bits than this. */
const ENTRY_RANGE = 2 ** 32;

/** What look-ups of linkage values say besides the number of a hit. */
export const NOT_FOUND = -1;
/** Some CRL of the scope has not been expanded for this period, and no other has the value. */
export const NOT_EVALUATED = -2;

/** The CRLs of one scope. */
export class ScopeIndex {
  /** Time32 by which a newer CRL is due: where both hash-based and linkage-based ones exist, the earlier of the two. */
  readonly nextCrl: number;
  private readonly crls: readonly CrlIndex[];
  private readonly hasHashes: boolean;
  private readonly groups: readonly (GroupEntries | undefined)[];
  private readonly built = new RecentlyUsed<number, PeriodIndex>(BUILT_PERIODS);
  private readonly local: RecentlyUsed<number, PeriodIndex>;
  private readonly inclusiveJMax: boolean;
  private readonly expanded: ReadonlySet<number>;
  /** Periods as their tables have them, for certificates that nothing may be expanded for. */
  private readonly shared = new Map<number, PeriodIndex>();
  private readonly kernel: () => LinkageKernel;
  private latest: PeriodIndex | undefined;
  /** What every answer says. */
  private readonly covered: { readonly nextCrl: number; readonly lenient?: readonly string[] };

  constructor(
    crls: readonly CrlIndex[],
    { inclusiveJMax, periods }: Pick<RevocationData, 'inclusiveJMax' | 'periods'>,
    kernel: () => LinkageKernel,
    localPeriods: number,
  ) {
    this.crls = crls;
    this.inclusiveJMax = inclusiveJMax;
    this.expanded = new Set(periods);
    this.kernel = kernel;
    this.hasHashes = crls.some(({ hashes }) => hashes !== undefined);
    this.nextCrl = Math.min(...[isHashBased, isLinkageBased].map((family) => nextOf(crls, family)));
    const lenient = [...new Set(crls.flatMap(({ about }) => about.lenient))].sort();
    this.covered = lenient.length > 0 ? { nextCrl: this.nextCrl, lenient } : { nextCrl: this.nextCrl };
    this.groups = crls.map(({ groups }) =>
      groups.length > 0 ? new GroupEntries(groups, kernel(), localPeriods) : undefined,
    );
    this.local = new RecentlyUsed(localPeriods);
  }

  get localTables(): number {
    return this.local.size;
  }

  /** What {@link RevocationIndex.check} says, of this scope. */
  check(query: Omit<RevocationQuery, 'scope'>, mayExpand = true): RevocationAnswer {
    const { covered } = this;
    const { linkage } = query;
    const byHash = this.hasHashes ? this.findHashes(query.hashedId10s) : undefined;
    if (byHash) return { state: 'revoked', ...covered, hit: byHash };
    if (!linkage) return { state: 'notRevoked', ...covered };
    const { iCert, linkageValue, group } = linkage;
    mustBeLinkageValue(linkageValue);
    const period = mayExpand ? this.period(iCert) : this.sharedPeriod(iCert);
    const found = period.find(linkageValue, 0);
    if (found >= 0) return { state: 'revoked', ...covered, hit: this.hitOf(found, 'linkageValue') };
    const inGroup = group ? this.findGroup(iCert, group, mayExpand) : NOT_FOUND;
    if (typeof inGroup === 'object') return { state: 'revoked', ...covered, hit: inGroup };
    const detail = period.notEvaluated ?? (typeof inGroup === 'string' ? inGroup : undefined);
    return detail === undefined ? { state: 'notRevoked', ...covered } : { state: 'notEvaluated', ...covered, detail };
  }

  /**
   * Looks 9 octets up among the linkage values of a period: the number of a hit, for {@link hitOf}, or {@link NOT_FOUND} or
   * {@link NOT_EVALUATED}. Allocates nothing where the period was asked for before.
   */
  linkage(iCert: number, octets: Uint8Array, offset: number): number {
    return this.period(iCert).find(octets, offset);
  }

  /**
   * The linkage values of a period. A period that nobody expanded is expanded now where that costs little: ask for proven certificates
   * only (DECISIONS D22).
   */
  period(iCert: number): PeriodIndex {
    if (this.latest?.period === iCert) return this.latest;
    let period = this.built.get(iCert) ?? this.local.get(iCert);
    if (period === undefined) {
      period = this.periodOf(iCert, true);
      // What no work was put into does not compete for the few places of what it was.
      (period.isLocal ? this.local : this.built).set(iCert, period);
    }
    this.latest = period;
    return period;
  }

  /** Which CRL, entry and rule the number of a hit stands for. */
  hitOf(number: number, rule: RevocationHit['rule']): RevocationHit {
    return this.hit(Math.floor(number / ENTRY_RANGE), number % ENTRY_RANGE, rule);
  }

  private hit(crl: number, entry: number, rule: RevocationHit['rule']): RevocationHit {
    const { id, source, craca, scope, lenient } = (this.crls[crl] as CrlIndex).about;
    const about = { crl: id, source, craca, series: scope.crlSeries, rule, entry };
    return lenient.length > 0 ? { ...about, lenient } : about;
  }

  private findHashes(ids: readonly Uint8Array[]): RevocationHit | undefined {
    for (const [at, { hashes }] of this.crls.entries()) {
      if (!hashes) continue;
      for (const id of ids) {
        const entry = findHash(hashes, id);
        if (entry >= 0) return this.hit(at, entry, 'hash');
      }
    }
    return undefined;
  }

  /** A hit, the reason why some CRL could not be asked, or {@link NOT_FOUND}. */
  private findGroup(
    iCert: number,
    { jValue, value }: { readonly jValue: Uint8Array; readonly value: Uint8Array },
    mayExpand: boolean,
  ): RevocationHit | string | typeof NOT_FOUND {
    mustBeLinkageValue(value);
    let reason: string | undefined;
    for (const [at, groups] of this.groups.entries()) {
      const found = this.inGroups(groups, iCert, jValue, value, mayExpand);
      if (typeof found === 'string') reason ??= `${this.crls[at]?.about.source}: ${found}`;
      else if (found >= 0) return this.hit(at, found, 'groupLinkageValue');
    }
    return reason ?? NOT_FOUND;
  }

  private inGroups(
    groups: GroupEntries | undefined,
    iCert: number,
    jValue: Uint8Array,
    value: Uint8Array,
    mayExpand: boolean,
  ): number | string {
    const living = groups?.living(iCert) ?? 0;
    if (groups === undefined || living === 0) return NOT_FOUND;
    if (mayExpand || (this.expanded.has(iCert) && living <= CHEAP_GROUPS)) return groups.find(iCert, jValue, value);
    return `${living} group entries are evaluated for proven certificates only`;
  }

  private sharedPeriod(iCert: number): PeriodIndex {
    const known = this.shared.get(iCert) ?? this.periodOf(iCert, false);
    this.shared.set(iCert, known);
    return known;
  }

  private periodOf(period: number, mayExpand: boolean): PeriodIndex {
    const sources: Source[] = [];
    let notEvaluated: string | undefined;
    let isLocal = false;
    for (const [at, crl] of this.crls.entries()) {
      // Before iRev a CRL says nothing, by intention (backward privacy); after the last iMax there is nothing left to say.
      if (!concerns(crl, period)) continue;
      let table = crl.tables.find((one) => one.period === period);
      if (table === undefined) {
        const made = mayExpand
          ? expandLocally(crl, period, this.inclusiveJMax, this.kernel())
          : 'the certificate is not proven';
        if (typeof made === 'string') {
          notEvaluated ??= `${crl.about.source}: period ${period} is not expanded: ${made}`;
          continue;
        }
        table = made;
        isLocal = true;
      }
      sources.push({ base: at * ENTRY_RANGE, reader: new LinkageTableReader(table) });
    }
    return new PeriodIndex(period, sources, notEvaluated, isLocal);
  }
}

/** Whether some entry of a CRL could have a linkage value in a period. */
function concerns({ about, chains }: CrlIndex, period: number): boolean {
  return (about.iRev ?? 0) <= period && chains.some(({ lastPeriod }) => period <= lastPeriod);
}

interface Source {
  /** Added to an entry, makes the number of a hit. */
  readonly base: number;
  readonly reader: LinkageTableReader;
}

/** The linkage values of one period in all CRLs of a scope. */
export class PeriodIndex {
  readonly period: number;
  /** Why some CRL of the scope is missing; undefined where none is. */
  readonly notEvaluated: string | undefined;
  /** Whether something was expanded on demand. */
  readonly isLocal: boolean;
  private readonly sources: readonly Source[];
  private readonly missing: number;
  private entries = new Int32Array(0);

  constructor(period: number, sources: readonly Source[], notEvaluated: string | undefined, isLocal: boolean) {
    this.period = period;
    this.sources = sources;
    this.notEvaluated = notEvaluated;
    this.isLocal = isLocal;
    this.missing = notEvaluated === undefined ? NOT_FOUND : NOT_EVALUATED;
  }

  /** The number of a hit, {@link NOT_FOUND}, or {@link NOT_EVALUATED}. */
  find(octets: Uint8Array, offset: number): number {
    const { sources } = this;
    for (let i = 0; i < sources.length; i++) {
      const { base, reader } = sources[i] as Source;
      const entry = reader.find(octets, offset);
      if (entry >= 0) return base + entry;
    }
    return this.missing;
  }

  /** {@link find} for values that lie `stride` octets apart; memory is fetched for many at a time. */
  findMany(octets: Uint8Array, offset: number, stride: number, count: number, numbers: Float64Array): void {
    numbers.fill(this.missing, 0, count);
    if (this.entries.length < count) this.entries = new Int32Array(count);
    const { entries } = this;
    for (const { base, reader } of this.sources) {
      reader.findMany(octets, offset, stride, count, entries);
      for (let i = 0; i < count; i++) {
        const entry = entries[i] as number;
        if (entry >= 0 && (numbers[i] as number) < 0) numbers[i] = base + entry;
      }
    }
  }
}

function mustBeLinkageValue(octets: Uint8Array): void {
  if (octets.length !== LINKAGE_VALUE_BYTES) throw new RangeError(`a linkage value of ${octets.length} octets`);
}

function isHashBased(kind: CrlKind): boolean {
  return kind === 'fullHashCrl' || kind === 'deltaHashCrl';
}

function isLinkageBased(kind: CrlKind): boolean {
  return !isHashBased(kind);
}

/**
 * When the successor of the newest CRL of a family is due; never where there is none. One that `crl-craca` let pass does not make up
 * for an old one of the right CRACA.
 */
function nextOf(crls: readonly CrlIndex[], family: (kind: CrlKind) => boolean): number {
  let newest: CrlIndex['about'] | undefined;
  for (const { about } of crls) {
    if (family(about.kind) && (newest === undefined || comesAfter(about, newest))) newest = about;
  }
  return newest?.nextCrl ?? Number.POSITIVE_INFINITY;
}

function comesAfter(about: CrlIndex['about'], other: CrlIndex['about']): boolean {
  const [isOwn, isOthersOwn] = [about, other].map(({ scope }) => scope.cracaId !== ANY_CRACA);
  return isOwn === isOthersOwn ? about.issueDate >= other.issueDate : isOwn === true;
}
