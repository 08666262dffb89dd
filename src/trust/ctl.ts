import { decode, decodeOrThrow, toHex } from '../coer/index.ts';
import { type FullIeeeTbsCtl, MultiSignedCtl, ScmsPdu, type SignedData } from '../dot2/index.ts';
import type { CtlPart } from './artefacts.ts';
import type { Draft } from './draft.ts';
import { byHash, isSame, trustedOf } from './identity.ts';
import { fromHex } from './material.ts';
import type { Source } from './motions.ts';
import { whyUnfit } from './settle.ts';
import type {
  CertificateFacts,
  Decision,
  PendingCtl,
  Tombstone,
  TrustContext,
  TrustedCertificate,
  VoteDecision,
} from './types.ts';
import { headerCode, isPlain, payloadOf, type VoidCode, VoteWork, verifyRound } from './votes.ts';

/** fullIeeeCtl, the only type there is. */
const FULL_IEEE_CTL = 1;
/** No meaning is defined beyond it: a new group has to be set up out of band (T2, E-27). */
const LAST_SEQUENCE = 0xffff;
const PDU_VERSION = 2;

interface Failure {
  readonly code: string;
  readonly detail: string;
}

/** T1–T9: CTLs of a bundle by their sequence numbers, so that a device can walk several at once. */
export function settleCtls(draft: Draft, parts: readonly CtlPart[]): void {
  const all = [...dueCtls(draft), ...parts].map((part) => ({ part, octets: toHex(part.ctl.encoded as Uint8Array) }));
  all.sort((a, b) => {
    const difference = a.part.ctl.tbsCtl.sequenceNumber - b.part.ctl.tbsCtl.sequenceNumber;
    return difference || (a.octets < b.octets ? -1 : 1);
  });
  for (const { part } of all) settleOne(draft, part);
}

/** CTLs that have waited for their effectiveDate. */
function dueCtls(draft: Draft): CtlPart[] {
  const due = draft.state.pending.filter(
    (one): one is PendingCtl => one.kind === 'ctl' && BigInt(one.effectiveTime) <= draft.now,
  );
  return due.flatMap((entry) => {
    draft.drop(entry);
    const decoded = decode(MultiSignedCtl, fromHex(entry.octets));
    return decoded.ok ? [{ source: { artefact: entry.artefact, part: 'pending' }, ctl: decoded.value }] : [];
  });
}

function settleOne(draft: Draft, { source, ctl }: CtlPart): void {
  const { tbsCtl } = ctl;
  const { ctl: stored } = draft.state;
  const tbsCtlHash = draft.context.hash('sha384', tbsCtl.encoded as Uint8Array);
  if (stored?.sequenceNumber === tbsCtl.sequenceNumber && stored.tbsCtlHash === toHex(tbsCtlHash)) {
    complete(draft, source, ctl);
    return;
  }
  const { failures: signing, votes } = judgeSignatures(draft, ctl, tbsCtlHash);
  const failures = [...listFailures(draft, ctl), ...signing];
  const [first] = failures;
  if (first) {
    // Every reason is named, so that the issuer can fix all of them at once.
    const detail = [...failures, ...entryFailures(draft, ctl)]
      .map(({ code, detail: why }) => `${code}: ${why}`)
      .join('; ');
    decide(draft, source, 'REJECT', { code: first.code, detail, votes });
    return;
  }
  const effectiveTime = BigInt(tbsCtl.effectiveDate) * 1_000_000n;
  if (effectiveTime > draft.now) {
    wait(draft, source, ctl, tbsCtlHash, effectiveTime, votes);
    return;
  }
  const before = draft.decisions.length;
  replaceLists(draft, source, ctl);
  draft.state.mode = 'ctl';
  draft.state.ctl = {
    sequenceNumber: tbsCtl.sequenceNumber,
    effectiveTime: effectiveTime.toString(),
    tbsCtlHash: toHex(tbsCtlHash),
    octets: toHex(ctl.encoded as Uint8Array),
  };
  if (tbsCtl.quorum !== undefined) draft.state.quorum = tbsCtl.quorum;
  // Ballots that wait belong to the generation before.
  draft.state.pending = draft.state.pending.filter(({ kind }) => kind !== 'ballot');
  const entries = draft.decisions.splice(before);
  decide(draft, source, 'ACCEPT', { votes });
  draft.decisions.push(...entries);
}

function decide(
  draft: Draft,
  { artefact, part }: Source,
  decision: Decision['decision'],
  more: Partial<Decision>,
): void {
  draft.decisions.push({ artefact, part, proposition: 'ctl', subject: null, decision, code: 'OK', ...more });
}

