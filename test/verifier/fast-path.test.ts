/**
 * The fast path gives the verdicts of the ordinary path, teaches what it teaches, and is used. Every comparison here is of a
 * verifier whose lane has seen an example of each kind with one that has none.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeOrThrow } from '../../src/coer/index.ts';
import { Certificate, formatTai, type GeographicRegionValue } from '../../src/dot2/index.ts';
import { type Kernel, Status } from '../../src/kernel/kernel.ts';
import { type MessageFacts, RULE_BOOK, rulesOver } from '../../src/rules/index.ts';
import { pseudonymFields } from '../../src/testbed/devices.ts';
import {
  app,
  type Credential,
  CURVES,
  curvePoint,
  generateKey,
  groupForAll,
  issueExplicit,
  type MessageFlaws,
  type MessageRequest,
  named as nameOf,
  negated,
  PSID_BSM,
  PSID_MISBEHAVIOUR,
  PSID_SCMS,
  pseudonyms,
  publicPoint,
  signMessage,
  yearsFrom,
} from '../../src/testbed/index.ts';
import type { Verdict } from '../../src/verdict/index.ts';
import type { Item, Policy } from '../../src/verifier/index.ts';
import { SIGNERS_PER_SET } from '../../src/verifier/learned.ts';
import { taiText } from '../../src/verifier/tai-text.ts';
import type { Verifier } from '../../src/verifier/verifier.ts';
import { Dice } from '../fuzz/mutate.ts';
import { createCatalogue, mixture, type Scenario } from '../support/catalogue.ts';
import { KERNEL, kernelWith, kernelWithCollisions } from '../support/kernels.ts';
import { counted, isQuick } from '../support/tier.ts';
import { certificate, codes, inParts, scms, verifierWith } from './support.ts';

const HOUR = 3_600_000_000n;
/** A kilometre around Ann Arbor. */
const REGION: GeographicRegionValue = {
  tag: 'circularRegion',
  value: { center: { latitude: 422_800_000, longitude: -837_400_000 }, radius: 1000 },
};
const INSIDE = { latitude: 422_800_100, longitude: -837_400_100, elevation: 4096 };
const OUTSIDE = { latitude: 423_800_000, longitude: -837_400_000, elevation: 4096 };

const explicit = [...pseudonyms(scms, { devices: 2, explicit: true })];
const implicit = [...pseudonyms(scms, { devices: 2 })];
const local = Array.from({ length: 6 }, (_, i) => pseudonymWith(`local ${i}`, { region: REGION }));

function pseudonymWith(
  label: string,
  fields: Partial<ReturnType<typeof pseudonymFields>>,
  start = scms.start,
  more: Partial<Parameters<typeof issueExplicit>[0]> = {},
): Credential {
  const key = generateKey(scms.random.fork(label));
  const linkageValue = scms.random.fork(`${label}, linkage`).bytes(9);
  const usual = pseudonymFields(scms, 0, linkageValue);
  const validityPeriod = { ...usual.validityPeriod, start };
  return issueExplicit({ issuer: scms.pca, key, fields: { ...usual, validityPeriod, ...fields }, ...more });
}

type Change = Partial<MessageRequest> & MessageFlaws;
let counter = 0;
/** A message that is like no other: attached with compressed r unless told otherwise. */
function sent(signer: Credential, change: Change = {}): Item {
  counter++;
  const payload = Uint8Array.of(counter >> 16, counter >> 8, counter, 7, 7);
  const request: MessageRequest = { psid: PSID_BSM, payload, generationTime: scms.at, signer: 'certificate' };
  return { kind: 'message', bytes: signMessage(signer, { ...request, ...change }) };
}
const named = (signer: Credential, change: Change = {}): Item => sent(signer, { signer: 'digest', ...change });

const TIMED: Change = { expiryTime: scms.at + HOUR };
const PLACED: Change = { generationLocation: INSIDE };
const BOTH: Change = { ...TIMED, ...PLACED };
const HEADERS: readonly Change[] = [{}, TIMED, PLACED, BOTH];

/** Teaches the lane every shape and frame of this file. */
const EXAMPLES: readonly Item[] = [
  certificate(explicit[0] as Credential),
  certificate(implicit[0] as Credential),
  certificate(local[0] as Credential),
  ...HEADERS.flatMap((header) =>
    [explicit[0], implicit[0], local[0]].flatMap((signer) => [
      sent(signer as Credential, header),
      named(signer as Credential, header),
    ]),
  ),
];

/** One verifier with a lane that has seen the examples, one without. */
function pair(options: Parameters<typeof verifierWith>[0] = {}): [lane: Verifier, ordinary: Verifier] {
  const verifiers: [Verifier, Verifier] = [verifierWith(options), verifierWith({ ...options, fastPath: false })];
  for (const verifier of verifiers) verifier.verify(EXAMPLES);
  return verifiers;
}

/** To whom every signature is right: then only the rules, and the octets that are compared, keep anything out. */
const gullible = kernelWith({ verify: ({ count }) => new Uint8Array(count).fill(Status.ok) });

const asText = (verdicts: readonly Verdict[]): string[] => verdicts.map((verdict) => JSON.stringify(verdict));
const learnedOf = (verifier: Verifier): string[] =>
  verifier.takeLearned().map((octets) => Buffer.from(octets).toString('hex'));

/** Compares verdicts, octet for octet of their JSON, and what was learned. Gives the verdicts, and how many took the lane. */
function same(
  items: readonly Item[],
  sizes: readonly number[] = [items.length],
  [lane, ordinary] = pair(),
): { verdicts: Verdict[]; fast: number } {
  const before = lane.metrics.fast;
  const verdicts = inParts(lane, items, sizes);
  expect(asText(verdicts)).toEqual(asText(inParts(ordinary, items, sizes)));
  expect(learnedOf(lane)).toEqual(learnedOf(ordinary));
  expect(ordinary.metrics.fast).toBe(0);
  return { verdicts, fast: lane.metrics.fast - before };
}

