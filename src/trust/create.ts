import { decodeOrThrow, toHex } from '../coer/index.ts';
import { Certificate } from '../dot2/index.ts';
import { votingPower } from './flags.ts';
import { byHash, isSame, trustedOf } from './identity.ts';
import { settingsOf } from './settings.ts';
import { whyUnfit } from './settle.ts';
import type {
  CertificateFacts,
  Decision,
  ImplicitRootRevocation,
  TrustContext,
  TrustedCertificate,
  TrustState,
} from './types.ts';

/** The data that a device is given out of band, in a secure environment. */
export interface TrustInit {
  readonly electors: readonly Uint8Array[];
  /** Roots that are trusted implicitly, as bootstrapping has it. */
  readonly roots?: readonly Uint8Array[];
  readonly quorum: number;
  /** TAI microseconds since 2004. */
  readonly at: bigint;
  readonly maxElectors?: number;
  readonly maxRoots?: number;
  readonly raHostname?: string | null;
  /** 8 bytes, hex. */
  readonly electorGroupId?: string | null;
  readonly implicitRootRevocation?: ImplicitRootRevocation;
}

/**
 * The first state of a device. The floor of its quorum is half of its electors, rounded up (DECISIONS D31).
 *
 * @throws RangeError for what no device may start with: certificates that cannot be electors or roots, several of one owner, a
 * quorum below the floor or above the number of electors.
 */
export function createTrustState(init: TrustInit, context: TrustContext): { state: TrustState; decisions: Decision[] } {
  const settings = settingsOf(init);
  const electors = examined('elector', init.electors, init.at, context);
  const roots = examined('root', init.roots ?? [], init.at, context);
  const both = electors.find((elector) => roots.some((root) => isSame(root, elector)));
  if (both) throw new RangeError(`${both.hashedId8} is given as elector and as root`);
  if (electors.length === 0) throw new RangeError('no electors');
  if (electors.length > settings.maxElectors)
    throw new RangeError(`${electors.length} electors, room for ${settings.maxElectors}`);
  if (roots.length > settings.maxRoots) throw new RangeError(`${roots.length} roots, room for ${settings.maxRoots}`);
  const floor = Math.ceil(electors.length / 2);
  const { quorum } = init;
  if (!Number.isInteger(quorum) || quorum < floor || quorum > electors.length) {
    throw new RangeError(`quorum ${quorum} is not in ${floor}..${electors.length}`);
  }
  const none = { newest: null, authenticated: null };
  const state: TrustState = {
    format: 1,
    revision: 1,
    mode: 'ballots',
    quorum,
    floor,
    quorumSequence: 0,
    clock: init.at.toString(),
    settings,
    founders: electors.map(({ hash }) => hash),
    electors,
    roots,
    tombstones: [],
    pending: [],
    chainFiles: { global: none, local: none },
    certificates: [],
    crls: [],
    policy: null,
    ctl: null,
  };
  if (votingPower(state, init.at) < quorum) throw new RangeError('fewer electors than the quorum are valid now');
  const decided = (proposition: 'addElector' | 'addRoot', { hashedId8 }: TrustedCertificate): Decision => {
    return { artefact: '', part: 'init', proposition, subject: hashedId8, decision: 'ACCEPT', code: 'OK' };
  };
  const decisions = [
    ...electors.map((elector) => decided('addElector', elector)),
    ...roots.map((root) => decided('addRoot', root)),
  ];
  return { state, decisions };
}

function examined(
  role: 'elector' | 'root',
  octets: readonly Uint8Array[],
  at: bigint,
  context: TrustContext,
): TrustedCertificate[] {
  const facts = context.examine(octets.map((one) => decodeOrThrow(Certificate, one)));
  const findings = context.checkAnchors(facts);
  const list = facts.map((one, i) => {
    const why = whyUnfit(role, one, findings[i] ?? [], at);
    const trusted = trustedOf(one as CertificateFacts);
    if (why !== undefined || trusted === undefined) throw new RangeError(`${role} ${toHex(one.signerId8)}: ${why}`);
    return trusted;
  });
  for (const [i, one] of list.entries()) {
    if (list.findIndex((other) => isSame(other, one)) < i)
      throw new RangeError(`${role} ${one.hashedId8} is given twice`);
  }
  return list.sort(byHash);
}
