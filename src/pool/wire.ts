import type { KernelName } from '../kernel/kernel.ts';
import type { WasmModule } from '../kernel/wasm-module.ts';
import type { SeenMessage } from '../messages/index.ts';
import type { RevocationData } from '../revocation/index.ts';
import {
  CODES,
  type Code,
  certificateVerdict,
  decide,
  type FailureCode,
  messageVerdict,
  REVOCATION_STATES,
  VALID,
  type Verdict,
} from '../verdict/index.ts';
import type { Item, Policy, TrustMaterial, TrustWarning } from '../verifier/types.ts';
import type { ThreadState } from './thread-totals.ts';

/**
 * What pool and worker say to each other. Octets travel in one exact-size buffer a batch, which is transferred; what most
 * items share travels in one table of numbers and a few long texts, because an object or a text an item costs more than all
 * of these together; only what is rare travels as objects. Both sides import this file and no other.
 */

/** Given to a worker once, when it starts. */
export interface WorkerSetup {
  readonly kernel: KernelName;
  /** Compiled once for all threads; the native kernel has none. */
  readonly kernelModule?: WasmModule;
  readonly policy: Policy;
}

/** Items of a batch, packed. */
export interface PackedItems {
  readonly count: number;
  /** Octets of all items behind one another. */
  readonly octets: Uint8Array;
  /** Four numbers an item: bytes, kind (0 certificate, 1 message), PSID of the layer below, and time of its own (NaN: none). */
  readonly table: Float64Array;
  /** The few items that carry more. */
  readonly extras: readonly { index: number; externalData?: Uint8Array | undefined; unreadable?: string | undefined }[];
}

/** Both sides compare it: a worker module that was bundled or copied may be of another release. */
const WIRE_VERSION = 4;

/** @throws Error where the other side speaks another version of this format, or none. */
export function checkVersion(message: { readonly version: number } | null | undefined): void {
  if (message?.version === WIRE_VERSION) return;
  throw new Error(`pool and worker are of different releases: wire format ${message?.version}, not ${WIRE_VERSION}`);
}

/** A clock that all threads of a process share, in milliseconds. */
export const clockMs = (): number => performance.timeOrigin + performance.now();

/** What every job and every result says. */
export const stamp = (): { version: number; sentMs: number } => ({ version: WIRE_VERSION, sentMs: clockMs() });

/** Revocation data with its revision; none stands for no CRLs. */
export interface NumberedRevocation {
  readonly data: RevocationData | undefined;
  readonly revision: number;
}

export interface Job {
  readonly version: number;
  /** {@link clockMs} when the job was sent. */
  readonly sentMs: number;
  readonly items: PackedItems;
  /** The revision to verify under: a thread that has another one must refuse, whatever led to it. */
  readonly trustRevision: number;
  /** Present when the thread does not have this revision yet. */
  readonly trust?: { readonly material: TrustMaterial; readonly revision: number };
  /** Revision of the revocation data to verify under, and the data where the thread does not have it yet: shared memory. */
  readonly crlRevision: number;
  readonly revocation?: NumberedRevocation;
  /** What a predecessor of this thread had learned; present for the first job of a fresh thread. */
  readonly learned?: PackedLists;
  /** Messages that it had accepted, so that a replay of one is still known. */
  readonly accepted?: readonly SeenMessage[];
}

export interface JobResult {
  readonly version: number;
  /** Milliseconds from the pool's call to the thread's first step. */
  readonly toWorkerMs: number;
  readonly verdicts: PackedVerdicts;
  /** Signer lists that the thread learned, or used out of their turn. */
  readonly learned: PackedLists;
  /** Messages accepted in this job; none where replays are not looked for. */
  readonly accepted: readonly SeenMessage[];
  /** Present when the job brought trust material. */
  readonly warnings?: readonly TrustWarning[];
  /** Milliseconds that the thread worked on the job. */
  readonly busyMs: number;
  /** What the thread has counted since it started. */
  readonly state: ThreadState;
}

/** Strings of octets behind one another: an array each would cost more than all they hold. */
export interface PackedLists {
  readonly octets: Uint8Array;
  readonly lengths: Uint32Array;
}

export function packLists(lists: readonly Uint8Array[]): PackedLists {
  const lengths = Uint32Array.from(lists, ({ length }) => length);
  const octets = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    octets.set(list, at);
    at += list.length;
  }
  return { octets, lengths };
}

/** The lists again, each on octets of its own, which may be kept. @throws Error where the parts do not fit together. */
export function unpackLists({ octets, lengths }: PackedLists): Uint8Array[] {
  const lists: Uint8Array[] = [];
  let at = 0;
  for (const length of lengths) {
    lists.push(octets.slice(at, at + length));
    at += length;
  }
  if (at !== octets.length) throw new Error(`lists of ${at} octets in ${octets.length}`);
  return lists;
}

/** Numbers an item takes in {@link PackedItems.table}. */
const ITEM_COLUMNS = 4;