describe('workloads take the fast path', () => {
  const count = 40;
  const each = (make: (i: number) => Item): Item[] => Array.from({ length: count }, (_, i) => make(i));
  const recurring = (i: number): Item => {
    const signer = implicit[1 + (i % 4)] as Credential;
    return (Math.floor(i / 4) % 5 === 0 ? sent : named)(signer, { generationTime: scms.at + BigInt(i) });
  };

  it.each<[string, (i: number) => Item]>([
    ['explicit certificates of one PCA', (i) => certificate(explicit[i] as Credential)],
    ['implicit certificates', (i) => certificate(implicit[i] as Credential)],
    ['messages of recurring senders', recurring],
    ['messages of new senders, explicit', (i) => sent(explicit[i] as Credential)],
    ['messages of new senders, implicit', (i) => sent(implicit[i] as Credential)],
    ['messages with times and places', (i) => (i % 2 ? named : sent)(local[(i >> 1) % 6] as Credential, BOTH)],
  ])('%s', (_, make) => {
    const items = each(make);
    for (const sizes of [[count], [1], [7, 2]]) {
      const { verdicts, fast } = same(items, sizes);
      expect(new Set(codes(verdicts)).size).toBe(1);
      expect(fast).toBeGreaterThanOrEqual(count - 4);
    }
  });

  it('after one example of each, and again after a change of trust', () => {
    const verifier = verifierWith();
    const items = [...explicit.slice(0, 10), ...implicit.slice(0, 10)].flatMap((one) => [certificate(one), sent(one)]);
    const [first, ...rest] = [items.slice(0, 4), items.slice(4, 20), items.slice(20, 24), items.slice(24)];
    const run = (): void => {
      for (const batch of [first, ...rest]) verifier.verify(batch as Item[]);
    };
    run();
    // Alone, each item would be ordinary once: two shapes, and one frame each for two lengths of certificate.
    expect(verifier.metrics).toEqual({ fast: 32, ordinary: 8, templates: 4 });
    verifier.setTrust(scms.trust());
    expect(verifier.metrics.templates).toBe(0);
    run();
    expect(verifier.metrics).toEqual({ fast: 64, ordinary: 16, templates: 4 });
  });

  it('only where nothing unusual is asked for', () => {
    const items = [certificate(explicit[1] as Credential), sent(explicit[1] as Credential)];
    expect(same(items, [2], pair({ allErrors: true })).fast).toBe(2);
    expect(same(items, [2], pair({ relevance: { replayWindowSeconds: 5 } })).fast).toBe(2);
    expect(same(items, [2], pair({ relevance: { maxAgeSeconds: 5 } })).fast).toBe(2);
    const beside = { externalData: Uint8Array.of(1) };
    expect(same([{ ...(items[1] as Item), ...beside }]).fast).toBe(0);
    expect(same([{ ...(items[0] as Item), unreadable: 'torn' }]).fast).toBe(0);
  });

  it('with a frame for any length of payload', () => {
    const lengths = [0, 1, 127, 128, 255, 256, 300, 1000, 65_535];
    const items = lengths.map((length) => sent(explicit[2] as Credential, { payload: new Uint8Array(length) }));
    const { verdicts, fast } = same(items);
    expect(new Set(codes(verdicts))).toEqual(new Set(['ok']));
    expect(fast).toBe(items.length);
    expect(same([sent(explicit[2] as Credential, { payload: new Uint8Array(65_536) })]).fast).toBe(0);
  });

  it('in as many rounds as a batch needs', () => {
    const items = Array.from({ length: 20 }, (_, i) =>
      sent(explicit[i] as Credential, { payload: new Uint8Array(60_000 + i) }),
    );
    items.splice(7, 0, sent(explicit[21] as Credential, { payload: new Uint8Array(2_000_000) }));
    const mixed = [
      ...items,
      ...explicit.slice(0, 20).map((signer) => named(signer)),
      certificate(implicit[3] as Credential),
    ];
    expect(same(mixed).fast).toBe(41);
  });
});

