/**
 * Rounds of a kernel batch, item by item against node:crypto: signatures under known keys, under points of the round, and under
 * the keys of implicit certificates, with everything that can be wrong with each, and invalid ones that were made to cancel.
 *
 * SCMS_DIFFERENTIAL / 10 signatures a kernel; SCMS_SEED chooses others.
 */
import { describe, expect, it } from 'vitest';
import { type Kernel, RForm, Status } from '../../src/kernel/kernel.ts';
import type { KernelBatch, KernelKey } from '../../src/kernel/kernel-batch.ts';
import { batchEquation } from '../reference/batch-equation.ts';
import { judge } from '../reference/judge.ts';
import { add, inverse, isOnCurve, mod, multiply, N } from '../reference/p256.ts';
import { compress, type ImplicitKey, implicitKinds, reconstructed } from '../support/implicit-keys.ts';
import { kernelBatchDigest } from '../support/kernel-batch-digest.ts';
import { kernels } from '../support/kernel-paths.ts';
import { concat, toHex, toInteger, toOctets } from '../support/octets.ts';
import { signatureKinds } from '../support/signature-kinds.ts';
import {
  type Affine,
  type Case,
  describeCase,
  digestOf,
  INPUT_ABOVE_N,
  type Made,
  type Multiple,
  multiple,
  type Nonce,
  SENT,
  sentAs,
  sha256,
  sign,
} from '../support/signatures.ts';
import { Stream } from '../support/stream.ts';

const TOTAL = Math.max(2000, Math.floor(Number(process.env.SCMS_DIFFERENTIAL ?? 0) / 10));
const TIMEOUT = 60_000 + 10 * TOTAL;
/** Signatures of a round. */
const ROUNDS = [1, 2, 3, 4, 5, 8, 17, 64, 65, 130, 257, 400];

const random = new Stream(`kernelBatch ${process.env.SCMS_SEED ?? '1'}`);
const kinds = signatureKinds(random);
const implicit = implicitKinds(random);

// ---- Work for a round, and what must come of it

/** A signature with where its key comes from; `statuses` are those that the contract allows. */
interface Work {
  readonly kind: string;
  readonly item: Made;
  readonly from: 'known key' | 'point' | 'implicit';
  /** A compressed point, where the key is one or is made from one. */
  readonly value?: Uint8Array;
  readonly certificate?: ImplicitKey;
  /** The issuer's certificate, where that is an implicit one too: its key is `certificate.issuer`. */
  readonly upper?: ImplicitKey;
  readonly statuses: readonly Status[];
}

/** A fault of r or s comes before one of the key: verdicts name it, and do not depend on the kernel. */
function firstFault(fault: Status, item: Made): Status[] {
  const { x, y } = multiple(1n);
  return judge({ ...item, x, y }) === Status.scalarOutOfRange ? [Status.scalarOutOfRange] : [fault];
}

function underKnownKey(item: Case): Work {
  return { kind: item.kind, item, from: 'known key', statuses: [judge(item)] };
}

/** The key of an item as a compressed point. Where it is none, x is sent all the same, and may be the x of another key. */
function underPoint(item: Case): Work {
  const value = concat(Uint8Array.of(2 + Number(item.y & 1n)), toOctets(item.x));
  const statuses = isOnCurve(item) ? [judge(item)] : undefined;
  if (statuses) return { kind: `${item.kind}, as a point`, item, from: 'point', value, statuses };
  return underKnownKey(item);
}

function underImplicit(kind: string, certificate: ImplicitKey, item: Made): Work {
  const { status, log } = reconstructed(certificate);
  const statuses = log === undefined ? firstFault(status, item) : [judge({ ...item, ...affine(multiple(log)) })];
  return {
    kind: `${kind}, ${certificate.kind}`,
    item,
    from: 'implicit',
    value: certificate.value,
    certificate,
    statuses,
  };
}

