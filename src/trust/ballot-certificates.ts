import { toHex } from '../coer/index.ts';
import type { Certificate } from '../dot2/index.ts';
import { ballotsOfChainFile, openArtefacts } from './artefacts.ts';
import type { FileArtefact } from './types.ts';
import { openVote } from './votes.ts';

/** Certificates in ballots and CTLs, as received, each once. */
export interface BallotCertificates {
  /** Certificates attached by voters, of electors voted on, and beside a CTL. */
  readonly electors: readonly Uint8Array[];
  readonly roots: readonly Uint8Array[];
  /** The group of the first CTL, hex; null without one. */
  readonly electorGroupId: string | null;
}

/**
 * The electors and roots that files themselves name. Nothing vouches for them: good for looking at files of which nothing else is
 * known, and for nothing that is trusted.
 */
export function certificatesOfBallots(artefacts: readonly FileArtefact[]): BallotCertificates {
  const { ballots, chainFiles, ctls } = openArtefacts(artefacts);
  const electors = new Map<string, Uint8Array>();
  const roots = new Map<string, Uint8Array>();
  const note = (list: Map<string, Uint8Array>, { encoded }: Certificate): void => {
    if (encoded !== undefined) list.set(toHex(encoded), encoded);
  };
  for (const { ballot } of [...ballots, ...chainFiles.flatMap(ballotsOfChainFile)]) {
    for (const endorsement of ballot.endorsements) {
      const { signed, content } = openVote(endorsement, 0n);
      if (signed?.signer.tag === 'certificate') for (const one of signed.signer.value) note(electors, one);
      if (content?.tag !== 'tbsElectorEndorsement') continue;
      const { type, certificate } = content.value;
      note(type === 'addRoot' || type === 'removeRoot' ? roots : electors, certificate);
    }
  }
  for (const { ctl } of ctls) {
    for (const one of ctl.unsigned) {
      note((one.toBeSigned.certIssuePermissions?.length ?? 0) > 0 ? roots : electors, one);
    }
  }
  const [first] = ctls;
  const electorGroupId = first === undefined ? null : toHex(first.ctl.tbsCtl.electorGroupId);
  return { electors: [...electors.values()], roots: [...roots.values()], electorGroupId };
}
