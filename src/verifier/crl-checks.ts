import { sha256 } from '@noble/hashes/sha2.js';
import { type CoerFailure, decode, toHex } from '../coer/index.ts';
import { CrlContents, formatTai, type SignedData } from '../dot2/index.ts';
import {
  type AcceptedCrl,
  ANY_CRACA,
  type ChainCertificate,
  type ChainedCrl,
  type CrlInput,
  type CrlKind,
  type CrlSigner,
  type CrlVerdict,
  checkCrlAuthority,
  checkCrlContents,
  checkCrlDates,
  checkCrlHeader,
  checkCrlOverdue,
  checkCrlPsid,
  continuityOf,
  crlPayload,
  DEFAULT_TOLERANCE_SECONDS,
  entriesOf,
  entryCount,
  kindOf,
  type LineInForce,
  mergeEntries,
  type Named,
  positionOf,
  revokedSigners,
  type StandingCrl,
} from '../revocation/index.ts';

import { CODES, compareFailures, decide, type Failure, type FailureCode, type Verdict } from '../verdict/index.ts';
import type { CertificateInfo } from './certificate-info.ts';
import { type ChainNode, isProven } from './chain-node.ts';
import { hashedId10sOf } from './hashed-ids.ts';
import type { Policy } from './types.ts';

/** CRLs to check against, in addition to the policy of the verifier. */
export interface CrlOptions {
  /** CRLs that were in force before; those that do not stand any more are left out, with a warning. */
  readonly previous?: readonly CrlInput[];
}

/** The verdicts on CRLs, and those that are in force. */
export interface CrlResults {
  /** One for each CRL, in order. */
  readonly verdicts: readonly CrlVerdict[];
  /**
   * What is in force after them: at most one for each root, crlCraca, series and family (hash, linkage), and beside it one that the
   * leniency `crl-craca` let pass; deltas merged into the full CRL that they follow, and those of `previous` that nothing
   * replaced. Overdue ones too, whatever their verdict: whom they
   * revoke stays revoked. The same for every order of the input.
   */
  readonly accepted: readonly AcceptedCrl[];
  /** What is to be said of `previous`. */
  readonly warnings: readonly string[];
  /** Which of `previous` never were what they are handed in as: they do not decode, or nobody has signed them like that. */
  readonly damaged: readonly string[];
}

/** A CRL verified as a message, and what that rests on. */
export interface VerifiedSignedData {
  readonly verdict: Verdict;
  /** Undefined where the octets hold no signed data. */
  readonly signed: SignedData | undefined;
  /** Undefined where no certificate is known that may have signed. */
  readonly signer: ChainNode | undefined;
}

/** What the verifier does for CRLs: it verifies signature, chain, permission for the PSID and validity, as for any message. */
export interface CrlVerifier {
  readonly at: bigint;
  readonly policy: Pick<Policy, 'lenient' | 'allErrors' | 'overdue' | 'overdueToleranceSeconds'>;
  /** With `errors` in each verdict. */
  verifySigned(octets: readonly Uint8Array[]): readonly VerifiedSignedData[];
  /** Proven certificates that a HashedId8 may mean, as far as they are trust material. */
  authorities(hashedId8: Uint8Array): readonly ChainNode[];
  internalFailure(error: Error): Verdict;
}

/** A CRL on its way to a verdict. */
interface Work {
  readonly input: CrlInput;
  readonly message: VerifiedSignedData;
  readonly failures: Failure[];
  readonly lenient: Set<string>;
  readonly warnings: string[];
  errorOffset: number | null;
  contents: CrlContents | undefined;
  contentHash: string;
}

/**
 * Verifies signed CRLs and says what is in force after them. Each is first verified alone, so that a bad one never touches the others;
 * then against each other, in a way that no order of the input can change.
 */
