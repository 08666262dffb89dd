/** Rules on messages, each at its limit and one past it (IEEE 1609.2 §5.2.4.2). */
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/certificates/index.ts';
import { distanceMetres } from '../../src/certificates/index.ts';
import {
  type GeographicRegionValue,
  type HeaderInfo,
  type Ieee1609Dot2Data,
  LATITUDE_UNKNOWN,
  type SignedData,
} from '../../src/dot2/index.ts';
import { REPLAY_PER_SET, ReplayMemory } from '../../src/messages/index.ts';
import {
  brokenBy,
  DecodedFacts,
  DecodedMessageFacts,
  MESSAGE_SIGNER_RULES,
  MESSAGE_STRUCTURE_RULES,
  type MessageFacts,
  periodOf,
  RELEVANCE_RULES,
  type Rule,
} from '../../src/rules/index.ts';
import type { Policy, RelevanceOptions } from '../../src/verifier/index.ts';
import { receiverOf } from '../../src/verifier/receiver.ts';
import { SIGNATURE } from '../support/fields.ts';
import { at, circle, countries, type Degrees, polygon, rectangles } from '../support/regions.ts';

const codes = (findings: readonly Finding[]): string[] => findings.map(({ code }) => code);
const header = (fields: Partial<HeaderInfo> = {}): HeaderInfo => ({ psid: 32, ...fields });
const place = (degrees: Degrees): Partial<HeaderInfo> => ({ generationLocation: { ...at(degrees), elevation: 0 } });
const signer = { start: 1_000_000n, end: 9_000_000n };

interface Circumstances {
  readonly validity?: { readonly start: bigint; readonly end: bigint };
  readonly psids?: readonly number[];
  readonly region?: GeographicRegionValue | undefined;
  readonly at?: bigint;
  readonly policy?: Policy;
  readonly lowerLayerPsid?: number | undefined;
  readonly externalDataHash?: Uint8Array | undefined;
  readonly payload?: SignedData['tbsData']['payload'];
}

const DATA: SignedData['tbsData']['payload'] = {
  data: { protocolVersion: 3, content: { tag: 'unsecuredData', value: new Uint8Array(1) } },
};

/** The facts of a message, read as a verifier reads them. */
function factsOf(headerInfo: HeaderInfo, circumstances: Circumstances = {}): DecodedMessageFacts {
  const { validity = signer, psids = [32], region, at: now = 5_000_000n, policy = {}, payload = DATA } = circumstances;
  const { lowerLayerPsid, externalDataHash } = circumstances;
  const signed: SignedData = {
    hashId: 'sha256',
    tbsData: { payload, headerInfo },
    signer: { tag: 'digest', value: new Uint8Array(8) },
    signature: SIGNATURE,
  };
  const data: Ieee1609Dot2Data = { protocolVersion: 3, content: { tag: 'signedData', value: signed } };
  const signerFacts = {
    appPsids: psids,
    signerValidity: periodOf(validity),
    signerRegion: region,
    trust: 'root',
  } as const;
  return new DecodedMessageFacts(
    data,
    signed,
    { lowerLayerPsid, externalDataHash },
    signerFacts,
    receiverOf(now, policy),
  );
}

/** Everything that a rule towards the signer finds. */
const brokenTowardsSigner = (...args: Parameters<typeof factsOf>): string[] =>
  codes(brokenBy(MESSAGE_SIGNER_RULES, factsOf(...args)));
const ruleNamed = (wanted: string): Rule<MessageFacts> =>
  MESSAGE_SIGNER_RULES.find(({ id }) => id === wanted) as Rule<MessageFacts>;
const EXPIRY_ORDER = ruleNamed('expiryOrder');

