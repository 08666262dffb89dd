import { toHex } from '../../coer/index.ts';
import type { Certificate } from '../../dot2/index.ts';
import type { KernelKey } from '../../kernel/kernel-batch.ts';
import type { CrlScope, LinkageQuery } from '../../revocation/index.ts';
import { type Micros, micros, type Period, type RuleBook } from '../../rules/index.ts';
import { decide } from '../../verdict/index.ts';
import { type ChainNode, isProven, lenienciesOf } from '../chain-node.ts';
import { isMade } from '../keys.ts';
import { sameOctets, wordAt } from '../octets.ts';
import { signerHash } from '../pairing.ts';
import { type Rights, rightsOf, Signatory } from '../signatory.ts';
import type { TrustAnchors } from '../trust-anchors.ts';
import { ByteTemplate, type Span } from './byte-template.ts';
import { type CertificateChecks, certificateChecks } from './certificate-checks.ts';

/** Octets of a certificate up to its toBeSigned when an issuer is named by digest: no open field lies there. */
export const CERTIFICATE_HEAD = 12;

const COMPRESSED_Y0 = 0x82;
const COMPRESSED_Y1 = 0x83;
const MICROS = 1_000_000;

/** Where linkage data lies in the octets of a certificate; −1 for a group value that it has not. */
class LinkageFields {
  private readonly linkageValue: number;
  private readonly jValue: number;
  private readonly groupValue: number;

  constructor(linkageValue: number, jValue: number, groupValue: number) {
    this.linkageValue = linkageValue;
    this.jValue = jValue;
    this.groupValue = groupValue;
  }

  /** Views of the octets. */
  read(octets: Uint8Array): LinkageQuery {
    const { linkageValue: at, jValue, groupValue } = this;
    const iCert = ((octets[at - 2] as number) << 8) | (octets[at - 1] as number);
    const linkageValue = octets.subarray(at, at + LINKAGE_VALUE);
    if (jValue < 0) return { iCert, linkageValue };
    const group = {
      jValue: octets.subarray(jValue, jValue + J_VALUE),
      value: octets.subarray(groupValue, groupValue + LINKAGE_VALUE),
    };
    return { iCert, linkageValue, group };
  }
}

const LINKAGE_VALUE = 9;
const J_VALUE = 4;

/** Where the fields lie, in octets from the start of the certificate. */
export interface CertificateFields {
  readonly tbs: number;
  readonly tbsEnd: number;
  /** Start of validity, seconds, four octets. */
  readonly start: number;
  /** Choice of the key's or reconstruction value's form: compressed, one octet; its x follows. */
  readonly form: number;
  /** Signature of explicit certificates, 32 octets each; −1 in implicit ones. */
  readonly r: number;
  readonly s: number;
}

/**
 * Certificates of one issuer that differ in nothing but linkage value, validity start, key and signature. One of them was
 * verified, and everything that was found holds for all: structure, permissions, region, chain. Validity is verified for each.
 */
export class CertificateTemplate {
  usedAt = 0;
  readonly byteTemplate: ByteTemplate;
  readonly at: CertificateFields;
  readonly isExplicit: boolean;
  readonly rights: Rights;
  readonly issuer: Signatory;
  readonly issuerKey: KernelKey;
  /** What a CRL needs to know of its certificates: who issued them, where their CRLs come from, and what these may name. */
  readonly issuerNode: ChainNode;
  readonly crl: Omit<CrlScope, 'root'>;
  readonly linkage: LinkageFields | undefined;
  readonly checks: CertificateChecks;
  /** What its certificates are as items, if nothing else is wrong. */
  readonly outcome: ReturnType<typeof decide>;
  /** Validity, microseconds. */
  private readonly duration: bigint;
  private lastStart = -1;
  private lastPeriod: Period | undefined;

  constructor(
    node: ChainNode,
    issuer: ChainNode & { readonly key: KernelKey },
    at: CertificateFields,
    open: readonly Span[],
    checks: CertificateChecks,
  ) {
    this.checks = checks;
    this.outcome = decide(checks.itemFailures);
    const { info } = node;
    this.byteTemplate = new ByteTemplate(info.octets, open);
    this.at = at;
    this.isExplicit = info.certificate.type === 'explicit';
    this.rights = rightsOf(node);
    this.issuer = new Signatory(signerHash(issuer.info, 'sha256'));
    this.issuerKey = issuer.key;
    this.issuerNode = issuer;
    const { cracaId, crlSeries } = info.certificate.toBeSigned;
    this.crl = { cracaId: toHex(cracaId), crlSeries };
    this.linkage = linkageFields(node);
    this.duration = info.validity.end - info.validity.start;
  }

  /** Whether the octets at `base`, as many as the template has, are a certificate of this template. */
  matches(bytes: Uint8Array, base: number): boolean {
    if (!this.byteTemplate.matches(bytes, base)) return false;
    return isCompressed(bytes[base + this.at.form]);
  }

  periodOf(bytes: Uint8Array, base: number): Period {
    const seconds = this.startOf(bytes, base);
    if (this.lastPeriod === undefined || seconds !== this.lastStart) {
      const start = seconds * MICROS;
      this.lastPeriod = { start, end: this.endOf(start) };
      this.lastStart = seconds;
    }
    return this.lastPeriod;
  }

  private endOf(start: number): Micros {
    return micros(BigInt(start) + this.duration);
  }

  private startOf(bytes: Uint8Array, base: number): number {
    return wordAt(bytes, base + this.at.start) >>> 0;
  }
}

