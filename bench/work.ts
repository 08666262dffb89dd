/** What an item costs a library that knows nothing but single operations. */
export interface Work {
  /** P-256 signatures to be verified. */
  readonly verify: number;
  /** Points to be multiplied. */
  readonly multiply: number;
}
