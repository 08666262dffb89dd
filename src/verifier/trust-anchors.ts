import { type CoerFailure, decode, decodeOrThrow, toHex } from '../coer/index.ts';
import { Certificate, ChainFile, certificatesOfChainFile, isChainFile, sniffStructure } from '../dot2/index.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { MAX_CHAIN, RULE_BOOK, type RuleBook } from '../rules/index.ts';
import { CODES } from '../verdict/index.ts';
import { type CertificateInfo, type CertificateLeniency, examineAll } from './certificate-info.ts';
import { checkAnchors, checkChains } from './chain-checks.ts';
import { type ChainNode, failuresOf } from './chain-node.ts';
import type { HashName } from './hashing.ts';
import type { PublicKey } from './keys.ts';
import { octetKey, sameOctets } from './octets.ts';
import { signerHash } from './pairing.ts';
import { isSameKey, pinnedKey } from './pinned-keys.ts';
import type { TrustMaterial, TrustWarning } from './types.ts';

const HASHES: readonly HashName[] = ['sha256', 'sha384'];

/**
 * Trust material, verified once: anchors, CA certificates with their chains, and pins. Read-only afterwards; a change of trust
 * is a new store with the next revision.
 */
export class TrustAnchors {
  readonly revision: number;
  readonly warnings: readonly TrustWarning[];
  private readonly byDigest = new Map<string, ChainNode[]>();
  private readonly anchors = new Map<string, ChainNode>();
  private readonly pins = new Map<string, ChainNode>();
  private readonly pinsByDigest = new Map<string, ChainNode[]>();
  /** Why an issuer is not there any more, by its HashedId8. */
  private readonly removals: ReadonlyMap<string, string>;
  private readonly book: RuleBook;

  constructor(
    kernel: Kernel,
    material: TrustMaterial,
    revision: number,
    leniency: CertificateLeniency,
    book: RuleBook = RULE_BOOK,
  ) {
    this.book = book;
    this.revision = revision;
    this.removals = new Map(
      (material.removedRoots ?? []).flatMap(({ hashedId8s, detail }) => hashedId8s.map((id) => [id, detail] as const)),
    );
    const warnings: TrustWarning[] = [];
    const examine = (certificates: Certificate[]): CertificateInfo[] =>
      examineAll(kernel, certificates, leniency, book);

    const roots = decodeList('roots', material.roots, warnings);
    const anchors = checkAnchors(kernel, examine(roots.map(({ certificate }) => certificate)));
    anchors.forEach((anchor, i) => {
      const why = whyNoAnchor(anchor);
      if (why) warnings.push({ list: 'roots', index: roots[i]?.index as number, ...why });
      else if (!this.anchor(anchor.info)) this.addAnchor(anchor);
    });

    const others = decodeList('certificates', material.certificates ?? [], warnings);
    const infos = examine(others.map(({ certificate }) => certificate));
    const indexOf = new Map(infos.map((info, i) => [info, others[i]?.index as number]));
    for (const node of this.checkAuthorities(kernel, infos)) {
      const [failure] = failuresOf(node, 0).filter(({ surplus }) => !surplus);
      if (failure === undefined) continue;
      const detail = `${toHex(node.info.hashedId8)}: ${CODES[failure.code].meaning} (${failure.detail})`;
      warnings.push({ list: 'certificates', index: indexOf.get(node.info) as number, code: failure.code, detail });
    }
    this.addPins(kernel, material, examine, warnings);
    this.warnings = warnings;
  }

  /** Whether anything is trusted at all. */
  get isEmpty(): boolean {
    return this.anchors.size === 0 && this.pins.size === 0;
  }

  /** Full hashes of the anchors, hex: what CRLs are scoped by. */
  get anchorIds(): string[] {
    return [...this.anchors.values()].map(({ info }) => toHex(info.hash));
  }

  /** Pins and verified CA certificates that a message may name as its signer by this HashedId8. */
  signersByDigest(hashedId8: string): readonly ChainNode[] {
    const pinned = this.pinsByDigest.get(hashedId8) ?? [];
    const authorities = HASHES.flatMap((algorithm) => this.byDigest.get(`${algorithm}:${hashedId8}`) ?? []);
    return [...pinned, ...authorities];
  }

