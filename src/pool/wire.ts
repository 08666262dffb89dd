import type { KernelName } from '../kernel/kernel.ts';
import type { SeenMessage } from '../messages/index.ts';
import { CODES, type Code, type FailureCode, RESULT_NAMES, type Verdict } from '../verdict/index.ts';
import type { Item, Policy, TrustMaterial, TrustWarning } from '../verifier/types.ts';

/**
 * What pool and worker say to each other. Octets travel in one exact-size buffer a batch, which is transferred; what most
 * items share travels in typed columns; only what is rare travels as objects. Both sides import this file and no other.
 */

/** Given to a worker once, when it starts. */
export interface WorkerSetup {
  readonly kernel: KernelName;
  /** Compiled once for all threads; the native kernel has none. */
  readonly kernelModule?: WebAssembly.Module;
  readonly policy: Policy;
}

/** Items of a batch, packed. */
export interface PackedItems {
  readonly count: number;
  /** Octets of all items behind one another. */
  readonly octets: Uint8Array;
  /** Three numbers an item: octets, kind (0 certificate, 1 message), PSID of the layer below (NaN: none). */
  readonly table: Float64Array;
  /** The few items that carry more. */
  readonly extras: readonly { index: number; externalData?: Uint8Array | undefined; unreadable?: string | undefined }[];
}

/** Both sides compare it: a worker module that was bundled or copied may be of another release. */
const WIRE_VERSION = 1;

/** @throws Error where the other side speaks another version of this format, or none. */
export function checkVersion(message: { readonly version: number } | null | undefined): void {
  if (message?.version === WIRE_VERSION) return;
  throw new Error(`pool and worker are of different releases: wire format ${message?.version}, not ${WIRE_VERSION}`);
}

/** A clock that all threads of a process share, in milliseconds. */
export const clockMs = (): number => performance.timeOrigin + performance.now();

/** What every job and every result says. */
export const stamp = (): { version: number; sentMs: number } => ({ version: WIRE_VERSION, sentMs: clockMs() });

export interface Job {
  readonly version: number;
  /** {@link clockMs} when the job was sent. */
  readonly sentMs: number;
  readonly items: PackedItems;
  /** The revision to judge under: a thread that has another one must refuse, whatever led to it. */
  readonly trustRevision: number;
  /** Present when the thread does not have this revision yet. */
  readonly trust?: { readonly material: TrustMaterial; readonly revision: number };
  /** What a predecessor of this thread had learned; present for the first job of a fresh thread. */
  readonly learned?: readonly Uint8Array[];
  /** Messages that it had accepted, so that a replay of one is still known. */
  readonly accepted?: readonly SeenMessage[];
}

export interface JobResult {
  readonly version: number;
  /** Milliseconds from the pool's call to the thread's first step. */
  readonly toWorkerMs: number;
  readonly verdicts: PackedVerdicts;
  readonly learned: readonly Uint8Array[];
  /** Messages accepted in this job; none where replays are not looked for. */
  readonly accepted: readonly SeenMessage[];
  /** Present when the job brought trust material. */
  readonly warnings?: readonly TrustWarning[];
  /** Milliseconds that the thread worked on the job. */
  readonly busyMs: number;
}

/** Numbers an item takes in {@link PackedItems.table}. */
const ITEM_COLUMNS = 3;

export function packItems(items: readonly Item[]): PackedItems {
  const octets = new Uint8Array(items.reduce((sum, { bytes }) => sum + bytes.length, 0));
  const table = new Float64Array(ITEM_COLUMNS * items.length);
  const extras: PackedItems['extras'][number][] = [];
  let at = 0;
  items.forEach(({ bytes, kind, lowerLayerPsid, externalData, unreadable }, index) => {
    octets.set(bytes, at);
    at += bytes.length;
    table.set([bytes.length, kind === 'message' ? 1 : 0, lowerLayerPsid ?? Number.NaN], ITEM_COLUMNS * index);
    if (externalData !== undefined || unreadable !== undefined) {
      extras.push({ index, externalData: externalData && owned(externalData), unreadable });
    }
  });
  return { count: items.length, octets, table, extras };
}

/** A copy, and never a view as `Buffer.slice` gives it: cloning a view would send the whole buffer behind it. */
function owned(octets: Uint8Array): Uint8Array {
  return new Uint8Array(octets);
}

/** Trust material on octets of its own: files are often read in one piece, and every thread would get the whole of them. */
export function ownedTrust({ roots, certificates, pins }: TrustMaterial): TrustMaterial {
  return {
    roots: roots.map(owned),
    ...(certificates && { certificates: certificates.map(owned) }),
    ...(pins && {
      pins: pins.map(({ certificate, publicKey }) => ({
        certificate: owned(certificate),
        publicKey: owned(publicKey),
      })),
    }),
  };
}

/** The items again; their bytes are views of the packed octets. @throws Error where the parts do not fit together. */
export function unpackItems({ count, octets, table, extras }: PackedItems): Item[] {
  if (table.length !== ITEM_COLUMNS * count) throw new Error(`${count} items in ${table.length} numbers`);
  const items: Item[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    const [length, kind, psid] = table.subarray(ITEM_COLUMNS * index) as unknown as [number, number, number];
    items.push({
      kind: kind === 1 ? 'message' : 'certificate',
      bytes: octets.subarray(at, at + length),
      lowerLayerPsid: Number.isNaN(psid) ? undefined : psid,
    });
    at += length;
  }
  if (at !== octets.length) throw new Error(`items of ${at} octets in ${octets.length}`);
  for (const { index, externalData, unreadable } of extras) {
    items[index] = { ...(items[index] as Item), externalData, unreadable };
  }
  return items;
}

