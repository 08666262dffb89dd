import type { Certificate } from '../dot2/index.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { decompressAll } from './arithmetic.ts';
import { compressAffine, compressedKey, type KeyAlgorithm, type PublicKey, sec1OfPoint } from './keys.ts';
import { sameOctets } from './octets.ts';
import { isOnRareCurve, isRareAlgorithm } from './rare-curves.ts';

/** Names of the curves, and bytes of a coordinate. */
const CURVES: Partial<Record<KeyAlgorithm, { readonly name: string; readonly bytes: number }>> = {
  ecdsaNistP256: { name: 'P-256', bytes: 32 },
  ecdsaNistP384: { name: 'P-384', bytes: 48 },
  ecdsaBrainpoolP256r1: { name: 'brainpoolP256r1', bytes: 32 },
  ecdsaBrainpoolP384r1: { name: 'brainpoolP384r1', bytes: 48 },
};

/**
 * The key of a pin, on the curve of its certificate: P-256 if that is implicit, otherwise the curve of the key that it carries,
 * which the pin has to equal. If the key cannot be used, the reason as text.
 */
export function pinnedKey(kernel: Kernel, certificate: Certificate, sec1: Uint8Array): PublicKey | string {
  const indicator = certificate.toBeSigned.verifyKeyIndicator;
  const carried = indicator.tag === 'verificationKey' ? indicator.value : undefined;
  const algorithm = carried === undefined ? 'ecdsaNistP256' : carried.tag;
  const curve = algorithm === 'unknown' ? undefined : CURVES[algorithm];
  if (algorithm === 'unknown' || curve === undefined)
    return `no signature is verified with a key of this algorithm: ${algorithm}`;
  const key = keyOn(kernel, algorithm, sec1);
  if (key === undefined) {
    const { name, bytes } = curve;
    return `not a point of ${name} in SEC 1 form (${1 + bytes} or ${1 + 2 * bytes} bytes), the curve of its certificate`;
  }
  if (carried === undefined) return key;
  const own = sec1OfPoint(carried.value as Parameters<typeof sec1OfPoint>[0]);
  const ownKey = own && keyOn(kernel, algorithm, own);
  return ownKey !== undefined && isSameKey(key, ownKey) ? key : 'not the key that the certificate itself carries';
}

/** Whether two keys are the same point, in whatever form. */
export function isSameKey(a: PublicKey, b: PublicKey): boolean {
  return a.algorithm === b.algorithm && sameOctets(compressedKey(a), compressedKey(b));
}

/** The key at a SEC 1 point; undefined if the point is not on the curve. */
function keyOn(kernel: Kernel, algorithm: KeyAlgorithm, sec1: Uint8Array): PublicKey | undefined {
  if (isRareAlgorithm(algorithm)) return isOnRareCurve(algorithm, sec1) ? { algorithm, point: sec1 } : undefined;
  const isCompressed = sec1.length === 33 && (sec1[0] === 2 || sec1[0] === 3);
  if (!isCompressed && !(sec1.length === 65 && sec1[0] === 4)) return undefined;
  const affine = sec1.subarray(1);
  const [point] = decompressAll(kernel, [isCompressed ? sec1 : compressAffine(affine)]);
  return point && (isCompressed || sameOctets(point, affine)) ? { algorithm, point } : undefined;
}
