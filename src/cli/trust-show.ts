import { formatTai } from '../dot2/time.ts';
import { flagsOf } from '../trust/flags.ts';
import type { Pending, TrustedCertificate, TrustState } from '../trust/types.ts';
import { Exit } from './exit.ts';
import { Stdout } from './stdout.ts';
import { stateLine, stateText, type TrustFormat, trustFormat } from './trust-output.ts';
import { withStore } from './trust-store.ts';

/** `scms-verify trust show` */
export async function showTrust(folder: string, flags: { format?: TrustFormat }): Promise<number> {
  const { state, head } = await withStore(folder, (store) => store.snapshot());
  const out = new Stdout();
  const json = (): string => `${JSON.stringify({ state: { ...stateLine(state), ...detailsOf(state), head } })}\n`;
  await out.write(trustFormat(flags.format) === 'ndjson' ? json() : tableOf(state, head));
  await out.end();
  return Exit.allValid;
}

/** All but the octets of what is trusted. */
function detailsOf(state: TrustState): object {
  const { mode, floor, settings, ctl, policy } = state;
  return {
    mode,
    floor,
    clock: formatTai(BigInt(state.clock)),
    settings,
    validity: [...state.electors, ...state.roots].map(validityOf),
    tombstones: state.tombstones.map(({ role, hashedId8, hash, end }) => ({
      role,
      hashedId8,
      hash,
      end: formatTai(BigInt(end)),
    })),
    pending: state.pending.map((pending) => ({
      proposition: propositionOf(pending),
      effectiveTime: formatTai(BigInt(pending.effectiveTime)),
      artefact: pending.artefact,
    })),
    chainFiles: state.chainFiles,
    certificates: state.certificates.map(({ hashedId8, role, source }) => ({ hashedId8, role, source })),
    crls: state.crls.map(({ parts, ...crl }) => ({ ...crl, parts: parts.map(({ sha256 }) => sha256) })),
    policy: policy && { policyId: policy.policyId, activeTime: formatTai(BigInt(policy.activeTime)) },
    ctl: ctl && { sequenceNumber: ctl.sequenceNumber, effectiveTime: formatTai(BigInt(ctl.effectiveTime)) },
  };
}

function validityOf({ hashedId8, start, end }: TrustedCertificate): object {
  return { hashedId8, start: formatTai(BigInt(start)), end: formatTai(BigInt(end)) };
}

function propositionOf(pending: Pending): string {
  if (pending.kind === 'ballot') return `${pending.type} ${pending.subject.hashedId8}`;
  return pending.kind === 'ctl' ? `ctl ${pending.sequenceNumber}` : 'policy';
}

function tableOf(state: TrustState, head: string): string {
  const day = (micros: string): string => formatTai(BigInt(micros)).slice(0, 10);
  const lines = [
    `${stateText(state)}`,
    `  mode      ${state.mode}, floor of the quorum ${state.floor}, clock ${formatTai(BigInt(state.clock))}`,
    ...state.tombstones.map(({ role, hashedId8, end }) => `  removed   ${role} ${hashedId8}, until ${day(end)}`),
    ...state.pending.map((one) => `  waits     ${propositionOf(one)}, from ${formatTai(BigInt(one.effectiveTime))}`),
    `  CAs       ${state.certificates.length} component certificates`,
    ...state.crls.map(
      ({ craca, crlSeries, issueDate, nextCrl }) =>
        `  CRL       ${craca} series ${crlSeries}, issued ${day(`${issueDate}000000`)}, next ${day(`${nextCrl}000000`)}`,
    ),
    `  policy    ${state.policy ? state.policy.policyId : "the device's own defaults"}`,
    `  head      ${head}`,
  ];
  if (flagsOf(state).includes('FROZEN'))
    lines.push('FROZEN: fewer electors than the quorum: nothing can be decided in band any more');
  return `${lines.join('\n')}\n`;
}