/** The same where the issuer's key is made by an implicit certificate too. */
function underTwo(kind: string, certificate: ImplicitKey, upper: ImplicitKey, item: Made): Work {
  const { status, log } = reconstructed(upper);
  if (log === undefined)
    return { ...underImplicit(kind, certificate, item), upper, statuses: firstFault(status, item) };
  const issuer = multiple(log);
  return { ...underImplicit(kind, { ...certificate, issuer, issuerLog: log }, item), upper };
}

const affine = ({ x, y }: Affine): Affine => ({ x, y });
const message = () => random.octets(64);

/** A valid signature under an implicit certificate that gives a key; any signature under one that gives none. */
function signedUnder(certificate: ImplicitKey, input = message(), sent = random.pick(SENT)): Made {
  const { log } = reconstructed(certificate);
  return sentAs(sign(multiple(log ?? 1n), implicit.nonce(), input), sent);
}

/** Everything between an implicit certificate, its issuer and a message that can be mistaken for something else. */
const IMPLICIT: Readonly<Record<string, () => Work>> = {
  valid: () => {
    const certificate = implicit.make(random.pick(implicit.usable));
    return underImplicit('valid', certificate, signedUnder(certificate));
  },
  'any certificate': () => {
    const certificate = implicit.make(random.pick(implicit.names));
    return underImplicit('any', certificate, signedUnder(certificate));
  },
  'any certificate and signature': () => {
    const kind = random.pick(kinds.withInput);
    return underImplicit(kind, implicit.make(random.pick(implicit.names)), kinds.make(kind)[0]!);
  },
  'digest of n or more': () => {
    const certificate = implicit.make('e is n or more');
    return underImplicit('digest of n or more', certificate, signedUnder(certificate, INPUT_ABOVE_N));
  },
  'P of another': () => {
    const certificate = implicit.make('plain');
    const other = implicit.make('plain');
    const { value, valueLog } = other;
    return underImplicit('P of another', { ...certificate, value, valueLog }, signedUnder(certificate));
  },
  'P negated': () => {
    const certificate = implicit.make('plain');
    const value = certificate.value.with(0, certificate.value[0]! ^ 1);
    return underImplicit(
      'P negated',
      { ...certificate, value, valueLog: -certificate.valueLog! },
      signedUnder(certificate),
    );
  },
  'another issuer': () => {
    const certificate = implicit.make('plain');
    const issuer = implicit.nonce();
    return underImplicit('another issuer', { ...certificate, issuer, issuerLog: issuer.log }, signedUnder(certificate));
  },
  'another certificate': () => {
    const certificate = implicit.make('plain');
    return underImplicit('another certificate', { ...certificate, input: message() }, signedUnder(certificate));
  },
  'hashes of certificate and issuer exchanged': () => {
    const certificate = implicit.make('plain');
    const input = concat(certificate.input.subarray(32), certificate.input.subarray(0, 32));
    return underImplicit('exchanged', { ...certificate, input }, signedUnder(certificate));
  },
  'another message': () => {
    const certificate = implicit.make('plain');
    return underImplicit('another message', certificate, { ...signedUnder(certificate), input: message() });
  },
  "signed with the issuer's key": () => {
    const certificate = implicit.make('plain');
    const item = sentAs(sign(multiple(certificate.issuerLog!), implicit.nonce(), message()), 'compressed');
    return underImplicit('by the issuer', certificate, item);
  },
  'signed with the key of P': () => {
    const certificate = implicit.make('plain');
    const item = sentAs(sign(multiple(certificate.valueLog!), implicit.nonce(), message()), 'compressed');
    return underImplicit('by P', certificate, item);
  },
  'under another implicit certificate': () => {
    const certificate = implicit.make('plain');
    return underTwo('under another', certificate, implicit.forKey(certificate.issuerLog!), signedUnder(certificate));
  },
  'under another implicit certificate, any': () => {
    const [certificate, upper] = [
      implicit.make(random.pick(implicit.usable)),
      implicit.make(random.pick(implicit.usable)),
    ];
    const issuerLog = reconstructed(upper).log!;
    const item = signedUnder({ ...certificate, issuer: multiple(issuerLog), issuerLog });
    return underTwo('under any other', certificate, upper, item);
  },
  'under an implicit certificate that is none': () => {
    const kind = random.pick(['P with no y', 'P with x = 2^256 − 1', 'P with x + p']);
    return underTwo(
      'under none',
      implicit.make('plain'),
      implicit.make(kind),
      sentAs(sign(multiple(1n), implicit.nonce(), message()), 'compressed'),
    );
  },
  'under another implicit certificate, P of that one negated': () => {
    const certificate = implicit.make('plain');
    const upper = implicit.forKey(certificate.issuerLog!);
    const value = upper.value.with(0, upper.value[0]! ^ 1);
    const negated = { ...upper, value, valueLog: -upper.valueLog! };
    return underTwo('upper P negated', certificate, negated, signedUnder(certificate));
  },
  'both implicit certificates exchanged': () => {
    const certificate = implicit.make('plain');
    const upper = implicit.forKey(certificate.issuerLog!);
    const lower = { ...certificate, input: upper.input };
    return underTwo('inputs exchanged', lower, { ...upper, input: certificate.input }, signedUnder(certificate));
  },
  'under another implicit certificate, the key is infinity': () => {
    const upper = implicit.make('plain');
    const issuer = multiple(reconstructed(upper).log!);
    const [k, input] = [implicit.nonce(), message()];
    const item = sentAs({ input, R: k, s: mod(digestOf(input) * k.inverse, N), key: k }, 'compressed');
    return underTwo('fits infinity of two', implicit.forKey(0n, issuer), upper, item);
  },
  // R = u1·G, whatever u2 is: valid under infinity, if that were a key.
  'Q is infinity, and the signature fits': () => {
    const [k, input] = [implicit.nonce(), message()];
    const item = sentAs({ input, R: k, s: mod(digestOf(input) * k.inverse, N), key: k }, 'compressed');
    return underImplicit('fits infinity', implicit.make('Q is infinity'), item);
  },
  'R is infinity': () => {
    const [k, input] = [implicit.nonce(), message()];
    const certificate = implicit.forKey(-digestOf(input) * inverse(k.x, N));
    return underImplicit('R is infinity', certificate, sentAs({ input, R: k, s: k.log, key: k }, 'compressed'));
  },
  'u1·G = u2·Q': () => {
    const [k, input] = [implicit.nonce(), message()];
    const e = digestOf(input);
    const certificate = implicit.forKey(e * inverse(k.x, N));
    return underImplicit(
      'u1·G = u2·Q',
      certificate,
      sentAs({ input, R: k, s: mod(2n * e * k.inverse, N), key: k }, 'compressed'),
    );
  },
  'key = ±R': () => {
    const k = implicit.nonce();
    const certificate = implicit.forKey(random.chance(0.5) ? k.log : -k.log);
    return underImplicit(
      'key = ±R',
      certificate,
      sentAs(sign(multiple(reconstructed(certificate).log!), k, message()), 'compressed'),
    );
  },
  'issuer = R, P = R': () => {
    const k = implicit.nonce();
    const input = message();
    const certificate = {
      kind: 'P = Q_CA = R',
      input,
      value: compress(k),
      issuer: k,
      valueLog: k.log,
      issuerLog: k.log,
    };
    return underImplicit(
      'valid',
      certificate,
      sentAs(sign(multiple(reconstructed(certificate).log!), k, message()), 'compressed'),
    );
  },
};

