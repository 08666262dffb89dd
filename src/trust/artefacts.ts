import { type CoerFailure, decode, type Schema } from '../coer/index.ts';
import {
  type Certificate,
  ChainFile,
  CompositeCrl,
  ElectorBallot,
  Ieee1609Dot2Data,
  type MultiSignedCtl,
  PolicyFile,
  PSID_SCMS,
  ScmsPdu,
  type SignedData,
  SignedElectorEndorsement,
  storeOfChainFile,
} from '../dot2/index.ts';
import type { Source } from './motions.ts';
import type {
  Artefact,
  Decision,
  EndorsementType,
  FileArtefact,
  Proposition,
  QuorumArtefact,
  SettingsArtefact,
} from './types.ts';
import { payloadOf } from './votes.ts';

/** Bytes of one artefact; a CRL of a million vehicles has 38 MB. */
export const MAX_ARTEFACT_OCTETS = 128 * 1024 * 1024;
/** Bytes of an artefact without CRLs: thousands of certificates fit. */
export const MAX_FILE_OCTETS = 8 * 1024 * 1024;

/** A ballot and the type of the list around it; null for a ballot by itself. */
export interface BallotPart {
  readonly source: Source;
  readonly container: EndorsementType | null;
  readonly ballot: ElectorBallot;
  /** The artefact's own CRLs, for broken engines: see `Rules`. */
  readonly besides: readonly Uint8Array[];
}

export interface ChainFilePart {
  readonly source: Source;
  readonly octets: Uint8Array;
  readonly authenticated: boolean;
  readonly file: ChainFile;
}

export interface OctetsPart {
  readonly source: Source;
  readonly octets: Uint8Array;
}

export interface CtlPart {
  readonly source: Source;
  readonly ctl: MultiSignedCtl;
}

/** Certificates beside a CTL, which has no version of its own. */
export interface CertificatesPart {
  readonly source: Source;
  readonly certificates: readonly Certificate[];
}

/** Everything of a bundle, by kind. */
export interface Parts {
  readonly ballots: BallotPart[];
  readonly chainFiles: ChainFilePart[];
  readonly crls: OctetsPart[];
  readonly policies: OctetsPart[];
  readonly ctls: CtlPart[];
  readonly certificates: CertificatesPart[];
  readonly quorums: QuorumArtefact[];
  readonly settings: SettingsArtefact[];
  /** What could not be opened. */
  readonly refused: Decision[];
}

/** Takes artefacts apart, strictly and without verifying anything in them. */
export function openArtefacts(artefacts: readonly Artefact[]): Parts {
  const parts: Parts = {
    ballots: [],
    chainFiles: [],
    crls: [],
    policies: [],
    ctls: [],
    certificates: [],
    quorums: [],
    settings: [],
    refused: [],
  };
  for (const artefact of artefacts) {
    if ('quorum' in artefact) parts.quorums.push(artefact);
    else if ('settings' in artefact) parts.settings.push(artefact);
    else openFile(parts, artefact);
  }
  return parts;
}

type Kind = 'chainFile' | 'ballot' | 'compositeCrl' | 'ctl' | 'data' | 'unknown';

/** Whether bytes begin as an artefact other than signed or unsecured data: a chain file, ballot, composite CRL or bare CTL. */
export function beginsAsArtefact(octets: Uint8Array): boolean {
  const kind = kindOf(octets);
  return kind !== 'data' && kind !== 'unknown' && octets[0] !== 0x03;
}

/** The kind that the first bytes of an artefact claim; the strict decoder decides. */
function kindOf(octets: Uint8Array): Kind {
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = octets;
  if (first === 0x01 && second === 0x80 && third !== 0x03) return 'chainFile';
  if (first === 0x03) return second === 0x80 ? 'ctl' : second === 0x81 ? 'data' : 'unknown';
  // A list: the count in one octet or two, then the first element.
  if (first === 0x01 && (second === 0 || third === 0x03)) return 'ballot';
  if (first === 0x02 && fourth === 0x03 && (fifth & 0xf0) === 0x80) return 'ballot';
  if (first === 0x02 && second === 0x84) return 'ctl';
  return first === 0x00 && second !== 0x03 ? 'compositeCrl' : 'unknown';
}

function openFile(parts: Parts, artefact: FileArtefact): void {
  const { octets } = artefact;
  const kind = kindOf(octets);
  const most = kind === 'compositeCrl' || kind === 'data' || kind === 'ctl' ? MAX_ARTEFACT_OCTETS : MAX_FILE_OCTETS;
  if (octets.length > most) {
    refuse(parts, artefact, null, 'F_SIZE', `${octets.length} octets, at most ${most}`);
    return;
  }
  switch (kind) {
    case 'chainFile':
      openChainFile(parts, artefact);
      return;
    case 'ballot':
      openLoneBallot(parts, artefact);
      return;
    case 'compositeCrl':
      openCompositeCrl(parts, artefact);
      return;
    case 'ctl':
      openScmsPdu(parts, artefact);
      return;
    case 'data':
      openData(parts, artefact);
      return;
    case 'unknown':
      refuse(parts, artefact, null, 'F_UNKNOWN', 'no artefact of root management');
      return;
  }
}

