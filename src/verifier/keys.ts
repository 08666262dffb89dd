import type { Infer } from '../coer/index.ts';
import type { EccP256CurvePoint, PublicVerificationKeyValue } from '../dot2/index.ts';

/** The alternatives of PublicVerificationKey (IEEE 1609.2 §6.4.38) that are known by name. */
export type KeyAlgorithm = Exclude<PublicVerificationKeyValue['tag'], 'unknown'>;

/** A public key that is a point of its curve. */
export interface PublicKey {
  readonly algorithm: KeyAlgorithm;
  /** P-256: affine x ‖ y, 64 octets. Other curves: SEC 1, compressed or uncompressed. */
  readonly point: Uint8Array;
}

/**
 * The key of an implicit certificate whose point nobody has needed yet: e·P_U + Q_CA with e = H(H(toBeSigned) ‖ H(issuer)) (IEEE 1609.2
 * §5.3.2). A signature can be verified under it as it is.
 */
export interface ImplicitKey {
  readonly algorithm: 'ecdsaNistP256';
  /** P_U, SEC 1 compressed. */
  readonly reconstructionValue: Uint8Array;
  readonly tbsHash: Uint8Array;
  readonly issuerHash: Uint8Array;
  /** An implicit certificate may have issued it, of an issuer whose key is known. */
  readonly issuerKey: PublicKey | ImplicitKey;
  /** The key itself, once it was made. */
  made?: PublicKey;
}

export type VerificationKey = PublicKey | ImplicitKey;

/** Whether the point of a key is there. */
export function isMade(key: VerificationKey): key is PublicKey {
  return 'point' in key;
}

/** Everything that a key is, in octets. */
export function keyOctets(key: VerificationKey): readonly Uint8Array[] {
  if (isMade(key)) return [key.point];
  return [key.reconstructionValue, key.tbsHash, key.issuerHash, ...keyOctets(key.issuerKey)];
}

type Point = Infer<typeof EccP256CurvePoint>;

/** SEC 1 octets of a point that carries its y; undefined for x-only and fill. */
export function sec1OfPoint(point: Point): Uint8Array | undefined {
  switch (point.tag) {
    case 'compressed-y-0':
    case 'compressed-y-1': {
      const octets = new Uint8Array(1 + point.value.length);
      octets[0] = point.tag === 'compressed-y-0' ? 2 : 3;
      octets.set(point.value, 1);
      return octets;
    }
    case 'uncompressed': {
      const { x, y } = point.value;
      const octets = new Uint8Array(1 + x.length + y.length);
      octets[0] = 4;
      octets.set(x, 1);
      octets.set(y, 1 + x.length);
      return octets;
    }
    default:
      return undefined;
  }
}

/** SEC 1 compressed form of affine x ‖ y. */
export function compressAffine(xy: Uint8Array): Uint8Array {
  const half = xy.length / 2;
  const octets = new Uint8Array(1 + half);
  octets[0] = 2 | ((xy[xy.length - 1] as number) & 1);
  octets.set(xy.subarray(0, half), 1);
  return octets;
}

/** SEC 1 compressed form of a key, for people to read. */
export function compressedKey({ algorithm, point }: PublicKey): Uint8Array {
  if (algorithm === 'ecdsaNistP256') return compressAffine(point);
  return point[0] === 4 ? compressAffine(point.subarray(1)) : point;
}
