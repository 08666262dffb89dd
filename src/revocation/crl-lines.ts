import type { Finding } from '../certificates/index.ts';
import { type CrlContents, formatTai } from '../dot2/index.ts';
import { isDelta, isHashKind, kindOf, positionOf } from './crl-columns.ts';
import { ANY_CRACA, type CrlKind, type CrlScope } from './types.ts';

/** A CRL whose signature, chain, authority and dates stand. */
export interface StandingCrl {
  readonly source: string;
  /** SHA-256 of the SecuredCrl, hex. */
  readonly id: string;
  readonly contents: CrlContents;
  /** Hash of the contents, hex: the same for every signature and every signer field that they were sent with. */
  readonly contentHash: string;
  readonly scope: CrlScope;
  /** crlCraca, hex. */
  readonly craca: string;
  readonly entries: number;
  /** When the signer's certificate begins to be valid. */
  readonly signerStart: bigint;
  readonly lenient: readonly string[];
}

/** The CRLs of one authority and series that are in force: a full one, and the deltas on it in their order. */
export type LineInForce = readonly [StandingCrl, ...StandingCrl[]];

export interface Continuity {
  readonly inForce: readonly LineInForce[];
  readonly failures: ReadonlyMap<StandingCrl, Finding>;
  readonly warnings: ReadonlyMap<StandingCrl, readonly string[]>;
}

/**
 * What a store would hold after it has taken in these CRLs in the order in which they were issued (ROOT-MANAGEMENT C5, C6; DECISIONS
 * D27). The order in which they are given makes no difference.
 *
 * CRLs follow each other in lines: one for each root, crlCraca and series, and for hash-based and linkage-based ones apart,
 * since neither says what the other does; likewise for those that `crl-craca` lets pass. In a line a full CRL replaces what was issued before it, whatever its iRev, unless
 * its serial is lower; a delta is added at the next serial, or index of the same iRev, and nowhere else.
 */
export function continuityOf(crls: readonly StandingCrl[]): Continuity {
  const lines = new Map<string, StandingCrl[]>();
  for (const crl of crls) {
    const key = lineOf(crl);
    const line = lines.get(key);
    if (line) line.push(crl);
    else lines.set(key, [crl]);
  }
  const found = { inForce: [] as LineInForce[], failures: new Map<StandingCrl, Finding>(), warnings: new Map() };
  for (const key of [...lines.keys()].sort()) {
    const line = new Line(found.failures, found.warnings);
    const copies = copiesOf(lines.get(key) as StandingCrl[]);
    for (const [crl] of copies) line.take(crl);
    if (line.inForce !== undefined) found.inForce.push(line.inForce);
    for (const [crl, ...others] of copies) {
      const failure = found.failures.get(crl);
      if (failure !== undefined) for (const other of others) found.failures.set(other, failure);
    }
  }
  return found;
}

/**
 * CRLs as they were issued, each with those that have the same contents. Anybody can write a signature in another form, or the signer
 * as a digest: that must not make a CRL its own rival.
 */
function copiesOf(line: readonly StandingCrl[]): [StandingCrl, ...StandingCrl[]][] {
  const copies = new Map<string, [StandingCrl, ...StandingCrl[]]>();
  for (const crl of [...line].sort(compareIssued)) {
    const known = copies.get(crl.contentHash);
    if (known) known.push(crl);
    else copies.set(crl.contentHash, [crl]);
  }
  return [...copies.values()];
}

/**
 * By all eight octets of crlCraca: three could be ground, so that one CA could push out the CRLs of another. Those whose crlCraca
 * was only let pass stand in lines of their own: a leniency may add to who is revoked, and never take from it.
 */
function lineOf({ scope, craca, contents }: StandingCrl): string {
  const family = isHashKind(kindOf(contents) as CrlKind) ? 'hash' : 'linkage';
  const authority = scope.cracaId === ANY_CRACA ? `${craca}, let pass` : craca;
  return `${scope.root}/${authority}/${scope.crlSeries}/${family}`;
}