/** Verdicts of a batch, packed. */
export interface PackedVerdicts {
  readonly count: number;
  readonly trustRevision: number;
  /** Five octets an item: index of the code, depth, and {@link flagsOf}; then whether it has a HashedId8 and a psid. */
  readonly octets: Uint8Array;
  readonly hashedId8: Uint8Array;
  readonly psid: Float64Array;
  /** Two texts an item: the public key or the generation time, and how the signer is named. */
  readonly texts: readonly (string | null)[];
  /** The few that say more than `ok` or less than everything. */
  readonly rest: readonly (Pick<Verdict, 'detail' | 'errorOffset' | 'errors' | 'lenient'> & { index: number })[];
}

const CODE_LIST: readonly Code[] = ['ok', ...(Object.keys(CODES) as FailureCode[])];
const CODE_INDEX = new Map(CODE_LIST.map((code, index) => [code, index]));
const SIGNATURES = ['notChecked', 'ok', 'bad'] as const;
const TRUSTS = ['none', 'root', 'pinned'] as const;
const OCTET_COLUMNS = 5;

/** Two bits signature, two bits trust, one bit region, one bit kind. */
function flagsOf({ signature, trust, regionChecked, kind }: Verdict): number {
  return (
    SIGNATURES.indexOf(signature) |
    (TRUSTS.indexOf(trust) << 2) |
    (regionChecked ? 0x10 : 0) |
    (kind === 'message' ? 0x20 : 0)
  );
}

export function packVerdicts(verdicts: readonly Verdict[]): PackedVerdicts {
  const count = verdicts.length;
  const octets = new Uint8Array(OCTET_COLUMNS * count);
  const hashedId8 = new Uint8Array(8 * count);
  const psid = new Float64Array(count);
  const texts: (string | null)[] = [];
  const rest: PackedVerdicts['rest'][number][] = [];
  verdicts.forEach((verdict, index) => {
    const { code, depth, detail, errorOffset, errors, lenient } = verdict;
    const hasId = verdict.hashedId8 !== null;
    const hasPsid = typeof verdict.psid === 'number';
    const flags = [CODE_INDEX.get(code) as number, depth, flagsOf(verdict), hasId ? 1 : 0, hasPsid ? 1 : 0];
    octets.set(flags, OCTET_COLUMNS * index);
    if (hasId) writeHex(verdict.hashedId8 as string, hashedId8, 8 * index);
    if (hasPsid) psid[index] = verdict.psid as number;
    if (verdict.kind === 'message') texts.push(verdict.generationTime ?? null, verdict.signer ?? null);
    else texts.push(verdict.publicKey ?? null, null);
    if (detail !== '' || errorOffset !== null || errors !== undefined || lenient !== undefined) {
      rest.push({ index, detail, errorOffset, ...(errors && { errors }), ...(lenient && { lenient }) });
    }
  });
  return { count, trustRevision: verdicts[0]?.trustRevision ?? 0, octets, hashedId8, psid, texts, rest };
}

/** The verdicts again. @throws Error where the parts do not fit together. */
export function unpackVerdicts(packed: PackedVerdicts): Verdict[] {
  const { count, octets } = packed;
  if (octets.length !== OCTET_COLUMNS * count) throw new Error(`${count} verdicts in ${octets.length} octets`);
  const verdicts: Verdict[] = [];
  for (let index = 0; index < count; index++) verdicts.push(unpackVerdict(packed, index));
  for (const { index, ...more } of packed.rest) verdicts[index] = { ...(verdicts[index] as Verdict), ...more };
  return verdicts;
}

function unpackVerdict({ octets, hashedId8, psid, texts, trustRevision }: PackedVerdicts, index: number): Verdict {
  const at = OCTET_COLUMNS * index;
  const code = CODE_LIST[octets[at] as number];
  if (code === undefined) throw new Error(`there is no code ${octets[at]}`);
  const flags = octets[at + 2] as number;
  const kind = flags & 0x20 ? 'message' : 'certificate';
  const { verdict, resultName } = code === 'ok' ? OK : CODES[code];
  const [first, second] = [texts[2 * index] as string | null, texts[2 * index + 1] as string | null];
  return {
    kind,
    hashedId8: octets[at + 3] ? readHex(hashedId8, 8 * index, 8) : null,
    verdict,
    code,
    depth: octets[at + 1] as number,
    detail: '',
    errorOffset: null,
    signature: SIGNATURES[flags & 3] as Verdict['signature'],
    resultCode: resultName === null ? null : RESULT_NAMES[resultName],
    resultName,
    trust: TRUSTS[(flags >> 2) & 3] as Verdict['trust'],
    trustRevision,
    revocation: 'notChecked',
    regionChecked: (flags & 0x10) !== 0,
    ...(kind === 'certificate'
      ? { publicKey: first }
      : { psid: octets[at + 4] ? (psid[index] as number) : null, generationTime: first, signer: second }),
  };
}

const OK = { verdict: 'valid', resultName: 'success' } as const;

const HEX = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));

function readHex(octets: Uint8Array, at: number, count: number): string {
  let text = '';
  for (let i = at; i < at + count; i++) text += HEX[octets[i] as number];
  return text;
}

function writeHex(text: string, octets: Uint8Array, at: number): void {
  for (let i = 0; 2 * i < text.length; i++) octets[at + i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
}
