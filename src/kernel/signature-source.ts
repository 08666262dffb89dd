import type { KeyState } from './key-tables.ts';

/** Signatures of one run, by index. */
export interface SignatureSource {
  readonly hashed: boolean;
  /** Whether every signature has another input, to be tried where its own does not hold: under known keys only. */
  readonly hasAlternative: boolean;
  /** The signature that has to hold, or else this one is not verified at all: it comes earlier. −1 where there is none. */
  requirementOf(index: number): number;
  /** The key, where it is known before the run; else it is a point of the source. */
  keyOf(index: number): KeyState | undefined;
  /** Whether R came with its y, so that an equation can take it. */
  hasY(index: number): boolean;
  /** Whether a key that is a point is an implicit certificate's. */
  isImplicit(index: number): boolean;
  /** Whether its issuer's certificate is implicit as well. */
  hasUpper(index: number): boolean;
  /** The known key above an implicit certificate, or above two. */
  issuerOf(index: number): KeyState;
  /** Puts signatures into INPUT, R_FORM, R_VALUE and S_VALUE, in this order. */
  place(indices: readonly number[]): void;
  /** Puts the other inputs where `region` says. */
  placeAlternative(indices: readonly number[], region: Uint8Array): void;
  /** Puts the points that are the keys into COMPRESSED; `place` has been called with the same indices. */
  placePoints(count: number): void;
  /** Puts what e of implicit certificates is the hash of into IMPLICIT_INPUT. */
  placePairs(count: number): void;
  /** Puts the same of implicit issuers, and their points, into ISSUER_INPUT and ISSUER_COMPRESSED. */
  placeUpper(count: number): void;
}