export function packItems(items: readonly Item[]): PackedItems {
  let total = 0;
  for (const { bytes } of items) total += bytes.length;
  const octets = new Uint8Array(total);
  const table = new Float64Array(ITEM_COLUMNS * items.length);
  const extras: PackedItems['extras'][number][] = [];
  let at = 0;
  for (let index = 0; index < items.length; index++) {
    const { bytes, kind, lowerLayerPsid, externalData, unreadable, at: time } = items[index] as Item;
    octets.set(bytes, at);
    at += bytes.length;
    const row = ITEM_COLUMNS * index;
    table[row] = bytes.length;
    table[row + 1] = kind === 'message' ? 1 : 0;
    table[row + 2] = lowerLayerPsid ?? Number.NaN;
    // Microseconds fit a double for 285 years either way.
    table[row + 3] = time === undefined ? Number.NaN : Number(time);
    if (externalData !== undefined || unreadable !== undefined) {
      extras.push({ index, externalData: externalData && owned(externalData), unreadable });
    }
  }
  return { count: items.length, octets, table, extras };
}

/** A copy, and never a view as `Buffer.slice` gives it: cloning a view would send the whole buffer behind it. */
function owned(octets: Uint8Array): Uint8Array {
  return new Uint8Array(octets);
}

/** Trust material on octets of its own: files are often read in one piece, and every thread would get the whole of them. */
export function ownedTrust({ roots, certificates, pins, removedRoots }: TrustMaterial): TrustMaterial {
  return {
    roots: roots.map(owned),
    ...(certificates && { certificates: certificates.map(owned) }),
    ...(pins && {
      pins: pins.map(({ certificate, publicKey }) => ({
        certificate: owned(certificate),
        publicKey: owned(publicKey),
      })),
    }),
    ...(removedRoots && { removedRoots }),
  };
}

