/** The items of the demonstration, and their expected verdicts. */
import { toHex } from '../../coer/index.ts';
import {
  buildSpecimen,
  type Case,
  type Credential,
  type Expected,
  FAULTS,
  type Fault,
  PSEUDONYMS_PER_WEEK,
  PSID_BSM,
  pseudonyms,
  publicPoint,
  type Scms,
  signMessage,
} from '../../testbed/index.ts';
import type { Verdict } from '../../verdict/index.ts';
import type { Item } from '../../verifier/index.ts';

export interface Task {
  readonly item: Item;
  readonly expected: Expected;
  /** Compressed public key that has to come out, hex: the one that belongs to the device's private key. */
  readonly publicKey?: string;
  /** Name of the fault; absent where the item is good. */
  readonly fault?: string;
}

export const VALID: Expected = { verdict: 'valid', code: 'ok', depth: 0, signature: 'ok' };
/** Nothing but a message can prove an implicit certificate (DECISIONS D2). */
export const RECONSTRUCTED: Expected = {
  verdict: 'undecided',
  code: 'implicitReconstructed',
  depth: 0,
  signature: 'notChecked',
};

/** A fault as the testbed builds it. */
export interface BuiltFault {
  readonly fault: Fault;
  readonly built: Case;
}

/** Every fault, apart by whether it can be verified among other items or needs trust or settings of its own. */
export function buildFaults(scms: Scms): { plain: BuiltFault[]; special: BuiltFault[] } {
  const all = FAULTS.map((fault) => ({ fault, built: buildSpecimen(fault, scms) }));
  const isPlain = ({ built: { options, trust, before, item } }: BuiltFault): boolean =>
    (options ?? trust ?? before ?? item) === undefined;
  return { plain: all.filter(isPlain), special: all.filter((one) => !isPlain(one)) };
}

/** Pseudonym certificates, by turns implicit (as deployed) and explicit, with the bad ones at even distances. */
export function certificateTasks(
  scms: Scms,
  count: number,
  faults: readonly BuiltFault[],
  goOn: GoOn,
): Promise<Task[]> {
  const devices = Math.ceil(count / 2 / PSEUDONYMS_PER_WEEK);
  return spread(count, faultTasks(faults, 'certificate'), alternate(scms, devices), goOn);
}

/** Called after each task that was made; false ends the making. */
export type GoOn = () => Promise<boolean>;

function* alternate(scms: Scms, devices: number): Generator<Task> {
  const explicit = pseudonyms(scms, { devices, explicit: true });
  for (const implicit of pseudonyms(scms, { devices })) {
    yield certificateTask(implicit, RECONSTRUCTED);
    const next = explicit.next();
    if (!next.done) yield certificateTask(next.value, VALID);
  }
}

function certificateTask(credential: Credential, expected: Expected): Task {
  const { x, y } = publicPoint(credential.key);
  const publicKey = ((y[y.length - 1] as number) & 1 ? '03' : '02') + toHex(x);
  return { item: { kind: 'certificate', bytes: credential.bytes }, expected, publicKey };
}

const FEWEST_SENDERS = 16;
const MOST_SENDERS = 400;
const MESSAGES_A_SENDER = 25;

/** A sender attaches its certificate to its first message and to every fifth, as on the air. */
const ATTACH_EVERY = 5;
/** Microseconds between two messages. */
const INTERVAL = 1000n;
/** Bytes of a basic safety message. */
const PAYLOAD_BYTES = 38;

export function sendersFor(count: number): number {
  return Math.min(MOST_SENDERS, Math.max(FEWEST_SENDERS, Math.floor(count / MESSAGES_A_SENDER)));
}

/** Messages of many senders, most of which name their certificate by digest; the bad ones at even distances. */
export function messageTasks(scms: Scms, count: number, faults: readonly BuiltFault[], goOn: GoOn): Promise<Task[]> {
  return spread(count, faultTasks(faults, 'message'), traffic(scms, sendersFor(count)), goOn);
}

/** Messages without end, by the first devices of the SCMS; `sender` is the number of the device. */
export function* traffic(scms: Scms, count: number): Generator<Task & { readonly sender: number }> {
  const senders = [...pseudonyms(scms, { devices: count, perWeek: 1 })];
  const sent = new Array<number>(senders.length).fill(0);
  const random = scms.random.fork('demo traffic');
  for (let generationTime = scms.at; ; generationTime += INTERVAL) {
    const index = random.below(senders.length);
    const signer = (sent[index] as number) % ATTACH_EVERY === 0 ? 'certificate' : 'digest';
    sent[index] = (sent[index] as number) + 1;
    const payload = random.bytes(PAYLOAD_BYTES);
    const bytes = signMessage(senders[index] as Credential, { psid: PSID_BSM, payload, generationTime, signer });
    yield { item: { kind: 'message', bytes }, expected: VALID, sender: index };
  }
}

export function faultTasks(faults: readonly BuiltFault[], kind: Item['kind']): Task[] {
  return faults
    .filter(({ fault }) => fault.kind === kind)
    .map(({ fault, built }) => ({ item: { kind, bytes: built.bytes }, expected: fault.expected, fault: fault.name }));
}

/** `count` tasks: each bad one once, as far as they fit between the good ones. */
async function spread(count: number, bad: readonly Task[], good: Iterator<Task>, goOn: GoOn): Promise<Task[]> {
  const distance = Math.max(2, Math.floor(count / Math.max(1, bad.length)));
  const tasks: Task[] = [];
  let nextBad = 0;
  while (tasks.length < count) {
    const isBad = tasks.length % distance === distance - 1 && nextBad < bad.length;
    tasks.push(isBad ? (bad[nextBad++] as Task) : (good.next().value as Task));
    if (!(await goOn())) break;
  }
  return tasks;
}

/** How a verdict differs from the expected one; undefined if it does not. */
export function difference({ expected, publicKey, fault }: Omit<Task, 'item'>, verdict: Verdict): string | undefined {
  const wanted = { ...expected, ...(publicKey === undefined ? {} : { publicKey }) };
  const wrong = Object.entries(wanted)
    .filter(([name, value]) => value !== undefined && verdict[name as keyof Verdict] !== value)
    .map(([name, value]) => `${name} ${String(verdict[name as keyof Verdict])} instead of ${String(value)}`);
  return wrong.length > 0 ? `${fault ?? 'good item'}: ${wrong.join(', ')}` : undefined;
}