export function verifyCrls(host: CrlVerifier, crls: readonly CrlInput[], options: CrlOptions = {}): CrlResults {
  const { previous = [] } = options;
  const works = openAll(host, [...crls, ...previous]);
  for (const work of works) {
    try {
      checkAlone(host, work);
    } catch (error) {
      work.failures.push(internal((error as Error).message));
    }
  }
  const valid = new Map<ChainedCrl, Work>();
  for (const work of works) {
    const crl = standingOf(work);
    if (crl !== undefined) valid.set(crl, work);
  }
  for (const [crl, { by, entry, depth }] of revokedSigners([...valid.keys()])) {
    const detail = `by ${by.source}, entry ${entry}`;
    valid.get(crl)?.failures.push({ code: 'certificateRevoked', depth: depth + 1, detail });
    valid.delete(crl);
  }
  const { inForce, failures, warnings } = continuityOf([...valid.keys()]);
  for (const [crl, work] of valid) {
    const failure = failures.get(crl);
    if (failure !== undefined) work.failures.push({ ...failure, depth: 0 });
    work.warnings.push(...(warnings.get(crl) ?? []));
  }
  const verdicts = works.map((work) => verdictOf(work, host.policy.allErrors ?? false));
  return {
    verdicts: verdicts.slice(0, crls.length),
    accepted: inForce.map(acceptedOf),
    warnings: verdicts.slice(crls.length).flatMap((verdict, i) => previousWarning(verdict, previous[i] as CrlInput)),
    damaged: verdicts.slice(crls.length).flatMap((verdict, i) => previousDamage(verdict, previous[i] as CrlInput)),
  };
}

function internal(detail: string): Failure {
  return { code: 'internalFailure', depth: 0, detail };
}

/**
 * Every CRL as a message. A second pass for those that name a signer whom another CRL brings along: which of the two comes first must
 * not matter.
 */
function openAll(host: CrlVerifier, inputs: readonly CrlInput[]): Work[] {
  const messages = verifyMessages(host, inputs);
  const missing = messages.flatMap(({ verdict }, i) => (verdict.code === 'certificateNotFound' ? [i] : []));
  const again = verifyMessages(
    host,
    missing.map((i) => inputs[i] as CrlInput),
  );
  missing.forEach((i, k) => {
    messages[i] = again[k] as VerifiedSignedData;
  });
  return inputs.map((input, i) => opened(input, messages[i] as VerifiedSignedData));
}

/** Should the verifier fail on them together, then one by one. */
function verifyMessages(host: CrlVerifier, inputs: readonly CrlInput[]): VerifiedSignedData[] {
  if (inputs.length === 0) return [];
  try {
    return [...host.verifySigned(inputs.map(({ bytes }) => bytes))];
  } catch (error) {
    if (inputs.length > 1) return inputs.flatMap((input) => verifyMessages(host, [input]));
    return [{ verdict: host.internalFailure(error as Error), signed: undefined, signer: undefined }];
  }
}

function opened(input: CrlInput, message: VerifiedSignedData): Work {
  const { code, depth, detail, errors, lenient, errorOffset } = message.verdict;
  const first = code === 'ok' ? [] : [{ code, depth, detail }];
  return {
    input,
    message,
    failures: [...(errors ?? first)],
    lenient: new Set(lenient),
    warnings: [],
    errorOffset,
    contents: undefined,
    contentHash: '',
  };
}

/** All rules that need no other CRL. */
function checkAlone(host: CrlVerifier, work: Work): void {
  const { signed, signer } = work.message;
  const { lenient = [], overdue = 'undecided', overdueToleranceSeconds = DEFAULT_TOLERANCE_SECONDS } = host.policy;
  if (signed === undefined) return;
  const add = (findings: readonly Omit<Failure, 'depth'>[]): void => {
    for (const finding of findings) work.failures.push({ ...finding, depth: 0 });
  };
  add(checkCrlHeader(signed));
  const psid = checkCrlPsid(signed, lenient.includes('crl-psid'));
  add(psid.findings);
  if (psid.lenient) work.lenient.add('crl-psid');
  if (signer?.trust === 'pinned') {
    add([
      { code: 'chainEndedAtUntrustedRoot', detail: 'a pin vouches for the signer, and a CRL counts under a root only' },
    ]);
  }
  const contents = openContents(work, signed);
  if (contents === undefined) return;
  add(checkCrlContents(contents));
  if (signer !== undefined) {
    const mayBeAny = lenient.includes('crl-craca');
    const isUnderSameRoot = (hashedId8: Uint8Array): boolean => isUnder(rootOf(signer), hashedId8, signer, host);
    const authority = checkCrlAuthority(contents, signerOf(signer), mayBeAny ? isUnderSameRoot : undefined);
    add(authority.findings);
    if (authority.lenient) work.lenient.add('crl-craca');
  }
  add(checkCrlDates(contents, signer?.info.validity, host.at));
  const late = checkCrlOverdue(contents, host.at, overdue, overdueToleranceSeconds);
  add(late.findings);
  if (late.warning !== undefined) work.warnings.push(late.warning);
}

