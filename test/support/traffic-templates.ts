/** Traffic that a fast path knows: an example of every kind that it makes templates of, and what is like them. */
import type { GeographicRegionValue } from '../../src/dot2/index.ts';
import { pseudonymFields } from '../../src/testbed/devices.ts';
import {
  app,
  type Credential,
  generateKey,
  issueExplicit,
  type MessageFlaws,
  type MessageRequest,
  PSID_BSM,
  PSID_SCMS,
  pseudonyms,
  signMessage,
} from '../../src/testbed/index.ts';
import type { Item } from '../../src/verifier/index.ts';
import { certificate, scms } from '../verifier/support.ts';

export const HOUR = 3_600_000_000n;
/** A kilometre around Ann Arbor. */
const REGION: GeographicRegionValue = {
  tag: 'circularRegion',
  value: { center: { latitude: 422_800_000, longitude: -837_400_000 }, radius: 1000 },
};
export const INSIDE = { latitude: 422_800_100, longitude: -837_400_100, elevation: 4096 };
export const OUTSIDE = { latitude: 423_800_000, longitude: -837_400_000, elevation: 4096 };

export type Change = Partial<MessageRequest> & MessageFlaws;
export const TIMED: Change = { expiryTime: scms.at + HOUR };
export const PLACED: Change = { generationLocation: INSIDE };
const HEADERS: readonly Change[] = [{}, TIMED, PLACED, { ...TIMED, ...PLACED }];

export const explicit: readonly Credential[] = [...pseudonyms(scms, { devices: 1, explicit: true })];
export const implicit: readonly Credential[] = [...pseudonyms(scms, { devices: 1 })];

/** A pseudonym certificate like those of the PCA, but for these fields. */
export function pseudonymWith(
  label: string,
  fields: Partial<ReturnType<typeof pseudonymFields>>,
  start = scms.start,
): Credential {
  const key = generateKey(scms.random.fork(label));
  const usual = pseudonymFields(scms, 0, scms.random.fork(`${label}, linkage`).bytes(9));
  const validityPeriod = { ...usual.validityPeriod, start };
  return issueExplicit({ issuer: scms.pca, key, fields: { ...usual, validityPeriod, ...fields } });
}

export const local = [0, 1].map((i) => pseudonymWith(`local ${i}`, { region: REGION }));
/** May send what the others may not. */
export const privileged = pseudonymWith('privileged', { appPermissions: [app(PSID_SCMS)] });

let counter = 0;
/** A message that is like no other; its certificate is attached. */
export function sent(signer: Credential, change: Change = {}): Item {
  counter++;
  const payload = Uint8Array.of(counter >> 16, counter >> 8, counter, 7, 7);
  const request: MessageRequest = { psid: PSID_BSM, payload, generationTime: scms.at, signer: 'certificate' };
  return { kind: 'message', bytes: signMessage(signer, { ...request, ...change }) };
}

/** The same by digest. */
export const named = (signer: Credential, change: Change = {}): Item => sent(signer, { signer: 'digest', ...change });

/** One of each kind, and every sender that names itself by digest. */
export const EXAMPLES: readonly Item[] = [
  ...[explicit[0], implicit[0], local[0]].flatMap((signer) => [
    certificate(signer as Credential),
    ...HEADERS.flatMap((header) => [sent(signer as Credential, header), named(signer as Credential, header)]),
  ]),
  sent(privileged, { psid: PSID_SCMS }),
  named(privileged, { psid: PSID_SCMS }),
];
