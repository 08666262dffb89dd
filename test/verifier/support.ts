import { applicationFields } from '../../src/testbed/devices.ts';
import {
  type Credential,
  createScms,
  generateKey,
  implicitApplicationCertificate,
  issueExplicit,
  type MessageFlaws,
  type MessageRequest,
  PSID_BSM,
  signMessage,
} from '../../src/testbed/index.ts';
import type { Verdict } from '../../src/verdict/index.ts';
import { type Item, Verifier, type VerifierOptions } from '../../src/verifier/index.ts';
import type { VerifierInternals } from '../../src/verifier/verifier.ts';
import { KERNEL } from '../support/kernels.ts';

export const scms = createScms({ seed: 'verifier' });
export const usual = { trust: scms.trust(), at: scms.at };

export const verifierWith = (options: Partial<VerifierOptions & VerifierInternals> = {}): Verifier =>
  new Verifier({ ...usual, kernelInstance: KERNEL, recordChanges: true, ...options });

type ExplicitRequest = Parameters<typeof issueExplicit>[0];
type LeafRequest = Partial<Omit<ExplicitRequest, 'fields'>> & { readonly fields?: Partial<ExplicitRequest['fields']> };

/** An explicit application certificate; the same label gives the same key. */
export function explicitLeaf(label: string, { fields, ...more }: LeafRequest = {}): Credential {
  const key = generateKey(scms.random.fork(label));
  return issueExplicit({ issuer: scms.pca, key, fields: { ...applicationFields(scms, label), ...fields }, ...more });
}
export const implicitLeaf = (label: string): Credential => implicitApplicationCertificate(scms, { label });

let counter = 0;
/** A message that is like no other. */
export function message(signer: Credential, change: Partial<MessageRequest> & MessageFlaws = {}): Item {
  counter++;
  const payload = Uint8Array.of(counter >> 16, counter >> 8, counter);
  const request = { psid: PSID_BSM, payload, generationTime: scms.at, signer: 'certificate' as const };
  return { kind: 'message', bytes: signMessage(signer, { ...request, ...change }) };
}
export const byDigest = (signer: Credential, change: Partial<MessageRequest> & MessageFlaws = {}): Item =>
  message(signer, { signer: 'digest', ...change });
export const certificate = ({ bytes }: Credential): Item => ({ kind: 'certificate', bytes });

export const codes = (verdicts: readonly Verdict[]): string[] => verdicts.map(({ code }) => code);

/** The same items, cut into batches of these sizes in turn. */
export function inParts(verifier: Verifier, items: readonly Item[], sizes: readonly number[]): Verdict[] {
  const verdicts: Verdict[] = [];
  for (let at = 0, i = 0; at < items.length; i++) {
    const size = sizes[i % sizes.length] as number;
    verdicts.push(...verifier.verify(items.slice(at, at + size)));
    at += size;
  }
  return verdicts;
}