/** As issued; at the same second by serial, then by what makes the order the same every time. */
function compareIssued(a: StandingCrl, b: StandingCrl): number {
  const [first, second] = [positionOf(a.contents), positionOf(b.contents)];
  return (
    a.contents.issueDate - b.contents.issueDate ||
    (first.iRev ?? 0) - (second.iRev ?? 0) ||
    first.serial - second.serial ||
    Number(isDelta(kindOf(a.contents) as CrlKind)) - Number(isDelta(kindOf(b.contents) as CrlKind)) ||
    a.entries - b.entries ||
    compareText(a.contentHash, b.contentHash) ||
    compareText(a.id, b.id) ||
    compareText(a.source, b.source)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** One line while its CRLs come in, oldest first. */
class Line {
  inForce: LineInForce | undefined;
  private readonly failures: Map<StandingCrl, Finding>;
  private readonly warnings: Map<StandingCrl, readonly string[]>;

  constructor(failures: Map<StandingCrl, Finding>, warnings: Map<StandingCrl, readonly string[]>) {
    this.failures = failures;
    this.warnings = warnings;
  }

  take(crl: StandingCrl): void {
    if (isDelta(kindOf(crl.contents) as CrlKind)) this.takeDelta(crl);
    else this.takeFull(crl);
  }

  private takeFull(crl: StandingCrl): void {
    const last = this.inForce?.at(-1);
    if (last !== undefined) {
      const [before, now] = [positionOf(last.contents), positionOf(crl.contents)];
      const comparable = before.iRev === now.iRev;
      if (comparable && now.serial < before.serial) {
        this.fail(
          crl,
          'crlRollback',
          `${placeOf(crl)}, although ${placeOf(last)} was issued before it (${last.source})`,
        );
        return;
      }
      const together = comparable && now.serial === before.serial && isSameSecond(last, crl);
      for (const old of this.inForce ?? []) this.supersede(old, crl, together);
      if (comparable && now.serial === before.serial) this.warn(crl, `${placeOf(crl)}, as that before it`);
      this.warnOfOlderSigner(crl, last);
    }
    this.inForce = [crl];
  }

  private supersede(old: StandingCrl, by: StandingCrl, together: boolean): void {
    if (together) this.fail(old, 'crlNotContinuous', `${by.source} has other contents, and the same place and date`);
    else this.fail(old, 'crlRollback', `issued ${issued(old)}, and ${by.source} ${issued(by)}`);
  }

  private takeDelta(crl: StandingCrl): void {
    const last = this.inForce?.at(-1);
    if (this.inForce === undefined || last === undefined) {
      this.fail(crl, 'crlNotContinuous', 'no full CRL is known that was issued before this delta');
      return;
    }
    const [before, now] = [positionOf(last.contents), positionOf(crl.contents)];
    if (before.iRev === now.iRev && now.serial === before.serial + 1) {
      this.warnOfOlderSigner(crl, last);
      this.inForce = [...this.inForce, crl];
      return;
    }
    const isOld = before.iRev === now.iRev && now.serial <= before.serial;
    const detail = `a delta with ${placeOf(crl)} on ${placeOf(last)} (${last.source})`;
    this.fail(crl, isOld ? 'crlRollback' : 'crlNotContinuous', detail);
  }

  /** C6: nobody should go back to an older certificate for signing. */
  private warnOfOlderSigner(crl: StandingCrl, last: StandingCrl): void {
    if (crl.signerStart >= last.signerStart) return;
    const starts = `${formatTai(crl.signerStart)}, that of ${last.source} ${formatTai(last.signerStart)}`;
    this.warn(crl, `the signer's certificate starts ${starts}`);
  }

  private fail(crl: StandingCrl, code: Finding['code'], detail: string): void {
    this.failures.set(crl, { code, detail });
  }

  private warn(crl: StandingCrl, warning: string): void {
    this.warnings.set(crl, [...(this.warnings.get(crl) ?? []), warning]);
  }
}

function isSameSecond(a: StandingCrl, b: StandingCrl): boolean {
  return a.contents.issueDate === b.contents.issueDate;
}

function issued({ contents }: StandingCrl): string {
  return formatTai(BigInt(contents.issueDate) * 1_000_000n);
}

function placeOf({ contents }: StandingCrl): string {
  const { serial, iRev } = positionOf(contents);
  return iRev === undefined ? `crlSerial ${serial}` : `iRev ${iRev}, indexWithinI ${serial}`;
}