describe('what is wrong inside a field', () => {
  const signer = explicit[5] as Credential;
  const place = local[1] as Credential;
  /** The octets with some of them changed, counted from the end. */
  const changed = (
    { kind, bytes }: Item,
    fromEnd: number,
    change: (octet: number) => number = (octet) => octet ^ 1,
  ): Item => {
    const octets = bytes.slice();
    octets[octets.length - fromEnd] = change(octets[octets.length - fromEnd] as number);
    return { kind, bytes: octets };
  };
  const off = (item: Item, fromEnd: number): Item => {
    for (let octet = 0; octet < 256; octet++) {
      const candidate = changed(item, fromEnd, () => octet);
      const x = candidate.bytes.subarray(candidate.bytes.length - fromEnd - 31).subarray(0, 32);
      const compressed = Uint8Array.of(2, ...x);
      if (KERNEL.decompress(1, compressed).status[0] === Status.notOnCurve) return candidate;
    }
    throw new Error('no x off the curve');
  };

  it.each<[string, string, () => Item]>([
    ['s of a certificate', 'badSignature', () => changed(certificate(signer), 1)],
    ['r of a certificate', 'badSignature', () => changed(certificate(signer), 40)],
    ['s of a certificate, zero', 'badSignature', () => zeroed(certificate(signer), 32)],
    ['the key of a certificate, off the curve', 'invalidPublicKey', () => off(certificate(signer), 32 + 32 + 2 + 1)],
    [
      'the reconstruction value, off the curve',
      'invalidPublicKey',
      () => off(certificate(implicit[5] as Credential), 1),
    ],
    ['s of a message', 'badSignature', () => changed(sent(signer), 1)],
    ['r of a message', 'badSignature', () => changed(sent(signer), 40)],
    ['the payload', 'badSignature', () => changedPayload(sent(signer))],
    ['a digest that nobody has', 'certificateNotFound', () => changed(named(signer), 32 + 32 + 2 + 1)],
    [
      'the time, before the certificate',
      'futureCertificateAtGenerationTime',
      () => sent(signer, { generationTime: BigInt(scms.start) * 1_000_000n - 1n }),
    ],
    [
      'the time, behind the certificate',
      'expiredCertificateAtGenerationTime',
      () => sent(signer, { generationTime: BigInt(scms.start) * 1_000_000n + 169n * HOUR + 1n }),
    ],
    ['the expiry, before the message', 'expiryTimeBeforeGenerationTime', () => sent(signer, { expiryTime: scms.at })],
    [
      'the expiry, behind the certificate',
      'expiryDateTooLate',
      () => sent(signer, { expiryTime: scms.at + 1000n * HOUR }),
    ],
    ['the place', 'generationLocationOutsideValidityRegion', () => sent(place, { generationLocation: OUTSIDE })],
    ['the layer below', 'PSIDsDontMatch', () => ({ ...sent(signer), lowerLayerPsid: 33 })],
    ['another signer', 'badSignature', () => sent(signer, { signingKey: (explicit[6] as Credential).key })],
    [
      'another signer, implicit',
      'badSignature',
      () => sent(implicit[7] as Credential, { signingKey: (explicit[6] as Credential).key }),
    ],
    ['the certificate that is attached', 'badChainSignature', () => sent(forged(signer))],
    ['a start before the issuer', 'inconsistentStartTimes', () => certificate(pseudonymWith('early', {}, 1))],
    ['an end behind the issuer', 'inconsistentExpiryTimes', () => certificate(pseudonymWith('late', {}, 2 ** 32 - 1))],
    [
      'a start behind the time of judgement',
      'notYetValid',
      () => certificate(pseudonymWith('later', {}, scms.start + 86_400 * 30)),
    ],
  ])('%s is %s', (_, code, make) => {
    const item = make();
    // Among others, alone, and where the signer is known already.
    const neighbours = [sent(explicit[8] as Credential), named(explicit[8] as Credential)];
    const { verdicts, fast } = same([...neighbours, item, ...neighbours]);
    expect(codes(verdicts)).toEqual(['ok', 'ok', code, 'ok', 'ok']);
    expect(fast).toBe(4);
    expect(codes(same([item]).verdicts)).toEqual([code]);
    expect(codes(same([sent(signer), sent(place), item], [1]).verdicts)).toEqual(['ok', 'ok', code]);
  });

  it('is a psid that the signer may not use', () => {
    const limited = pseudonymWith('limited', {
      appPermissions: [app(PSID_SCMS), app(PSID_MISBEHAVIOUR), app(PSID_SCMS + 1)],
    });
    const allowed = { psid: PSID_SCMS };
    const examples = [certificate(limited), sent(limited, allowed), named(limited, allowed)];
    const { verdicts, fast } = same(
      [...examples, sent(limited, allowed), named(limited, allowed), sent(limited), named(limited)],
      [3],
    );
    expect(codes(verdicts)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'unauthorizedPSID', 'unauthorizedPSID']);
    expect(fast).toBe(2);
  });

  it('is a form that a key may not have, though the issuer has signed it', () => {
    const [one, other] = ['form', 'other form'].map((label) => pseudonymWith(label, {}));
    const indicator = (one as Credential).toBeSigned.verifyKeyIndicator;
    if (indicator.tag !== 'verificationKey' || indicator.value.tag !== 'ecdsaNistP256') throw new Error('another key');
    const x = indicator.value.value.value as Uint8Array;
    const xOnly = issueExplicit({
      issuer: scms.pca,
      key: (one as Credential).key,
      fields: (one as Credential).toBeSigned,
      verifyKeyIndicator: {
        tag: 'verificationKey',
        value: { tag: 'ecdsaNistP256', value: { tag: 'x-only', value: x } },
      },
    });
    const { verdicts, fast } = same([
      certificate(one as Credential),
      certificate(other as Credential),
      certificate(xOnly),
      sent(xOnly),
    ]);
    expect(xOnly.bytes.length).toBe((one as Credential).bytes.length);
    expect(codes(verdicts)).toEqual(['ok', 'ok', 'invalidPointForm', 'invalidPointForm']);
    expect(fast).toBe(2);
  });

  it('is told at the very ends of validity', () => {
    const start = BigInt(scms.start) * 1_000_000n;
    const end = start + 169n * HOUR;
    const times = [start - 1n, start, start + 1n, end - 1n, end, end + 1n];
    const items = times.flatMap((generationTime) => [
      sent(signer, { generationTime }),
      named(signer, { generationTime }),
    ]);
    const { verdicts, fast } = same(items);
    expect(verdicts.filter(({ code }) => code === 'ok')).toHaveLength(8);
    expect(fast).toBe(8);
    for (const at of times) {
      const one = certificate(signer);
      const isValid = at >= start && at <= end;
      const {
        verdicts: [verdict],
        fast: taken,
      } = same([one], [1], pairAt({ at }, [certificate(explicit[0] as Credential)]));
      expect([verdict?.verdict, taken]).toEqual([isValid ? 'valid' : 'invalid', isValid ? 1 : 0]);
    }
    expect(same([certificate(signer)], [1], pair({ at: end + 1n, atOwnStart: true })).fast).toBe(1);
    expect(same([certificate(implicit[3] as Credential)], [1], pair({ at: end + 1n })).fast).toBe(1);
  });

  const pairAt = (policy: Policy, examples: readonly Item[]): [Verifier, Verifier] => {
    const verifiers = pair();
    for (const verifier of verifiers) {
      verifier.verify(examples);
      verifier.setPolicy(policy);
    }
    return verifiers;
  };
  const zeroed = ({ kind, bytes }: Item, octets: number): Item => ({
    kind,
    bytes: bytes.slice().fill(0, bytes.length - octets),
  });
  const changedPayload = (item: Item): Item => changed(item, item.bytes.length - 8);
  const forged = (one: Credential): Credential => ({ ...one, bytes: changed(certificate(one), 1).bytes });
});

