import { MAX_NESTING } from './signed-data.ts';
import { SKIM_NO_STRUCTURE, SKIM_TOO_LONG, SkimCursor, TOO_LONG } from './skim-cursor.ts';

/** What a message's signer field holds, as views of the message: enough to know which sender it comes from. */
export type SkimmedSigner = { readonly digest: Uint8Array } | { readonly certificate: Uint8Array };

/**
 * Finds the signer of a signed message without building any value: walks over hashId and tbsData to the signer field, and
 * over the first attached certificate if there is one. For every message that the strict decoder accepts, the result is
 * that decoder's; other octets give `undefined` or a wrong hint, never an exception. Time is linear in the octets.
 */
export function skimSigner(message: Uint8Array): SkimmedSigner | undefined {
  const skimmer = new Skimmer(message);
  const signer = skimmer.signer();
  return skimmer.hasFailed ? undefined : signer;
}

/**
 * The period (iCert) that a certificate names, without building any value; undefined if it has no linkage data or is no
 * certificate. As {@link skimSigner}, a hint for octets that the strict decoder refuses.
 */
export function skimPeriod(certificate: Uint8Array): number | undefined {
  const skimmer = new Skimmer(certificate);
  const period = skimmer.period();
  return skimmer.hasFailed ? undefined : period;
}

export { SKIM_NO_STRUCTURE, SKIM_TOO_LONG } from './skim-cursor.ts';

/**
 * The end of the message or certificate at `offset`, found without building any value: a position above `offset`,
 * {@link SKIM_NO_STRUCTURE}, {@link SKIM_TOO_LONG}, or, negated, the least number of bytes that would have to be there to go
 * on. For every structure that the strict decoder accepts, the result is the decoder's; a position for other bytes proves
 * nothing. The answer for a prefix of some bytes holds for all of them, unless it asks for more.
 *
 * @param mostElements bound on list elements walked over, and thereby on the time taken.
 * @param mostNesting bound on messages in each other; by default what the decoder takes.
 */
export function skimEnd(
  kind: 'data' | 'certificate',
  bytes: Uint8Array,
  offset = 0,
  mostElements = Number.POSITIVE_INFINITY,
  mostNesting = MAX_NESTING,
): number {
  const skimmer = new Skimmer(bytes, offset, mostElements, mostNesting);
  try {
    const end = skimmer.end(kind);
    return skimmer.hasFailed ? skimmer.missing : end;
  } catch (thrown) {
    if (thrown === TOO_LONG) return SKIM_TOO_LONG;
    throw thrown;
  }
}

/** Contents of Ieee1609Dot2Data, by alternative. */
const SIGNED_DATA = 1;
const ENCRYPTED_DATA = 2;

/** Each method moves over one type of the declarations in `basic.ts`, `crypto.ts`, `certificate.ts` and `signed-data.ts`. */
class Skimmer extends SkimCursor {
  private depth = 0;
  private readonly mostNesting: number;

  constructor(bytes: Uint8Array, offset = 0, mostElements = Number.POSITIVE_INFINITY, mostNesting = MAX_NESTING) {
    super(bytes, offset, mostElements);
    this.mostNesting = mostNesting;
  }

  end(kind: 'data' | 'certificate'): number {
    if (kind === 'data') this.data();
    else this.certificate();
    return this.at;
  }

  signer(): SkimmedSigner | undefined {
    // Any version: a verifier that refuses a message for its version still learns its signer from it.
    this.skip(1);
    if (this.alternative() !== SIGNED_DATA) return undefined;
    this.depth = 1;
    this.skip(1);
    this.toBeSignedData();
    const signer = this.alternative();
    if (signer === 0) return { digest: this.bytes.subarray(this.at, this.skip(8)) };
    if (signer !== 1 || this.quantity() === 0) return undefined;
    const start = this.at;
    this.certificate();
    return { certificate: this.bytes.subarray(start, this.at) };
  }

  period(): number | undefined {
    this.certificateHead();
    this.skip(1);
    if (this.alternative() !== 0) return undefined;
    this.skip(1);
    return (this.octet() << 8) | this.octet();
  }

  private toBeSignedData(): void {
    this.payload();
    this.headerInfo();
  }

  private payload(): void {
    const preamble = this.octet();
    if (preamble & 0x40) this.data();
    if (preamble & 0x20 && this.extensibleAlternative(1) === 0) this.skip(32);
    if (preamble & 0x80) this.extensions();
  }

  /** Ieee1609Dot2Data in a payload. */
  private data(): void {
    // Received octets must not choose how deep this program recurses.
    if (++this.depth > this.mostNesting) {
      this.fail();
      return;
    }
    this.skip(1);
    const content = this.alternative();
    if (content === SIGNED_DATA) this.signedData();
    else if (content === ENCRYPTED_DATA) this.encryptedData();
    else this.open();
    this.depth--;
  }

