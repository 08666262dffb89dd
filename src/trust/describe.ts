import { decode, toHex, toJson } from '../coer/index.ts';
import {
  type Certificate,
  CrlContents,
  formatTai,
  Ieee1609Dot2Data,
  type MultiSignedCtl,
  type PolicyFile,
  type SignedData,
  scmsRoleOf,
} from '../dot2/index.ts';
import { type BallotPart, ballotsOfChainFile, openArtefacts, type Parts, policyOf } from './artefacts.ts';
import { candidatesOf } from './chain-files.ts';
import { trustedOf } from './identity.ts';
import type { EndorsementType, FileArtefact, TrustContext } from './types.ts';
import { openVote, payloadOf } from './votes.ts';

/** What an artefact of root management is. */
export type ArtefactKind =
  | 'vote'
  | 'ballot'
  | 'quorumVote'
  | 'globalChainFile'
  | 'localChainFile'
  | 'compositeCrl'
  | 'crl'
  | 'ctl'
  | 'ctlWithCrls'
  | 'ctlWithCertificates'
  | 'policy';

/** A certificate by what people ask of it first. Times are RFC 3339. */
export interface DescribedCertificate {
  /** Its place, such as `certs[2]`; empty for the subject of a vote. */
  readonly part: string;
  /** HashedId8; null for a certificate without a key of its own. */
  readonly hashedId8: string | null;
  readonly name: string;
  /** As the SSP of PSID 35 states it. */
  readonly role: string;
  readonly issuer: string;
  readonly start: string;
  readonly end: string;
}

/** A signature by its claim; nothing is verified. */
export interface DescribedVote {
  /** HashedId8 of the elector; null for a vote that names none. */
  readonly voter: string | null;
  readonly signer: string;
  readonly generationTime: string | null;
  readonly effectiveTime: string | null;
  /** The rule that makes the vote void for any signer (V1–V3); null for a well-formed one. */
  readonly code: string | null;
}

export interface DescribedBallot {
  readonly part: string;
  /** Null for votes that propose nothing. */
  readonly type: EndorsementType | null;
  readonly subject: DescribedCertificate | null;
  readonly votes: readonly DescribedVote[];
  /** Whether the votes are about different propositions, so that none counts (BL2). */
  readonly mixed: boolean;
}

export interface DescribedCrl {
  readonly part: string;
  /** HashedId8 of the CRLG, or how else it is named. */
  readonly signer: string;
  readonly craca: string;
  readonly crlSeries: number;
  readonly type: string;
  readonly issueDate: string;
  readonly nextCrl: string;
}

export interface DescribedCtl {
  readonly part: string;
  readonly electorGroupId: string;
  readonly sequenceNumber: number;
  readonly effectiveDate: string;
  /** Null: unchanged. */
  readonly quorum: number | null;
  /** Hashes of the certificates on each list, hex. */
  readonly electorApprove: readonly string[];
  readonly electorRemove: readonly string[];
  readonly rootCaApprove: readonly string[];
  readonly rootCaRemove: readonly string[];
  readonly signers: readonly string[];
}

export interface DescribedPolicy {
  readonly scope: string;
  readonly signer: string;
  readonly generationTime: string;
  readonly activeTime: string;
  /** Every field as it was decoded. */
  readonly fields: unknown;
}

/** The content of an artefact of root management, and the signers of each part. Claims: nothing is verified. */
export interface ArtefactDescription {
  readonly kind: ArtefactKind;
  /** gccfVersion of a global chain file; gccfVersion, lccfVersion of a local one. */
  readonly version?: readonly number[];
  readonly raHostname?: string;
  /** sequenceNumber and quorum of a vote on the quorum. */
  readonly quorumVote?: { readonly voter: string | null; readonly sequenceNumber: number; readonly quorum: number };
  readonly ballots?: readonly DescribedBallot[];
  readonly certificates?: readonly DescribedCertificate[];
  readonly crls?: readonly DescribedCrl[];
  readonly ctl?: DescribedCtl;
  readonly policy?: DescribedPolicy;
  /** What does not decode. */
  readonly problems: readonly { readonly part: string; readonly code: string; readonly detail: string }[];
}