/** G1. */
function openChainFile(parts: Parts, artefact: FileArtefact): void {
  const file = opened(parts, artefact, ChainFile, artefact.octets, 'chainFile', 'G');
  if (file === undefined) return;
  if (file.version !== 1) {
    refuse(parts, artefact, 'chainFile', 'G_ENCODING', `ScmsFile version ${file.version}`);
    return;
  }
  const source = { artefact: artefact.name, part: '' };
  const { octets, authenticated = false } = artefact;
  parts.chainFiles.push({ source, octets, authenticated, file });
}

/** The ballots of a chain file whose version has been accepted. */
export function ballotsOfChainFile({ source: { artefact }, file }: ChainFilePart): BallotPart[] {
  const { rootCAEndorsements, electorEndorsements } = storeOfChainFile(file);
  return [
    ...ballotParts(artefact, 'electorEndorsements', electorEndorsements, 'addElector'),
    ...ballotParts(artefact, 'rootCAEndorsements', rootCAEndorsements, 'addRoot'),
  ];
}

function ballotParts(
  artefact: string,
  list: string,
  ballots: readonly ElectorBallot[],
  container: EndorsementType,
  besides: readonly Uint8Array[] = [],
): BallotPart[] {
  return ballots.map((ballot, i) => ({ source: { artefact, part: `${list}[${i}]` }, container, ballot, besides }));
}

/** A ballot by itself ("proprietary messaging", RE1): its own type says what it is for. */
function openLoneBallot(parts: Parts, artefact: FileArtefact): void {
  const ballot = opened(parts, artefact, ElectorBallot, artefact.octets, null, 'B');
  const source = { artefact: artefact.name, part: '' };
  if (ballot !== undefined) parts.ballots.push({ source, container: null, ballot, besides: [] });
}

/** C1: the parts are decided separately. */
function openCompositeCrl(parts: Parts, artefact: FileArtefact): void {
  const composite = opened(parts, artefact, CompositeCrl, artefact.octets, 'compositeCrl', 'C');
  if (composite === undefined) return;
  const { securedCrlSeries, revokedRootCAs, revokedElectors } = composite;
  parts.crls.push(...crlParts(artefact.name, 'securedCrlSeries', securedCrlSeries));
  parts.ballots.push(
    ...ballotParts(artefact.name, 'revokedElectors', revokedElectors, 'removeElector', securedCrlSeries),
    ...ballotParts(artefact.name, 'revokedRootCAs', revokedRootCAs, 'removeRoot', securedCrlSeries),
  );
}

function crlParts(artefact: string, list: string, crls: readonly Uint8Array[]): OctetsPart[] {
  return crls.map((octets, i) => ({ source: { artefact, part: `${list}[${i}]` }, octets }));
}

/** An ScmsPdu of IEEE 1609.2.1, by itself or as unsecured data. */
function openScmsPdu(parts: Parts, artefact: FileArtefact): void {
  const pdu = opened(parts, artefact, ScmsPdu, unwrapped(artefact.octets), 'ctl', 'T');
  if (pdu === undefined) return;
  const content = pdu.content;
  if (pdu.version !== 2 || content.tag !== 'cert') {
    refuse(parts, artefact, 'ctl', 'T_ENCODING', `ScmsPdu version ${pdu.version}, ${content.tag}`);
    return;
  }
  const source = { artefact: artefact.name, part: '' };
  switch (content.value.tag) {
    case 'multiSignedCtl':
      parts.ctls.push({ source, ctl: content.value.value });
      return;
    case 'compositeCrl': {
      const { crl, homeCtl } = content.value.value;
      parts.crls.push(...crlParts(artefact.name, 'crl', crl));
      const ctl = opened(parts, artefact, Ieee1609Dot2Data, homeCtl, 'ctl', 'T', 'homeCtl');
      if (ctl) openHomeCtl(parts, artefact, ctl);
      return;
    }
    case 'certificateChain': {
      const { homeCtl, others } = content.value.value;
      parts.certificates.push({ source: { artefact: artefact.name, part: 'others' }, certificates: others });
      openHomeCtl(parts, artefact, homeCtl);
      return;
    }
    case 'tbsCtlSignature':
      refuse(parts, artefact, 'ctl', 'T_ENCODING', 'a signature without its CTL');
      return;
  }
}

