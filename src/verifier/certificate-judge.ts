import { sha256, sha384 } from '@noble/hashes/sha2.js';
import {
  checkIsAuthority,
  checkPermissions,
  checkRegionNesting,
  checkValidityNesting,
  type Finding,
} from '../certificates/index.ts';
import type { ToBeSignedCertificate } from '../dot2/index.ts';
import type { Kernel } from '../kernel/kernel.ts';
import {
  decompressAll,
  type HashName,
  hashOf,
  reconstructAll,
  type SignatureJob,
  type SignatureOutcome,
  verifyAll,
} from './arithmetic.ts';
import type { CertificateInfo } from './certificate-info.ts';
import { issuersOf, type Judged, MAX_CHAIN } from './judged.ts';
import { type PublicKey, sec1OfPoint } from './keys.ts';
import { sameOctets } from './octets.ts';
import { isOnRareCurve, isRareAlgorithm } from './rare-curves.ts';

/** Issuers tried for one certificate: HashedId8 narrows, but two certificates can share it (DECISIONS D19). */
export const MAX_CANDIDATES = 4;

/** A certificate to be judged, and the judged certificates that its issuer field may mean. */
export interface JudgeTask {
  readonly info: CertificateInfo;
  readonly candidates: readonly Judged[];
  /** Why nothing may be its issuer: that was removed, or went with a root (DECISIONS D46). */
  readonly removal?: string | undefined;
}

/** One certificate against one possible issuer; `undefined` where none is known, `self` where it names itself. */
interface Pairing {
  readonly info: CertificateInfo;
  readonly issuer: Judged | 'self' | undefined;
  readonly removal?: string | undefined;
  key: PublicKey | undefined;
  signature: SignatureOutcome | 'notChecked' | 'nonCanonical';
  readonly findings: Finding[];
}

const EMPTY_HASH: Readonly<Record<HashName, Uint8Array>> = {
  sha256: sha256(new Uint8Array(0)),
  sha384: sha384(new Uint8Array(0)),
};

/** Hash of the signer of a certificate, by the algorithm that the certificate names (§5.3.1: nothing where it is itself). */
export function signerHash(signer: CertificateInfo | 'self', algorithm: HashName): Uint8Array {
  if (signer === 'self') return EMPTY_HASH[algorithm];
  if (signer.hashAlgorithm === algorithm) return signer.hash;
  return hashOf(algorithm, signer.canonical);
}

/**
 * Judges certificates whose issuers have been judged. An explicit certificate gets one result: the issuer that its signature
 * verifies under, else the first. An implicit one gets a result for each candidate, because nothing but a message can tell
 * which one is meant.
 */
export function judgeAll(kernel: Kernel, tasks: readonly JudgeTask[]): Judged[][] {
  const pairings = tasks.map(pairingsOf);
  const all = pairings.flat();
  findKeys(kernel, all);
  checkSignatures(kernel, all);
  return pairings.map((candidates) => {
    const judged = candidates.map(conclude);
    const [first] = judged as [Judged, ...Judged[]];
    if (first.info.certificate.type === 'implicit') return judged;
    return [judged.find((one) => one.signature === 'ok') ?? first];
  });
}

/** A trust anchor: its chain ends here by decision, so that only its structure and a self-signature are judged. */
export function judgeAnchors(kernel: Kernel, infos: readonly CertificateInfo[]): Judged[] {
  const pairings = infos.map((info): Pairing => {
    const issuer = info.certificate.issuer.tag === 'self' ? 'self' : undefined;
    return { info, issuer, key: undefined, signature: 'notChecked', findings: [...info.structure] };
  });
  findKeys(kernel, pairings);
  checkSignatures(kernel, pairings);
  return pairings.map((pairing) => ({
    info: pairing.info,
    issuer: undefined,
    trust: 'root',
    findings: [...pairing.findings, ...signatureFindings(pairing)],
    leniencies: pairing.info.leniencies,
    key: pairing.key,
    signature: signatureState(pairing),
    length: 1,
    region: pairing.info.certificate.toBeSigned.region,
  }));
}