describe('what is no example for others', () => {
  it('is a certificate whose canonical form is another', () => {
    const publicKey = {
      tag: 'eciesNistP256',
      value: curvePoint(publicPoint(generateKey(scms.random.fork('encryption'))), 'uncompressed'),
    } as const;
    const fields = { encryptionKey: { supportedSymmAlg: 'aes128Ccm', publicKey } as const };
    const items = [
      certificate(pseudonymWith('canonical', fields)),
      certificate(pseudonymWith('raw', fields, scms.start, { overRaw: true })),
      certificate(pseudonymWith('canonical 2', fields)),
    ];
    const { verdicts, fast } = same(items, [1]);
    expect(codes(verdicts)).toEqual(['ok', 'nonCanonicalSignature', 'ok']);
    expect(fast).toBe(0);
  });

  it('is a certificate that a leniency was used for', () => {
    const ca = issueExplicit({
      issuer: scms.ica,
      key: generateKey(scms.random.fork('lenient CA')),
      fields: {
        id: nameOf('lenient CA'),
        cracaId: scms.cracaId,
        crlSeries: 2,
        validityPeriod: yearsFrom(scms.start, 5),
        certIssuePermissions: [groupForAll({ min: 0, range: 1 }, 0x80)],
      },
    });
    const trust = { ...scms.trust(), certificates: [...(scms.trust().certificates ?? []), ca.bytes] };
    const under = ['one', 'two'].map((label) => pseudonymWith(`under ${label}`, {}, scms.start, { issuer: ca }));
    const items = under.flatMap((one) => [certificate(one), sent(one), named(one)]);
    const { verdicts } = same(items, [1], pair({ trust, lenient: ['min-chain-length'] }));
    for (const verdict of verdicts) expect(verdict).toMatchObject({ code: 'ok', lenient: ['min-chain-length'] });
  });

  it('nor a signer: a certificate of the trust material that fails', () => {
    const early = pseudonymWith('early signer', {}, scms.start - 86_400 * 365 * 10);
    const trust = { ...scms.trust(), certificates: [...(scms.trust().certificates ?? []), early.bytes] };
    const generationTime = (BigInt(scms.start) - 86_400n * 365n * 10n) * 1_000_000n;
    const { verdicts, fast } = same([named(early, { generationTime })], [1], pair({ trust }));
    expect(codes(verdicts)).toEqual(['inconsistentStartTimes']);
    expect(fast).toBe(0);
    const sound = {
      ...scms.trust(),
      certificates: [...(scms.trust().certificates ?? []), (explicit[27] as Credential).bytes],
    };
    expect(same([named(explicit[27] as Credential)], [1], pair({ trust: sound })).fast).toBe(1);
  });
});

describe('order', () => {
  it('counts: a digest means what was attached before it, in a batch and across', () => {
    const [a, b, c] = [explicit[9], implicit[9], local[2]] as [Credential, Credential, Credential];
    const items = [
      named(a),
      sent(a),
      named(a),
      named(b),
      sent(b),
      sent(b),
      named(b),
      sent(c),
      named(c),
      sent(a),
      named(a),
    ];
    for (const sizes of [[items.length], [1], [2], [3, 1, 5]]) {
      const { verdicts, fast } = same(items, sizes);
      expect(codes(verdicts).map((code) => code === 'ok')).toEqual([
        false,
        true,
        true,
        false,
        true,
        true,
        true,
        true,
        true,
        true,
        true,
      ]);
      expect(fast).toBe(9);
    }
  });

  it('counts where ordinary and fast items teach each other', () => {
    const [a, b] = [explicit[10], implicit[10]] as [Credential, Credential];
    // A message that signs its payload's payload is ordinary; so is a header that was never seen.
    const rare: Change = { header: { p2pcdLearningRequest: Uint8Array.of(1, 2, 3) } };
    const items = [
      sent(a),
      named(a, rare),
      named(b, rare),
      sent(b, rare),
      named(b),
      named(a),
      sent(b),
      named(b, { header: { p2pcdLearningRequest: Uint8Array.of(4, 5, 6) } }),
    ];
    for (const sizes of [[items.length], [1], [2], [3, 1, 5]]) {
      const { verdicts } = same(items, sizes);
      expect(codes(verdicts)).toEqual(['ok', 'ok', 'certificateNotFound', 'ok', 'ok', 'ok', 'ok', 'ok']);
    }
  });

  it('counts where several signers share a HashedId8', () => {
    const signers = [explicit[11], implicit[11], explicit[12]] as [Credential, Credential, Credential];
    const tail = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const kernelInstance = kernelWithCollisions(new Map(signers.map(({ canonical }) => [canonical, tail])));
    const digest: Change = { signer: { tag: 'digest', value: tail } };
    const dice = new Dice(5);
    for (let round = 0; round < 12; round++) {
      const items = Array.from({ length: 14 }, () => {
        const signer = dice.pick(signers);
        return dice.below(3) === 0 ? sent(signer) : sent(signer, digest);
      });
      for (const sizes of [[items.length], [1], [4, 3]]) same(items, sizes, pair({ kernelInstance }));
    }
  });

  it('counts where a set forgets a signer inside a batch', () => {
    const signers = explicit.slice(0, SIGNERS_PER_SET + 3);
    const tails = new Map(signers.map(({ canonical }, i) => [canonical, Uint8Array.of(0xaa, i, 0, 0, 0, 0, 7, 7)]));
    const kernelInstance = kernelWithCollisions(tails);
    const digestOf = (signer: Credential): Change => ({
      signer: { tag: 'digest', value: tails.get(signer.canonical) as Uint8Array },
    });
    const dice = new Dice(11);
    for (let round = 0; round < 4; round++) {
      const items = Array.from({ length: 60 }, () => {
        const signer = dice.pick(signers);
        return dice.below(2) === 0 ? sent(signer) : sent(signer, digestOf(signer));
      });
      for (const sizes of [[items.length], [1], [17, 3]]) {
        const { verdicts, fast } = same(items, sizes, pair({ kernelInstance }));
        expect(fast).toBeGreaterThan(20);
        expect(codes(verdicts)).toContain('ok');
      }
    }
  });

  it('counts where the signer that a digest meant is forgotten, and another has the same', () => {
    const [forgotten, other, ...filling] = explicit.slice(0, SIGNERS_PER_SET + 2) as unknown as [
      Credential,
      Credential,
      ...Credential[],
    ];
    const tail = Uint8Array.of(0xaa, 0, 0, 0, 0, 0, 7, 7);
    const tails = new Map([forgotten, other].map(({ canonical }) => [canonical, tail]));
    filling.forEach(({ canonical }, i) => void tails.set(canonical, Uint8Array.of(0xbb, i, 0, 0, 0, 0, 7, 7)));
    const kernelInstance = kernelWithCollisions(tails);
    const byTail: Change = { signer: { tag: 'digest', value: tail } };
    const items = [
      sent(forgotten),
      sent(forgotten, byTail),
      ...filling.map((one) => sent(one)),
      sent(other),
      sent(forgotten, byTail),
      sent(other, byTail),
    ];
    for (const sizes of [[2, items.length], [1], [5]]) {
      const { verdicts } = same(items, sizes, pair({ kernelInstance }));
      expect(codes(verdicts).slice(-3)).toEqual(['ok', 'badSignature', 'ok']);
    }
  });

  it('does not let a forged message with a good certificate teach, nor spoil the good one behind it', () => {
    for (const signer of [explicit[13], implicit[13]] as Credential[]) {
      const forged = sent(signer, { signingKey: (explicit[14] as Credential).key });
      const items = [forged, named(signer), sent(signer), named(signer), forged, named(signer)];
      for (const sizes of [[items.length], [1], [2]]) {
        const { verdicts } = same(items, sizes);
        expect(codes(verdicts)).toEqual(['badSignature', 'certificateNotFound', 'ok', 'ok', 'badSignature', 'ok']);
      }
    }
  });
});

