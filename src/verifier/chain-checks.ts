import type { Finding } from '../certificates/index.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { brokenBy, RULE_BOOK } from '../rules/index.ts';
import type { CertificateInfo } from './certificate-info.ts';
import { findKeys, findRareKeys } from './certificate-keys.ts';
import { checkSignatures, signatureFindings, signatureState } from './certificate-signatures.ts';
import { chainFacts, unprovenImplicit } from './chain-facts.ts';
import type { ChainNode } from './chain-node.ts';
import type { Diligence } from './diligence.ts';
import type { Pairing } from './pairing.ts';

/** Issuers tried for one certificate: HashedId8 narrows, but two certificates can share it (DECISIONS D19). */
export const MAX_CANDIDATES = 4;

/** A certificate to be verified, and the verified certificates that its issuer field may mean. */
export interface ChainTask {
  readonly info: CertificateInfo;
  readonly candidates: readonly ChainNode[];
  /** Why nothing may be its issuer: that was removed, or went with a root; or it is such a root itself (DECISIONS D46). */
  readonly removal?: string | undefined;
  /** Whether the point of its key is needed whatever else is wrong: to be shown, or as trust material. */
  readonly wantsKey: boolean;
  /** Whether it was attached to a message, and there above another certificate. */
  readonly attached: 'no' | 'signer' | 'issuer';
}

/**
 * Verifies certificates whose issuers have been verified. An explicit certificate gets one result: the issuer that its signature
 * verifies under, else the first. An implicit one gets a result for each candidate, because nothing but a message can tell
 * which one is meant.
 */
export function checkChains(kernel: Kernel, tasks: readonly ChainTask[], diligence: Diligence): ChainNode[][] {
  const pairings = tasks.map(pairingsOf);
  const all = pairings.flat();
  for (const pairing of all) checkAgainstIssuer(pairing, diligence);
  checkKeysAndSignatures(kernel, all, diligence);
  return pairings.map((candidates) => {
    const nodes = candidates.map(conclude);
    const [first] = nodes as [ChainNode, ...ChainNode[]];
    if (first.info.certificate.type === 'implicit') return nodes;
    return [nodes.find((one) => one.signature === 'ok') ?? first];
  });
}

/** A trust anchor: its chain ends here by decision, so that only its structure and a self-signature are verified. */
export function checkAnchors(kernel: Kernel, infos: readonly CertificateInfo[]): ChainNode[] {
  const diligence: Diligence = { isThorough: true };
  const pairings = infos.map((info): Pairing => {
    return pairingOf(
      { info, wantsKey: true, attached: 'no' },
      info.certificate.issuer.tag === 'self' ? 'self' : undefined,
    );
  });
  checkKeysAndSignatures(kernel, pairings, diligence);
  return pairings.map((pairing) => ({
    info: pairing.info,
    issuer: undefined,
    trust: 'root',
    findings: [...pairing.findings, ...signatureFindings(pairing)],
    leniencies: pairing.info.leniencies,
    key: pairing.key,
    signature: signatureState(pairing),
    isGenuine: true,
    unproven: 0,
    length: 1,
    region: pairing.info.certificate.toBeSigned.region,
  }));
}

function checkKeysAndSignatures(kernel: Kernel, pairings: readonly Pairing[], diligence: Diligence): void {
  findKeys(kernel, pairings, diligence);
  findRareKeys(pairings, diligence, 'before signatures');
  checkSignatures(kernel, pairings, diligence);
  findRareKeys(pairings, diligence, 'after signatures');
}

function pairingOf(task: Omit<ChainTask, 'candidates'>, issuer: Pairing['issuer']): Pairing {
  const { info, removal, wantsKey, attached } = task;
  const [findings, leniencies] = [[...info.structure], [...info.leniencies]];
  return { info, issuer, removal, wantsKey, attached, key: undefined, signature: 'notChecked', findings, leniencies };
}

function pairingsOf(task: ChainTask): Pairing[] {
  const { info, candidates } = task;
  if (info.certificate.issuer.tag === 'self') return [pairingOf(task, 'self')];
  if (candidates.length === 0) return [pairingOf(task, undefined)];
  if (candidates.length === 1) return [pairingOf(task, candidates[0])];
  // Usable ones first: what is cut off must not be what would have been right.
  const usable = candidates.filter(({ findings }) => findings.length === 0);
  const others = candidates.filter(({ findings }) => findings.length > 0);
  return [...usable, ...others].slice(0, MAX_CANDIDATES).map((issuer) => pairingOf(task, issuer));
}

/**
 * Everything between a certificate and its issuers that does not need arithmetic, and the end of its chain. Below an untrusted end, or a
 * certificate that is not genuine, no rule can decide the verdict any more, and comparing what somebody made up would cost as much as he
 * likes.
 */
function checkAgainstIssuer(pairing: Pairing, { isThorough, book = RULE_BOOK }: Diligence): void {
  const { info, issuer, removal, findings, attached } = pairing;
  if (issuer === 'self' || issuer === undefined) {
    findings.push(removal !== undefined ? { code: 'rootRemoved', detail: removal } : endOfChain(info, issuer));
    return;
  }
  const add = (found: readonly Finding[], isNeeded: boolean): void => {
    for (const finding of found) findings.push(isNeeded ? finding : { ...finding, surplus: true });
  };
  const facts = chainFacts(info, issuer, attached);
  add(brokenBy(book.chainLength, facts), issuer.trust !== 'none');
  if (!issuer.isGenuine && !isThorough) return;
  add(brokenBy(book.chain, facts), issuer.isGenuine);
  if (facts.requestReading === 'requested') pairing.leniencies.push('request-chain-length');
}

/** Why a chain ends where it does, other than at a removed root. */
function endOfChain(info: CertificateInfo, issuer: 'self' | undefined): Finding {
  if (issuer === undefined) return { code: 'issuerNotFound', detail: `issuer ${issuerText(info)} is not known` };
  return { code: 'chainEndedAtUntrustedRoot', detail: 'a self-signed certificate that is not among the roots' };
}

function conclude(pairing: Pairing): ChainNode {
  const { info, issuer, key, signature } = pairing;
  const above = typeof issuer === 'object' ? issuer : undefined;
  return {
    info,
    issuer: above,
    trust: above?.trust ?? 'none',
    findings: [...pairing.findings, ...signatureFindings(pairing)],
    leniencies: pairing.leniencies,
    key,
    signature: signatureState(pairing),
    isGenuine: above?.isGenuine === true && (signature === 'ok' || info.certificate.type === 'implicit'),
    unproven: unprovenImplicit(info, above, pairing.attached),
    length: 1 + (above?.length ?? 0),
    region: info.certificate.toBeSigned.region ?? above?.region,
  };
}

function issuerText({ certificate: { issuer } }: CertificateInfo): string {
  if (issuer.tag === 'self' || issuer.tag === 'unknown') return issuer.tag;
  return [...issuer.value].map((octet) => octet.toString(16).padStart(2, '0')).join('');
}
