import type { Kernel } from '../kernel/kernel.ts';
import { MAX_UNPROVEN } from '../rules/index.ts';
import { decompressAll, reconstructAll } from './arithmetic.ts';
import { hashToBeSigned } from './certificate-info.ts';
import type { ChainNode } from './chain-node.ts';
import type { Diligence } from './diligence.ts';
import { type ImplicitKey, isMade, type KeyAlgorithm, sec1OfPoint, type VerificationKey } from './keys.ts';
import { sameOctets } from './octets.ts';
import { isDue, type Pairing, signerHash } from './pairing.ts';
import { isOnRareCurve, isRareAlgorithm } from './rare-curves.ts';

/** Keys on P-256: decompressed for explicit certificates; for implicit ones made only where their point is wanted. */
export function findKeys(kernel: Kernel, pairings: readonly Pairing[], { isThorough }: Diligence): void {
  const needed = pairings.filter((pairing) => isThorough || pairing.wantsKey || isDue(pairing, false));
  findExplicitKeys(kernel, needed);
  findImplicitKeys(kernel, needed, isThorough);
}

/**
 * Keys on other curves. Whether octets are a point costs five normal messages: where nobody wants the key, it is asked only of certificates
 * whose signatures have been checked, and only of what is genuine.
 */
export function findRareKeys(
  pairings: readonly Pairing[],
  { isThorough }: Diligence,
  when: 'before signatures' | 'after signatures',
): void {
  for (const pairing of pairings) {
    const isWanted = isThorough || pairing.wantsKey;
    if (when === 'before signatures' ? !isWanted : isWanted || pairing.signature !== 'ok') continue;
    const own = ownKey(pairing);
    if (own === undefined || !isRareAlgorithm(own.algorithm)) continue;
    if (isOnRareCurve(own.algorithm, own.sec1)) pairing.key = { algorithm: own.algorithm, point: own.sec1 };
    else report(pairing, `${own.algorithm} key is not on its curve`);
  }
}

/** The key that an explicit certificate carries, as SEC 1 octets; undefined where it carries none that is of use. */
function ownKey({ info }: Pairing): { algorithm: KeyAlgorithm; sec1: Uint8Array } | undefined {
  const indicator = info.certificate.toBeSigned.verifyKeyIndicator;
  if (indicator.tag !== 'verificationKey' || indicator.value.tag === 'unknown') return undefined;
  const sec1 = sec1OfPoint(indicator.value.value as Parameters<typeof sec1OfPoint>[0]);
  return sec1 && { algorithm: indicator.value.tag, sec1 };
}

/** Below what is not genuine a key can be whatever it likes (DECISIONS D44). */
function report(pairing: Pairing, detail: string): void {
  const isNeeded = pairing.wantsKey || isDue(pairing, false);
  pairing.findings.push({ code: 'invalidPublicKey', detail, ...(!isNeeded && { surplus: true }) });
}

function findExplicitKeys(kernel: Kernel, pairings: readonly Pairing[]): void {
  const onP256: { pairing: Pairing; sec1: Uint8Array }[] = [];
  for (const pairing of pairings) {
    const own = ownKey(pairing);
    if (own?.algorithm === 'ecdsaNistP256') onP256.push({ pairing, sec1: own.sec1 });
    else if (own?.algorithm === 'ecsigSm2') pairing.key = { algorithm: own.algorithm, point: own.sec1 };
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
      report(pairing, 'the key is not on P-256');
    }
  });
}

function compressedOf(sec1: Uint8Array): Uint8Array {
  if (sec1[0] !== 4) return sec1;
  const compressed = sec1.slice(0, 33);
  compressed[0] = 2 | ((sec1[64] as number) & 1);
  return compressed;
}

/** An implicit certificate whose issuer has a key: what its own is made of. */
interface Implicit {
  readonly pairing: Pairing;
  readonly sec1: Uint8Array;
  readonly issuer: ChainNode & { readonly key: VerificationKey };
}