describe('replays', () => {
  const window: Policy = { relevance: { replayWindowSeconds: 60 } };
  const later = (seconds: number): bigint => scms.at + BigInt(Math.round(seconds * 1e6));

  it.each([[1], [2], [100]])('are refused on either path, whichever saw the message first: batches of %d', (size) => {
    const [a, b] = [explicit[30], implicit[30]] as [Credential, Credential];
    const rare: Change = { header: { p2pcdLearningRequest: Uint8Array.of(1, 2, 3) } };
    const [first, second, third] = [sent(a), named(a), sent(b, rare)];
    const negative = sent(a, { alterSignature: (raw) => negated(CURVES.ecdsaNistP256, raw) });
    const items = [first, second, first, second, third, third, negative, named(b), first];
    for (const more of [{}, { allErrors: true }]) {
      const { verdicts } = same(items, [size], pair({ ...window, ...more }));
      const replayed = ['replayedSpdu', 'replayedSpdu'];
      expect(codes(verdicts)).toEqual(['ok', 'ok', ...replayed, 'ok', 'replayedSpdu', 'ok', 'ok', 'replayedSpdu']);
    }
  });

  it('are refused with s replaced by n − s', () => {
    const signer = explicit[31] as Credential;
    const change: Change = { payload: Uint8Array.of(9, 9, 9, 7, 7) };
    const items = [
      sent(signer, change),
      sent(signer, { ...change, alterSignature: (raw) => negated(CURVES.ecdsaNistP256, raw) }),
    ];
    const { verdicts, fast } = same(items, [1], pair(window));
    expect(codes(verdicts)).toEqual(['ok', 'replayedSpdu']);
    expect(fast).toBe(2);
  });

  it('are forgotten with the window, by the time of each item', () => {
    const item = sent(explicit[32] as Credential);
    const items = [0, 60, 60.000001, 121, 200].map((seconds) => ({ ...item, at: later(seconds) }));
    const { verdicts, fast } = same(items, [5], pair(window));
    expect(codes(verdicts)).toEqual(['ok', 'replayedSpdu', 'ok', 'ok', 'ok']);
    expect(fast).toBe(5);
  });

  it('are not made of messages that break a rule', () => {
    const late = sent(explicit[33] as Credential, { expiryTime: scms.at + 1000n * HOUR });
    expect(codes(same([late, late], [1], pair(window)).verdicts)).toEqual(['expiryDateTooLate', 'expiryDateTooLate']);
  });

  it('leave what others taught and remembered as it was, if an item makes the verifier fail in its turn', () => {
    const bad = sent(explicit[34] as Credential, { expiryTime: scms.at + HOUR + 7n });
    const failing = rulesOver<MessageFacts>()({
      id: 'failing',
      code: 'noPayload',
      clause: 'test',
      reads: ['expiryTime'],
      holds: ({ expiryTime }) => {
        if (expiryTime === Number(scms.at + HOUR + 7n)) throw new Error('out of order');
        return true;
      },
      detail: () => '',
    });
    const ruleBook = { ...RULE_BOOK, messageSigner: [...RULE_BOOK.messageSigner, failing] };
    const rare: Change = { header: { p2pcdLearningRequest: Uint8Array.of(1, 2, 3) } };
    const items = [sent(explicit[35] as Credential, rare), bad, named(explicit[35] as Credential, rare)];
    for (const fastPath of [true, false]) {
      const verifier = verifierWith({ ...window, ruleBook, fastPath });
      expect(codes(verifier.verify(items))).toEqual(['ok', 'internalFailure', 'ok']);
      expect(codes(verifier.verify(items))).toEqual(['replayedSpdu', 'internalFailure', 'replayedSpdu']);
    }
  });
});

describe('lists of several certificates', () => {
  it.each([[1], [3], [100]])('take the lane where they were proven before: batches of %d', (size) => {
    const signers = [explicit[36], implicit[36]] as [Credential, Credential];
    const chained = (one: Credential, change: Change = {}): Item => sent(one, { signer: 'chain', ...change });
    const verifiers = pair();
    same(
      signers.map((one) => chained(one)),
      [size],
      verifiers,
    );
    const items = signers.flatMap((one) => [chained(one), named(one), sent(one), chained(one)]);
    const { verdicts, fast } = same(items, [size], verifiers);
    expect(new Set(codes(verdicts))).toEqual(new Set(['ok']));
    expect(fast).toBeGreaterThanOrEqual(4);
    const wrong = chained(signers[0], { signingKey: (explicit[37] as Credential).key });
    const late = chained(signers[0], { expiryTime: scms.at + 1000n * HOUR });
    expect(codes(same([wrong, late, chained(signers[0])], [size], verifiers).verdicts)).toEqual([
      'badSignature',
      'expiryDateTooLate',
      'ok',
    ]);
  });

  it('are another list, if any octet of any certificate is another', { timeout: 120_000 }, () => {
    const signer = explicit[38] as Credential;
    const verifiers = pair();
    const item = sent(signer, { signer: 'chain' });
    same([item, item], [1], verifiers);
    const mutants = Array.from(item.bytes, (octet, at) => ({
      kind: 'message' as const,
      bytes: Uint8Array.from(item.bytes, (one, i) => (i === at ? octet ^ 1 : one)),
    }));
    const { verdicts } = same(mutants, [50], verifiers);
    expect(verdicts.filter(({ verdict }) => verdict === 'valid').length).toBeLessThan(8);
  });
});

