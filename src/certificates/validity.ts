/** Both ends of a validity period in TAI microseconds; both belong to it. */
export interface Validity {
  readonly start: bigint;
  readonly end: bigint;
}