describe('times of a message', () => {
  it.each<[string, string[], Partial<HeaderInfo>, bigint]>([
    ['generated at the start', [], { generationTime: signer.start }, 0n],
    ['generated before', ['futureCertificateAtGenerationTime'], { generationTime: signer.start - 1n }, 5_000_000n],
    ['generated at the end', [], { generationTime: signer.end }, 0n],
    ['generated after', ['expiredCertificateAtGenerationTime'], { generationTime: signer.end + 1n }, 5_000_000n],
    ['no generation time, judged at the start', [], {}, signer.start],
    ['no generation time, judged before', ['notYetValid'], {}, signer.start - 1n],
    ['no generation time, judged at the end', [], {}, signer.end],
    ['no generation time, judged after', ['certificateExpired'], {}, signer.end + 1n],
    ['expires at the start', [], { generationTime: signer.start, expiryTime: signer.start }, 0n],
    ['expires before', ['expiryDateTooEarly'], { generationTime: signer.start, expiryTime: signer.start - 1n }, 0n],
    ['expires at the end', [], { generationTime: signer.start, expiryTime: signer.end }, 0n],
    ['expires after', ['expiryDateTooLate'], { generationTime: signer.start, expiryTime: signer.end + 1n }, 0n],
    [
      'both wrong',
      ['futureCertificateAtGenerationTime', 'expiryDateTooLate'],
      { generationTime: 0n, expiryTime: 2n ** 64n - 1n },
      0n,
    ],
  ])('%s: %j', (_, expected, fields, verifiedAt) => {
    const rules = MESSAGE_SIGNER_RULES.filter((rule) => rule !== EXPIRY_ORDER);
    expect(codes(brokenBy(rules, factsOf(header(fields), { at: verifiedAt })))).toEqual(expected);
  });

  it.each([
    [5n, 6n, []],
    [5n, 5n, ['expiryTimeBeforeGenerationTime']],
    [5n, 4n, ['expiryTimeBeforeGenerationTime']],
    [undefined, 4n, []],
    [5n, undefined, []],
  ])('generated %s, expires %s: %j', (generationTime, expiryTime, expected) => {
    expect(codes(brokenBy([EXPIRY_ORDER], factsOf(header({ generationTime, expiryTime }))))).toEqual(expected);
  });
});

describe('PSIDs', () => {
  it('must be granted to the signer', () => {
    expect(brokenTowardsSigner(header(), { psids: [31, 32] })).toEqual([]);
    for (const psids of [[], [31, 3]]) {
      expect(brokenTowardsSigner(header(), { psids })).toEqual(['unauthorizedPSID']);
    }
  });

  it('are the same as in the layer below', () => {
    expect(brokenTowardsSigner(header(), { lowerLayerPsid: undefined })).toEqual([]);
    expect(brokenTowardsSigner(header(), { lowerLayerPsid: 32 })).toEqual([]);
    expect(brokenTowardsSigner(header(), { lowerLayerPsid: 0 })).toEqual(['PSIDsDontMatch']);
  });
});

describe('a location', () => {
  const regions = [circle([42, -84], 1000), rectangles([43, -85, 41, -83]), polygon([41, -85], [43, -85], [42, -83])];

  const compared = (
    fields: Partial<HeaderInfo>,
    region: GeographicRegionValue | undefined,
    requireLocation: boolean,
  ) => {
    const facts = factsOf(header(fields), { region, policy: { requireLocation } });
    return { findings: codes(brokenBy(MESSAGE_SIGNER_RULES, facts)), checked: facts.insideRegion !== undefined };
  };

  it('is compared with regions that can be drawn', () => {
    for (const region of regions) {
      expect(compared(place([42, -84]), region, true)).toEqual({ findings: [], checked: true });
      const outside = { findings: ['generationLocationOutsideValidityRegion'], checked: true };
      expect(compared(place([0, 0]), region, false)).toEqual(outside);
    }
  });

  it('may be missing, unless it is required', () => {
    const unknown = { generationLocation: { latitude: LATITUDE_UNKNOWN, longitude: 0, elevation: 0 } };
    for (const one of [{}, unknown]) {
      for (const region of [...regions, countries(840)]) {
        expect(compared(one, region, false)).toEqual({ findings: [], checked: false });
        expect(compared(one, region, true)).toEqual({ findings: ['noGenerationLocation'], checked: false });
      }
      expect(compared(one, undefined, true)).toEqual({ findings: [], checked: false });
    }
  });

  it('is not compared with codes', () => {
    expect(compared(place([0, 0]), countries(840), true)).toEqual({ findings: [], checked: false });
  });
});

