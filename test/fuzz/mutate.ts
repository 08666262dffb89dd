/** Ways to change octets and structures without signing them again. */
import { ECDH } from 'node:crypto';
import { decode, encode, type Schema } from '../../src/coer/index.ts';
import { Certificate, Ieee1609Dot2Data } from '../../src/dot2/index.ts';
import type { ItemKind } from '../../src/verdict/index.ts';
import { toInteger, toOctets } from '../support/octets.ts';

const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** Fast and seeded: mulberry32. */
export class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  word(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  below(limit: number): number {
    return this.word() % limit;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  octets(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.below(256));
  }
}

export interface Seed {
  readonly kind: ItemKind;
  readonly bytes: Uint8Array;
  /** What its bytes are, if not a certificate or message: files of CRLs and of trust. */
  readonly schema?: Schema<unknown>;
}

type Mutate = (seed: Seed, dice: Dice, seeds: readonly Seed[]) => Uint8Array | undefined;

const spliced = (bytes: Uint8Array, start: number, end: number, middle: Uint8Array): Uint8Array =>
  new Uint8Array(Buffer.concat([bytes.subarray(0, start), middle, bytes.subarray(end)]));

const OCTETS: Record<string, Mutate> = {
  bitFlip({ bytes }, dice) {
    const out = bytes.slice();
    const at = dice.below(out.length);
    out[at] = (out[at] as number) ^ (1 << dice.below(8));
    return out;
  },
  octet({ bytes }, dice) {
    const out = bytes.slice();
    out[dice.below(out.length)] = dice.pick([0, 1, 2, 3, 0x7f, 0x80, 0x81, 0x82, 0x83, 0x84, 0xff, dice.below(256)]);
    return out;
  },
  several({ bytes }, dice) {
    const out = bytes.slice();
    for (let i = 0; i < 2 + dice.below(6); i++) out[dice.below(out.length)] = dice.below(256);
    return out;
  },
  truncate: ({ bytes }, dice) => bytes.slice(0, dice.below(bytes.length)),
  extend: ({ bytes }, dice) => spliced(bytes, bytes.length, bytes.length, dice.octets(1 + dice.below(9))),
  insert({ bytes }, dice) {
    const at = dice.below(bytes.length + 1);
    return spliced(bytes, at, at, dice.octets(1 + dice.below(4)));
  },
  remove({ bytes }, dice) {
    const at = dice.below(bytes.length);
    return spliced(bytes, at, at + 1 + dice.below(4), new Uint8Array(0));
  },
  splice({ bytes }, dice, seeds) {
    const other = dice.pick(seeds).bytes;
    const from = dice.below(other.length);
    const piece = other.subarray(from, from + 1 + dice.below(80));
    const at = dice.below(bytes.length);
    return spliced(bytes, at, at + (dice.below(2) ? piece.length : dice.below(80)), piece);
  },
  length({ bytes }, dice) {
    const out = bytes.slice();
    const at = dice.below(out.length);
    out[at] = (out[at] as number) + dice.pick([-1, 1, -8, 8, 32, -32]);
    return out;
  },
  longLength({ bytes }, dice) {
    const at = dice.below(bytes.length);
    const length = dice.pick([
      [0x81],
      [0x82, 0],
      [0x84, 0, 0, 0],
      [0x84, 0xff, 0xff, 0xff],
      [0x88, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    ]);
    return spliced(bytes, at, at, Uint8Array.from(length));
  },
};

type Plain = Record<string, unknown>;
const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !(value instanceof Uint8Array);

const schemaOf = ({ kind, schema }: Seed): Schema<unknown> =>
  schema ?? (kind === 'certificate' ? Certificate : Ieee1609Dot2Data);

/** Decodes, lets a function change the value in place, encodes again; undefined where that cannot be written. */
function restructured(seed: Seed, change: (value: Plain) => void): Uint8Array | undefined {
  const decoded = decode(schemaOf(seed), seed.bytes);
  if (!decoded.ok) return undefined;
  const value = decoded.value as Plain;
  try {
    change(value);
    return encode(schemaOf(seed), value);
  } catch {
    return undefined;
  }
}

interface Place {
  readonly holder: Plain | unknown[];
  readonly key: string | number;
}

/** Every field below a value, deepest last; `encoded` only remembers octets. */
function placesIn(value: unknown, places: Place[] = []): Place[] {
  if (!isPlain(value)) return places;
  for (const key of Object.keys(value)) {
    if (key === 'encoded' || key === 'tag') continue;
    const holder = value as Plain;
    places.push({ holder, key });
    placesIn(holder[key], places);
  }
  return places;
}

const get = ({ holder, key }: Place): unknown => (holder as Plain)[key];
const set = ({ holder, key }: Place, value: unknown): void => {
  (holder as Plain)[key] = value;
};

function changed(value: unknown, dice: Dice): unknown {
  if (typeof value === 'number')
    return dice.pick([value + 1, value - 1, 0, 255, 65_535, value ^ (1 << dice.below(16))]);
  if (typeof value === 'bigint') return value + dice.pick([1n, -1n, 1_000_000n, 1n << 40n]);
  if (typeof value === 'string') return `${value}x`;
  if (value instanceof Uint8Array)
    return value.length === 0 ? dice.octets(1) : OCTETS.bitFlip?.({ kind: 'message', bytes: value }, dice, []);
  if (Array.isArray(value)) return dice.below(2) ? value.slice(1) : [...value, value[0]];
  return undefined;
}

interface Signed {
  signature: { tag: string; value: { rSig: { tag: string; value: unknown }; sSig: Uint8Array } };
}

/** The structures of a value that carry a signature: itself, and certificates attached to it. */
function signedParts(value: unknown): Signed[] {
  return [{ holder: { value } as Plain, key: 'value' }, ...placesIn(value)]
    .map(get)
    .filter((one): one is Plain => isPlain(one) && isPlain(one.signature))
    .map((one) => one as unknown as Signed);
}

function messagePart(value: Plain): Plain | undefined {
  const content = value.content as Plain | undefined;
  return content?.tag === 'signedData' ? (content.value as Plain) : undefined;
}

const coordinate = (point: { tag: string; value: unknown }): Uint8Array =>
  point.tag === 'uncompressed' ? (point.value as { x: Uint8Array }).x : (point.value as Uint8Array);

function yOf(x: Uint8Array, odd: number): Uint8Array | undefined {
  try {
    const compressed = Buffer.concat([Uint8Array.of(2 | odd), x]);
    return new Uint8Array(
      (ECDH.convertKey(compressed, 'prime256v1', undefined, undefined, 'uncompressed') as Buffer).subarray(33),
    );
  } catch {
    return undefined;
  }
}

const STRUCTURES: Record<string, Mutate> = {
  field: (seed, dice) =>
    restructured(seed, (value) => {
      const place = dice.pick(placesIn(value));
      set(place, changed(get(place), dice));
    }),
  drop: (seed, dice) =>
    restructured(seed, (value) => {
      const place = dice.pick(placesIn(value));
      set(place, undefined);
    }),
  graft: (seed, dice, seeds) =>
    restructured(seed, (value) => {
      const other = dice.pick(seeds);
      const decoded = decode(schemaOf(other), other.bytes);
      if (!decoded.ok) return;
      const place = dice.pick(placesIn(value));
      const donors = placesIn(decoded.value).filter(({ key }) => key === place.key);
      if (donors.length > 0) set(place, get(dice.pick(donors)));
    }),
  swapSigner: (seed, dice, seeds) =>
    restructured(seed, (value) => {
      const part = messagePart(value);
      const other = dice.pick(seeds.filter(({ kind }) => kind === 'message'));
      const donor = decode(Ieee1609Dot2Data, other.bytes);
      const from = donor.ok ? messagePart(donor.value as unknown as Plain) : undefined;
      if (!part || !from) return;
      const what = dice.pick(['signer', 'signature', 'tbsData', 'hashId']);
      part[what] = from[what];
    }),
  negateS: (seed, dice) =>
    restructured(seed, (value) => {
      const { signature } = dice.pick(signedParts(value));
      signature.value.sSig = toOctets(N - toInteger(signature.value.sSig));
    }),
  scalars: (seed, dice) =>
    restructured(seed, (value) => {
      const { signature } = dice.pick(signedParts(value));
      const special = dice.pick([0n, 1n, N - 1n, N, N + 1n, (1n << 256n) - 1n]);
      if (dice.below(2)) signature.value.sSig = toOctets(special);
      else
        signature.value.rSig = {
          tag: signature.value.rSig.tag === 'x-only' ? 'x-only' : 'compressed-y-0',
          value: toOctets(special),
        };
    }),
  hint: (seed, dice) =>
    restructured(seed, (value) => {
      const { signature } = dice.pick(signedParts(value));
      const x = coordinate(signature.value.rSig);
      const form = dice.pick(['x-only', 'compressed-y-0', 'compressed-y-1', 'right y', 'wrong y']);
      const y = form === 'right y' ? yOf(x, dice.below(2)) : dice.octets(32);
      signature.value.rSig = form.endsWith(' y') ? { tag: 'uncompressed', value: { x, y } } : { tag: form, value: x };
    }),
  keyForm: (seed, dice) =>
    restructured(seed, (value) => {
      const isKey = (point: unknown): boolean => isPlain(point) && /^(compressed|uncompressed)/.test(`${point.tag}`);
      const points = placesIn(value).filter((place) => place.key !== 'rSig' && isKey(get(place)));
      const place = dice.pick(points);
      const { tag, value: octets } = get(place) as { tag: string; value: unknown };
      if (tag === 'uncompressed') {
        const { x, y } = octets as { x: Uint8Array; y: Uint8Array };
        const wrong = dice.octets(32);
        wrong[31] = ((wrong[31] as number) & 0xfe) | ((y[31] as number) & 1);
        set(
          place,
          dice.below(2) ? { tag: `compressed-y-${(y[31] as number) & 1}`, value: x } : { tag, value: { x, y: wrong } },
        );
        return;
      }
      const odd = tag.endsWith('1') ? 1 : 0;
      const wrong = dice.octets(32);
      wrong[31] = ((wrong[31] as number) & 0xfe) | odd;
      const y = dice.below(2) ? yOf(octets as Uint8Array, odd) : wrong;
      set(place, { tag: 'uncompressed', value: { x: octets, y } });
    }),
};

const MUTATORS = Object.entries({ ...OCTETS, ...STRUCTURES });

/** A mutant of a random seed, and how it was made. */
export function mutant(seeds: readonly Seed[], dice: Dice): { name: string; seed: Seed; bytes: Uint8Array } {
  for (;;) {
    const seed = dice.pick(seeds);
    const [name, mutate] = dice.pick(MUTATORS);
    let bytes: Uint8Array | undefined;
    try {
      bytes = mutate(seed, dice, seeds);
    } catch {
      continue;
    }
    if (bytes === undefined) continue;
    if (dice.below(8) === 0) {
      const [again, more] = dice.pick(MUTATORS);
      const twice = more({ ...seed, bytes }, dice, seeds);
      if (twice) return { name: `${name}+${again}`, seed, bytes: twice };
    }
    return { name, seed, bytes };
  }
}
