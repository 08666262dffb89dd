import { hash } from 'node:crypto';
import { decode } from '../coer/index.ts';
import { Certificate, canonicalCertificate, wholeCertificateHash } from '../dot2/index.ts';
import { skimSigner } from '../dot2/skim.ts';
import { signerSet } from './learned.ts';
import { octetKey } from './octets.ts';
import type { Item } from './types.ts';

/** Certificates whose set is remembered, so that one that is attached often is hashed once. About 4 MB. */
const CACHE_CAPACITY = 8192;

/**
 * Says which set of signers a message belongs to. All messages of a signer have the same set, whether they attach the
 * certificate or name it by digest; a thread that is given whole sets sees each sender in order (DECISIONS D13).
 */
export class Router {
  /** The set of each certificate; null where it has none. */
  private readonly cache = new Map<string, number | null>();
  /** Goes on where it stopped: a new iterator would walk over everything that was forgotten, every time. */
  private oldest: Iterator<string> | undefined;

  /** The set; undefined where any thread will do: certificates, and messages that name no signer or do not decode. */
  setOf(item: Item): number | undefined {
    if (item.kind !== 'message' || item.unreadable !== undefined) return undefined;
    const signer = skimSigner(item.bytes);
    if (signer === undefined) return undefined;
    return 'digest' in signer ? signerSet(signer.digest) : this.setOfCertificate(signer.certificate);
  }

  private setOfCertificate(octets: Uint8Array): number | undefined {
    const key = octetKey(octets);
    const known = this.cache.get(key);
    if (known !== undefined) return known ?? undefined;
    const set = setOfOctets(octets);
    this.cache.set(key, set ?? null);
    if (this.cache.size > CACHE_CAPACITY) this.forgetOldest();
    return set;
  }

  private forgetOldest(): void {
    this.oldest ??= this.cache.keys();
    this.cache.delete(this.oldest.next().value as string);
  }
}

function setOfOctets(octets: Uint8Array): number | undefined {
  const decoded = decode(Certificate, octets);
  if (!decoded.ok) return undefined;
  // By the platform, and as text: for octets that are hashed one by one nothing else is half as fast.
  const digest = hash(wholeCertificateHash(decoded.value), canonicalCertificate(decoded.value), 'hex');
  return signerSet(Buffer.from(digest.slice(-16), 'hex'));
}
