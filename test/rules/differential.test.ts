/**
 * The fast path against the full path, item by item: fields of signed messages and certificates are changed at random under random
 * policies, mostly with a kernel to which every signature is right, so that the rules alone decide. SCMS_DIFFERENTIAL_ITEMS sets how many items.
 */
import { expect, it } from 'vitest';
import { type Kernel, Status } from '../../src/kernel/kernel.ts';
import { type Credential, PSID_SCMS } from '../../src/testbed/index.ts';
import type { Item, Policy } from '../../src/verifier/index.ts';
import { Dice } from '../fuzz/mutate.ts';
import { KERNEL, kernelWith } from '../support/kernels.ts';
import {
  EXAMPLES,
  explicit,
  HOUR,
  INSIDE,
  implicit,
  local,
  named,
  OUTSIDE,
  PLACED,
  privileged,
  sent,
  TIMED,
} from '../support/traffic-templates.ts';
import { certificate, inParts, scms, verifierWith } from '../verifier/support.ts';

const COUNT = Number(process.env.SCMS_DIFFERENTIAL_ITEMS ?? 20_000);
const ROUND = 2000;

const SIGNERS = [...explicit.slice(0, 4), ...implicit.slice(0, 4), ...local, privileged];
const BASES: readonly Item[] = SIGNERS.flatMap((signer: Credential) => [
  certificate(signer),
  ...[{}, TIMED, PLACED, { ...TIMED, ...PLACED }, { psid: PSID_SCMS }].flatMap((header) => [
    sent(signer, header),
    named(signer, header),
    sent(signer, { ...header, signer: 'chain' }),
  ]),
]);

/** Big-endian octets of a number. */
function octetsOf(value: bigint, width: number): Uint8Array {
  return Uint8Array.from({ length: width }, (_, i) =>
    Number((BigInt.asUintN(8 * width, value) >> BigInt(8 * (width - 1 - i))) & 255n),
  );
}

const START = BigInt(scms.start) * 1_000_000n;
const END = START + 169n * HOUR;
const TIMES = [
  0n,
  1n,
  START - 1n,
  START,
  scms.at - 1_000_001n,
  scms.at,
  scms.at + 1n,
  scms.at + 1_000_001n,
  END,
  END + 1n,
  2n ** 53n,
  2n ** 64n - 1n,
];
const PLACES = [
  INSIDE,
  OUTSIDE,
  { latitude: 900_000_001, longitude: 1_800_000_001 },
  { latitude: -900_000_000, longitude: 1_799_999_999 },
];
const STARTS = [0, 1, scms.start - 1, scms.start, scms.start + 1, scms.start + 86_400 * 30, 2 ** 31, 2 ** 32 - 1];

/** What stands in a field of the examples, and what may stand there instead. */
const FIELDS: readonly (readonly [Uint8Array, readonly Uint8Array[]])[] = [
  [octetsOf(scms.at, 8), TIMES.map((time) => octetsOf(time, 8))],
  [octetsOf(scms.at + HOUR, 8), TIMES.map((time) => octetsOf(time, 8))],
  [placeOctets(INSIDE), PLACES.map(placeOctets)],
  [octetsOf(BigInt(scms.start), 4), STARTS.map((start) => octetsOf(BigInt(start), 4))],
  ...SIGNERS.map((one) => [digestOf(one), SIGNERS.map(digestOf)] as const),
];

function placeOctets({ latitude, longitude }: { latitude: number; longitude: number }): Uint8Array {
  return Uint8Array.of(...octetsOf(BigInt(latitude), 4), ...octetsOf(BigInt(longitude), 4));
}

function digestOf({ canonical }: Credential): Uint8Array {
  return KERNEL.sha256([canonical]).slice(24, 32);
}

