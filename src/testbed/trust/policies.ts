import { decodeOrThrow, encode } from '../../coer/index.ts';
import { type GlobalPolicy, Ieee1609Dot2Data, type LocalPolicy, PolicyFile } from '../../dot2/index.ts';
import type { Credential } from '../certificates.ts';
import { attached, type MessageFlaws, type MessageRequest, signMessage } from '../messages.ts';
import { PSID_SCMS } from '../permissions.ts';

const SCMS_FILE_VERSION = 1;
const TWO_WEEKS_SECONDS = 14 * 24 * 3600;
const WEEK_MINUTES = 7 * 24 * 60;

/** A time series without intervals. */
export const always = <T>(initial: T): { initial: T; intervals: { startTime: bigint; value: T }[] } => ({
  initial,
  intervals: [],
});

type PolicyTimes = Pick<GlobalPolicy, 'generationTime'> & Partial<Pick<GlobalPolicy, 'activeTime' | 'policyId'>>;
type Signing = Partial<MessageRequest> & MessageFlaws;

/** A policy file as its generator signs it; the certificate goes along. */
function signedPolicy(pg: Credential, content: PolicyFile['content'], signing: Signing): Uint8Array {
  const payload = encode(PolicyFile, { version: SCMS_FILE_VERSION, content });
  const { generationTime } = (content.value as { value: PolicyTimes }).value;
  return signMessage(pg, { psid: PSID_SCMS, payload, generationTime, signer: attached([pg]), ...signing });
}

/** A global policy file (GPF). */
export function globalPolicy(
  pg: Credential,
  policy: PolicyTimes & Partial<GlobalPolicy>,
  signing: Signing = {},
): Uint8Array {
  const value: GlobalPolicy = {
    policyId: 'gpf',
    activeTime: policy.generationTime,
    certChainFileId: always(1),
    overdueCrlToleranceSeconds: always(TWO_WEEKS_SECONDS),
    iPeriodMinutes: always(WEEK_MINUTES),
    minCertsPerIPeriod: always(20),
    shuffleThreshold: always(100),
    ...policy,
  };
  return signedPolicy(pg, { tag: 'policy', value: { tag: 'global', value } }, signing);
}

/** A local policy file (LPF) around a finished global one. */
export function localPolicy(
  pg: Credential,
  global: Uint8Array,
  policy: PolicyTimes & Partial<LocalPolicy>,
  signing: Signing = {},
): Uint8Array {
  const value: LocalPolicy = {
    global: decodeOrThrow(Ieee1609Dot2Data, global),
    policyId: 'lpf',
    activeTime: policy.generationTime,
    raHostname: 'ra.testbed',
    certsPerIPeriod: always(20),
    shuffleThreshold: always(100),
    ...policy,
  };
  return signedPolicy(pg, { tag: 'policy', value: { tag: 'local', value } }, signing);
}
