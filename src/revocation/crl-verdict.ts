import type { Verdict } from '../verdict/index.ts';
import type { CrlKind } from './types.ts';

/** A signed CRL to verify. */
export interface CrlInput {
  /** SecuredCrl: Ieee1609Dot2Data, signed (IEEE 1609.2 §7.4). */
  readonly bytes: Uint8Array;
  /** Where it came from, for people. */
  readonly source: string;
}

/** The verdict on one CRL: the fields of a certificate's verdict for its signature and signer, and its own. */
export interface CrlVerdict extends Omit<Verdict, 'kind' | 'publicKey' | 'generationTime' | 'warnings'> {
  /** Null, as all that follow, where the contents were not decoded. */
  readonly kind: CrlKind | null;
  /** crlCraca, hex. */
  readonly craca: string | null;
  readonly series: number | null;
  /** Entries of all its lists. */
  readonly entries: number | null;
  /** RFC 3339. */
  readonly issueDate: string | null;
  readonly nextCrl: string | null;
  /** crlSerial of hash-based, indexWithinI of linkage-based CRLs. */
  readonly serial: number | null;
  /** Linkage-based CRLs only. */
  readonly iRev: number | null;
  /** What is odd about the CRL without being wrong, in words. */
  readonly warnings?: readonly string[];
}