const POLICIES: readonly Policy[] = [
  {},
  { allErrors: true },
  { at: scms.at + 1_000_000n, relevance: { maxAgeSeconds: 1, maxFutureSeconds: 1, replayWindowSeconds: 10 } },
  { relevance: { checkExpiry: true, checkCertificateExpiry: true, replayWindowSeconds: 0 }, allErrors: true },
  { requireLocation: true, relevance: { position: { ...INSIDE, maxDistanceMetres: 5000 } } },
  { at: END + 1n, relevance: { checkCertificateExpiry: true } },
  { atOwnStart: true, requireLocation: true },
  { at: START },
];

/** An item like one of the examples, with some of its fields changed. */
function changed(dice: Dice): Item {
  const base = dice.pick(BASES);
  const bytes = base.bytes.slice();
  for (let changes = dice.below(4); changes > 0; changes--) {
    const [now, others] = dice.pick(FIELDS);
    const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(now);
    if (at >= 0) bytes.set(dice.pick(others), at);
  }
  // Another signature, key, place or payload: any octet.
  if (dice.below(4) === 0) bytes[dice.below(bytes.length)] = dice.below(256);
  // Payloads tell messages apart where replays are looked for.
  if (base.kind === 'message' && dice.below(2) === 0) bytes[8] = dice.below(256);
  const item = { kind: base.kind, bytes };
  if (dice.below(12) === 0) return { ...item, lowerLayerPsid: dice.pick([32, 33, PSID_SCMS]) };
  if (dice.below(12) === 0) return { ...item, at: dice.pick([scms.at, scms.at + 5_000_000n, START - 1n, END + 1n]) };
  return item;
}

const gullible: Kernel = kernelWith({ verify: ({ count }) => new Uint8Array(count).fill(Status.ok) });

it(`the fast path says what the full path says of ${COUNT} items`, { timeout: 10_000_000 }, () => {
  let fast = 0;
  for (let done = 0, round = 0; done < COUNT; done += ROUND, round++) {
    const dice = new Dice(1000 + round);
    const policy = POLICIES[round % POLICIES.length] as Policy;
    const kernelInstance = round % 5 === 4 ? KERNEL : gullible;
    const verifiers = [true, false].map((fastPath) => verifierWith({ ...policy, kernelInstance, fastPath }));
    const items = Array.from({ length: Math.min(ROUND, COUNT - done) }, () => changed(dice));
    const sizes = dice.pick([[items.length], [1 + dice.below(40), 1 + dice.below(300)], [7]]);
    const [own, full] = verifiers.map((verifier) => {
      verifier.verify(EXAMPLES);
      verifier.setPolicy({ at: scms.at, ...policy });
      const verdicts = inParts(verifier, items, sizes).map((verdict) => JSON.stringify(verdict));
      return { verdicts, learned: verifier.takeLearned().map((octets) => Buffer.from(octets).toString('hex')) };
    });
    expect(own, `round ${round}`).toEqual(full);
    fast += verifiers[0]?.metrics.fast ?? 0;
    if (round % 50 === 49) process.stdout.write(`${done + ROUND} items, ${fast} on the fast path\n`);
  }
  expect(fast).toBeGreaterThan(COUNT / 20);
});

it('an explanation says of each of them what the verdict says', { timeout: 600_000 }, () => {
  for (const [round, policy] of POLICIES.entries()) {
    const dice = new Dice(77 + round);
    const kernelInstance = round % 2 === 0 ? KERNEL : gullible;
    const verifier = verifierWith({ ...policy, kernelInstance });
    verifier.verify(EXAMPLES);
    verifier.setPolicy({ at: scms.at, ...policy });
    for (let i = 0; i < 60; i++) {
      const item = changed(dice);
      const { verdict, path, rules } = verifier.explain(item);
      const before = verifier.metrics.fast;
      expect(verdict).toEqual(verifier.verify([item])[0]);
      expect(path).toBe(verifier.metrics.fast > before ? 'fast' : 'full');
      const failed = rules.filter(({ outcome, needed }) => outcome === 'failed' && needed);
      expect(failed.length > 0).toBe(verdict.verdict !== 'valid');
      if (failed.length > 0) expect(failed[0]?.codes).toContain(verdict.code);
    }
  }
});