describe('items with a time of their own', () => {
  it('take the lane, and are verified at that time', () => {
    const policy: Policy = { relevance: { maxAgeSeconds: 5 } };
    const times = [0n, 5_000_000n, 5_000_001n, -HOUR];
    const items = times.map((after) => ({ ...named(explicit[0] as Credential), at: scms.at + after }));
    const { verdicts, fast } = same(items, [2], pair(policy));
    expect(codes(verdicts)).toEqual(['ok', 'ok', 'generationTimeTooFarInPast', 'ok']);
    expect(fast).toBe(3);
    const start = BigInt(scms.start) * 1_000_000n;
    const certificates = [start - 1n, start].map((at) => ({ ...certificate(explicit[39] as Credential), at }));
    expect(codes(same(certificates, [2]).verdicts)).toEqual(['notYetValid', 'ok']);
  });
});

describe('a certificate that is nearly the one before it', () => {
  it.each([
    ['explicit', explicit[24] as Credential],
    ['implicit', implicit[24] as Credential],
  ])('%s, with the message signed for the other, is not that one', (_, signer) => {
    const decoded = decodeOrThrow(Certificate, signer.bytes);
    const { id } = decoded.toBeSigned;
    if (id.tag !== 'linkageData') throw new Error('another id');
    // Neither key nor signature differ.
    const octets = signer.bytes.slice();
    const place = id.value.linkageValue.byteOffset - signer.bytes.byteOffset;
    octets[place] = (octets[place] as number) ^ 1;
    const altered: Change = { signer: { tag: 'certificate', value: [decodeOrThrow(Certificate, octets)] } };
    for (const sizes of [[3], [1]]) {
      const { verdicts } = same([sent(signer), sent(signer, altered), sent(signer)], sizes);
      expect(verdicts.map(({ verdict }) => verdict)).toEqual(['valid', 'invalid', 'valid']);
      expect(same([sent(signer, altered), sent(signer), sent(signer, altered)], sizes).verdicts[1]?.code).toBe('ok');
    }
  });
});

describe('trust', () => {
  it('that was taken away is gone from the lane', () => {
    const [lane, ordinary] = pair();
    const items = [
      sent(explicit[15] as Credential),
      named(explicit[15] as Credential),
      certificate(explicit[16] as Credential),
    ];
    expect(same(items, [3], [lane, ordinary]).fast).toBe(3);
    for (const verifier of [lane, ordinary]) verifier.setTrust({ roots: [] });
    const { verdicts, fast } = same(items, [3], [lane, ordinary]);
    expect(verdicts.every(({ verdict }) => verdict !== 'valid')).toBe(true);
    expect(fast).toBe(0);
    for (const verifier of [lane, ordinary]) verifier.setTrust(scms.trust());
    expect(codes(same(items, [1], [lane, ordinary]).verdicts)).toEqual(['ok', 'ok', 'ok']);
  });

  it('that was taken away is gone, also where the lane has seen the same frame under what came instead', () => {
    const verifiers = pair();
    const [gone, pinned] = [implicit[25], implicit[26]] as unknown as [Credential, Credential];
    same([sent(gone), named(gone), sent(pinned)], [3], verifiers);
    const pins = [{ certificate: pinned.bytes, publicKey: publicKeyOf(pinned) }];
    for (const verifier of verifiers) verifier.setTrust({ roots: [], pins });
    expect(codes(same([named(pinned), sent(pinned), named(pinned)], [1], verifiers).verdicts)).toEqual([
      'ok',
      'ok',
      'ok',
    ]);
    const { verdicts } = same([named(gone), sent(gone), named(gone)], [1], verifiers);
    for (const { verdict } of verdicts) expect(verdict).toBe('undecided');
  });

  it('in one certificate of a shape is not trust in the others, nor the other way round', () => {
    const pinned = implicit[17] as Credential;
    const wrongKey = publicKeyOf(implicit[18] as Credential);
    const trust = { ...scms.trust(), pins: [{ certificate: pinned.bytes, publicKey: publicKeyOf(pinned) }] };
    const items = [
      certificate(pinned),
      certificate(implicit[19] as Credential),
      sent(pinned),
      named(pinned),
      sent(implicit[19] as Credential),
      named(pinned),
      sent(pinned, { expiryTime: scms.at + 10_000n * HOUR }),
      named(pinned, { expiryTime: scms.at + 10_000n * HOUR }),
    ];
    for (const sizes of [[items.length], [1], [3]]) {
      const { verdicts } = same(items, sizes, pair({ trust }));
      expect(verdicts.map((verdict) => verdict.trust)).toEqual([
        'pinned',
        'root',
        'pinned',
        'pinned',
        'root',
        'pinned',
        'pinned',
        'pinned',
      ]);
      expect(same([named(pinned)], [1], pair({ trust })).fast).toBe(1);
      const other = { ...trust, pins: [{ certificate: pinned.bytes, publicKey: wrongKey }] };
      expect(codes(same(items, sizes, pair({ trust: other })).verdicts)[2]).toBe('badSignature');
    }
  });

  it('in an anchor that looks like what another anchor has issued', () => {
    const anchor = explicit[20] as Credential;
    const trust = { ...scms.trust(), roots: [...scms.trust().roots, anchor.bytes] };
    const items = [certificate(anchor), sent(anchor), named(anchor), certificate(explicit[21] as Credential)];
    const { verdicts } = same(items, [1], pair({ trust }));
    expect(new Set(codes(verdicts))).toEqual(new Set(['ok']));
    // Its own signature does not count: it is trusted by decision.
    expect(verdicts[0]?.signature).toBe('notChecked');
  });

  const publicKeyOf = (one: Credential): Uint8Array => {
    const [verdict] = verifierWith({ fastPath: false }).verify([certificate(one)]);
    return Uint8Array.from(Buffer.from(verdict?.publicKey ?? '', 'hex'));
  };
});