function openHomeCtl(parts: Parts, artefact: FileArtefact, { content }: Ieee1609Dot2Data): void {
  const part = 'homeCtl';
  if (content.tag !== 'unsecuredData') {
    refuse(parts, artefact, 'ctl', 'T_ENCODING', `${content.tag}`, part);
    return;
  }
  const pdu = opened(parts, artefact, ScmsPdu, content.value, 'ctl', 'T', part);
  if (pdu === undefined) return;
  if (pdu.content.tag !== 'cert' || pdu.content.value.tag !== 'multiSignedCtl') {
    refuse(parts, artefact, 'ctl', 'T_ENCODING', 'no CTL in its place', part);
    return;
  }
  parts.ctls.push({ source: { artefact: artefact.name, part }, ctl: pdu.content.value.value });
}

function unwrapped(octets: Uint8Array): Uint8Array {
  const decoded = octets[0] === 0x03 ? decode(Ieee1609Dot2Data, octets) : undefined;
  return decoded?.ok && decoded.value.content.tag === 'unsecuredData' ? decoded.value.content.value : octets;
}

/** Signed data by itself is a single vote or a policy file if it holds one, else a CRL. */
function openData(parts: Parts, artefact: FileArtefact): void {
  const data = opened(parts, artefact, Ieee1609Dot2Data, artefact.octets, null, 'F');
  if (data === undefined) return;
  const signed = data.content.value as SignedData;
  if (holdsVote(signed)) {
    openLoneVote(parts, artefact);
    return;
  }
  const source = { artefact: artefact.name, part: '' };
  const list = holdsPolicy(signed) ? parts.policies : parts.crls;
  list.push({ source, octets: artefact.octets });
}

/** ScmsPDU of version 1, alternative `ccm`, under the PSID of SCMS: whether it decodes is looked at when it is counted. */
function holdsVote(signed: SignedData): boolean {
  const [first, second] = payloadOf(signed) ?? [];
  return first === 1 && second === 0x80 && signed.tbsData.headerInfo.psid === PSID_SCMS;
}

/** One elector's vote without a ballot around it: it counts as a ballot of one. */
function openLoneVote(parts: Parts, artefact: FileArtefact): void {
  const vote = opened(parts, artefact, SignedElectorEndorsement, artefact.octets, null, 'B');
  const source = { artefact: artefact.name, part: 'vote' };
  if (vote !== undefined)
    parts.ballots.push({ source, container: null, ballot: { endorsements: [vote] }, besides: [] });
}

/** ScmsFile, alternative `policy`: it is decoded when it is decided. */
function holdsPolicy(signed: SignedData): boolean {
  const [first, second] = payloadOf(signed) ?? [];
  return first === 1 && second === 0x81;
}

/** The policy in signed data; undefined if the data is none. */
export function policyOf(octets: Uint8Array): { signed: SignedData; policy: PolicyFile } | undefined {
  const data = decode(Ieee1609Dot2Data, octets);
  if (!data.ok || data.value.content.tag !== 'signedData') return undefined;
  const signed = data.value.content.value;
  const payload = payloadOf(signed);
  const policy = payload && decode(PolicyFile, payload);
  return policy?.ok && policy.value.version === 1 ? { signed, policy: policy.value } : undefined;
}

function opened<T>(
  parts: Parts,
  artefact: FileArtefact,
  schema: Schema<T>,
  octets: Uint8Array,
  proposition: Proposition | null,
  prefix: 'B' | 'C' | 'F' | 'G' | 'T',
  part = '',
): T | undefined {
  const decoded = decode(schema, octets);
  if (decoded.ok) return decoded.value;
  const { error } = decoded;
  const { code, place } = refusalOf(error, prefix);
  refuse(parts, artefact, proposition, code, `octet ${error.offset} (${error.path}): ${error.detail}`, part || place);
  return undefined;
}

/** A list that is too long is named as such: it was refused before anything in it was looked at (Q37). */
function refusalOf({ code, path }: CoerFailure, prefix: string): { code: string; place: string } {
  if (code !== 'tooManyElements') return { code: `${prefix}_ENCODING`, place: '' };
  const ballot = /(\w+\[\d+\])?\.?endorsements$/.exec(path);
  if (ballot) return { code: 'B_SIZE', place: ballot[1] ?? '' };
  return { code: `${prefix}_SIZE`, place: /(\w+)$/.exec(path)?.[1] ?? '' };
}

function refuse(
  parts: Parts,
  { name }: FileArtefact,
  proposition: Proposition | null,
  code: string,
  detail: string,
  part = '',
): void {
  parts.refused.push({ artefact: name, part, proposition, subject: null, decision: 'REJECT', code, detail });
}
