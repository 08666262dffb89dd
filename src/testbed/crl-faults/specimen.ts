import type { CrlInput } from '../../revocation/index.ts';
import { CODES, type FailureCode } from '../../verdict/index.ts';
import type { Policy, TrustMaterial } from '../../verifier/types.ts';
import type { Expected } from '../faults/support.ts';
import type { Random } from '../random.ts';
import type { Scms } from '../scms.ts';

/** A CRL to verify, and the set-up that it needs. */
export interface CrlCase {
  readonly bytes: Uint8Array;
  /** CRLs that are verified in the same call. */
  readonly others?: readonly Uint8Array[];
  readonly previous?: readonly Uint8Array[];
  /** Beside the time of verification, which is `scms.at` unless this says otherwise. */
  readonly policy?: Partial<Policy>;
  /** Instead of `scms.trust()`. */
  readonly trust?: TrustMaterial;
}

/** One way for a CRL to be wrong, or one rare way to be right. */
export interface CrlSpecimen {
  /** The code to expect, and `/variant` if there are several. */
  readonly name: string;
  readonly description: string;
  readonly expected: Expected;
  build(scms: Scms, random: Random): CrlCase;
}

type Build = (scms: Scms, random: Random) => Uint8Array | CrlCase;

function specimen(name: string, description: string, expected: Expected, build: Build): CrlSpecimen {
  return {
    name,
    description,
    expected,
    build(scms, random) {
      const built = build(scms, random);
      return built instanceof Uint8Array ? { bytes: built } : built;
    },
  };
}

export type Where = Pick<Expected, 'depth' | 'signature'>;
export const GENUINE: Where = { depth: 0, signature: 'ok' };

export function fault(name: string, description: string, build: Build, where: Where = GENUINE): CrlSpecimen {
  const code = name.split('/')[0] as FailureCode;
  return specimen(name, description, { verdict: CODES[code].verdict, code, ...where }, build);
}

export function special(name: string, description: string, build: Build): CrlSpecimen {
  return specimen(name, description, { verdict: 'valid', code: 'ok', ...GENUINE }, build);
}

/** Builds a specimen with a generator of its own: it is the same for any order of building. */
export function buildCrlSpecimen(one: CrlSpecimen, scms: Scms): CrlCase {
  return one.build(scms, scms.random.fork(`crl ${one.name}`));
}

/** The CRLs of a case as they are handed to the verifier: the one that counts first. */
export function inputsOf({ bytes, others = [] }: CrlCase): CrlInput[] {
  return [bytes, ...others].map((octets, i) => ({ bytes: octets, source: `crl ${i}` }));
}