function wait(
  draft: Draft,
  source: Source,
  ctl: MultiSignedCtl,
  tbsCtlHash: Uint8Array,
  effective: bigint,
  votes: readonly VoteDecision[],
): void {
  const octets = toHex(ctl.encoded as Uint8Array);
  const effectiveTime = effective.toString();
  const { sequenceNumber } = ctl.tbsCtl;
  const same = draft.state.pending.find(
    (one): one is PendingCtl => one.kind === 'ctl' && one.sequenceNumber === sequenceNumber,
  );
  const waiting = same && decodeOrThrow(MultiSignedCtl, fromHex(same.octets));
  if (waiting && toHex(draft.context.hash('sha384', waiting.tbsCtl.encoded as Uint8Array)) !== toHex(tbsCtlHash)) {
    const detail = `another CTL of number ${sequenceNumber} is waiting`;
    decide(draft, source, 'REJECT', { code: 'T_EQUIVOCATION', detail, votes });
    return;
  }
  // Any signatures will do that have a quorum: of one list one copy waits, that which brings most of its certificates.
  const entry: PendingCtl = { kind: 'ctl', sequenceNumber, effectiveTime, artefact: source.artefact, octets };
  const isFuller = waiting === undefined || entriesAtHand(draft, ctl) > entriesAtHand(draft, waiting);
  if (isFuller && !draft.wait(entry, same)) {
    decide(draft, source, 'REJECT', { code: 'B_PENDING_FULL', detail: 'too much is waiting already', votes });
    return;
  }
  decide(draft, source, 'PENDING', { effectiveTime, votes });
}

/** T1, T2, T3, T8, and the room for the approved entries. */
function listFailures({ state }: Draft, { type, tbsCtl }: MultiSignedCtl): Failure[] {
  const failures: Failure[] = [];
  const fail = (code: string, detail: string): void => void failures.push({ code, detail });
  const { electorGroupId, maxElectors, maxRoots } = state.settings;
  const group = toHex(tbsCtl.electorGroupId);
  if (type !== FULL_IEEE_CTL || tbsCtl.type !== FULL_IEEE_CTL) fail('T_TYPE', `types ${type} and ${tbsCtl.type}`);
  if (electorGroupId === null) fail('T_GROUP', `group ${group}, but no elector group is configured here`);
  else if (group !== electorGroupId) fail('T_GROUP', `group ${group}, not ${electorGroupId}`);
  const { ctl: stored } = state;
  const { sequenceNumber, effectiveDate, quorum } = tbsCtl;
  if (sequenceNumber === LAST_SEQUENCE) fail('T_EXHAUSTED', `sequence number ${sequenceNumber} is the last one`);
  if (stored !== null && sequenceNumber < stored.sequenceNumber) {
    fail('T_ROLLBACK', `sequence number ${sequenceNumber}, ${stored.sequenceNumber} is known`);
  }
  if (sequenceNumber === stored?.sequenceNumber) fail('T_EQUIVOCATION', `another CTL of number ${sequenceNumber}`);
  if (stored !== null && BigInt(effectiveDate) * 1_000_000n < BigInt(stored.effectiveTime)) {
    fail('T_EFFECTIVE_DATE', 'effective before the one that is known');
  }
  const { electorApprove, rootCaApprove } = tbsCtl;
  if (quorum !== undefined && (quorum < Math.max(1, state.floor) || quorum > electorApprove.length)) {
    fail('T_QUORUM', `quorum ${quorum}, floor ${state.floor}, electors ${electorApprove.length}`);
  }
  if (electorApprove.length > maxElectors || rootCaApprove.length > maxRoots) {
    fail('T_STORE_FULL', `${electorApprove.length} electors, ${rootCaApprove.length} roots`);
  }
  return failures;
}

interface Entry {
  readonly signed: SignedData | undefined;
  readonly work: VoteWork | undefined;
  readonly named: readonly TrustedCertificate[] | VoidCode;
  readonly faults: readonly string[];
}

