/** A revocation index in a few lines, for tests of what asks it: sets of octets in hex, nothing expanded, every question noted. */
import type { CrlScope, RevocationAnswer, RevocationQuery } from '../../src/revocation/types.ts';
import type { RevocationHit } from '../../src/verdict/index.ts';
import type { RevocationLookup, ScopeLookup } from '../../src/verifier/revocation.ts';
import { toHex } from './octets.ts';

export interface TinyCrl {
  readonly scope: CrlScope;
  /** Time32; far in the future where absent. */
  readonly nextCrl?: number;
  /** HashedId10s. */
  readonly ids?: readonly Uint8Array[];
  /** By period. */
  readonly values?: Readonly<Record<number, readonly Uint8Array[]>>;
  /** Group values: what jValue ‖ value comes to in any period. */
  readonly groups?: readonly Uint8Array[];
  /** Periods that are expanded on demand, and those that are not expanded at all. */
  readonly onDemand?: readonly number[];
  readonly tooLarge?: readonly number[];
}

const FAR = 4_000_000_000;

export class TinyIndex implements RevocationLookup {
  readonly asked: { readonly query: RevocationQuery; readonly mayExpand: boolean }[] = [];
  private readonly crls: readonly TinyCrl[];

  constructor(...crls: TinyCrl[]) {
    this.crls = crls;
  }

  scopeOf(scope: CrlScope): ScopeLookup {
    return {
      check: ({ linkage, hashedId10s }, mayExpand) =>
        this.check({ scope, hashedId10s, ...(linkage && { linkage }) }, mayExpand),
    };
  }

  private check(query: RevocationQuery, mayExpand: boolean): RevocationAnswer {
    this.asked.push({ query, mayExpand });
    const at = this.crls.findIndex(({ scope }) => key(scope) === key(query.scope));
    const crl = this.crls[at];
    if (crl === undefined) return { state: 'notChecked' };
    const { nextCrl = FAR } = crl;
    const hit = (rule: RevocationHit['rule'], entry: number): RevocationAnswer => {
      const { crlSeries: series, cracaId } = crl.scope;
      return {
        state: 'revoked',
        nextCrl,
        hit: { crl: '00', source: `crl ${at}`, craca: cracaId, series, rule, entry },
      };
    };
    const byHash = find(crl.ids ?? [], ...query.hashedId10s);
    if (byHash >= 0) return hit('hash', byHash);
    if (query.linkage === undefined) return { state: 'notRevoked', nextCrl };
    const { iCert, linkageValue, group } = query.linkage;
    const inGroup = group ? find(crl.groups ?? [], Buffer.concat([group.jValue, group.value])) : -1;
    if (inGroup >= 0) return hit('groupLinkageValue', inGroup);
    if (crl.tooLarge?.includes(iCert) || (!mayExpand && crl.onDemand?.includes(iCert))) {
      return { state: 'notEvaluated', nextCrl, detail: `period ${iCert}` };
    }
    const byValue = find(crl.values?.[iCert] ?? [], linkageValue);
    return byValue >= 0 ? hit('linkageValue', byValue) : { state: 'notRevoked', nextCrl };
  }
}

const key = ({ root, cracaId, crlSeries }: CrlScope): string => `${root} ${cracaId} ${crlSeries}`;

function find(entries: readonly Uint8Array[], ...wanted: readonly Uint8Array[]): number {
  const texts = wanted.map(toHex);
  return entries.findIndex((entry) => texts.includes(toHex(entry)));
}
