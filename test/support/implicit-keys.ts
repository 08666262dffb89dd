/**
 * ECQV reconstructions Q = e·P + Q_CA (IEEE 1609.2 §5.3.2, SEC 4 §2.5) with known logarithms, so that what must come out is one
 * multiplication of G: ordinary ones, and those whose sum, or whose parts, are exceptional.
 */
import { Status } from '../../src/kernel/kernel.ts';
import { inverse, liftX, mod, N, P } from '../reference/p256.ts';
import { concat, toOctets } from './octets.ts';
import {
  type Affine,
  digestOf,
  INPUT_ABOVE_N,
  type Multiple,
  multiple,
  type Nonce,
  nonces,
  opposite,
} from './signatures.ts';
import type { Stream } from './stream.ts';

export interface ImplicitKey {
  readonly kind: string;
  /** H(toBeSigned) ‖ H(issuer), 64 octets; e is their hash. */
  readonly input: Uint8Array;
  /** P_U, SEC 1 compressed: 33 octets. */
  readonly value: Uint8Array;
  readonly issuer: Affine;
  /** The logarithms of P_U and Q_CA; undefined where that one is no point. */
  readonly valueLog: bigint | undefined;
  readonly issuerLog: bigint | undefined;
}

export function compress({ x, y }: Affine): Uint8Array {
  return concat(Uint8Array.of(2 + Number(y & 1n)), toOctets(x));
}

/** What a reconstruction must come to, and the logarithm of the key where there is one. */
export function reconstructed({ input, valueLog, issuerLog }: ImplicitKey): { status: Status; log?: bigint } {
  if (valueLog === undefined || issuerLog === undefined) return { status: Status.notOnCurve };
  const log = mod(digestOf(input) * valueLog + issuerLog, N);
  return log === 0n ? { status: Status.infinity } : { status: Status.ok, log };
}

export interface ImplicitKinds {
  readonly names: readonly string[];
  /** Those of `names` that give a key. */
  readonly usable: readonly string[];
  make(kind: string): ImplicitKey;
  /** The input and issuer of one's choice, and the value that makes the key d·G. */
  forKey(d: bigint, issuer?: Multiple, input?: Uint8Array): ImplicitKey;
  nonce(): Nonce;
}

export function implicitKinds(random: Stream): ImplicitKinds {
  const point = nonces(random);
  const message = () => random.octets(64);

  const implicit = (input: Uint8Array, value: Multiple, issuer: Multiple): Omit<ImplicitKey, 'kind'> => ({
    input,
    value: compress(value),
    issuer,
    valueLog: value.log,
    issuerLog: issuer.log,
  });
  const forKey = (d: bigint, issuer: Multiple = point(), input = message()) =>
    implicit(input, multiple((d - issuer.log) * inverse(digestOf(input), N)), issuer);
  const special = () => multiple(random.pick([1n, -1n, 2n, -2n, 3n, 1n << BigInt(random.index(256))]));
  const withValue = (value: Uint8Array) => ({ ...implicit(message(), point(), point()), value, valueLog: undefined });
  const withIssuer = (issuer: Affine) => ({ ...implicit(message(), point(), point()), issuer, issuerLog: undefined });
  const prefixed = (first: number, x: bigint) => withValue(concat(Uint8Array.of(first), toOctets(x)));
  const noX = () => {
    for (;;) {
      const x = random.integer();
      if (!liftX(x, false)) return x;
    }
  };

  const usable: Record<string, () => Omit<ImplicitKey, 'kind'>> = {
    plain: () => implicit(message(), point(), point()),
    'e is n or more': () => implicit(INPUT_ABOVE_N, point(), point()),
    'P special': () => implicit(message(), special(), point()),
    'Q_CA special': () => implicit(message(), point(), special()),
    'P and Q_CA special': () => implicit(message(), special(), special()),
    'P = Q_CA': () => {
      const both = point();
      return implicit(message(), both, both);
    },
    'P = −Q_CA': () => {
      const issuer = point();
      return implicit(message(), opposite(issuer), issuer);
    },
    'e·P = Q_CA': () => {
      const issuer = point();
      return forKey(2n * issuer.log, issuer);
    },
    'Q = ±G': () => forKey(random.pick([1n, -1n])),
    'Q = P': () => {
      // e·p + c = p
      const [value, input] = [point(), message()];
      return implicit(input, value, multiple(value.log * (1n - digestOf(input))));
    },
    'Q = −Q_CA': () => {
      const issuer = point();
      return forKey(-issuer.log, issuer);
    },
  };
  const refused: typeof usable = {
    'Q is infinity': () => forKey(0n),
    'Q is infinity, e is n or more': () => forKey(0n, point(), INPUT_ABOVE_N),
    'Q is infinity, Q_CA = ±G': () => forKey(0n, multiple(random.pick([1n, -1n]))),
    'P with no y': () => prefixed(random.pick([2, 3]), noX()),
    'P with x = p or more': () => prefixed(random.pick([2, 3]), P + random.integer(20)),
    'P with x = 2^256 − 1': () => prefixed(3, 2n ** 256n - 1n),
    // 5 is an x of the curve, and so 5 + p would be, were it reduced.
    'P with x + p': () => prefixed(2, P + 5n),
    'P with another prefix': () => prefixed(random.pick([0, 1, 4, 5, 6, 7, 0x82, 0xff]), point().x),
    'P all zero': () => withValue(new Uint8Array(33)),
    'Q_CA (0, 0)': () => withIssuer({ x: 0n, y: 0n }),
    'Q_CA beside the curve': () => {
      const { x, y } = point();
      return withIssuer({ x, y: y ^ 1n });
    },
    'Q_CA with x of p or more': () => withIssuer({ x: P, y: liftX(0n, false)!.y }),
    'Q_CA with y of p or more': () => withIssuer({ x: point().x, y: 2n ** 256n - 1n }),
    'neither P nor Q_CA': () => ({ ...prefixed(2, noX()), issuer: { x: 1n, y: 1n }, issuerLog: undefined }),
  };
  const all = { ...usable, ...refused };
  return {
    names: Object.keys(all),
    usable: Object.keys(usable),
    make: (kind) => ({ kind, ...all[kind]!() }),
    forKey: (d, issuer, input) => ({ kind: 'made for a key', ...forKey(d, issuer, input) }),
    nonce: point,
  };
}