/** Describes an artefact that `applyBundle` takes; undefined for other bytes, such as a message or certificate. */
export function describeArtefact(artefact: FileArtefact, context: TrustContext): ArtefactDescription | undefined {
  const parts = openArtefacts([artefact]);
  const kind = kindOf(parts, artefact.octets);
  const unknown = parts.refused.some(({ code }) => code === 'F_UNKNOWN' || code === 'F_ENCODING');
  if (kind === undefined || unknown) return undefined;
  const crls = parts.crls.flatMap(({ source, octets }) => crlOf(source.part, octets, context));
  // Signed data by itself is a CRL if nothing else fits: other signed data is none of these.
  if (kind === 'crl' && crls.length === 0) return undefined;
  const problems = parts.refused.map(({ part, code, detail = '' }) => ({ part, code, detail }));
  const [file] = parts.chainFiles;
  const ballots = [...parts.ballots, ...parts.chainFiles.flatMap(ballotsOfChainFile)];
  const listed = [
    ...(file ? candidatesOf(file, file.file.content.value.tag) : []).map(({ source, certificate }) => {
      return { part: source.part, certificate };
    }),
    ...parts.certificates.flatMap(({ source, certificates }) =>
      certificates.map((certificate, i) => ({ part: `${source.part}[${i}]`, certificate })),
    ),
    ...parts.ctls.flatMap(({ ctl }) => ctl.unsigned.map((certificate, i) => ({ part: `unsigned[${i}]`, certificate }))),
  ];
  const [ctl] = parts.ctls;
  const [policy] = parts.policies;
  const asQuorumVote = kind === 'quorumVote' ? quorumVoteOf(ballots[0], context) : undefined;
  return {
    kind,
    ...versionOf(file),
    ...(asQuorumVote && { quorumVote: asQuorumVote }),
    ...(ballots.length > 0 && !asQuorumVote && { ballots: ballots.map((part) => ballotOf(part, context)) }),
    ...(listed.length > 0 && { certificates: certificatesOf(listed, context) }),
    ...(crls.length > 0 && { crls }),
    ...(ctl && { ctl: ctlOf(ctl.source.part, ctl.ctl, context) }),
    ...(policy && describedPolicy(policy.octets, context)),
    problems,
  };
}

function kindOf(parts: Parts, octets: Uint8Array): ArtefactKind | undefined {
  const [file] = parts.chainFiles;
  if (file) return file.file.content.value.tag === 'global' ? 'globalChainFile' : 'localChainFile';
  if (parts.ctls.length > 0) {
    if (parts.certificates.length > 0) return 'ctlWithCertificates';
    return parts.ctls[0]?.source.part === 'homeCtl' ? 'ctlWithCrls' : 'ctl';
  }
  const [ballot] = parts.ballots;
  if (ballot?.source.part === 'vote') return isOnQuorum(ballot) ? 'quorumVote' : 'vote';
  if (ballot?.container === null) return 'ballot';
  if (parts.policies.length > 0) return 'policy';
  if (octets[0] === 0) return 'compositeCrl';
  if (parts.crls.length > 0) return 'crl';
  const prefix = parts.refused[0]?.code.slice(0, 2);
  return ({ G_: 'globalChainFile', B_: 'ballot', T_: 'ctl', C_: 'compositeCrl' } as const)[prefix as 'G_'];
}

function isOnQuorum({ ballot }: BallotPart): boolean {
  const [vote] = ballot.endorsements;
  return vote !== undefined && openVote(vote, ANY_TIME).content?.tag === 'tbsQuorumEndorsement';
}

/** What a vote says does not depend on the time: none has expired at this one, and each is of the future. */
const ANY_TIME = 0n;

function versionOf(file: Parts['chainFiles'][number] | undefined): Pick<ArtefactDescription, 'version' | 'raHostname'> {
  if (file === undefined) return {};
  const scoped = file.file.content.value;
  if (scoped.tag === 'global') return { version: [scoped.value.version] };
  const { gccfVersion, lccfVersion, raHostname } = scoped.value.version;
  return { version: [gccfVersion, lccfVersion], raHostname };
}

function ballotOf({ source, ballot }: BallotPart, context: TrustContext): DescribedBallot {
  const opened = ballot.endorsements.map((endorsement) => openVote(endorsement, ANY_TIME));
  const propositions = opened.flatMap(({ content }) =>
    content?.tag === 'tbsElectorEndorsement' ? [content.value] : [],
  );
  const [first] = propositions;
  const [subject] = first ? certificatesOf([{ part: '', certificate: first.certificate }], context) : [];
  const octetsOf = ({ certificate }: { certificate: Certificate }): string => toHex(certificate.encoded as Uint8Array);
  return {
    part: source.part,
    type: first?.type ?? null,
    subject: subject ?? null,
    votes: opened.map(({ signed, content, code }): DescribedVote => {
      const effective = content?.tag === 'tbsElectorEndorsement' ? content.value.effectiveTime : undefined;
      return {
        ...namedSigner(signed, context),
        generationTime: timeText(signed?.tbsData.headerInfo.generationTime),
        effectiveTime: timeText(effective),
        code: (code === 'V_FUTURE' ? content === undefined && 'V_CONTENT' : code) || null,
      };
    }),
    mixed: propositions.some((one) => first && (one.type !== first.type || octetsOf(one) !== octetsOf(first))),
  };
}