describe('external data', () => {
  const [one, two] = [Uint8Array.of(1, 2), Uint8Array.of(1, 3)];
  it.each<[string, string[], Uint8Array | undefined, Uint8Array | undefined]>([
    ['neither', [], undefined, undefined],
    ['the same', [], one, one.slice()],
    ['another', ['extDataHashDoesntMatch'], one, two],
    ['shorter', ['extDataHashDoesntMatch'], one, one.slice(0, 1)],
    ['longer', ['extDataHashDoesntMatch'], one, Uint8Array.of(1, 2, 3)],
    ['not handed in', ['noExtDataHashProvided'], one, undefined],
    ['not expected', ['noExtDataHashPresent'], undefined, one],
  ])('%s: %j', (_, expected, signed, external) => {
    const payload = signed ? { ...DATA, extDataHash: { tag: 'sha256HashedData', value: signed } as const } : DATA;
    expect(brokenTowardsSigner(header(), { payload, externalDataHash: external })).toEqual(expected);
  });
});

describe('the structure of a message', () => {
  const payload = {
    data: { protocolVersion: 3, content: { tag: 'unsecuredData', value: new Uint8Array(1) } },
  } as const;
  const signedWith = (fields: Partial<SignedData> = {}): SignedData => ({
    hashId: 'sha256',
    tbsData: { payload: { data: { ...payload.data, content: { ...payload.data.content } } }, headerInfo: header() },
    signer: { tag: 'digest', value: new Uint8Array(8) },
    signature: SIGNATURE,
    ...fields,
  });
  const judged = (fields: Partial<SignedData> = {}, protocolVersion = 3): string[] => {
    const signed = signedWith(fields);
    const data: Ieee1609Dot2Data = { protocolVersion, content: { tag: 'signedData', value: signed } };
    return codes(brokenBy(MESSAGE_STRUCTURE_RULES, new DecodedFacts(data, signed) as unknown as MessageFacts));
  };
  const tbsWith = (one: SignedData['tbsData']['payload']): Partial<SignedData> => ({
    tbsData: { payload: one, headerInfo: header() },
  });
  const future = { tag: 'unknown', index: 9, value: new Uint8Array(0) } as const;

  it('is kept by every kind of payload', () => {
    expect(judged()).toEqual([]);
    expect(judged(tbsWith({ extDataHash: { tag: 'sha256HashedData', value: new Uint8Array(32) } }))).toEqual([]);
    expect(judged(tbsWith({ omitted: null }))).toEqual([]);
  });

  it.each<[string, string, Partial<SignedData>, number]>([
    ['protocolVersion 2', 'unsupportedVersion', {}, 2],
    ['protocolVersion 4', 'unsupportedVersion', {}, 4],
    ['hashId', 'unsupportedCriticalInformationField', { hashId: 'unknown(4)' }, 3],
    ['signer', 'unsupportedCriticalInformationField', { signer: { ...future } }, 3],
    ['signature', 'unsupportedCriticalInformationField', { signature: { ...future } }, 3],
    ['extDataHash', 'unsupportedCriticalInformationField', tbsWith({ extDataHash: { ...future } }), 3],
    [
      'fill R',
      'invalidPointForm',
      {
        signature: {
          tag: 'ecdsaNistP256Signature',
          value: { rSig: { tag: 'fill', value: null }, sSig: new Uint8Array(32) },
        },
      },
      3,
    ],
    ['no payload', 'noPayload', tbsWith({}), 3],
  ])('is broken by %s', (_, code, fields, version) => {
    expect(judged(fields, version)).toEqual([code]);
  });
});