/** Whether a choice octet of a point says that it is compressed, which is the canonical form. */
export function isCompressed(choice: number | undefined): boolean {
  return choice === COMPRESSED_Y0 || choice === COMPRESSED_Y1;
}

/** A number for certificates of that length and issuer, by which templates are found. */
export function certificateKey(bytes: Uint8Array, base: number, length: number): number {
  return wordAt(bytes, base + 4) ^ (length << 1) ^ (bytes[base + 2] as number);
}

/**
 * The template of a verified certificate; undefined where anything about it is out of the ordinary. Only for the verdict of its
 * whole chain: a certificate that is trusted by itself is no example for others.
 */
export function certificateTemplate(
  node: ChainNode,
  trust: TrustAnchors,
  book: RuleBook,
): CertificateTemplate | undefined {
  const { info, issuer, key } = node;
  if (!isProven(node) || lenienciesOf(node).length > 0) return undefined;
  if (issuer?.key === undefined || !isMade(issuer.key)) return undefined;
  if (info.certificate.type === 'explicit' && node.signature !== 'ok') return undefined;
  const candidates = trust.candidatesFor(info);
  if (candidates.length !== 1 || candidates[0] !== issuer) return undefined;
  if (issuer.key.algorithm !== 'ecdsaNistP256' || key?.algorithm !== 'ecdsaNistP256') return undefined;
  if (info.certificate.issuer.tag !== 'sha256AndDigest' || !sameOctets(info.hashedId8, info.signerId8))
    return undefined;
  const { octets, canonical, canonicalTbs, certificate } = info;
  const tbs = certificate.toBeSigned.encoded as Uint8Array;
  if (!sameOctets(octets, canonical) || !sameOctets(tbs, canonicalTbs)) return undefined;
  const fields = openFields(octets, certificate);
  if (fields === undefined) return undefined;
  const checks = certificateChecks(node, issuer, fields.open, book);
  if (checks === undefined) return undefined;
  const template = new CertificateTemplate(
    node,
    issuer as ChainNode & { key: KernelKey },
    fields.at,
    fields.open,
    checks,
  );
  return template.matches(octets, 0) ? template : undefined;
}

/**
 * Where the fields of a certificate lie, and which may differ between certificates that decode alike: those of fixed width,
 * found by the views that the decoder gave of them. Undefined where the certificate has others.
 */
export function openFields(
  octets: Uint8Array,
  certificate: Certificate,
): { at: CertificateFields; open: Span[] } | undefined {
  const { toBeSigned: tbs, signature } = certificate;
  const spanOf = (view: Uint8Array): Span => {
    const start = view.byteOffset - octets.byteOffset;
    return [start, start + view.length];
  };
  const [tbsStart, tbsEnd] = spanOf(tbs.encoded as Uint8Array);
  if (tbsStart !== CERTIFICATE_HEAD) return undefined;
  const open: Span[] = [];
  if (tbs.id.tag === 'linkageData') {
    const { linkageValue, groupLinkageValue } = tbs.id.value;
    const [start, end] = spanOf(linkageValue);
    // iCert stands before it.
    open.push([start - 2, end]);
    if (groupLinkageValue) open.push(spanOf(groupLinkageValue.jValue), spanOf(groupLinkageValue.value));
  }
  // crlSeries stands between cracaId and the validity period.
  const start = spanOf(tbs.cracaId)[1] + 2;
  if (wordAt(octets, start) >>> 0 !== tbs.validityPeriod.start) return undefined;
  const point = compressedKeyOf(certificate);
  if (point === undefined) return undefined;
  const [x, xEnd] = spanOf(point);
  open.push([start, start + 4], [x - 1, xEnd]);
  const at = { tbs: tbsStart, tbsEnd, start, form: x - 1 };
  if (certificate.type === 'implicit')
    return signature === undefined ? { at: { ...at, r: -1, s: -1 }, open } : undefined;
  if (signature?.tag !== 'ecdsaNistP256Signature' || signature.value.rSig.tag !== 'x-only') return undefined;
  const r = spanOf(signature.value.rSig.value);
  const s = spanOf(signature.value.sSig);
  open.push(r, s);
  return { at: { ...at, r: r[0], s: s[0] }, open };
}

function linkageFields({ info: { octets, certificate } }: ChainNode): LinkageFields | undefined {
  const { id } = certificate.toBeSigned;
  if (id.tag !== 'linkageData') return undefined;
  const { linkageValue, groupLinkageValue: group } = id.value;
  const offsetOf = (view: Uint8Array | undefined): number => (view ? view.byteOffset - octets.byteOffset : -1);
  return new LinkageFields(offsetOf(linkageValue), offsetOf(group?.jValue), offsetOf(group?.value));
}

/** The x of the compressed key or reconstruction value. */
function compressedKeyOf({ type, toBeSigned }: Certificate): Uint8Array | undefined {
  const indicator = toBeSigned.verifyKeyIndicator;
  if (type === 'explicit' && indicator.tag === 'verificationKey' && indicator.value.tag === 'ecdsaNistP256') {
    return compressedX(indicator.value.value);
  }
  return type === 'implicit' && indicator.tag === 'reconstructionValue' ? compressedX(indicator.value) : undefined;
}

function compressedX({ tag, value }: { tag: string; value: unknown }): Uint8Array | undefined {
  return tag === 'compressed-y-0' || tag === 'compressed-y-1' ? (value as Uint8Array) : undefined;
}
