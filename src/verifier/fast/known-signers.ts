import { wordAt } from '../octets.ts';
import type { Signer } from '../signer.ts';

/** Signers of each of the two generations. */
const GENERATION = 8192;

/** A number for the octets of a certificate: of words that differ between certificates of a template (key, signature). */
export function fingerprint(bytes: Uint8Array, base: number, length: number): number {
  const end = base + length;
  let word = length;
  for (let at = end - 4; at >= base && at >= end - 72; at -= 34) word = (word << 7) ^ (word >>> 25) ^ wordAt(bytes, at);
  return word;
}

/** The same for a list that begins with a certificate of that length: its issuers are those of many others. */
export function listFingerprint(bytes: Uint8Array, base: number, length: number, listLength: number): number {
  return fingerprint(bytes, base, length) ^ (listLength - length);
}

/**
 * Signers that a message has proven, by the octets of the certificates that come with them. Two generations: when the young one is full, what
 * was not used since it began is forgotten.
 */
export class KnownSigners {
  private young = new Map<number, Signer>();
  private old = new Map<number, Signer>();

  /** The signer whose certificates the octets at `base` are; `print` is their {@link listFingerprint}. */
  find(print: number, bytes: Uint8Array, base: number, length: number): Signer | undefined {
    const signer = this.young.get(print) ?? this.old.get(print);
    return signer !== undefined && isCertificateOf(signer, bytes, base, length) ? signer : undefined;
  }

  add(print: number, signer: Signer): void {
    this.young.set(print, signer);
    if (this.young.size < GENERATION) return;
    this.old = this.young;
    this.young = new Map();
  }

  /** As {@link add}, for one that was found; so that it stays while it is used. */
  keep(print: number, signer: Signer): void {
    if (this.young.get(print) !== signer) this.add(print, signer);
  }
}

function isCertificateOf({ octets }: Signer, bytes: Uint8Array, base: number, length: number): boolean {
  if (octets.length !== length) return false;
  for (let i = 0; i < length; i++) if (bytes[base + i] !== octets.charCodeAt(i)) return false;
  return true;
}
