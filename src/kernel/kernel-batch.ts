/**
 * One round of verifying in a single call: octets are copied into the kernel's memory once, hashes, keys and signatures are
 * described by where they lie, and `run` does all of it together, so that hashing fills its lanes, inversions are shared and
 * signatures can be verified by tables or by the batch equation.
 *
 * Ids count from 0 in the order of the calls and are void after the next `begin`. Values that are wrong get a status; misuse
 * throws a RangeError. The module allocates nothing; any other call of the kernel ends a round.
 */
import type { Status } from './status.ts';

/**
 * A public key that is known to be on the curve. Its identity is the object: pass the same object for the same key, so that the
 * kernel can keep a table for it once it is used often enough.
 */
export interface KernelKey {
  /** Affine x ‖ y, 64 octets. */
  readonly point: Uint8Array;
}

/**
 * An implicit certificate of a round: Q = e·P + Q_CA with P a point, and e = SHA-256(H(certificate's toBeSigned) ‖ H(issuer)) (IEEE 1609.2
 * §5.3.2), both by digest id. The issuer has a known key, or an implicit certificate itself, and then of a known key.
 */
export interface ImplicitCertificate<Issuer = KernelKey | ImplicitCertificate<KernelKey>> {
  readonly point: number;
  readonly tbs: number;
  readonly issuer: number;
  readonly issuerKey: Issuer;
}

/** The certificate of the issuer, where that is an implicit one too. */
export function upperOf({ issuerKey }: ImplicitCertificate): ImplicitCertificate<KernelKey> | undefined {
  return 'issuerKey' in issuerKey ? issuerKey : undefined;
}

/** Hashes and verifies a whole batch in one round, by references into bytes that were copied once. */
export interface KernelBatch {
  /** Forgets everything of the round before. */
  begin(): void;
  /**
   * Whether one more item of so many octets fits: with up to four hashes, two known digests, two points, two signatures; or six
   * known digests.
   */
  hasRoom(octets: number): boolean;
  /** Copies octets in; returns their address. */
  put(octets: Uint8Array): number;
  /** SHA-256 of octets that were put; returns a digest id. */
  hash(address: number, length: number): number;
  /** A digest that the caller knows, 32 octets; returns a digest id. */
  known(digest: Uint8Array): number;
  /** A compressed point (x at the address, parity of y) to be checked and decompressed; returns a point id. */
  point(address: number, odd: number): number;
  /** A signature under a known key; returns a signature id. */
  verify(data: number, signer: number, rForm: number, r: number, s: number, key: KernelKey): number;
  /**
   * A signature under the key that is a point of this round. `certified`: the signature over the certificate that the key is from, by id;
   * if that one does not hold, this one is not verified.
   */
  verifyWithPoint(
    data: number,
    signer: number,
    rForm: number,
    r: number,
    s: number,
    point: number,
    certified?: number,
  ): number;
  /** A signature under the key of an implicit certificate. */
  verifyImplicit(
    data: number,
    signer: number,
    rForm: number,
    r: number,
    s: number,
    certificate: ImplicitCertificate,
  ): number;
  /** Does everything that was described since `begin`. */
  run(): void;
  /** `ok` only where the signature holds under a key that is on the curve and not infinity. */
  status(signature: number): Status;
  pointStatus(point: number): Status;
  /** Affine x ‖ y of a point whose status is ok: a copy of 64 octets. */
  affine(point: number): Uint8Array;
  /** Copies the last octets of a digest, so many, to `at` in `out`: a view of it would cost more than they do. */
  copyDigest(id: number, octets: number, out: Uint8Array, at: number): void;
}

/** Copies the last octets of a digest out of those of a round. @throws RangeError where there are not so many, or no room. */
export function copyDigest(digests: Uint8Array, id: number, octets: number, out: Uint8Array, at: number): void {
  if (!(octets >= 0 && octets <= 32 && at >= 0 && at + octets <= out.length)) {
    throw new RangeError(`${octets} octets of a digest, to ${at} of ${out.length}`);
  }
  const from = 32 * (id + 1) - octets;
  for (let k = 0; k < octets; k++) out[at + k] = digests[from + k] as number;
}
