import type { Finding } from '../certificates/index.ts';
import type { Validity } from '../certificates/validity.ts';
import { decode, toHex } from '../coer/index.ts';
import {
  type CrlContents,
  CrlSsp,
  formatTai,
  PSID_CRL,
  PSID_SCMS,
  type PsidSsp,
  type SignedData,
} from '../dot2/index.ts';

/** Rules on one CRL by itself and towards its signer (IEEE 1609.2 §7.3, §7.4; ROOT-MANAGEMENT C3, C7). Times are parameters. */

/** How long after nextCrl a CRL still counts, where nothing else is said (DECISIONS D8): two weeks. */
export const DEFAULT_TOLERANCE_SECONDS = 14 * 24 * 3600;

const FORBIDDEN_HEADER_FIELDS = [
  'generationTime',
  'expiryTime',
  'generationLocation',
  'p2pcdLearningRequest',
  'missingCrlIdentifier',
  'encryptionKey',
] as const;

/** §7.4.2: a CRL's dates stand in its contents, and nothing else is said about it. */
export function checkCrlHeader({ tbsData: { headerInfo } }: SignedData): Finding[] {
  const found = FORBIDDEN_HEADER_FIELDS.filter((name) => headerInfo[name] !== undefined);
  return found.length === 0 ? [] : [{ code: 'unexpectedCrlHeader', detail: `the header has ${found.join(', ')}` }];
}

/** The octets of the contents: unsecured data and nothing beside it. */
export function crlPayload({ tbsData: { payload } }: SignedData): Uint8Array | Finding {
  const content = payload.data?.content;
  if (content?.tag !== 'unsecuredData') {
    return { code: 'unexpectedStructure', detail: `the payload is ${content?.tag ?? 'not there'}, not unsecuredData` };
  }
  if (payload.extDataHash !== undefined || payload.omitted !== undefined) {
    return { code: 'unexpectedStructure', detail: 'the payload is more than data' };
  }
  return content.value as Uint8Array;
}

/** §7.3.2 ff.: what decoding lets pass. */
export function checkCrlContents({ version, typeSpecific }: CrlContents): Finding[] {
  const findings: Finding[] = [];
  if (version !== 1) findings.push({ code: 'unsupportedVersion', detail: `CRL version ${version}` });
  const { tag, value } = typeSpecific;
  if (tag === 'unknown') {
    const detail = `CRL type alternative ${typeSpecific.index}`;
    findings.push({ code: 'unsupportedCriticalInformationField', detail });
  } else if (tag !== 'fullHashCrl' && tag !== 'deltaHashCrl') {
    const lists = [value.individual, value.groups, value.groupsSingleSeed];
    // "Nothing is revoked" is a list of length zero.
    if (lists.every((list) => list === undefined)) {
      findings.push({ code: 'invalidCrlContents', detail: 'a linkage-based CRL without any list' });
    }
  }
  return findings;
}

/** PSID 256, or with the leniency `crl-psid` 35; says whether that was needed. */
export function checkCrlPsid(signed: SignedData, mayBeScms: boolean): { findings: Finding[]; lenient: boolean } {
  const { psid } = signed.tbsData.headerInfo;
  if (psid === PSID_CRL) return { findings: [], lenient: false };
  // What deployed CRLs are signed under instead (DECISIONS D28).
  if (psid === PSID_SCMS && mayBeScms) return { findings: [], lenient: true };
  return { findings: [{ code: 'crlPSIDMismatch', detail: `psid ${psid}, not ${PSID_CRL}` }], lenient: false };
}

/** The CRL permission of a certificate (§7.4.3.3); undefined where it has none that can be read. */
export function crlSspOf(appPermissions: readonly PsidSsp[] | undefined): CrlSsp | undefined {
  const entry = appPermissions?.find(({ psid }) => psid === PSID_CRL);
  if (entry?.ssp?.tag !== 'opaque') return undefined;
  const decoded = decode(CrlSsp, entry.ssp.value as Uint8Array);
  return decoded.ok && decoded.value.version === 1 ? decoded.value : undefined;
}

/** A certificate by the HashedId8s that may name it. */
export interface Named {
  readonly hashedId8s: readonly Uint8Array[];
}

/** The signer of a CRL, as far as its authority is concerned. */
export interface CrlSigner extends Named {
  readonly appPermissions: readonly PsidSsp[] | undefined;
  /** Undefined for an anchor, and where it is not known. */
  readonly issuer: Named | undefined;
  /** Whether the end of its chain is known. */
  readonly isUnderRoot: boolean;
}

