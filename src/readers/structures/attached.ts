/**
 * Certificates that a damaged message has attached: they decode, but they are part of that message. One stands behind the
 * choice `certificate` of a SignerIdentifier and the number of certificates, the others behind it (IEEE 1609.2 §6.3.25).
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
   * Whether the certificate from `at` to `end` is attached to the piece in front of it.
   *
   * @param base byte of the input that `bytes` begin at.
   */
  isAt(bytes: Uint8Array, at: number, end: number, base: number): boolean {
    if (!this.isMessage || end <= 0) return false;
    const first = bytes[at];
    if (first !== 0x80 && first !== 0x00) return false;
    if (this.left > 0 && base + at === this.lastEnd) {
      this.left--;
    } else {
      const count = bytes[at - 1] as number;
      if (bytes[at - 3] !== SIGNER_CERTIFICATE || bytes[at - 2] !== 1 || count < 1 || count > MAX_ATTACHED)
        return false;
      this.left = count - 1;
    }
    this.lastEnd = base + end;
    return true;
  }
}

const SIGNER_CERTIFICATE = 0x81;
const MAX_ATTACHED = 8;