  /** Every HashedId8 by which {@link signersByDigest} knows somebody. */
  signerDigests(): Set<string> {
    const authorities = [...this.byDigest.keys()].map((key) => key.slice(key.indexOf(':') + 1));
    return new Set([...this.pinsByDigest.keys(), ...authorities]);
  }

  /** Certificates that {@link exact} may know, in canonical form and as they came. */
  exactOctets(): Uint8Array[] {
    return [...this.anchors.values(), ...this.pins.values()].flatMap(({ info }) => [info.octets, info.canonical]);
  }

  /** What is known of a certificate without looking at its chain: a pin by its octets, an anchor by its full hash. */
  exact(info: CertificateInfo): ChainNode | undefined {
    return (this.pins.size > 0 ? this.pins.get(info.key) : undefined) ?? this.anchor(info);
  }

  /**
   * The anchor that a certificate is, pinned as well or not. Its signature may be written in another form (DECISIONS D19); what
   * it signs may not, because the full hash leaves out the y of a key, and that of this encoding was never looked at.
   */
  anchor(info: CertificateInfo): ChainNode | undefined {
    const anchor = this.anchors.get(octetKey(info.hash));
    if (anchor === undefined || info.structure.length > 0) return undefined;
    return sameOctets(signedOctets(info), signedOctets(anchor.info)) ? anchor : undefined;
  }

  private addAnchor(anchor: ChainNode): void {
    this.anchors.set(octetKey(anchor.info.hash), anchor);
    this.index(anchor);
  }

  /**
   * A child names its issuer by the hash that the child uses, so that every CA is found under both. Encodings of the same
   * certificate count once, a usable one before others: junk among the CAs must not crowd out what is good.
   */
  private index(node: ChainNode): void {
    for (const key of digestsOf(node.info)) {
      const list = this.byDigest.get(key) ?? [];
      this.byDigest.set(key, list);
      const same = list.findIndex(
        ({ issuer, info }) => issuer === node.issuer && sameOctets(info.hash, node.info.hash),
      );
      if (same < 0) list.push(node);
      else if (list[same]?.findings.length !== 0 && node.findings.length === 0) list[same] = node;
    }
  }

  /**
   * Verifies CA certificates from the ends of their chains down: each one when everything that its issuer field may mean has
   * been verified. What as many rounds as a chain may be long have not reached is too far from any end, and is left without
   * issuer.
   */
  private checkAuthorities(kernel: Kernel, infos: readonly CertificateInfo[]): ChainNode[] {
    const nodes: ChainNode[] = [];
    const keys = new Set<string>();
    const digests = new Map(infos.map((info) => [info, digestsOf(info)]));
    let waiting = infos.filter((info) => !this.anchor(info) && !keys.has(info.key) && keys.add(info.key));
    for (let round = 1; waiting.length > 0; round++) {
      const unjudged = new Set(waiting.flatMap((info) => digests.get(info) as string[]));
      const ready = new Set(waiting.filter((info) => !unjudged.has(issuerDigest(info) ?? '')));
      const batch = ready.size > 0 && round <= MAX_CHAIN ? [...ready] : waiting;
      const tasks = batch.map((info) => {
        const [candidates, removal] = [this.candidatesFor(info), this.removalOf(info)];
        return { info, candidates, removal, wantsKey: true, attached: 'no' as const };
      });
      const results = checkChains(kernel, tasks, { isThorough: true, book: this.book }).flat();
      for (const result of results) this.index(result);
      nodes.push(...results);
      waiting = batch === waiting ? [] : waiting.filter((info) => !ready.has(info));
    }
    return nodes;
  }

  /** The verified certificates that an issuer field may mean. */
  candidatesFor(info: CertificateInfo): readonly ChainNode[] {
    return this.byDigest.get(issuerDigest(info) ?? '') ?? [];
  }

  /**
   * What became of a removed issuer of a certificate, or of the root above it; of a self-signed certificate, what became of it. undefined
   * for any other.
   */
  removalOf(info: CertificateInfo): string | undefined {
    if (this.removals.size === 0) return undefined;
    const { issuer } = info.certificate;
    if (issuer.tag === 'self') return this.removals.get(toHex(info.signerId8));
    return issuer.value instanceof Uint8Array ? this.removals.get(toHex(issuer.value)) : undefined;
  }

