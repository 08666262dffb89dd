import { sha256, sha384 } from '@noble/hashes/sha2.js';
import { decode } from '../coer/index.ts';
import { type Certificate, canonicalCertificate, Ieee1609Dot2Data, wholeCertificateHash } from '../dot2/index.ts';
import { type SkimmedSigner, skimSigner } from '../dot2/skim.ts';
import { signerSet } from './learned.ts';
import { octetKey } from './octets.ts';
import type { Item } from './types.ts';

/** Certificates whose set is remembered, so that a sender that attaches its certificate often is hashed once. */
const CACHE_CAPACITY = 8192;

/**
 * Says which set of signers a message belongs to. All messages of a signer have the same set, whether they attach the
 * certificate or name it by digest; a thread that is given whole sets sees each sender in order (DECISIONS D13).
 */
export class Router {
  private readonly cache = new Map<string, number>();

  /** The set; undefined where any thread will do: certificates, and messages that name no signer. */
  setOf(item: Item): number | undefined {
    if (item.kind !== 'message' || item.unreadable !== undefined) return undefined;
    const signer = skimSigner(item.bytes) ?? decodedSigner(item.bytes);
    if (signer === undefined) return undefined;
    return 'digest' in signer ? signerSet(signer.digest) : this.setOfCertificate(signer.certificate);
  }

  private setOfCertificate(certificate: Certificate): number {
    const key = octetKey(certificate.encoded as Uint8Array);
    const known = this.cache.get(key);
    if (known !== undefined) return known;
    const hash = (wholeCertificateHash(certificate) === 'sha384' ? sha384 : sha256)(canonicalCertificate(certificate));
    const set = signerSet(hash.subarray(-8));
    this.cache.set(key, set);
    if (this.cache.size > CACHE_CAPACITY) this.cache.delete(this.cache.keys().next().value as string);
    return set;
  }
}

/** The signer of a message that skimming gave up on. */
function decodedSigner(bytes: Uint8Array): SkimmedSigner | undefined {
  const decoded = decode(Ieee1609Dot2Data, bytes);
  if (!decoded.ok || decoded.value.content.tag !== 'signedData') return undefined;
  const { signer } = decoded.value.content.value;
  if (signer.tag === 'digest') return { digest: signer.value };
  return signer.tag === 'certificate' ? { certificate: signer.value[0] as Certificate } : undefined;
}