describe('a kernel that fails in the fast path', () => {
  it.each([Status.notJudged, 77, Status.badSignature])(
    'with status %d for everything is believed in nothing',
    (status) => {
      let isFailing = false;
      const failing = kernelWith({
        verify: (batch) => (isFailing ? new Uint8Array(batch.count).fill(status) : KERNEL.verify(batch)),
      });
      const verifier = verifierWith({ kernelInstance: failing });
      verifier.verify(EXAMPLES);
      isFailing = true;
      const items = [
        certificate(explicit[1] as Credential),
        sent(explicit[1] as Credential),
        sent(implicit[1] as Credential),
        named(explicit[0] as Credential),
      ];
      const before = verifier.metrics.fast;
      for (const { verdict } of verifier.verify(items)) expect(verdict).not.toBe('valid');
      expect(verifier.metrics.fast).toBe(before);
    },
  );

  it('to decompress or to reconstruct', () => {
    let isFailing = false;
    const points = (count: number, status: number) => ({
      status: new Uint8Array(count).fill(status),
      points: new Uint8Array(64 * count),
    });
    const failing: Kernel = kernelWith({
      decompress: (count, compressed) =>
        isFailing ? points(count, Status.notOnCurve) : KERNEL.decompress(count, compressed),
      reconstruct: (batch) => (isFailing ? points(batch.count, Status.infinity) : KERNEL.reconstruct(batch)),
    });
    const verifier = verifierWith({ kernelInstance: failing });
    verifier.verify(EXAMPLES);
    isFailing = true;
    const items = [
      certificate(explicit[1] as Credential),
      sent(explicit[1] as Credential),
      certificate(implicit[1] as Credential),
      sent(implicit[1] as Credential),
    ];
    expect(codes(verifier.verify(items))).toEqual([
      'invalidPublicKey',
      'invalidPublicKey',
      'reconstructionFailed',
      'reconstructionFailed',
    ]);
  });

  it('to find the key of a signer that comes back', () => {
    for (const signer of [explicit[4], implicit[4]] as Credential[]) {
      let isFailing = false;
      const none = (count: number) => ({
        status: new Uint8Array(count).fill(Status.notOnCurve),
        points: new Uint8Array(64 * count),
      });
      const kernelInstance = kernelWith({
        decompress: (count, points) => (isFailing ? none(count) : KERNEL.decompress(count, points)),
        reconstruct: (batch) => (isFailing ? none(batch.count) : KERNEL.reconstruct(batch)),
      });
      const verifier = verifierWith({ kernelInstance });
      verifier.verify([...EXAMPLES, sent(explicit[0] as Credential)]);
      expect(codes(verifier.verify([sent(signer)]))).toEqual(['ok']);
      isFailing = true;
      expect(codes(verifier.verify([named(signer), named(explicit[0] as Credential)]))).toEqual([
        'invalidPublicKey',
        'ok',
      ]);
      isFailing = false;
      expect(codes(verifier.verify([named(signer)]))).toEqual(['ok']);
    }
  });

  it('throws: its neighbours get their verdicts', () => {
    const bad = sent(explicit[3] as Credential);
    const s = Buffer.from(bad.bytes.subarray(-32)).toString('hex');
    const throwing = kernelWith({
      verify(batch) {
        if (Buffer.from(batch.s).toString('hex').includes(s)) throw new Error('out of order');
        return KERNEL.verify(batch);
      },
    });
    const verifier = verifierWith({ kernelInstance: throwing });
    verifier.verify(EXAMPLES);
    const items = [sent(explicit[1] as Credential), bad, named(explicit[1] as Credential)];
    expect(codes(verifier.verify(items))).toEqual(['ok', 'internalFailure', 'ok']);
  });
});

describe.skipIf(isQuick)('every octet', () => {
  const seeds: [string, () => Item][] = [
    ['explicit certificate', () => certificate(explicit[22] as Credential)],
    ['implicit certificate', () => certificate(implicit[22] as Credential)],
    ['message of a known signer', () => named(explicit[0] as Credential, BOTH)],
    ['message that attaches a known certificate', () => sent(implicit[0] as Credential)],
    ['message that attaches a new explicit certificate', () => sent(explicit[23] as Credential, TIMED)],
    ['message that attaches a new implicit certificate', () => sent(implicit[23] as Credential, BOTH)],
    ['message in a region', () => sent(local[3] as Credential, PLACED)],
  ];

  it.each(seeds)('of a %s may be wrong', { timeout: 60_000 }, (_, make) => {
    const { kind, bytes } = make();
    const items = mutants(bytes).map((octets) => ({ kind, bytes: octets }));
    const { verdicts } = same(items, [97]);
    expect(verdicts.filter(({ verdict }) => verdict === 'valid').length).toBeLessThan(8);
    const some = items.filter((_item, i) => i % 9 === 0);
    same(some, [1]);
    same([{ kind: kind === 'message' ? 'certificate' : 'message', bytes }]);
  });

  // Where every signature verifies, nothing stands between an octet that is not compared and its acceptance.
  it.each(seeds)('of a %s may be wrong, and signed all the same', { timeout: 60_000 }, (_, make) => {
    const { kind, bytes } = make();
    const items = mutants(bytes).map((octets) => ({ kind, bytes: octets }));
    const { verdicts, fast } = same(items, [97], pair({ kernelInstance: gullible }));
    expect(fast).toBeGreaterThan(50);
    expect(verdicts.filter(({ verdict }) => verdict === 'invalid').length).toBeGreaterThan(100);
  });

  /** Each octet changed, left out, or with another before it (the first ones in every way); and cut off anywhere. */
  function mutants(bytes: Uint8Array): Uint8Array[] {
    const every = Array.from({ length: 256 }, (_, octet) => octet);
    return Array.from(bytes, (octet, at) => {
      const [before, after] = [bytes.subarray(0, at), bytes.subarray(at + 1)];
      const wrong = at < 12 ? every : [octet ^ 1, octet ^ 0x80, (octet + 1) & 255, octet ^ 2];
      const more = at < 8 ? every : [0, 0x81];
      return [
        before,
        Uint8Array.of(...before, ...after),
        ...wrong.filter((other) => other !== octet).map((other) => Uint8Array.of(...before, other, ...after)),
        ...more.map((other) => Uint8Array.of(...before, other, octet, ...after)),
        // Lengths that are longer than they have to be.
        Uint8Array.of(...before, 0x82, 0, octet, ...after),
        Uint8Array.of(...before, 0x83, 0, 0, octet, ...after),
      ];
    }).flat();
  }
});