function findImplicitKeys(kernel: Kernel, pairings: readonly Pairing[], isThorough: boolean): void {
  const implicit = pairings.flatMap(implicitOf);
  hashToBeSigned(
    kernel,
    implicit.map(({ pairing }) => pairing.info),
  );
  const wrong = wrongOnes(kernel, implicit);
  for (const { pairing, sec1, issuer } of implicit) {
    if (wrong.has(pairing)) {
      report(pairing, NO_POINT);
      continue;
    }
    pairing.key = {
      algorithm: 'ecdsaNistP256',
      reconstructionValue: compressedOf(sec1),
      tbsHash: pairing.info.tbsHash as Uint8Array,
      issuerHash: signerHash(issuer.info, 'sha256'),
      issuerKey: issuer.key,
    };
  }
  makeKeys(
    kernel,
    implicit.flatMap(({ pairing }) => (isThorough || pairing.wantsKey ? [pairing] : [])),
    (pairing, code, detail) => {
      if (code === 'invalidPublicKey') report(pairing, detail);
      else pairing.findings.push({ code, detail });
    },
  );
}

function implicitOf(pairing: Pairing): Implicit[] {
  const { certificate, hashAlgorithm } = pairing.info;
  const indicator = certificate.toBeSigned.verifyKeyIndicator;
  if (certificate.type !== 'implicit' || indicator.tag !== 'reconstructionValue') return [];
  const { issuer } = pairing;
  if (typeof issuer !== 'object' || issuer.key === undefined) return [];
  if (issuer.key.algorithm !== 'ecdsaNistP256' || hashAlgorithm !== 'sha256') {
    const detail = `implicit certificate under ${issuer.key.algorithm} with ${hashAlgorithm ?? 'another hash'}`;
    pairing.findings.push({ code: 'unsupportedAlgorithm', detail });
    return [];
  }
  const sec1 = sec1OfPoint(indicator.value);
  // Below that it has been refused already.
  if (sec1 === undefined || depthOf(issuer.key) >= MAX_UNPROVEN) return [];
  return [{ pairing, sec1, issuer: issuer as Implicit['issuer'] }];
}

/** Implicit certificates that a key is made of. */
function depthOf(key: VerificationKey): number {
  return isMade(key) ? 0 : 1 + depthOf(key.issuerKey);
}

/** Those whose uncompressed reconstruction value brings a y that is not the one on the curve. */
function wrongOnes(kernel: Kernel, implicit: readonly Implicit[]): Set<Pairing> {
  const uncompressed = implicit.filter(({ sec1 }) => sec1[0] === 4);
  const points = decompressAll(
    kernel,
    uncompressed.map(({ sec1 }) => compressedOf(sec1)),
  );
  const isRight = ({ sec1 }: Implicit, i: number): boolean => {
    const point = points[i];
    return point !== undefined && sameOctets(point, sec1.subarray(1));
  };
  return new Set(uncompressed.flatMap((one, i) => (isRight(one, i) ? [] : [one.pairing])));
}

export const NO_POINT = 'the reconstruction value is not on P-256';
export const INFINITE = 'the key is the point at infinity';

/** Makes the keys of implicit certificates in one call. What makes none is reported, and has no key then. */
export function makeKeys<T extends { key: ChainNode['key'] }>(
  kernel: Kernel,
  holders: readonly T[],
  refuse: (holder: T, code: 'invalidPublicKey' | 'reconstructionFailed', detail: string) => void,
): void {
  const unmade = holders.filter(({ key }) => key !== undefined && !isMade(key));
  const made = reconstructAll(
    kernel,
    unmade.map(({ key }) => key as ImplicitKey),
  );
  unmade.forEach((holder, i) => {
    const outcome = made[i];
    holder.key = typeof outcome === 'string' ? undefined : outcome;
    if (outcome === 'infinity') refuse(holder, 'reconstructionFailed', INFINITE);
    else if (outcome === 'notOnCurve') refuse(holder, 'invalidPublicKey', NO_POINT);
  });
}