/**
 * Invalid signatures whose errors cancel for equal multipliers: each P (or key) is off by (εᵢ/(u2ᵢ·eᵢ))·G, or each s by its εᵢ, and
 * Σ εᵢ = 0.
 */
function cancelling(count: number, where: 's' | 'P' | 'point', issuer: Multiple): Work[] {
  const errors = Array.from({ length: count - 1 }, () => random.integer());
  errors.push(-errors.reduce((sum, one) => sum + one, 0n));
  return errors.map((error) => {
    const [k, input, d] = [implicit.nonce(), message(), implicit.nonce().log];
    if (where === 's') {
      const s = shiftedS(multiple(d), k, input, error);
      return underImplicit(
        'cancels by s',
        implicit.forKey(d, issuer),
        sentAs({ input, R: k, s, key: k }, 'compressed'),
      );
    }
    const signature = sign(multiple(d), k, input);
    const shift = error * signature.s * inverse(k.x, N);
    const item = sentAs({ ...signature, key: multiple(d + shift) }, 'compressed');
    if (where === 'point') return underPoint({ ...item, kind: 'cancels by the key' });
    return underImplicit('cancels by P', implicit.forKey(d + shift, issuer), item);
  });
}

/** s that makes u1·G + u2·Q = (k + ε)·G. */
function shiftedS(key: Multiple, k: Nonce, input: Uint8Array, error: bigint): bigint {
  return mod(sign(key, k, input).s * k.log * inverse(k.log + error, N), N);
}

