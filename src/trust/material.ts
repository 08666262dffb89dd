import type { TrustState } from './types.ts';

/** Octets of lower-case hex. */
export function fromHex(hex: string): Uint8Array {
  const octets = new Uint8Array(hex.length / 2);
  for (let i = 0; i < octets.length; i++) octets[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return octets;
}

/** The roots as anchors and the component certificates as help: what a `Verifier` or a pool takes as its trust. */
export function trustMaterialOf(state: TrustState): { roots: Uint8Array[]; certificates: Uint8Array[] } {
  return {
    roots: state.roots.map(({ certificate }) => fromHex(certificate)),
    certificates: state.certificates.map(({ certificate }) => fromHex(certificate)),
  };
}

/** The SecuredCrls in force, as octets. */
export function crlsOf(state: TrustState): Uint8Array[] {
  return state.crls.flatMap(({ parts }) => parts.map(({ octets }) => fromHex(octets)));
}
