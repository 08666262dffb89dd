import type { Item } from '../verifier/types.ts';
import type { Credential } from './certificates.ts';
import { pseudonyms } from './devices.ts';
import { message } from './faults/support.ts';
import { buildSpecimen, type Expected, FAULTS } from './faults.ts';
import type { Scms } from './scms.ts';

/** An item of a workload and what has to be said of it. */
export interface Expectation {
  readonly item: Item;
  readonly expected: Expected;
  /** Name of the fault; absent where the item is good. */
  readonly fault?: string;
}

/** A sender attaches its certificate to its first message and to every fifth. */
const ATTACH_EVERY = 5;
/** Microseconds between two messages on the air. */
const INTERVAL = 1000n;
/** One item in so many is a certificate by itself. */
const CERTIFICATE_EVERY = 16;
const FEWEST_SENDERS = 16;
const MOST_SENDERS = 200;

const VALID: Expected = { verdict: 'valid', code: 'ok', depth: 0, signature: 'ok' };
const UNPROVEN: Expected = {
  verdict: 'undecided',
  code: 'implicitReconstructed',
  depth: 0,
  signature: 'notChecked',
};

/** Faults that need nothing but the trust of `scms` and the time `scms.at`. */
export function plainFaults(scms: Scms): Expectation[] {
  const plain: Expectation[] = [];
  for (const fault of FAULTS) {
    const { bytes, options, trust, before, item } = buildSpecimen(fault, scms);
    if (options ?? trust ?? before ?? item) continue;
    plain.push({ item: { kind: fault.kind, bytes }, expected: fault.expected, fault: fault.name });
  }
  return plain;
}

/**
 * Traffic as a roadside unit sees it: messages of 16 to 200 senders, most with a digest for their certificate, some
 * certificates by themselves, and among them every plain fault at even distances. Digests resolve only if a sender's items are
 * verified in order. `faultEvery` sets the distance; absent, each fault appears once, as far as `count` reaches.
 */
export function* mixture(scms: Scms, count: number, faultEvery?: number): Generator<Expectation> {
  const faults = plainFaults(scms);
  const distance = faultEvery ?? Math.max(2, Math.floor(count / faults.length));
  const senders = sendersFor(scms, count);
  const sent = new Array<number>(senders.length).fill(0);
  const random = scms.random.fork('mixture');
  let nextFault = 0;
  let nextCertificate = 0;
  for (let at = 0; at < count; at++) {
    if (at % distance === distance - 1 && faults.length > 0) {
      yield faults[nextFault++ % faults.length] as Expectation;
    } else if (at % CERTIFICATE_EVERY === CERTIFICATE_EVERY - 1) {
      yield certificateItem(scms, senders, nextCertificate++);
    } else {
      const index = random.below(senders.length);
      const number = sent[index] as number;
      sent[index] = number + 1;
      const generationTime = scms.at + BigInt(at) * INTERVAL;
      const signer = number % ATTACH_EVERY === 0 ? 'certificate' : 'digest';
      const bytes = message(scms, senders[index] as Credential, { generationTime, signer, payload: random.bytes(38) });
      yield { item: { kind: 'message', bytes }, expected: VALID };
    }
  }
}

function sendersFor(scms: Scms, count: number): Credential[] {
  const wanted = Math.min(MOST_SENDERS, Math.max(FEWEST_SENDERS, Math.floor(count / 50)));
  // One certificate each: who sends with several at once would be linked.
  return [...pseudonyms(scms, { devices: wanted, perWeek: 1 })];
}

/** By turns a CA certificate, which is valid, and a pseudonym certificate, which nothing proves by itself. */
function certificateItem(scms: Scms, senders: readonly Credential[], number: number): Expectation {
  const cas = [scms.pca, scms.ica, scms.eca, scms.ra, scms.ma, scms.crlg];
  const half = Math.floor(number / 2);
  if (number % 2 === 0) {
    const { bytes } = cas[half % cas.length] as Credential;
    return { item: { kind: 'certificate', bytes }, expected: VALID };
  }
  const { bytes } = senders[half % senders.length] as Credential;
  return { item: { kind: 'certificate', bytes }, expected: UNPROVEN };
}