function pairingsOf({ info, candidates, removal }: JudgeTask): Pairing[] {
  const fresh = (issuer: Pairing['issuer']): Pairing => {
    return { info, issuer, removal, key: undefined, signature: 'notChecked', findings: [...info.structure] };
  };
  if (info.certificate.issuer.tag === 'self') return [fresh('self')];
  if (candidates.length === 0) return [fresh(undefined)];
  // Usable ones first: what is cut off must not be what would have been right.
  const usable = candidates.filter(({ findings }) => findings.length === 0);
  const others = candidates.filter(({ findings }) => findings.length > 0);
  return [...usable, ...others].slice(0, MAX_CANDIDATES).map(fresh);
}

/** Keys: decompressed for explicit certificates, reconstructed for implicit ones. */
function findKeys(kernel: Kernel, pairings: readonly Pairing[]): void {
  findExplicitKeys(kernel, pairings);
  findImplicitKeys(kernel, pairings);
}

function findExplicitKeys(kernel: Kernel, pairings: readonly Pairing[]): void {
  const onP256: { pairing: Pairing; sec1: Uint8Array }[] = [];
  for (const pairing of pairings) {
    const indicator = pairing.info.certificate.toBeSigned.verifyKeyIndicator;
    if (indicator.tag !== 'verificationKey' || indicator.value.tag === 'unknown') continue;
    const algorithm = indicator.value.tag;
    const sec1 = sec1OfPoint(indicator.value.value as Parameters<typeof sec1OfPoint>[0]);
    if (sec1 === undefined) continue;
    if (algorithm === 'ecdsaNistP256') onP256.push({ pairing, sec1 });
    else if (!isRareAlgorithm(algorithm) || isOnRareCurve(algorithm, sec1)) pairing.key = { algorithm, point: sec1 };
    else pairing.findings.push({ code: 'invalidPublicKey', detail: `${algorithm} key is not on its curve` });
  }
  const points = decompressAll(
    kernel,
    onP256.map(({ sec1 }) => compressedOf(sec1)),
  );
  onP256.forEach(({ pairing, sec1 }, i) => {
    const point = points[i];
    // An uncompressed key brings its own y, which must be the one on the curve.
    if (point !== undefined && (sec1[0] !== 4 || sameOctets(point, sec1.subarray(1)))) {
      pairing.key = { algorithm: 'ecdsaNistP256', point };
    } else {
      pairing.findings.push({ code: 'invalidPublicKey', detail: 'the key is not on P-256' });
    }
  });
}

function compressedOf(sec1: Uint8Array): Uint8Array {
  if (sec1[0] !== 4) return sec1;
  const compressed = sec1.slice(0, 33);
  compressed[0] = 2 | ((sec1[64] as number) & 1);
  return compressed;
}