  private signedData(): void {
    this.skip(1);
    this.toBeSignedData();
    const signer = this.extensibleAlternative(3);
    if (signer === 0) this.skip(8);
    if (signer === 1) for (let count = this.quantity(); this.goesOn(count); count--) this.certificate();
    this.signature();
  }

  private encryptedData(): void {
    for (let count = this.quantity(); this.goesOn(count); count--) {
      const recipient = this.alternative();
      this.skip(8);
      if (recipient === 1) this.symmetricCiphertext();
      else if (recipient > 1 && this.extensibleAlternative(2) >= 0) {
        this.point();
        this.skip(32);
      }
    }
    this.symmetricCiphertext();
  }

  private symmetricCiphertext(): void {
    if (this.extensibleAlternative(1) < 0) return;
    this.skip(12);
    this.open();
  }

  private headerInfo(): void {
    const preamble = this.octet();
    this.open();
    if (preamble & 0x40) this.skip(8);
    if (preamble & 0x20) this.skip(8);
    if (preamble & 0x10) this.skip(10);
    if (preamble & 0x08) this.skip(3);
    if (preamble & 0x04) this.missingCrlIdentifier();
    if (preamble & 0x02) this.messageEncryptionKey();
    if (preamble & 0x80) this.extensions();
  }

  private missingCrlIdentifier(): void {
    const preamble = this.octet();
    this.skip(5);
    if (preamble & 0x80) this.extensions();
  }

  private messageEncryptionKey(): void {
    if (this.alternative() === 0) this.encryptionKey();
    else if (this.extensibleAlternative(1) === 0) this.skip(16);
  }

  private certificate(): void {
    const preamble = this.certificateHead();
    this.toBeSignedCertificate();
    if (preamble & 0x80) this.signature();
  }

  /** Up to toBeSigned; gives the preamble. */
  private certificateHead(): number {
    const preamble = this.octet();
    this.skip(2);
    const issuer = this.extensibleAlternative(2);
    if (issuer >= 0) this.skip(issuer === 0 ? 8 : 1);
    return preamble;
  }

  private toBeSignedCertificate(): void {
    const preamble = this.octet();
    this.certificateId();
    // cracaId, crlSeries, start and duration.
    this.skip(3 + 2 + 4 + 3);
    if (preamble & 0x40) this.region();
    if (preamble & 0x20) this.skip(1);
    if (preamble & 0x10) for (let count = this.quantity(); this.goesOn(count); count--) this.psidSsp();
    if (preamble & 0x08) for (let count = this.quantity(); this.goesOn(count); count--) this.groupPermissions();
    if (preamble & 0x04) for (let count = this.quantity(); this.goesOn(count); count--) this.groupPermissions();
    if (preamble & 0x01) this.encryptionKey();
    const indicator = this.extensibleAlternative(2);
    if (indicator === 1 || (indicator === 0 && this.extensibleAlternative(2) >= 0)) this.point();
    if (preamble & 0x80) this.extensions();
  }

  private certificateId(): void {
    const id = this.alternative();
    if (id === 0) this.skip(this.octet() & 0x80 ? 2 + 9 + 13 : 2 + 9);
    else if (id !== 3) this.open();
  }

  private region(): void {
    const region = this.extensibleAlternative(4);
    if (region === 0) this.skip(10);
    if (region === 1) this.skip(16 * this.quantity());
    if (region === 2) this.skip(8 * this.quantity());
    if (region === 3) for (let count = this.quantity(); this.goesOn(count); count--) this.identifiedRegion();
  }

  private identifiedRegion(): void {
    const region = this.extensibleAlternative(3);
    if (region >= 0) this.skip(2);
    if (region === 1) this.skip(this.quantity());
    if (region === 2) {
      for (let count = this.quantity(); this.goesOn(count); count--) {
        this.skip(1);
        this.skip(2 * this.quantity());
      }
    }
  }

  private psidSsp(): void {
    const preamble = this.octet();
    this.open();
    if (preamble & 0x80) {
      this.alternative();
      this.open();
    }
  }

  private groupPermissions(): void {
    const preamble = this.octet();
    if (this.extensibleAlternative(2) === 0) {
      for (let count = this.quantity(); this.goesOn(count); count--) this.psidSspRange();
    }
    if (preamble & 0x80) this.open();
    if (preamble & 0x40) this.open();
    if (preamble & 0x20) this.skip(1);
  }

  private psidSspRange(): void {
    const preamble = this.octet();
    this.open();
    if (preamble & 0x80 && this.extensibleAlternative(2) === 0) {
      for (let count = this.quantity(); this.goesOn(count); count--) this.open();
    }
  }

  private encryptionKey(): void {
    this.skip(1);
    if (this.extensibleAlternative(2) >= 0) this.point();
  }

  private signature(): void {
    if (this.extensibleAlternative(2) < 0) return;
    this.point();
    this.skip(32);
  }

  /** A point of a curve of 256 bits; those of 384 bits are in open types only. */
  private point(): void {
    const form = this.alternative();
    if (form === 4) this.skip(64);
    else if (form !== 1) this.skip(32);
  }
}