/**
 * C3: the signer may sign CRLs, and of this series, and crlCraca is whom its SSP says: itself or its issuer. `isUnderSameRoot` is
 * asked only under the leniency `crl-craca`: whether some certificate of that HashedId8 stands under the signer's root.
 */
export function checkCrlAuthority(
  { crlSeries, crlCraca }: CrlContents,
  signer: CrlSigner,
  isUnderSameRoot: ((hashedId8: Uint8Array) => boolean) | undefined,
): { findings: Finding[]; lenient: boolean } {
  const ssp = crlSspOf(signer.appPermissions);
  if (ssp === undefined) {
    const detail = `no readable CrlSsp among its permissions (PSID ${PSID_CRL})`;
    return { findings: [{ code: 'crlSignerNotAuthorized', detail }], lenient: false };
  }
  const findings: Finding[] = [];
  if (!ssp.crls.includes(crlSeries)) {
    const detail = `series ${crlSeries}, the signer has ${ssp.crls.join(', ') || 'none'}`;
    findings.push({ code: 'crlSeriesNotPermitted', detail });
  }
  const craca = ssp.associatedCraca === 'isCraca' ? signer : signer.issuer;
  if (craca !== undefined && names(craca, crlCraca)) return { findings, lenient: false };
  if (isUnderSameRoot?.(crlCraca)) return { findings, lenient: true };
  // Where the issuer is not known, that is what is wrong.
  if (craca !== undefined || signer.isUnderRoot) {
    const expected = craca === undefined ? 'nobody: an anchor has no issuer' : toHex(craca.hashedId8s[0] as Uint8Array);
    const detail = `crlCraca ${toHex(crlCraca)}, ${ssp.associatedCraca} makes it ${expected}`;
    findings.push({ code: 'crlIssuerMismatch', detail });
  }
  return { findings, lenient: false };
}

function names({ hashedId8s }: Named, wanted: Uint8Array): boolean {
  return hashedId8s.some((hashedId8) => hashedId8.every((octet, i) => octet === wanted[i]));
}

const seconds = (time32: number): bigint => BigInt(time32) * 1_000_000n;

/** §7.3.2, and that the signer's certificate was valid when the CRL was issued. */
export function checkCrlDates(
  { issueDate, nextCrl }: CrlContents,
  signer: Validity | undefined,
  at: bigint,
): Finding[] {
  const findings: Finding[] = [];
  const issued = seconds(issueDate);
  const issuedText = `issued ${formatTai(issued)}`;
  if (nextCrl <= issueDate) {
    findings.push({ code: 'crlDatesInconsistent', detail: `${issuedText}, next ${formatTai(seconds(nextCrl))}` });
  }
  if (issued > at) findings.push({ code: 'crlIssuedInFuture', detail: `${issuedText}, verified at ${formatTai(at)}` });
  if (signer !== undefined && issued < signer.start) {
    const detail = `${issuedText}, signer valid from ${formatTai(signer.start)}`;
    findings.push({ code: 'futureCertificateAtGenerationTime', detail });
  }
  if (signer !== undefined && issued > signer.end) {
    const detail = `${issuedText}, signer valid to ${formatTai(signer.end)}`;
    findings.push({ code: 'expiredCertificateAtGenerationTime', detail });
  }
  return findings;
}

/** C7, D8: a CRL past its nextCrl is a warning; past the tolerance as well, what the policy says. */
export function checkCrlOverdue(
  { nextCrl }: CrlContents,
  at: bigint,
  overdue: 'undecided' | 'reject' | 'ignore',
  toleranceSeconds: number,
): { findings: Finding[]; warning: string | undefined } {
  const late = at - seconds(nextCrl);
  if (late <= 0n) return { findings: [], warning: undefined };
  const days = (Number(late) / 86_400e6).toFixed(1);
  const detail = `overdue: the next CRL was due ${formatTai(seconds(nextCrl))}, ${days} days before the time of judgement`;
  if (overdue === 'ignore' || late <= BigInt(Math.round(toleranceSeconds * 1e6)))
    return { findings: [], warning: detail };
  const code = overdue === 'reject' ? 'overdueCRLRejected' : 'overdueCRL';
  return { findings: [{ code, detail }], warning: detail };
}