function findImplicitKeys(kernel: Kernel, pairings: readonly Pairing[]): void {
  const jobs = pairings.flatMap((pairing) => {
    const { certificate, tbsHash, hashAlgorithm } = pairing.info;
    const indicator = certificate.toBeSigned.verifyKeyIndicator;
    if (certificate.type !== 'implicit' || indicator.tag !== 'reconstructionValue') return [];
    const { issuer } = pairing;
    if (issuer === undefined || issuer === 'self' || issuer.key === undefined) return [];
    if (issuer.key.algorithm !== 'ecdsaNistP256' || hashAlgorithm !== 'sha256') {
      const detail = `implicit certificate under ${issuer.key.algorithm} with ${hashAlgorithm ?? 'another hash'}`;
      pairing.findings.push({ code: 'unsupportedAlgorithm', detail });
      return [];
    }
    const sec1 = sec1OfPoint(indicator.value);
    if (sec1 === undefined) return [];
    const issuerHash = signerHash(issuer.info, hashAlgorithm);
    const reconstructionValue = compressedOf(sec1);
    return [{ pairing, sec1, tbsHash, issuerHash, reconstructionValue, issuerKey: issuer.key.point }];
  });
  const keys = reconstructAll(kernel, jobs);
  // An uncompressed reconstruction value brings its own y, which must be the one on the curve.
  const uncompressed = jobs.filter(({ sec1 }) => sec1[0] === 4);
  const onCurve = decompressAll(
    kernel,
    uncompressed.map(({ sec1 }) => compressedOf(sec1)),
  );
  const wrongY = new Set(
    uncompressed.filter(({ sec1 }, i) => !sameOctets(onCurve[i] ?? new Uint8Array(0), sec1.subarray(1))),
  );
  jobs.forEach((job, i) => {
    const key = keys[i];
    if (key === 'infinity') {
      job.pairing.findings.push({ code: 'reconstructionFailed', detail: 'the key is the point at infinity' });
    } else if (key === undefined || key === 'notOnCurve' || wrongY.has(job)) {
      job.pairing.findings.push({ code: 'invalidPublicKey', detail: 'the reconstruction value is not on P-256' });
    } else {
      job.pairing.key = { algorithm: 'ecdsaNistP256', point: key };
    }
  });
}

/** Signatures of explicit certificates, first over the canonical form, then over what was received where that differs. */
function checkSignatures(kernel: Kernel, pairings: readonly Pairing[]): void {
  const signed = pairings.flatMap((pairing) => {
    const job = signatureJobOf(pairing);
    return job ? [{ pairing, job }] : [];
  });
  const outcomes = verifyAll(
    kernel,
    signed.map(({ job }) => job),
  );
  signed.forEach(({ pairing }, i) => {
    pairing.signature = outcomes[i] as SignatureOutcome;
  });
  const raw = signed.filter(({ pairing }) => pairing.signature === 'bad').flatMap(rawVariants);
  const rawOutcomes = verifyAll(
    kernel,
    raw.map(({ job }) => job),
  );
  raw.forEach(({ pairing }, i) => {
    if (rawOutcomes[i] === 'ok') pairing.signature = 'nonCanonical';
  });
}

function signatureJobOf({ info, issuer, key }: Pairing): SignatureJob | undefined {
  const { certificate, hashAlgorithm: algorithm, tbsHash } = info;
  const issuerKey = issuer === 'self' ? key : issuer?.key;
  if (certificate.signature === undefined || algorithm === undefined) return undefined;
  if (issuer === undefined || issuerKey === undefined) return undefined;
  const signer = issuer === 'self' ? 'self' : issuer.info;
  return {
    algorithm,
    dataHash: tbsHash,
    signerHash: signerHash(signer, algorithm),
    signature: certificate.signature,
    key: issuerKey,
  };
}

/** The same signature over the octets as they came, where canonical form changed something (DECISIONS D11). */
function rawVariants({
  pairing,
  job,
}: {
  pairing: Pairing;
  job: SignatureJob;
}): { pairing: Pairing; job: SignatureJob }[] {
  const { info, issuer } = pairing;
  const rawTbs = info.certificate.toBeSigned.encoded as Uint8Array;
  const dataHashes = [job.dataHash];
  if (!sameOctets(rawTbs, info.canonicalTbs)) dataHashes.push(hashOf(job.algorithm, rawTbs));
  const signerHashes = [job.signerHash];
  if (typeof issuer === 'object' && !sameOctets(issuer.info.octets, issuer.info.canonical)) {
    signerHashes.push(hashOf(job.algorithm, issuer.info.octets));
  }
  return dataHashes
    .flatMap((dataHash) => signerHashes.map((hash) => ({ pairing, job: { ...job, dataHash, signerHash: hash } })))
    .slice(1);
}