describe('relevance', () => {
  const now = 100_000_000n;
  const judged = (fields: Partial<HeaderInfo>, limits: RelevanceOptions): string[] => {
    const findings = brokenBy(RELEVANCE_RULES, factsOf(header(fields), { at: now, policy: { relevance: limits } }));
    for (const { stage } of findings) expect(stage).toBe('relevance');
    return codes(findings);
  };

  it.each<[string, string[], Partial<HeaderInfo>, RelevanceOptions]>([
    ['nothing asked', [], {}, {}],
    ['as old as may be', [], { generationTime: now - 1_500_000n }, { maxAgeSeconds: 1.5 }],
    ['too old', ['generationTimeTooFarInPast'], { generationTime: now - 1_500_001n }, { maxAgeSeconds: 1.5 }],
    ['as new as may be', [], { generationTime: now + 1_500_000n }, { maxFutureSeconds: 1.5 }],
    ['too new', ['tooFarInFuture'], { generationTime: now + 1_500_001n }, { maxFutureSeconds: 1.5 }],
    ['too new, old is asked', [], { generationTime: now + 1_500_001n }, { maxAgeSeconds: 1.5 }],
    ['without time, old is asked', ['generationTimeNotAvailable'], {}, { maxAgeSeconds: 1 }],
    ['without time, new is asked', ['generationTimeNotAvailable'], {}, { maxFutureSeconds: 1 }],
    ['expires now', [], { expiryTime: now }, { checkExpiry: true }],
    ['has expired', ['expiryTimeInPast'], { expiryTime: now - 1n }, { checkExpiry: true }],
    ['has expired, not asked', [], { expiryTime: now - 1n }, { checkExpiry: false }],
    ['never expires', [], {}, { checkExpiry: true }],
    ['signer has expired', ['certificateExpired'], {}, { checkCertificateExpiry: true }],
    [
      'without location',
      ['generationLocationNotAvailable'],
      {},
      { position: { latitude: 0, longitude: 0, maxDistanceMetres: 1 } },
    ],
  ])('%s: %j', (_, expected, fields, limits) => {
    expect(judged(fields, limits)).toEqual(expected);
  });

  it('takes a signer that expires now', () => {
    const policy = { relevance: { checkCertificateExpiry: true } };
    const facts = factsOf(header(), { validity: { ...signer, end: now }, at: now, policy });
    expect(brokenBy(RELEVANCE_RULES, facts)).toEqual([]);
  });

  it('takes a message from as far away as may be', () => {
    const here = at([42, -84]);
    const metres = distanceMetres(here, at([42.01, -84]));
    const from = place([42.01, -84]);
    expect(judged(from, { position: { ...here, maxDistanceMetres: metres } })).toEqual([]);
    expect(judged(from, { position: { ...here, maxDistanceMetres: metres - 0.001 } })).toEqual([
      'generationLocationTooDistant',
    ]);
  });
});

describe('the memory of replays', () => {
  it('knows a message within the window, its end included', () => {
    const memory = new ReplayMemory();
    expect(codes(memory.check(1, 'a', 100n, 10n))).toEqual([]);
    expect(codes(memory.check(1, 'a', 110n, 10n))).toEqual(['replayedSpdu']);
    expect(codes(memory.check(1, 'b', 110n, 10n))).toEqual([]);
    expect(codes(memory.check(2, 'a', 110n, 10n))).toEqual([]);
    expect(codes(memory.check(1, 'a', 111n, 10n))).toEqual([]);
    // Remembered anew from there.
    expect(codes(memory.check(1, 'a', 121n, 10n))).toEqual(['replayedSpdu']);
  });

  it('forgets the oldest of a set, and of that set only', () => {
    const memory = new ReplayMemory();
    memory.check(2, 'other', 0n, 100n);
    for (let i = 0; i <= REPLAY_PER_SET; i++) memory.check(1, `${i}`, 0n, 100n);
    expect(codes(memory.check(1, '1', 1n, 100n))).toEqual(['replayedSpdu']);
    expect(codes(memory.check(2, 'other', 1n, 100n))).toEqual(['replayedSpdu']);
    expect(codes(memory.check(1, '0', 1n, 100n))).toEqual([]);
  });
});