/** T4, T5, T9: signatures of different electors that were trusted before this list. */
function judgeSignatures(
  draft: Draft,
  ctl: MultiSignedCtl,
  tbsCtlHash: Uint8Array,
): { failures: Failure[]; votes: VoteDecision[] } {
  const { state, context } = draft;
  const most = Math.max(ctl.tbsCtl.electorApprove.length, state.electors.length);
  const failures: Failure[] = [];
  if (ctl.signatures.length > most) {
    // Before any of them is looked at.
    return {
      failures: [{ code: 'T_SIZE', detail: `${ctl.signatures.length} signatures, ${most} electors` }],
      votes: [],
    };
  }
  const electorate = draft.electorate();
  const entries = ctl.signatures.map(({ data }): Entry => {
    const signed = data.content.tag === 'signedData' ? data.content.value : undefined;
    if (signed === undefined) return { signed, work: undefined, named: 'V_ENCODING', faults: ['V_ENCODING'] };
    const work = new VoteWork(signed, context);
    const named = work.candidates(undefined, electorate);
    const content = data.protocolVersion === 3 ? contentFaults(draft, signed, ctl.tbsCtl, tbsCtlHash) : ['V_ENCODING'];
    const faults = [
      ...content,
      ...(hashIdFits(work) ? [] : ['T_HASH_ID']),
      ...(typeof named === 'string' ? [named] : []),
    ];
    return { signed, work, named, faults };
  });
  const names = entries.map(({ work }) => work?.voter ?? null);
  const claimed = entries.map(ownerOf);
  const repeated = claimed.map((owner, i) => claimed.indexOf(owner) < i);
  if (repeated.includes(true)) {
    failures.push({ code: 'T_DUPLICATE', detail: `${new Set(claimed).size} distinct signers of ${names.length}` });
  }
  verifyRound(
    entries.flatMap(({ work, named, faults }, i) =>
      work && faults.length === 0 && typeof named === 'object' && !repeated[i] ? [{ vote: work, voters: named }] : [],
    ),
    context,
  );
  const owners = new Set<string>();
  const votes = entries.map(({ work, named, faults }, i): VoteDecision => {
    const voter = names[i] ?? null;
    const [fault] = faults;
    if (repeated[i]) return { voter, counted: false, code: 'T_DUPLICATE' };
    if (work === undefined || fault !== undefined || typeof named === 'string') {
      return { voter, counted: false, code: fault ?? 'V_ENCODING' };
    }
    const elector = work.verified(named);
    if (elector === undefined) return { voter, counted: false, code: 'V_SIGNATURE' };
    if (owners.has(elector.key)) {
      failures.push({ code: 'T_DUPLICATE', detail: `two signatures of ${elector.hashedId8}` });
      return { voter, counted: false, code: 'T_DUPLICATE' };
    }
    owners.add(elector.key);
    return { voter, counted: true, code: 'OK' };
  });
  const reasons = [...new Set(entries.flatMap(({ faults }) => faults))];
  for (const code of reasons) {
    const count = entries.filter(({ faults }) => faults.includes(code)).length;
    failures.push({ code, detail: `${count} of ${entries.length} signatures` });
  }
  const fatal = failures.filter(({ code }) => code === 'T_DUPLICATE');
  if (owners.size >= state.quorum) return { failures: fatal, votes };
  const stranded = state.ctl !== null && ctl.tbsCtl.sequenceNumber > state.ctl.sequenceNumber + 1;
  const code = stranded ? 'T_STRANDED' : 'T_VOTES';
  const missing = { code, detail: `${owners.size} of ${state.quorum} electors` };
  return { failures: [...fatal, missing, ...failures.filter((one) => !fatal.includes(one))], votes };
}

/** The signer that a signature names, known or not; of several with that HashedId8 the key decides. */
function ownerOf({ work, named }: Entry, index: number): string {
  if (typeof named === 'object')
    return named.length === 1 ? (named[0] as TrustedCertificate).key : `one of several ${index}`;
  return work?.attached ? toHex(work.attached.hash) : (work?.voter ?? 'nobody');
}

/** T4: what each signature has to say. */
function contentFaults(draft: Draft, signed: SignedData, tbs: FullIeeeTbsCtl, tbsCtlHash: Uint8Array): string[] {
  if (!isPlain(signed)) return ['V_ENCODING'];
  const faults: string[] = [];
  const header = headerCode(signed, draft.now);
  if (header) faults.push(header);
  const payload = payloadOf(signed);
  const pdu = payload && decode(ScmsPdu, payload);
  const content = pdu?.ok && pdu.value.version === PDU_VERSION ? pdu.value.content : undefined;
  if (content?.tag !== 'cert' || content.value.tag !== 'tbsCtlSignature') return [...faults, 'V_CONTENT'];
  const own = content.value.value;
  if (
    toHex(own.electorGroupId) !== toHex(tbs.electorGroupId) ||
    own.ctlType !== tbs.type ||
    own.sequenceNumber !== tbs.sequenceNumber
  ) {
    faults.push('T_FIELDS');
  }
  if (toHex(own.tbsCtlHash) !== toHex(tbsCtlHash)) faults.push('T_HASH');
  return faults;
}