// ---- Running it

const keyObjects = new Map<string, KernelKey>();

/** The same object for the same key, as the contract asks. */
function keyObject({ x, y }: Affine): KernelKey {
  const point = concat(toOctets(x), toOctets(y));
  const name = toHex(point);
  const known = keyObjects.get(name) ?? { point };
  keyObjects.set(name, known);
  return known;
}

/** r, s and two compressed points. */
const OCTETS = 128;

/** Describes one signature and returns its id, or undefined where the round is full. */
function describeWork(bench: KernelBatch, { item, from, value, certificate, upper }: Work): number | undefined {
  const digests = (input: Uint8Array) =>
    [input.subarray(0, 32), input.subarray(32)].map((digest) => bench.known(digest)) as [number, number];
  if (!bench.hasRoom(OCTETS)) return undefined;
  const chain = certificate && digests(certificate.input);
  const above = upper && digests(upper.input);
  const [data, signer] = digests(item.input);
  const r = bench.put(toOctets(item.r));
  const s = bench.put(toOctets(item.s));
  const rest = [data, signer, item.rForm ?? RForm.xOnly, r, s] as const;
  if (from === 'known key') return bench.verify(...rest, keyObject(item));
  const pointOf = (octets: Uint8Array) => bench.point(bench.put(octets.subarray(1)), octets[0]! & 1);
  const point = pointOf(value!);
  if (!chain) return bench.verifyWithPoint(...rest, point);
  const [tbs, issuer] = chain;
  const issuerKey = above
    ? { point: pointOf(upper!.value), tbs: above[0], issuer: above[1], issuerKey: keyObject(upper!.issuer) }
    : keyObject(certificate!.issuer);
  return bench.verifyImplicit(...rest, { point, tbs, issuer, issuerKey });
}

/** In as few rounds as there is room for. */
function statusesOf(bench: KernelBatch, work: readonly Work[]): Status[] {
  const statuses: Status[] = [];
  while (statuses.length < work.length) {
    bench.begin();
    const left = work.slice(statuses.length);
    let count = 0;
    while (count < left.length) {
      const id = describeWork(bench, left[count]!);
      if (id === undefined) break;
      expect(id).toBe(count++);
    }
    if (count === 0) throw new Error('a round without room for one signature');
    bench.run();
    for (let id = 0; id < count; id++) statuses.push(bench.status(id));
  }
  return statuses;
}

