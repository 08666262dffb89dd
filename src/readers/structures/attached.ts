import { type Extent, more, NONE, type View } from './candidates.ts';

/**
 * Certificates that a damaged message has attached: they decode, but they are part of that message. One stands behind the
 * choice `certificate` of a SignerIdentifier and the number of certificates, the others behind it, the signature behind the last
 * (IEEE 1609.2 §6.3.25).
 */
export class AttachedCertificates {
  private isMessage = false;
  /** How many certificates of a list are still to come right behind one that was found. */
  private left = 0;
  /** Byte of the input at which that one ended. */
  private lastEnd = -1;

  /** A piece begins that claims to be a message, or does not. */
  begin(isMessage: boolean): void {
    this.isMessage = isMessage;
    this.left = 0;
  }

  /**
   * Whether the certificate from `at` to `end` is attached to the piece in front of it: positive, {@link NONE}, or a wish for
   * more bytes.
   */
  isAt(view: View, at: number, end: number): Extent {
    const { bytes, base, isEnded } = view;
    if (!this.isMessage || end <= 0 || (bytes[at] !== 0x80 && bytes[at] !== 0x00)) return NONE;
    const left = this.left > 0 && base + at === this.lastEnd ? this.left : countInFrontOf(bytes, at);
    if (left === 0) return NONE;
    const isKnown = end + 2 <= bytes.length;
    if (!isKnown && !isEnded) return more(view, end + 2);
    // A message may also break off behind its certificate.
    if (isKnown && !(left === 1 ? beginsAsSignature(bytes, end) : beginsAsCertificate(bytes, end))) return NONE;
    this.left = left - 1;
    this.lastEnd = base + end;
    return end;
  }
}

const SIGNER_CERTIFICATE = 0x81;
const MAX_ATTACHED = 8;

/** Certificates that a list announces which begins in front of `at`. */
function countInFrontOf(bytes: Uint8Array, at: number): number {
  const count = bytes[at - 1] as number;
  return bytes[at - 3] === SIGNER_CERTIFICATE && bytes[at - 2] === 1 && count <= MAX_ATTACHED ? count : 0;
}

/** Two choices: the algorithm, and the form of a point. */
function beginsAsSignature(bytes: Uint8Array, at: number): boolean {
  return (bytes[at] as number) >= 0x80 && (bytes[at + 1] as number) >= 0x80;
}

function beginsAsCertificate(bytes: Uint8Array, at: number): boolean {
  return (bytes[at] === 0x80 || bytes[at] === 0x00) && bytes[at + 1] === 3;
}