/** The hash named fits the curve of the signature: 48 bytes for SHA-384. */
function hashIdFits({ signed: { hashId, signature } }: VoteWork): boolean {
  if (signature.tag === 'unknown') return false;
  return hashId === (signature.value.sSig.length === 48 ? 'sha384' : 'sha256');
}

/** T6, T7: the approved lists replace electors and roots as a whole. An entry that is no longer listed is tombstoned and cannot be added again (E-13). */
function replaceLists(draft: Draft, source: Source, ctl: MultiSignedCtl): void {
  const { context } = draft;
  const { tbsCtl } = ctl;
  const all = certificatesAtHand(draft, ctl);
  const electors = usable(draft, source, 'elector', tbsCtl.electorApprove, tbsCtl.electorRemove, all, (facts) =>
    electorEntry(context, facts),
  );
  const roots = usable(draft, source, 'root', tbsCtl.rootCaApprove, tbsCtl.rootCaRemove, all, rootEntry);
  const fit = roots.filter((root) => {
    if (!electors.some((elector) => isSame(elector, root))) return true;
    draft.decisions.push({ ...entryOf(source, 'addRoot', root.hashedId8), decision: 'REJECT', code: 'T_ROLE' });
    return false;
  });
  for (const [role, list] of [
    ['elector', electors],
    ['root', fit],
  ] as const) {
    const gone = draft.listOf(role).filter((one) => !list.some(({ hash }) => hash === one.hash));
    draft.replace(role, [...list].sort(byHash));
    // Another certificate of the same key may stay on the list: then it is a renewal, and the key is not buried.
    for (const one of gone) {
      if (!list.some(({ key }) => key === one.key)) draft.bury(role, one, [], tbsCtl.sequenceNumber);
    }
  }
}

/**
 * A copy of the list in force. The certificates beside it are not signed: a copy that lacks some
 * must not keep their owners from being trusted once a complete copy comes.
 */
function complete(draft: Draft, source: Source, ctl: MultiSignedCtl): void {
  const { context, state } = draft;
  const { tbsCtl } = ctl;
  const missing = (entries: readonly Uint8Array[], held: readonly TrustedCertificate[], entryFor: EntryFor) => {
    const known = new Set(held.map(({ certificate }) => entryFor(context.recall(certificate))));
    return entries.filter((entry) => !known.has(toHex(entry)));
  };
  const elector: EntryFor = (facts) => electorEntry(context, facts);
  const open = {
    elector: missing(tbsCtl.electorApprove, state.electors, elector),
    root: missing(tbsCtl.rootCaApprove, state.roots, rootEntry),
  };
  if (open.elector.length + open.root.length === 0) {
    decide(draft, source, 'ACCEPT_NOOP', {});
    return;
  }
  const before = draft.decisions.length;
  // What this very list buried for want of a renewed certificate of the same key.
  const { sequenceNumber } = tbsCtl;
  const exempt = (one: TrustedCertificate): readonly Tombstone[] =>
    state.tombstones.filter((other) => other.ctl !== sequenceNumber || other.hash === one.hash);
  const all = certificatesAtHand(draft, ctl);
  let changed = false;
  for (const [role, removed, entryFor] of [
    ['elector', tbsCtl.electorRemove, elector],
    ['root', tbsCtl.rootCaRemove, rootEntry],
  ] as const) {
    for (const one of usable(draft, source, role, open[role], removed, all, entryFor, exempt)) {
      if (role === 'root' && state.electors.some((other) => isSame(other, one))) {
        draft.decisions.push({ ...entryOf(source, 'addRoot', one.hashedId8), decision: 'REJECT', code: 'T_ROLE' });
        continue;
      }
      state.tombstones = state.tombstones.filter((other) => other.ctl !== sequenceNumber || other.key !== one.key);
      draft.add(role, one);
      changed = true;
    }
  }
  const entries = draft.decisions.splice(before);
  if (!changed) {
    decide(draft, source, 'ACCEPT_NOOP', {});
    return;
  }
  state.ctl = state.ctl && { ...state.ctl, octets: toHex(ctl.encoded as Uint8Array) };
  decide(draft, source, 'ACCEPT', { detail: 'certificates that were missing from the list in force' });
  draft.decisions.push(...entries);
}