/** As much as `hasRoom` says that an item may have: four hashes, two known digests, two points and two signatures, all valid. */
function largestItem(length: number): { octets: number; describe(bench: KernelBatch): [number, number] } {
  const texts = Array.from({ length: 4 }, () => random.octets(length));
  const [certificateText, issuerText, dataText, signerText] = texts.map(sha256) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const key = implicit.nonce();
  const certificate = implicit.forKey(key.log, implicit.nonce(), concat(certificateText, issuerText));
  const first = sentAs(sign(key, implicit.nonce(), concat(dataText, signerText)), 'compressed');
  const second = sentAs(sign(implicit.nonce(), implicit.nonce(), message()), 'compressed');
  const other = compress(second);
  return {
    octets: 4 * length + 2 * 64 + 2 * 32,
    describe(bench) {
      const put = (value: bigint) => bench.put(toOctets(value));
      const [cert, issuer, data, signer] = texts.map((text) => bench.hash(bench.put(text), text.length)) as [
        number,
        number,
        number,
        number,
      ];
      const known = [second.input.subarray(0, 32), second.input.subarray(32)].map((digest) => bench.known(digest));
      const points = [certificate.value, other].map((value) =>
        bench.point(bench.put(value.subarray(1)), value[0]! & 1),
      );
      return [
        bench.verifyImplicit(data, signer, first.rForm!, put(first.r), put(first.s), {
          point: points[0]!,
          tbs: cert,
          issuer,
          issuerKey: keyObject(certificate.issuer),
        }),
        bench.verifyWithPoint(known[0]!, known[1]!, second.rForm!, put(second.r), put(second.s), points[1]!),
      ];
    },
  };
}

/** What came out otherwise than expected, in words; a few of them. */
function differences(bench: KernelBatch, work: readonly Work[]): string[] {
  const statuses = statusesOf(bench, work);
  return work
    .flatMap(({ kind, item, statuses: allowed }, i) =>
      allowed.includes(statuses[i]!)
        ? []
        : [`${i} of ${work.length}: ${statuses[i]}, not ${allowed.join(' or ')}: ${describeCase({ ...item, kind })}`],
    )
    .slice(0, 5);
}

/** `point` takes x and a parity: a value with another prefix cannot be handed in, nor an x that is not there. */
const expressible = ({ value, upper }: Work) =>
  [value, upper?.value].every((octets) => octets === undefined || octets[0] === 2 || octets[0] === 3);
/** A known key is on the curve by contract; what comes of one that is not is tested apart. */
const keysAreGood = ({ item, from, certificate, upper }: Work) =>
  isOnCurve(from === 'known key' ? item : ((upper ?? certificate)?.issuer ?? multiple(1n)));

function anyWork(): Work[] {
  const pick = random.index(10);
  if (pick < 3) return [underKnownKey(kinds.honest('compressed', recurring))];
  if (pick < 4) return [underPoint(kinds.honest('compressed'))];
  if (pick < 6) return [random.pick(Object.values(IMPLICIT))()];
  if (pick < 7) return [IMPLICIT.valid!()];
  const made = kinds.make(random.pick(kinds.withInput));
  return pick < 8 ? made.map(underPoint) : made.map(underKnownKey);
}

const recurring = Array.from({ length: 6 }, () => kinds.newKey());

function workFor(total: number): Work[] {
  const out: Work[] = [];
  while (out.length < total) out.push(...anyWork().filter((work) => expressible(work) && keysAreGood(work)));
  return out;
}

const benches = kernels().flatMap(({ name, kernel, memory }) => {
  const bench = (kernel as { readonly kernelBatch?: KernelBatch }).kernelBatch;
  return bench ? [{ name, kernel: kernel as Kernel, bench, memory }] : [];
});
if (benches.length === 0) console.warn('skipped, no kernel has a kernelBatch: rounds against node:crypto');