describe('at random', () => {
  const POLICIES: readonly Policy[] = [
    {},
    { at: scms.at + 1000n * HOUR },
    { at: scms.at - 1000n * HOUR, atOwnStart: true },
    { requireLocation: true },
    { relevance: { maxAgeSeconds: 30, maxFutureSeconds: 30, checkExpiry: true, checkCertificateExpiry: true } },
    { relevance: { position: { ...INSIDE, maxDistanceMetres: 5000 } } },
    { relevance: { replayWindowSeconds: 60 } },
    { allErrors: true, relevance: { maxAgeSeconds: 30, replayWindowSeconds: 1 } },
    { allErrors: true, at: scms.at + 1000n * HOUR },
    { lenient: ['min-chain-length'] },
    { lenient: ['request-chain-length'] },
  ];

  it.each(POLICIES.map((policy) => [policy] as const))(
    '%o',
    (policy) => {
      const dice = new Dice(JSON.stringify(Object.keys(policy)).length + 7);
      const forms = ['compressed', 'x-only', 'uncompressed'] as const;
      const generationTimes = [0n, 1n, 999_999n, 10_000_000n, -40_000_000n, 200n * HOUR, -200n * HOUR];
      const expiryTimes = [undefined, 1n, HOUR, -HOUR, 400n * HOUR];
      const locations = [
        undefined,
        INSIDE,
        OUTSIDE,
        { ...INSIDE, latitude: 900_000_001 },
        { ...INSIDE, longitude: -2_000_000_000 },
      ];
      let taken = 0;
      const headers = [{}, {}, {}, { p2pcdLearningRequest: Uint8Array.of(1, 2, 3) }];
      for (let round = 0; round < counted(1, 3); round++) {
        const signers = [dice.pick(explicit), dice.pick(implicit), dice.pick(local), dice.pick(implicit)];
        const items = Array.from({ length: 70 }, (): Item => {
          const signer = dice.pick(signers);
          if (dice.below(8) === 0) return certificate(signer);
          const generationTime = scms.at + (dice.below(3) ? 0n : dice.pick(generationTimes));
          const expiry = dice.pick(expiryTimes);
          const item = sent(signer, {
            generationTime: dice.below(20) === 0 ? undefined : generationTime,
            expiryTime: expiry && scms.at + expiry,
            generationLocation: dice.pick(locations),
            signer: dice.pick(['digest', 'digest', 'certificate', 'chain'] as const),
            rForm: dice.pick(forms),
            psid: dice.pick([PSID_BSM, PSID_BSM, PSID_BSM, PSID_SCMS, 12_257]),
            header: dice.pick(headers),
            ...(dice.below(10) === 0 && { alterSignature: (raw) => negated(CURVES.ecdsaNistP256, raw) }),
            ...(dice.below(10) === 0 && { signingKey: dice.pick(explicit).key }),
          });
          if (dice.below(10) === 0) return { ...item, lowerLayerPsid: dice.pick([PSID_BSM, 33]) };
          if (dice.below(10) === 0) return { ...item, at: scms.at + dice.pick([0n, 1n, 2_000_000n, 400n * HOUR]) };
          return dice.below(10) === 0 ? { ...item, bytes: Buffer.from(item.bytes) } : item;
        });
        // Some come twice.
        for (let i = 0; i < 20; i++) items.splice(dice.below(items.length), 0, dice.pick(items));
        for (const sizes of [[items.length], [1], [1 + dice.below(9), 1 + dice.below(30)]]) {
          taken += same(items, sizes, pair(policy)).fast;
        }
      }
      expect(taken).toBeGreaterThan(9);
    },
    60_000,
  );
});

describe('the catalogue of faults', () => {
  const catalogue = createCatalogue('verifier');
  let scenarios: Scenario[];
  beforeAll(() => {
    scenarios = [...catalogue.faults, ...catalogue.specials];
  });

  it.skipIf(isQuick)(
    'is judged alike, each alone',
    () => {
      for (const { items, options, specimen } of scenarios) {
        const { verdicts } = same(items, [items.length], pair(options));
        expect(verdicts, specimen.name).toHaveLength(items.length);
      }
    },
    120_000,
  );

  const amongGood = (): Item[] =>
    mixture(catalogue).items.flatMap((item, i) => [
      item,
      sent(explicit[i % 40] as Credential),
      named(implicit[i % 40] as Credential),
    ]);

  it.each([[1], [7], [1000], [3, 50, 1]])(
    'is judged alike among good items, in batches of %d',
    { timeout: 120_000 },
    (...sizes) => {
      const items = amongGood();
      expect(same(items, sizes).fast).toBeGreaterThan(items.length / 3);
    },
  );

  it('is judged alike where every signature verifies', { timeout: 120_000 }, () => {
    same(amongGood(), [1000], pair({ kernelInstance: gullible }));
  });
});

describe('times as text', () => {
  it('are those of formatTai', () => {
    const dice = new Dice(3);
    const leap = scms.at - (scms.at % 1_000_000n);
    const times = [
      0n,
      1n,
      999_999n,
      1_000_000n,
      63_072_000_000_000n,
      2n ** 52n - 1n,
      2n ** 52n,
      2n ** 53n,
      2n ** 64n - 1n,
      leap,
    ];
    for (let i = 0; i < 2000; i++) times.push((BigInt(dice.word()) << BigInt(dice.below(33))) + BigInt(dice.below(3)));
    for (let i = 0; i < 2000; i++) times.push(leap + BigInt(dice.below(200) * 1000 * (dice.below(2) ? 1 : 1000)));
    for (const time of times) {
      const low = Number(time & 0xffffffffn);
      expect(taiText(Number(time >> 32n), low)).toBe(formatTai(time));
    }
  });
});
