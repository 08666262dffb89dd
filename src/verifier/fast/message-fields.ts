/** Where the fields lie, in octets from the start of HeaderInfo; −1 for what is not there. */
export interface MessageFields {
  readonly generationTime: number;
  readonly expiryTime: number;
  readonly location: number;
  /** Where tbsData ends. */
  readonly tbsEnd: number;
  readonly digest: number;
  readonly certificate: number;
  /** Octets of the signing certificate, and of all that are attached. */
  readonly certificateLength: number;
  readonly attachedLength: number;
  /** Choice of the form of rSig, one octet; r follows. */
  readonly form: number;
  readonly s: number;
}