describe('implicit signatures', () => {
  it('come out as node:crypto says under the key from the definitions', () => {
    for (const make of Object.values(IMPLICIT)) {
      const { kind, item, certificate, upper, statuses } = make();
      const { input, issuer, valueLog } = certificate!;
      if (upper && reconstructed(upper).log === undefined) continue;
      if (valueLog === undefined || !isOnCurve(issuer)) continue;
      const key = add(multiply(mod(digestOf(input), N), multiple(valueLog)), issuer);
      expect(statuses, kind).toContain(key ? judge({ ...item, ...affine(key) }) : Status.infinity);
    }
  });

  it('cancel where they are made to', () => {
    for (const where of ['s', 'P', 'point'] as const) {
      const work = cancelling(3, where, implicit.nonce());
      const keyed = work.map(({ item, certificate }) => {
        const key = certificate ? affine(multiple(reconstructed(certificate).log!)) : affine(item);
        return { ...item, ...key };
      });
      expect(batchEquation(keyed, [1n, 1n, 1n]), where).toBeUndefined();
      expect(batchEquation(keyed, [1n, 1n, 2n]), where).toBeDefined();
    }
  });

  it('are refused unless they are named valid', () => {
    const valid = [
      'valid',
      'digest of n or more',
      'u1·G = u2·Q',
      'key = ±R',
      'issuer = R, P = R',
      'under another implicit certificate',
      'under another implicit certificate, any',
    ];
    const open = ['any certificate', 'any certificate and signature'];
    for (const [kind, make] of Object.entries(IMPLICIT)) {
      if (open.includes(kind)) continue;
      expect(make().statuses.includes(Status.ok), kind).toBe(valid.includes(kind));
    }
  });
});