function signatureState({ signature }: Pairing): Judged['signature'] {
  if (signature === 'ok') return 'ok';
  return signature === 'bad' || signature === 'nonCanonical' ? 'bad' : 'notChecked';
}

function signatureFindings({ info, signature, issuer, key }: Pairing): Finding[] {
  switch (signature) {
    case 'ok':
      return [];
    case 'bad':
      return [{ code: 'badSignature', detail: badSignatureDetail(info, issuer === 'self' ? key : issuer?.key) }];
    case 'nonCanonical':
      return [{ code: 'nonCanonicalSignature', detail: 'signed over an encoding that is not canonical' }];
    case 'unsupported':
      return [{ code: 'unsupportedAlgorithm', detail: info.certificate.signature?.tag ?? 'signature' }];
    case 'notChecked': {
      const named = info.certificate.issuer;
      if (info.hashAlgorithm !== undefined || named.tag === 'unknown') return [];
      if (named.tag === 'self' && named.value.startsWith('unknown')) return [];
      return [{ code: 'unsupportedAlgorithm', detail: `issuer ${named.tag}` }];
    }
  }
}

function badSignatureDetail(info: CertificateInfo, key: PublicKey | undefined): string {
  return `${info.certificate.signature?.tag} with ${info.hashAlgorithm} under a ${key?.algorithm} key`;
}

/** Everything between a certificate and its issuers that does not need arithmetic, and the end of its chain. */
function conclude(pairing: Pairing): Judged {
  const { info, issuer, removal, key } = pairing;
  const findings = [...pairing.findings];
  const leniencies = [...info.leniencies];
  const tbs = info.certificate.toBeSigned;
  const above = typeof issuer === 'object' ? issuer : undefined;
  const length = 1 + (above?.length ?? 0);
  if (issuer === 'self') {
    findings.push({
      code: 'chainEndedAtUntrustedRoot',
      detail: 'a self-signed certificate that is not among the roots',
    });
  } else if (above === undefined) {
    if (removal === undefined)
      findings.push({ code: 'issuerNotFound', detail: `issuer ${issuerText(info)} is not known` });
    else findings.push({ code: 'rootRemoved', detail: removal });
  } else {
    if (length > MAX_CHAIN) findings.push({ code: 'chainTooLong', detail: `more than ${MAX_CHAIN} certificates` });
    findings.push(...checkIsAuthority(above.info.certificate.toBeSigned));
    findings.push(...checkValidityNesting(info.validity, above.info.validity));
    findings.push(...checkRegionNesting(tbs.region, above.region));
    const permissions = permissionsOf(info, issuersOf({ issuer: above }));
    findings.push(...permissions.findings);
    leniencies.push(...permissions.leniencies);
  }
  findings.push(...signatureFindings(pairing));
  return {
    info,
    issuer: above,
    trust: above?.trust ?? 'none',
    findings,
    leniencies,
    key,
    signature: signatureState(pairing),
    length,
    region: tbs.region ?? above?.region,
  };
}

/** Permissions under all issuers; the other reading of a request's chain length where that alone is in the way. */
function permissionsOf(
  { certificate: { toBeSigned }, allowed }: CertificateInfo,
  issuers: readonly ToBeSignedCertificate[],
): Pick<Judged, 'findings' | 'leniencies'> {
  const findings = checkPermissions(toBeSigned, issuers);
  if (findings.length === 0 || !allowed.has('request-chain-length')) return { findings, leniencies: [] };
  if (checkPermissions(toBeSigned, issuers, 'requested').length > 0) return { findings, leniencies: [] };
  return { findings: [], leniencies: ['request-chain-length'] };
}

function issuerText({ certificate: { issuer } }: CertificateInfo): string {
  if (issuer.tag === 'self' || issuer.tag === 'unknown') return issuer.tag;
  return [...issuer.value].map((octet) => octet.toString(16).padStart(2, '0')).join('');
}
