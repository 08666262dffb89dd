import { hash } from 'node:crypto';
import { decode } from '../coer/index.ts';
import { Certificate, canonicalCertificate, wholeCertificateHash } from '../dot2/index.ts';
import { skimSigner } from '../dot2/skim.ts';
import { ByteTemplate, Templates } from '../verifier/fast/byte-template.ts';
import { CERTIFICATE_HEAD, certificateKey, isCompressed, openFields } from '../verifier/fast/certificate-template.ts';
import { fingerprint } from '../verifier/fast/known-signers.ts';
import { signerSet, signerSetOfText } from '../verifier/learned.ts';
import { holdsAt, sameOctets } from '../verifier/octets.ts';
import type { Item } from '../verifier/types.ts';

/**
 * Says which set of signers a message belongs to. All messages of a signer have the same set, whether they attach the
 * certificate or name it by digest; a thread that is given whole sets sees each sender in order (DECISIONS D13).
 */
export class Router {
  private readonly seen = new SeenCertificates();
  private readonly canonical = new Templates<CanonicalShape>();

  /** The set; undefined where any thread will do: certificates, and messages that name no signer or do not decode. */
  setOf(item: Item): number | undefined {
    if (item.kind !== 'message' || item.unreadable !== undefined) return undefined;
    const signer = skimSigner(item.bytes);
    if (signer === undefined) return undefined;
    const set = 'digest' in signer ? signerSet(signer.digest) : this.setOfCertificate(signer.certificate);
    return set === NO_SET ? undefined : set;
  }

  private setOfCertificate(octets: Uint8Array): number {
    const print = fingerprint(octets, 0, octets.length);
    if (this.seen.holds(print, octets)) return this.seen.setOf(print);
    const set = this.isCanonical(octets) ? setByHash('sha256', octets) : this.setOfNewShape(octets);
    this.seen.put(print, octets, set);
    return set;
  }

  /** Whether the octets are like a certificate that was decoded before, and so are what is hashed. */
  private isCanonical(octets: Uint8Array): boolean {
    if (octets.length < CERTIFICATE_HEAD) return false;
    const certificateTemplates = this.canonical.of(certificateKey(octets, 0, octets.length));
    for (let i = 0; i < certificateTemplates.length; i++) {
      if (!(certificateTemplates[i] as CanonicalShape).matches(octets)) continue;
      this.canonical.used(certificateTemplates, i);
      return true;
    }
    return false;
  }

  private setOfNewShape(octets: Uint8Array): number {
    const decoded = decode(Certificate, octets);
    if (!decoded.ok) return NO_SET;
    const algorithm = wholeCertificateHash(decoded.value);
    const canonical = canonicalCertificate(decoded.value);
    if (algorithm === 'sha256' && sameOctets(octets, canonical)) this.study(octets, decoded.value);
    return setByHash(algorithm, canonical);
  }

  private study(octets: Uint8Array, certificate: Certificate): void {
    const fields = openFields(octets, certificate);
    if (fields === undefined) return;
    const shape = new CanonicalShape(new ByteTemplate(octets, fields.open), fields.at.form);
    this.canonical.add(certificateKey(octets, 0, octets.length), shape);
  }
}

/** Stands for certificates that do not decode. */
const NO_SET = -1;

/** By the platform, and as text: for octets that are hashed one by one nothing else is half as fast. */
function setByHash(algorithm: 'sha256' | 'sha384', octets: Uint8Array): number {
  return signerSetOfText(hash(algorithm, octets, 'hex'));
}

/** Certificates that decode as one did that is its own canonical form, and are hashed with SHA-256: so are they. */
class CanonicalShape {
  usedAt = 0;
  private readonly byteTemplate: ByteTemplate;
  private readonly form: number;

  constructor(byteTemplate: ByteTemplate, form: number) {
    this.byteTemplate = byteTemplate;
    this.form = form;
  }

  matches(octets: Uint8Array): boolean {
    if (octets.length !== this.byteTemplate.length || !isCompressed(octets[this.form])) return false;
    return this.byteTemplate.matches(octets, 0);
  }
}

/** Certificates whose set is remembered, so that one that is attached often is hashed once; and octets of the longest. */
const PLACES = 8192;
const LONGEST = 256;

/** One place for all certificates of a fingerprint: the last one that came has it. 2 MB, and nothing to collect. */
class SeenCertificates {
  private readonly octets = new Uint8Array(PLACES * LONGEST);
  /** Compared first: the octets of a place are in no cache. */
  private readonly prints = new Int32Array(PLACES);
  private readonly lengths = new Uint16Array(PLACES);
  private readonly sets = new Int16Array(PLACES);

  holds(print: number, octets: Uint8Array): boolean {
    const place = placeOf(print);
    if (this.prints[place] !== print || this.lengths[place] !== octets.length) return false;
    return holdsAt(this.octets, LONGEST * place, octets);
  }

  /** The set of the certificate that the place holds. */
  setOf(print: number): number {
    return this.sets[placeOf(print)] as number;
  }

  put(print: number, octets: Uint8Array, set: number): void {
    if (octets.length > LONGEST) return;
    const place = placeOf(print);
    this.octets.set(octets, LONGEST * place);
    this.prints[place] = print;
    this.lengths[place] = octets.length;
    this.sets[place] = set;
  }
}

function placeOf(print: number): number {
  return Math.imul(print, 0x9e3779b1) >>> 19;
}