function openContents(work: Work, signed: SignedData): CrlContents | undefined {
  const payload = crlPayload(signed);
  if (!(payload instanceof Uint8Array)) {
    work.failures.push({ ...payload, depth: 0 });
    return undefined;
  }
  const decoded = decode(CrlContents, payload);
  if (!decoded.ok) {
    const offset = payload.byteOffset - work.input.bytes.byteOffset + decoded.error.offset;
    work.failures.push({ code: decoded.error.code, depth: 0, detail: detailOf(decoded.error, offset) });
    work.errorOffset = offset;
    return undefined;
  }
  work.contents = decoded.value;
  work.contentHash = toHex(sha256(payload));
  return decoded.value;
}

function detailOf({ path, detail }: CoerFailure, offset: number): string {
  return `octet ${offset}, CrlContents${path ? `.${path}` : ''}: ${detail}`;
}

/** The end of a certificate's chain. */
function rootOf(node: ChainNode): ChainNode {
  let one = node;
  while (one.issuer !== undefined) one = one.issuer;
  return one;
}

/** A certificate is named by the hash of its issuer field, or by that as wide as its own key. */
function namedBy({ hashedId8, signerId8 }: CertificateInfo): Named {
  return { hashedId8s: [hashedId8, signerId8] };
}

function signerOf(signer: ChainNode): CrlSigner {
  return {
    ...namedBy(signer.info),
    appPermissions: signer.info.certificate.toBeSigned.appPermissions,
    issuer: signer.issuer && namedBy(signer.issuer.info),
    isUnderRoot: signer.trust === 'root',
  };
}

/** Whether a HashedId8 names a certificate under a root: one of the signer's chain, or of the trust material. */
function isUnder(root: ChainNode, hashedId8: Uint8Array, signer: ChainNode, host: CrlVerifier): boolean {
  const wanted = toHex(hashedId8);
  for (let one: ChainNode | undefined = signer; one !== undefined; one = one.issuer) {
    if (namedBy(one.info).hashedId8s.some((id) => toHex(id) === wanted)) return true;
  }
  const isSameRoot = (node: ChainNode): boolean => toHex(rootOf(node).info.hash) === toHex(root.info.hash);
  return host.authorities(hashedId8).some((node) => node.trust === 'root' && isProven(node) && isSameRoot(node));
}

/** Whom an overdue CRL revokes stays revoked, so that this alone keeps none out. */
const OVERDUE: ReadonlySet<FailureCode> = new Set(['overdueCRL', 'overdueCRLRejected']);

/** A CRL against which nothing was found; and once more, the opposite of silence: what has to be there is there. */
function standingOf(work: Work): ChainedCrl | undefined {
  const { contents, contentHash, input, failures, lenient, message } = work;
  const { signer, verdict } = message;
  if (failures.some(({ code }) => !OVERDUE.has(code)) || contents === undefined || signer === undefined)
    return undefined;
  if (verdict.signature !== 'ok' || signer.trust !== 'root' || !isProven(signer)) {
    failures.push(internal('nothing proves this CRL, yet no rule has failed'));
    return undefined;
  }
  const root = rootOf(signer);
  const craca = toHex(contents.crlCraca);
  return {
    source: input.source,
    id: toHex(sha256(input.bytes)),
    contents,
    contentHash,
    scope: {
      root: toHex(root.info.hash),
      cracaId: lenient.has('crl-craca') ? ANY_CRACA : craca.slice(-6),
      crlSeries: contents.crlSeries,
    },
    craca,
    entries: entryCount(contents),
    signerStart: signer.info.validity.start,
    lenient: [...lenient].sort(),
    chain: chainOf(signer),
  };
}

