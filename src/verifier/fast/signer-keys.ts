import type { Kernel } from '../../kernel/kernel.ts';
import { decompressAll, reconstructAll } from '../arithmetic.ts';
import { hashAll } from '../hashing.ts';
import type { ImplicitKey } from '../keys.ts';
import { octetsOfKey } from '../octets.ts';
import type { Signer } from '../signer.ts';
import type { CertificateTemplate } from './certificate-template.ts';

/** Computes the keys of signers that come back for the first time, all in one call. What cannot be computed stays away. */
export function findKeys(kernel: Kernel, signers: readonly Signer[]): void {
  const explicit = signers.filter(({ unmade }) => unmade !== undefined && isTemplate(unmade) && unmade.isExplicit);
  const points = decompressAll(
    kernel,
    explicit.map(({ unmade, octets }) => compressedPoint(unmade as CertificateTemplate, octetsOfKey(octets), 0)),
  );
  explicit.forEach((signer, i) => {
    const point = points[i];
    if (point !== undefined) signer.key = { algorithm: 'ecdsaNistP256', point };
  });
  const implicit = signers.filter(({ unmade }) => unmade !== undefined && !(isTemplate(unmade) && unmade.isExplicit));
  const keys = reconstructAll(kernel, implicitKeys(kernel, implicit));
  implicit.forEach((signer, i) => {
    const key = keys[i];
    if (typeof key === 'object') signer.key = key;
  });
}

function isTemplate(unmade: CertificateTemplate | ImplicitKey): unmade is CertificateTemplate {
  return 'byteTemplate' in unmade;
}

/** What the keys of signers with implicit certificates are made of. */
function implicitKeys(kernel: Kernel, signers: readonly Signer[]): ImplicitKey[] {
  const ofTemplate = signers.filter(({ unmade }) => isTemplate(unmade as CertificateTemplate | ImplicitKey));
  const hashes = hashAll(
    kernel,
    ofTemplate.map(({ unmade, octets }) => {
      const { tbs, tbsEnd } = (unmade as CertificateTemplate).at;
      return { algorithm: 'sha256', octets: octetsOfKey(octets).subarray(tbs, tbsEnd) };
    }),
  );
  let next = 0;
  return signers.map(({ unmade, octets }) => {
    const source = unmade as CertificateTemplate | ImplicitKey;
    return isTemplate(source) ? implicitKey(source, octetsOfKey(octets), 0, hashes[next++] as Uint8Array) : source;
  });
}

/** The key of an implicit certificate of a template. */
export function implicitKey(
  template: CertificateTemplate,
  bytes: Uint8Array,
  base: number,
  tbsHash: Uint8Array,
): ImplicitKey {
  return {
    algorithm: 'ecdsaNistP256',
    tbsHash,
    issuerHash: template.issuer.hash,
    reconstructionValue: compressedPoint(template, bytes, base),
    issuerKey: { algorithm: 'ecdsaNistP256', point: template.issuerKey.point },
  };
}

/** SEC 1 octets of the key or reconstruction value. */
function compressedPoint({ at }: CertificateTemplate, bytes: Uint8Array, base: number): Uint8Array {
  const form = base + at.form;
  const point = new Uint8Array(bytes.subarray(form, form + 33));
  point[0] = 2 | ((bytes[form] as number) & 1);
  return point;
}
