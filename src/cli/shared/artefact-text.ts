/** Artefacts of root management in words: what is in them, and who signed what. */
import type {
  ArtefactDescription,
  ArtefactKind,
  DescribedBallot,
  DescribedCertificate,
  DescribedCtl,
} from '../../trust/describe.ts';
import { printable } from './terminal.ts';

const KINDS: Readonly<Record<ArtefactKind, string>> = {
  vote: 'a single vote: one elector says this, and it is no ballot',
  ballot: 'a ballot',
  quorumVote: 'a vote on the quorum: give it together with --quorum',
  globalChainFile: 'a global chain file (GCCF)',
  localChainFile: 'a local chain file (LCCF)',
  compositeCrl: 'a composite CRL',
  crl: 'a CRL',
  ctl: 'a CTL',
  ctlWithCrls: 'a composite CRL with a CTL',
  ctlWithCertificates: 'component certificates with a CTL',
  policy: 'a policy file',
};

/** One line for each thing that the artefact says; claims, none of them verified. */
export function artefactText(description: ArtefactDescription): string[] {
  const {
    kind,
    version,
    raHostname,
    quorumVote,
    ballots = [],
    certificates = [],
    crls = [],
    ctl,
    policy,
  } = description;
  const of = version ? `, version ${version.join('.')}${raHostname ? ` of RA ${raHostname}` : ''}` : '';
  const size = kind === 'ballot' && ballots[0]?.votes.length === 1 ? ' of one vote' : '';
  return [
    `${KINDS[kind]}${size}${of}`,
    ...(quorumVote
      ? [
          `  quorum ${quorumVote.quorum}, sequence number ${quorumVote.sequenceNumber}, by elector ${quorumVote.voter ?? '-'}`,
        ]
      : []),
    ...ballots.flatMap(ballotLines),
    ...(ctl ? ctlLines(ctl) : []),
    ...(policy
      ? [
          `  ${policy.scope} policy signed by ${policy.signer}, generated ${policy.generationTime}, active from ${policy.activeTime}`,
          `  ${JSON.stringify(policy.fields)}`,
        ]
      : []),
    ...crls.map(
      ({ part, signer, craca, crlSeries, type, issueDate, nextCrl }) =>
        `  ${part || 'CRL'}  ${type} of ${craca}, series ${crlSeries}, signed by ${signer}, issued ${issueDate}, next ${nextCrl}`,
    ),
    ...certificates.map((one) => `  ${certificateLine(one)}`),
    ...description.problems.map(
      ({ part, code, detail }) => `  does not decode: ${[part, code].join(' ').trim()}: ${detail}`,
    ),
  ].map(printable);
}

function ballotLines({ part, type, subject, votes, mixed }: DescribedBallot): string[] {
  const about =
    type === null ? 'nothing that an elector can say' : `${type} ${subject ? certificateLine(subject) : '?'}`;
  return [
    `  ${part && part !== 'vote' ? `${part}  ` : ''}${about}${mixed ? '; its votes are about different propositions, so that none counts' : ''}`,
    ...votes.map(({ voter, signer, generationTime, effectiveTime, code }) => {
      const when = [
        ...(effectiveTime ? [`effective from ${effectiveTime}`] : []),
        ...(generationTime ? [`generated ${generationTime}`] : []),
        ...(code ? [`void: ${code}`] : []),
      ];
      const by = signer === 'certificate' ? 'certificate attached' : signer;
      return `    vote of ${voter ?? 'no elector'} (${[by, ...when].join(', ')})`;
    }),
  ];
}

function certificateLine({ part, hashedId8, name, role, issuer, start, end }: DescribedCertificate): string {
  const where = part === '' ? '' : `${part}  `;
  const as = role === 'none' || role === 'unstated' ? '' : ` (${role})`;
  return `${where}${hashedId8 ?? '-'} ${name}${as}, issuer ${issuer}, ${start} to ${end}`;
}

function ctlLines(ctl: DescribedCtl): string[] {
  const { electorGroupId, sequenceNumber, effectiveDate, quorum, signers } = ctl;
  const list = (name: string, hashes: readonly string[]): string[] => hashes.map((hash) => `    ${name} ${hash}`);
  return [
    `  ${ctl.part ? `${ctl.part}  ` : ''}CTL ${sequenceNumber} of elector group ${electorGroupId}, effective ${effectiveDate}, quorum ${quorum ?? 'unchanged'}`,
    ...list('approves elector', ctl.electorApprove),
    ...list('approves root   ', ctl.rootCaApprove),
    ...list('removes elector ', ctl.electorRemove),
    ...list('removes root    ', ctl.rootCaRemove),
    ...signers.map((signer) => `    signed by ${signer}`),
  ];
}