  private addPins(
    kernel: Kernel,
    material: TrustMaterial,
    examine: (certificates: Certificate[]) => CertificateInfo[],
    warnings: TrustWarning[],
  ): void {
    const keys = new Map<string, PublicKey>();
    const contested = new Set<string>();
    (material.pins ?? []).forEach((pin, index) => {
      const warn = (code: string, detail: string): void => void warnings.push({ list: 'pins', index, code, detail });
      const decoded = decode(Certificate, pin.certificate);
      if (!decoded.ok) {
        warn(decoded.error.code, `octet ${decoded.error.offset}: ${decoded.error.detail}`);
        return;
      }
      const key = pinnedKey(kernel, decoded.value, pin.publicKey);
      if (typeof key === 'string') {
        warn('invalidPublicKey', key);
        return;
      }
      const [info] = examine([decoded.value]) as [CertificateInfo];
      const other = keys.get(info.key);
      keys.set(info.key, key);
      if (other !== undefined && !isSameKey(other, key)) {
        warn('inconsistentInputParameters', 'another pin gives the same certificate another key: neither is used');
        contested.add(info.key);
      }
      if (contested.has(info.key)) {
        this.pins.delete(info.key);
        return;
      }
      this.pins.set(info.key, {
        info,
        issuer: undefined,
        trust: 'pinned',
        findings: info.structure,
        leniencies: info.leniencies,
        key,
        signature: 'notChecked',
        isGenuine: true,
        unproven: 0,
        length: 1,
        region: info.certificate.toBeSigned.region,
      });
    });
    for (const pin of this.pins.values()) {
      const digest = toHex(pin.info.signerId8);
      this.pinsByDigest.set(digest, [...(this.pinsByDigest.get(digest) ?? []), pin]);
    }
  }
}

/** Both ways in which a child may name this certificate. */
function digestsOf(info: CertificateInfo): string[] {
  return HASHES.map((algorithm) => `${algorithm}:${toHex(signerHash(info, algorithm).slice(-8))}`);
}

function issuerDigest({ certificate: { issuer } }: CertificateInfo): string | undefined {
  if (issuer.tag === 'sha256AndDigest') return `sha256:${toHex(issuer.value)}`;
  if (issuer.tag === 'sha384AndDigest') return `sha384:${toHex(issuer.value)}`;
  return undefined;
}

/** The octets of toBeSigned as they came. */
function signedOctets({ certificate }: CertificateInfo): Uint8Array {
  return certificate.toBeSigned.encoded as Uint8Array;
}

/** Why a certificate cannot be an anchor; undefined where it can. */
function whyNoAnchor({ info, findings, key }: ChainNode): { code: string; detail: string } | undefined {
  const [finding] = findings;
  if (finding) return finding;
  if (info.certificate.type !== 'explicit')
    return { code: 'keyIndicatorMismatch', detail: 'not an explicit certificate' };
  return key === undefined ? { code: 'invalidPublicKey', detail: 'no key to verify with' } : undefined;
}

/** Decodes trust material; a chain file stands for the certificates in it. */
function decodeList(
  list: 'roots' | 'certificates',
  material: readonly Uint8Array[],
  warnings: TrustWarning[],
): { index: number; certificate: Certificate }[] {
  return material.flatMap((octets, index) => {
    const pieces = piecesOf(octets);
    if (!pieces.ok) {
      warnings.push({
        list,
        index,
        code: pieces.error.code,
        detail: `octet ${pieces.error.offset}: ${pieces.error.detail}`,
      });
      return [];
    }
    return pieces.value.map((certificate) => ({ index, certificate }));
  });
}

function piecesOf(octets: Uint8Array): { ok: true; value: Certificate[] } | { ok: false; error: CoerFailure } {
  if (!isChainFile(sniffStructure(octets))) {
    const decoded = decode(Certificate, octets);
    return decoded.ok ? { ok: true, value: [decoded.value] } : decoded;
  }
  const file = decode(ChainFile, octets);
  if (!file.ok) return file;
  // Decoded again each by itself, so that every certificate knows its own octets.
  const certificates = certificatesOfChainFile(file.value).map((one) => decodeOrThrow(Certificate, one));
  return { ok: true, value: certificates };
}
