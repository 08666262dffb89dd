import type { TrustState } from './types.ts';

/** Value of a lower-case hex digit by its character code. */
const digit = (code: number): number => (code < 58 ? code - 48 : code - 87);

/** Octets of lower-case hex, as the state has it; CRLs in it have millions. */
export function fromHex(hex: string): Uint8Array {
  const octets = new Uint8Array(hex.length / 2);
  for (let i = 0; i < octets.length; i++) {
    octets[i] = (digit(hex.charCodeAt(2 * i)) << 4) | digit(hex.charCodeAt(2 * i + 1));
  }
  return octets;
}

/** The roots as anchors and the component certificates as help: what a `Verifier` or a pool takes as its trust. */
export function trustMaterialOf(state: TrustState): { roots: Uint8Array[]; certificates: Uint8Array[] } {
  return {
    roots: state.roots.map(({ certificate }) => fromHex(certificate)),
    certificates: [...new Set(state.certificates.map(({ certificate }) => certificate))].map(fromHex),
  };
}

/** The SecuredCrls in force, as octets. */
export function crlsOf({ crls }: Pick<TrustState, 'crls'>): Uint8Array[] {
  return crls.flatMap(({ parts }) => parts.map(({ octets }) => fromHex(octets)));
}