/** Certificates that entries of a list may be the hash of: those held already, and those that came with it. */
function certificatesAtHand({ state, context }: Draft, { unsigned }: MultiSignedCtl): CertificateFacts[] {
  const held = [...state.electors, ...state.roots, ...state.certificates];
  return [...held.map(({ certificate }) => context.recall(certificate)), ...context.examine(unsigned)];
}

/** Entries of a list whose certificate is at hand. */
function entriesAtHand(draft: Draft, ctl: MultiSignedCtl): number {
  const facts = certificatesAtHand(draft, ctl);
  const known = new Set(facts.flatMap((one) => [electorEntry(draft.context, one), rootEntry(one)]));
  return [...ctl.tbsCtl.electorApprove, ...ctl.tbsCtl.rootCaApprove].filter((entry) => known.has(toHex(entry))).length;
}

function entryOf({ artefact, part }: Source, proposition: 'addElector' | 'addRoot', subject: string | null) {
  return { artefact, part: part ? `${part}.tbsCtl` : 'tbsCtl', proposition, subject };
}

/** Certificates of a refused list that are looked at to say what else is wrong with it. */
const MAX_EXPLAINED = 64;

/** T6 for a list that is refused anyway: entries without a certificate of that hash. */
function entryFailures({ context }: Draft, { tbsCtl, unsigned }: MultiSignedCtl): Failure[] {
  if (unsigned.length > MAX_EXPLAINED) return [];
  const facts = context.examine(unsigned);
  const known = new Set(facts.flatMap((one) => [electorEntry(context, one), rootEntry(one)]));
  const entries = [...tbsCtl.electorApprove, ...tbsCtl.rootCaApprove];
  const missing = entries.filter((entry) => !known.has(toHex(entry))).length;
  if (missing === 0) return [];
  return [
    { code: 'T_ENTRY', detail: `${missing} of ${entries.length} entries are the hash of no certificate in the list` },
  ];
}

type EntryFor = (facts: CertificateFacts) => string;

/** Entries are hashes of canonical certificates: SHA-384 for electors, the low 32 bytes of its own for roots (DECISIONS D34). */
const electorEntry = (context: TrustContext, { canonical }: CertificateFacts): string =>
  toHex(context.hash('sha384', canonical));
const rootEntry = ({ hash }: CertificateFacts): string => toHex(hash.slice(-32));

/** T6: entries whose certificate is at hand, hashes to them, signs itself and was never removed. */
function usable(
  draft: Draft,
  source: Source,
  role: 'elector' | 'root',
  entries: readonly Uint8Array[],
  removed: readonly Uint8Array[],
  all: readonly CertificateFacts[],
  entryFor: EntryFor,
  tombstonesFor: (one: TrustedCertificate) => readonly Tombstone[] = () => draft.state.tombstones,
): TrustedCertificate[] {
  const proposition = role === 'elector' ? ('addElector' as const) : ('addRoot' as const);
  const byEntry = new Map<string, CertificateFacts[]>();
  for (const facts of all) {
    const list = byEntry.get(entryFor(facts)) ?? [];
    byEntry.set(entryFor(facts), list);
    list.push(facts);
  }
  const contradicted = new Set(removed.map(toHex));
  const trusted = new Map<string, TrustedCertificate>();
  for (const entry of new Set(entries.map(toHex))) {
    const found = byEntry.get(entry) ?? [];
    const findings = draft.context.checkAnchors(found);
    const reasons = found.map((facts, i) => whyUnfit(role, facts, findings[i] ?? [], draft.now));
    // Encodings of one certificate: any that can be used.
    const facts = found.find((_, i) => reasons[i] === undefined);
    const one = facts && trustedOf(facts);
    const refuse = (code: string, detail: string): void => {
      const subject = found[0] ? toHex(found[0].signerId8) : entry.slice(-16);
      draft.decisions.push({ ...entryOf(source, proposition, subject), decision: 'REJECT', code, detail });
    };
    // Lists of removed entries only inform; an entry in both lists is not trusted.
    if (contradicted.has(entry)) refuse('T_ENTRY', 'approved and removed in one list');
    else if (one === undefined) refuse('T_ENTRY', reasons[0] ?? 'no certificate with this hash');
    else if (draft.rules.isBuried(one, tombstonesFor(one))) refuse('T_TOMBSTONE', 'it was removed');
    else trusted.set(one.hash, draft.listOf(role).find(({ hash }) => hash === one.hash) ?? one);
  }
  return [...trusted.values()];
}