describe.skipIf(benches.length === 0)('a kernel batch', () => {
  it.each(benches)('judges every kind alone, $name', ({ bench }) => {
    const found: string[] = [];
    for (const make of Object.values(IMPLICIT))
      found.push(...differences(bench, [make()].filter(expressible).filter(keysAreGood)));
    for (const name of implicit.names) {
      const certificate = implicit.make(name);
      const work = [underImplicit('every', certificate, signedUnder(certificate))];
      found.push(...differences(bench, work.filter(expressible).filter(keysAreGood)));
    }
    for (const kind of kinds.withInput) {
      const made = kinds.make(kind);
      for (const under of [underKnownKey, underPoint])
        found.push(...differences(bench, made.map(under).filter(keysAreGood)));
    }
    expect(found).toEqual([]);
  });

  it.each(benches)(
    `judges ${TOTAL} signatures in rounds of every size, $name`,
    ({ bench }) => {
      const work = workFor(TOTAL);
      const found: string[] = [];
      for (let from = 0, n = 0; from < work.length; n++) {
        const part = work.slice(from, from + ROUNDS[n % ROUNDS.length]!);
        found.push(...differences(bench, part));
        from += part.length;
      }
      expect(found.slice(0, 5)).toEqual([]);
    },
    TIMEOUT,
  );

  it.each(benches)('accepts nothing that was made to cancel, $name', ({ name, bench }) => {
    for (const where of ['s', 'P', 'point'] as const) {
      for (const count of name === 'native' ? [2, 5] : [2, 3, 4, 16, 64, 150]) {
        const issuer = implicit.nonce();
        const work = cancelling(count, where, issuer);
        expect(work.flatMap(({ statuses }) => statuses)).toEqual(new Array(count).fill(Status.badSignature));
        expect(differences(bench, work)).toEqual([]);
        const valid = Array.from({ length: 20 }, () => IMPLICIT.valid!());
        expect(differences(bench, random.shuffled([...work, ...valid]))).toEqual([]);
      }
    }
  });

  it.each(benches)('finds the one bad signature of a round, $name', ({ bench }) => {
    const valid = Array.from({ length: 24 }, (_, i) =>
      i % 2 ? IMPLICIT.valid!() : underKnownKey(kinds.honest('compressed', recurring)),
    );
    const bad = [
      IMPLICIT['another message']!(),
      IMPLICIT['P negated']!(),
      underKnownKey(kinds.make('bit flip in the input')[0]!),
    ];
    for (let place = 0; place < valid.length; place++) {
      const work = valid.with(place, random.pick(bad));
      const statuses = statusesOf(bench, work);
      expect(statuses.map((status) => status === Status.ok)).toEqual(valid.map((_, i) => i !== place));
    }
  });

  it.each(benches)('never accepts under a known key that is not on the curve, $name', ({ bench }) => {
    for (const kind of kinds.withInput.filter((name) => name.startsWith('a key '))) {
      for (let i = 0; i < 12; i++) {
        const valid = IMPLICIT.valid!();
        const statuses = statusesOf(bench, [valid, ...kinds.make(kind).map(underKnownKey), valid]);
        expect(statuses[1], kind).not.toBe(Status.ok);
        expect(statuses[1], kind).not.toBe(Status.notJudged);
        expect([statuses[0], statuses[2]], kind).toEqual([Status.ok, Status.ok]);
      }
    }
  });

  it.each(benches)('never accepts under an issuer that is not on the curve, $name', ({ bench }) => {
    for (const name of implicit.names.filter((one) => one.startsWith('Q_CA ') && !implicit.usable.includes(one))) {
      const certificate = implicit.make(name);
      const valid = IMPLICIT.valid!();
      const statuses = statusesOf(bench, [valid, underImplicit('any', certificate, signedUnder(certificate)), valid]);
      expect(statuses[1], name).not.toBe(Status.ok);
      expect(statuses[1], name).not.toBe(Status.notJudged);
      expect([statuses[0], statuses[2]], name).toEqual([Status.ok, Status.ok]);
    }
  });

  it.each(benches)('hashes what was put, of any length, and signs over it, $name', ({ bench }) => {
    const lengths = [0, 1, 55, 56, 63, 64, 65, 119, 120, 127, 128, 300, 1000, 4096];
    const key = kinds.newKey();
    const signed = lengths.map((length) => {
      const [data, signer] = [random.octets(length), random.octets(lengths[random.index(lengths.length)]!)];
      return {
        data,
        signer,
        item: sentAs(sign(key, implicit.nonce(), concat(sha256(data), sha256(signer))), 'compressed'),
      };
    });
    bench.begin();
    const ids = signed.map(({ data, signer, item }) => {
      const hashes = [data, signer].map((octets) => bench.hash(bench.put(octets), octets.length)) as [number, number];
      const [r, s] = [bench.put(toOctets(item.r)), bench.put(toOctets(item.s))];
      return { hashes, signature: bench.verify(...hashes, item.rForm!, r, s, keyObject(key)) };
    });
    bench.run();
    signed.forEach(({ data, signer }, i) => {
      const { hashes, signature } = ids[i]!;
      expect(hashes.map((id) => toHex(kernelBatchDigest(bench, id)))).toEqual(
        [data, signer].map((octets) => toHex(sha256(octets))),
      );
      expect(bench.status(signature)).toBe(Status.ok);
    });
  });

  it.each(benches)('gives points as they are, $name', ({ bench }) => {
    const good = Array.from({ length: 9 }, () => implicit.nonce());
    const bad = implicit.names.filter((name) => name.startsWith('P with')).map((name) => implicit.make(name).value);
    const values = random.shuffled([...good.map(compress), ...bad.filter((value) => value[0] === 2 || value[0] === 3)]);
    bench.begin();
    const ids = values.map((value) => bench.point(bench.put(value.subarray(1)), value[0]! & 1));
    bench.run();
    values.forEach((value, i) => {
      const expected = good.find((point) => toHex(compress(point)) === toHex(value));
      expect(bench.pointStatus(ids[i]!)).toBe(expected ? Status.ok : Status.notOnCurve);
      if (!expected) return;
      const octets = bench.affine(ids[i]!);
      expect([toInteger(octets.subarray(0, 32)), toInteger(octets.subarray(32))]).toEqual([expected.x, expected.y]);
    });
  });

  it.each(benches)('has no status before it ran, and none of the round before, $name', ({ bench }) => {
    const valid = underKnownKey(kinds.honest('compressed'));
    expect(statusesOf(bench, [valid, valid])).toEqual([Status.ok, Status.ok]);
    const statusOrMisuse = (id: number) => {
      try {
        return bench.status(id);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
        return 'misuse';
      }
    };
    bench.begin();
    for (const id of [0, 1, 2, -1, 0.5, Number.NaN]) expect(statusOrMisuse(id)).not.toBe(Status.ok);
    const bad = describeWork(bench, underKnownKey(kinds.make('bit flip in the input')[0]!))!;
    expect(statusOrMisuse(bad)).not.toBe(Status.ok);
    bench.run();
    expect(bench.status(bad)).toBe(Status.badSignature);
    expect(statusOrMisuse(1)).not.toBe(Status.ok);
    bench.begin();
    bench.run();
    for (const id of [0, 1]) expect(statusOrMisuse(id)).not.toBe(Status.ok);
  });

  it.each(benches)('refuses misuse with a RangeError, $name', ({ bench }) => {
    const { item } = underKnownKey(kinds.honest('compressed'));
    const key = keyObject(item);
    bench.begin();
    const [r, s] = [bench.put(toOctets(item.r)), bench.put(toOctets(item.s))];
    const digest = bench.known(item.input.subarray(0, 32));
    expect(() => bench.verify(digest + 1, digest, 0, r, s, key)).toThrow(RangeError);
    expect(() => bench.verify(digest, -1, 0, r, s, key)).toThrow(RangeError);
    for (const form of [1, 5, -1, 0.5, Number.NaN]) {
      expect(() => bench.verify(digest, digest, form, r, s, key)).toThrow(RangeError);
    }
    expect(() => bench.verifyWithPoint(digest, digest, 0, r, s, 0)).toThrow(RangeError);
    const certificate = { point: 0, tbs: digest, issuer: digest, issuerKey: key };
    expect(() => bench.verifyImplicit(digest, digest, 0, r, s, certificate)).toThrow(RangeError);
    const point = bench.point(r, 0);
    const upper = { ...certificate, point: point + 1 };
    expect(() => bench.verifyImplicit(digest, digest, 0, r, s, { ...certificate, point, issuerKey: upper })).toThrow(
      RangeError,
    );
    for (const wrong of [{ tbs: digest + 1 }, { issuer: -1 }]) {
      expect(() => bench.verifyImplicit(digest, digest, 0, r, s, { ...certificate, point, ...wrong })).toThrow(
        RangeError,
      );
    }
    expect(() => bench.known(new Uint8Array(31))).toThrow(RangeError);
    bench.begin();
  });

  it.each(benches)('has the room that it says, to the octet, $name', ({ bench }) => {
    bench.begin();
    let total = 0;
    for (const octets of [4096, 512, 64, 8, 1]) {
      for (; bench.hasRoom(octets); total += octets)
        expect(bench.put(new Uint8Array(octets))).toBeGreaterThanOrEqual(0);
    }
    expect(total).toBeGreaterThan(4096);
    expect(() => bench.put(new Uint8Array(total + 1))).toThrow(RangeError);
    bench.begin();
    expect(differences(bench, [IMPLICIT.valid!(), IMPLICIT['another message']!()])).toEqual([]);
  });

  it.each(benches)(
    'takes items of the stated size until it is full, in the same memory, $name',
    ({ kernel, bench, memory }) => {
      const before = { stated: kernel.memoryBytes, taken: memory() };
      for (const octets of [1, 50, 700]) {
        const item = largestItem(octets);
        bench.begin();
        const ids: [number, number][] = [];
        while (bench.hasRoom(item.octets)) {
          ids.push(item.describe(bench));
          if (ids.length > 20_000) throw new Error('a round without an end');
        }
        expect(ids.length).toBeGreaterThan(1);
        bench.run();
        expect(ids.filter((pair) => pair.some((id) => bench.status(id) !== Status.ok))).toEqual([]);
        expect(differences(bench, [IMPLICIT['another message']!(), IMPLICIT.valid!()])).toEqual([]);
      }
      expect({ stated: kernel.memoryBytes, taken: memory() }).toEqual(before);
    },
    TIMEOUT,
  );
});
