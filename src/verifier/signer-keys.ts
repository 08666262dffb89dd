import type { Kernel } from '../kernel/kernel.ts';
import { decompressAll, hashAll, type ReconstructionJob, reconstructAll } from './arithmetic.ts';
import type { CertificateShape } from './certificate-shape.ts';
import { octetsOfKey } from './octets.ts';
import type { Signer } from './signer.ts';

/** Computes the keys of signers that come back for the first time, all in one call. What cannot be computed stays away. */
export function findKeys(kernel: Kernel, signers: readonly Signer[]): void {
  const explicit = signers.filter(({ shape }) => shape?.isExplicit);
  const implicit = signers.filter(({ shape }) => shape !== undefined && !shape.isExplicit);
  const points = decompressAll(
    kernel,
    explicit.map(({ shape, octets }) => compressedPoint(shape as CertificateShape, octetsOfKey(octets), 0)),
  );
  explicit.forEach((signer, i) => {
    setKey(signer, points[i]);
  });
  if (implicit.length === 0) return;
  const hashes = hashAll(
    kernel,
    implicit.map(({ shape, octets }) => {
      const { tbs, tbsEnd } = (shape as CertificateShape).at;
      return { algorithm: 'sha256', octets: octetsOfKey(octets).subarray(tbs, tbsEnd) };
    }),
  );
  const keys = reconstructAll(
    kernel,
    implicit.map(({ shape, octets }, i) =>
      implicitJob(shape as CertificateShape, octetsOfKey(octets), 0, hashes[i] as Uint8Array),
    ),
  );
  implicit.forEach((signer, i) => {
    setKey(signer, keys[i]);
  });
}

/** What it takes to reconstruct the key of an implicit certificate of a shape. */
export function implicitJob(
  shape: CertificateShape,
  bytes: Uint8Array,
  base: number,
  tbsHash: Uint8Array,
): ReconstructionJob {
  return {
    tbsHash,
    issuerHash: shape.issuer.hash,
    reconstructionValue: compressedPoint(shape, bytes, base),
    issuerKey: shape.issuerKey.point,
  };
}

/** SEC 1 octets of the key or reconstruction value. */
function compressedPoint({ at }: CertificateShape, bytes: Uint8Array, base: number): Uint8Array {
  const form = base + at.form;
  const point = new Uint8Array(bytes.subarray(form, form + 33));
  point[0] = 2 | ((bytes[form] as number) & 1);
  return point;
}

function setKey(signer: Signer, point: unknown): void {
  if (point instanceof Uint8Array) signer.key = { algorithm: 'ecdsaNistP256', point };
}