function quorumVoteOf(part: BallotPart | undefined, context: TrustContext): ArtefactDescription['quorumVote'] {
  const [vote] = part?.ballot.endorsements ?? [];
  if (vote === undefined) return undefined;
  const { signed, content } = openVote(vote, ANY_TIME);
  if (content?.tag !== 'tbsQuorumEndorsement') return undefined;
  return { voter: namedSigner(signed, context).voter, ...content.value };
}

function namedSigner(
  signed: SignedData | undefined,
  context: TrustContext,
): { readonly voter: string | null; readonly signer: string } {
  const signer = signed?.signer;
  if (signer?.tag === 'digest') return { voter: toHex(signer.value), signer: 'digest' };
  if (signer?.tag !== 'certificate') return { voter: null, signer: signer?.tag ?? 'none' };
  const [facts] = context.examine(signer.value.slice(0, 1));
  return { voter: facts ? toHex(facts.signerId8) : null, signer: 'certificate' };
}

/** HashedId8 of the signer, or another name of it. */
function signerOf(octets: Uint8Array, context: TrustContext): { signer: string; signed: SignedData | undefined } {
  const data = decode(Ieee1609Dot2Data, octets);
  const signed = data.ok && data.value.content.tag === 'signedData' ? data.value.content.value : undefined;
  const { voter, signer } = namedSigner(signed, context);
  return { signer: voter ?? signer, signed };
}

const timeText = (micros: bigint | undefined): string | null => (micros === undefined ? null : formatTai(micros));
const secondsText = (seconds: number): string => formatTai(BigInt(seconds) * 1_000_000n);

function certificatesOf(
  listed: readonly { readonly part: string; readonly certificate: Certificate }[],
  context: TrustContext,
): DescribedCertificate[] {
  const facts = context.examine(listed.map(({ certificate }) => certificate));
  return listed.map(({ part, certificate }, i): DescribedCertificate => {
    const one = facts[i];
    const { id } = certificate.toBeSigned;
    const { issuer } = certificate;
    return {
      part,
      hashedId8: one && trustedOf(one) ? toHex(one.signerId8) : null,
      name: id.tag === 'name' ? id.value : id.tag,
      role: scmsRoleOf(certificate.toBeSigned),
      issuer: issuer.value instanceof Uint8Array ? toHex(issuer.value) : issuer.tag,
      start: formatTai(one?.validity.start ?? 0n),
      end: formatTai(one?.validity.end ?? 0n),
    };
  });
}

function crlOf(part: string, octets: Uint8Array, context: TrustContext): DescribedCrl[] {
  const { signer, signed } = signerOf(octets, context);
  const payload = signed && payloadOf(signed);
  const decoded = payload && decode(CrlContents, payload);
  if (!decoded?.ok) return [];
  const { crlCraca, crlSeries, issueDate, nextCrl, typeSpecific } = decoded.value;
  const dates = { issueDate: secondsText(issueDate), nextCrl: secondsText(nextCrl) };
  return [{ part, signer, craca: toHex(crlCraca), crlSeries, type: typeSpecific.tag, ...dates }];
}

function ctlOf(part: string, { tbsCtl, signatures }: MultiSignedCtl, context: TrustContext): DescribedCtl {
  const hexOf = (list: readonly Uint8Array[]): string[] => list.map(toHex);
  return {
    part,
    electorGroupId: toHex(tbsCtl.electorGroupId),
    sequenceNumber: tbsCtl.sequenceNumber,
    effectiveDate: secondsText(tbsCtl.effectiveDate),
    quorum: tbsCtl.quorum ?? null,
    electorApprove: hexOf(tbsCtl.electorApprove),
    electorRemove: hexOf(tbsCtl.electorRemove),
    rootCaApprove: hexOf(tbsCtl.rootCaApprove),
    rootCaRemove: hexOf(tbsCtl.rootCaRemove),
    signers: signatures.map(({ data }) => {
      const signed = data.content.tag === 'signedData' ? data.content.value : undefined;
      const { voter, signer } = namedSigner(signed, context);
      return voter ?? signer;
    }),
  };
}

function describedPolicy(octets: Uint8Array, context: TrustContext): Pick<ArtefactDescription, 'policy'> {
  const file: PolicyFile | undefined = policyOf(octets)?.policy;
  if (file?.content.tag !== 'policy') return {};
  const { tag, value } = file.content.value;
  return {
    policy: {
      scope: tag,
      signer: signerOf(octets, context).signer,
      generationTime: formatTai(value.generationTime),
      activeTime: formatTai(value.activeTime),
      fields: toJson(value),
    },
  };
}