const chainCertificates = new WeakMap<CertificateInfo, ChainCertificate>();

function chainOf(signer: ChainNode): ChainCertificate[] {
  const chain: ChainCertificate[] = [];
  for (let one = signer; one.issuer !== undefined; one = one.issuer) {
    const { cracaId, crlSeries } = one.info.certificate.toBeSigned;
    const known = chainCertificates.get(one.info) ?? {
      hashedId10s: hashedId10sOf(one.info),
      cracaId: toHex(cracaId),
      crlSeries,
    };
    chainCertificates.set(one.info, known);
    chain.push(known);
  }
  return chain;
}

/** A line as one CRL: the entries of all, and of the last what changes with each. */
function acceptedOf(line: LineInForce): AcceptedCrl {
  const [full] = line;
  const last = line.at(-1) as StandingCrl;
  const { serial, iRev } = positionOf(last.contents);
  return {
    id: line.length === 1 ? full.id : toHex(sha256(new TextEncoder().encode(line.map(({ id }) => id).join(' ')))),
    source: line.map(({ source }) => source).join(' + '),
    scope: full.scope,
    craca: full.craca,
    kind: kindOf(full.contents) as CrlKind,
    issueDate: last.contents.issueDate,
    nextCrl: last.contents.nextCrl,
    serial,
    ...(iRev === undefined ? {} : { iRev }),
    ...mergeEntries(line.map(({ contents }) => entriesOf(contents))),
    lenient: [...new Set(line.flatMap(({ lenient }) => lenient))].sort(),
  };
}

function verdictOf(work: Work, allErrors: boolean): CrlVerdict {
  const { contents, failures, lenient, warnings, message } = work;
  if (contents === undefined && failures.length === 0) failures.push(internal('a CRL without contents'));
  const {
    kind: _,
    lenient: _lenient,
    errors: _errors,
    generationTime: _time,
    warnings: _warnings,
    ...about
  } = message.verdict;
  const kind = contents && kindOf(contents);
  const position = kind && contents ? positionOf(contents) : undefined;
  return {
    ...about,
    ...decide(failures),
    errorOffset: work.errorOffset,
    kind: kind ?? null,
    craca: contents ? toHex(contents.crlCraca) : null,
    series: contents?.crlSeries ?? null,
    entries: contents ? entryCount(contents) : null,
    issueDate: contents ? timeText(contents.issueDate) : null,
    nextCrl: contents ? timeText(contents.nextCrl) : null,
    serial: position?.serial ?? null,
    iRev: position?.iRev ?? null,
    ...(warnings.length > 0 ? { warnings } : {}),
    ...(allErrors ? { errors: [...failures].sort(compareFailures) } : {}),
    ...(lenient.size > 0 ? { lenient: [...lenient].sort() } : {}),
  };
}

function timeText(time32: number): string {
  return formatTai(BigInt(time32) * 1_000_000n);
}

function previousDamage({ code, signature, detail }: CrlVerdict, { source }: CrlInput): string[] {
  const isDamaged =
    signature === 'bad' || (code !== 'ok' && CODES[code].stage === 'decoding' && code !== 'internalFailure');
  return isDamaged ? [`${source}: ${code}: ${detail}`] : [];
}

/** Only what keeps a previous CRL from counting: that it has been replaced is the purpose. */
function previousWarning({ verdict, code, detail }: CrlVerdict, { source }: CrlInput): string[] {
  if (verdict === 'valid' || OVERDUE.has(code as FailureCode) || code === 'crlRollback') return [];
  return [`${source}, given as previous, does not stand: ${code}: ${detail}`];
}