/** The items again; their bytes are views of the packed octets. @throws Error where the parts do not fit together. */
export function unpackItems({ count, octets, table, extras }: PackedItems): Item[] {
  if (table.length !== ITEM_COLUMNS * count) throw new Error(`${count} items in ${table.length} numbers`);
  const items: Item[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    const row = ITEM_COLUMNS * index;
    const length = table[row] as number;
    const psid = table[row + 2] as number;
    const time = table[row + 3] as number;
    items.push({
      kind: table[row + 1] === 1 ? 'message' : 'certificate',
      bytes: octets.subarray(at, at + length),
      lowerLayerPsid: Number.isNaN(psid) ? undefined : psid,
      at: Number.isNaN(time) ? undefined : BigInt(time),
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
  readonly crlRevision: number;
  /** Six numbers an item: {@link flagsOf}, the lengths of its three texts (−1: null), PSID and offset of an error (NaN: null). */
  readonly table: Float64Array;
  /** HashedId8, public key or generation time, and detail of every item behind one another; {@link SHEET} items to a text. */
  readonly texts: readonly string[];
  /** The few that say more. */
  readonly rest: readonly (Pick<Verdict, 'errors' | 'lenient' | 'revokedBy'> & { index: number })[];
}

/** Numbers an item takes in {@link PackedVerdicts.table}. */
const VERDICT_COLUMNS = 6;
/**
 * Items to a text. What is cut out of a text keeps the whole of it in memory: whoever keeps one HashedId8 of a batch should
 * not keep the batch.
 */
const SHEET = 16;

const CODE_LIST: readonly Code[] = ['ok', ...(Object.keys(CODES) as FailureCode[])];
/** From one on: a number that nobody wrote is no code, and least of all `ok`. */
const CODE_NUMBER = new Map(CODE_LIST.map((code, index) => [code, index + 1]));
const SIGNATURES = ['notChecked', 'ok', 'bad'] as const;
const TRUSTS = ['none', 'root', 'pinned'] as const;
const OVERDUE = 1 << 28;
const SIGNERS = [null, 'digest', 'certificate', 'self', 'unknown'] as const;

/** What a code says by itself, in the order of {@link CODE_LIST}. */
const OUTCOMES = CODE_LIST.map((code) => (code === 'ok' ? VALID : decide([{ code, depth: 0, detail: '' }])));

/**
 * Eight bits code, eight bits depth, two bits signature, two bits trust, one bit region, one bit kind, three bits signer, three
 * bits revocation, one bit `crlOverdue`.
 */
function flagsOf(verdict: Verdict): number {
  const { code, depth, signature, trust, regionChecked, kind, signer = null, revocation, warnings } = verdict;
  return (
    (CODE_NUMBER.get(code) ?? 0) |
    (depth << 8) |
    (SIGNATURES.indexOf(signature) << 16) |
    (TRUSTS.indexOf(trust) << 18) |
    (regionChecked ? 1 << 20 : 0) |
    (kind === 'message' ? 1 << 21 : 0) |
    (SIGNERS.indexOf(signer as (typeof SIGNERS)[number]) << 22) |
    (REVOCATION_STATES.indexOf(revocation) << 25) |
    (warnings ? OVERDUE : 0)
  );
}

export function packVerdicts(verdicts: readonly Verdict[]): PackedVerdicts {
  const count = verdicts.length;
  const table = new Float64Array(VERDICT_COLUMNS * count);
  const texts: string[] = [];
  const rest: PackedVerdicts['rest'][number][] = [];
  let sheet = '';
  for (let index = 0; index < count; index++) {
    const verdict = verdicts[index] as Verdict;
    const { hashedId8, detail, errors, lenient, revokedBy } = verdict;
    const own = (verdict.kind === 'message' ? verdict.generationTime : verdict.publicKey) ?? null;
    const row = VERDICT_COLUMNS * index;
    table[row] = flagsOf(verdict);
    table[row + 1] = hashedId8 === null ? -1 : hashedId8.length;
    table[row + 2] = own === null ? -1 : own.length;
    table[row + 3] = detail.length;
    table[row + 4] = verdict.psid ?? Number.NaN;
    table[row + 5] = verdict.errorOffset ?? Number.NaN;
    if (hashedId8 !== null) sheet += hashedId8;
    if (own !== null) sheet += own;
    sheet += detail;
    if (index % SHEET === SHEET - 1 || index === count - 1) {
      texts.push(sheet);
      sheet = '';
    }
    if (errors !== undefined || lenient !== undefined || revokedBy !== undefined) {
      rest.push({ index, ...(revokedBy && { revokedBy }), ...(errors && { errors }), ...(lenient && { lenient }) });
    }
  }
  const { trustRevision = 0, crlRevision = 0 } = verdicts[0] ?? {};
  return { count, trustRevision, crlRevision, table, texts, rest };
}

/** The verdicts again. @throws Error where the parts do not fit together. */
export function unpackVerdicts(packed: PackedVerdicts): Verdict[] {
  const { count, table, texts, rest } = packed;
  if (table.length !== VERDICT_COLUMNS * count) throw new Error(`${count} verdicts in ${table.length} numbers`);
  const verdicts: Verdict[] = [];
  for (let first = 0; first < count; first += SHEET) {
    const sheet = texts[first / SHEET];
    const end = Math.min(first + SHEET, count);
    if (unpackSheet(verdicts, packed, sheet ?? '', end) !== sheet?.length) {
      throw new Error(`texts of ${sheet?.length} characters for verdicts ${first} to ${end}`);
    }
  }
  for (const { index, ...more } of rest) verdicts[index] = { ...(verdicts[index] as Verdict), ...more };
  return verdicts;
}

/** Adds the verdicts up to `end`, whose texts stand in `sheet`; says how many characters of it they took. */
function unpackSheet(
  verdicts: Verdict[],
  { table, trustRevision, crlRevision }: PackedVerdicts,
  sheet: string,
  end: number,
): number {
  let at = 0;
  for (let row = VERDICT_COLUMNS * verdicts.length; row < VERDICT_COLUMNS * end; row += VERDICT_COLUMNS) {
    const idLength = table[row + 1] as number;
    const hashedId8 = idLength < 0 ? null : sheet.slice(at, at + idLength);
    at += Math.max(idLength, 0);
    const ownLength = table[row + 2] as number;
    const own = ownLength < 0 ? null : sheet.slice(at, at + ownLength);
    at += Math.max(ownLength, 0);
    const detailLength = table[row + 3] as number;
    const detail = sheet.slice(at, at + detailLength);
    at += detailLength;
    const psid = orNull(table[row + 4] as number);
    const errorOffset = orNull(table[row + 5] as number);
    verdicts.push(
      verdictOf(table[row] as number, { hashedId8, own, detail, psid, errorOffset, trustRevision, crlRevision }),
    );
  }
  return at;
}

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** What {@link flagsOf} leaves out. */
interface Fields extends Pick<Verdict, 'hashedId8' | 'detail' | 'errorOffset' | 'trustRevision' | 'crlRevision'> {
  /** The public key or the generation time. */
  readonly own: string | null;
  readonly psid: number | null;
}

function verdictOf(flags: number, fields: Fields): Verdict {
  const { hashedId8, own, detail, psid, errorOffset } = fields;
  const outcome = OUTCOMES[(flags & 0xff) - 1];
  if (outcome === undefined) throw new Error(`there is no code ${flags & 0xff}`);
  const decided = { ...outcome, depth: (flags >> 8) & 0xff, detail };
  const signature = SIGNATURES[(flags >> 16) & 3] as Verdict['signature'];
  const trust = TRUSTS[(flags >> 18) & 3] as Verdict['trust'];
  const signer = SIGNERS[(flags >> 22) & 7];
  if (signer === undefined) throw new Error(`there is no signer ${(flags >> 22) & 7}`);
  const revocation = REVOCATION_STATES[(flags >> 25) & 7];
  if (revocation === undefined) throw new Error(`there is no state of revocation ${(flags >> 25) & 7}`);
  const regionChecked = (flags & (1 << 20)) !== 0;
  const said = { hashedId8, errorOffset, signature, trust, revocation, regionChecked };
  const isCertificate = (flags & (1 << 21)) === 0;
  const written = isCertificate
    ? certificateVerdict(decided, said, fields, own)
    : messageVerdict(decided, said, fields, psid, own, signer);
  if ((flags & OVERDUE) !== 0) written.warnings = ['crlOverdue'];
  return written;
}
