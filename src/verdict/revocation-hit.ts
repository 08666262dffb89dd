/** Which rule of which entry hit. */
export interface RevocationHit {
  /** `AcceptedCrl.id` and `AcceptedCrl.source`. */
  readonly crl: string;
  readonly source: string;
  readonly craca: string;
  readonly series: number;
  readonly rule: 'hash' | 'linkageValue' | 'groupLinkageValue';
  /** Position of the entry in its CRL, from 0; see `AcceptedCrl.individuals`. */
  readonly entry: number;
  /** Leniencies without which the CRL would have been refused; undefined if it needed none. */
  readonly lenient?: readonly string[];
}
