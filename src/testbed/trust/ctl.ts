import { encode } from '../../coer/index.ts';
import { FullIeeeTbsCtl, Ieee1609Dot2Data, ToBeSignedCtlSignature } from '../../dot2/index.ts';
import type { Credential } from '../certificates.ts';
import { hashWith } from '../keys.ts';
import { type MessageFlaws, type MessageRequest, signMessage, unsecured } from '../messages.ts';
import { PSID_SCMS } from '../permissions.ts';
import { concat, listOf, opened } from './octets.ts';

const FULL_IEEE_CTL = 1;
/** ScmsPdu of version 2, alternative `cert`. */
const CERT_PREFIX = [2, 0x84];

/** The content of a CTL to issue. */
export interface CtlRequest {
  readonly electorGroupId: Uint8Array;
  readonly sequenceNumber: number;
  /** Time32. */
  readonly effectiveDate: number;
  readonly electors: readonly Credential[];
  readonly roots: readonly Credential[];
  readonly electorRemove?: readonly Credential[];
  readonly rootCaRemove?: readonly Credential[];
  /** Absent: unchanged. */
  readonly quorum?: number;
  /** Who signs. */
  readonly signers: readonly Credential[];
  /** Certificates to carry along; default: those of all electors and roots. */
  readonly unsigned?: readonly Pick<Credential, 'bytes'>[];
  /** Changes of the list or of single signatures, to make them wrong. */
  readonly tbs?: Partial<FullIeeeTbsCtl>;
  readonly type?: number;
  readonly signature?: Partial<ToBeSignedSignature>;
  readonly message?: Partial<MessageRequest> & MessageFlaws;
  /** Instead of the signatures of `signers`. */
  readonly signatures?: readonly Uint8Array[];
}

interface ToBeSignedSignature {
  electorGroupId: Uint8Array;
  ctlType: number;
  sequenceNumber: number;
  tbsCtlHash: Uint8Array;
}

/** Entry of an elector: SHA-384 of its canonical certificate (DECISIONS D34). */
export const electorEntry = ({ canonical }: Credential): Uint8Array => hashWith('sha384', canonical);
/** Entry of a root: SHA-256, or the low 32 bytes of SHA-384 for roots that sign with it. */
export const rootEntry = ({ canonical, hash }: Credential): Uint8Array => hashWith(hash, canonical).slice(-32);

export function tbsCtlOf(request: CtlRequest): Uint8Array {
  return encode(FullIeeeTbsCtl, {
    type: FULL_IEEE_CTL,
    electorGroupId: request.electorGroupId,
    sequenceNumber: request.sequenceNumber,
    effectiveDate: request.effectiveDate,
    electorApprove: request.electors.map(electorEntry),
    electorRemove: (request.electorRemove ?? []).map(electorEntry),
    rootCaApprove: request.roots.map(rootEntry),
    rootCaRemove: (request.rootCaRemove ?? []).map(rootEntry),
    quorum: request.quorum,
    ...request.tbs,
  });
}

/** Signs a CTL: one CtlSignatureSpdu. */
export function ctlSignature(signer: Credential, request: CtlRequest): Uint8Array {
  const fields: ToBeSignedSignature = {
    electorGroupId: request.electorGroupId,
    ctlType: FULL_IEEE_CTL,
    sequenceNumber: request.sequenceNumber,
    tbsCtlHash: hashWith('sha384', tbsCtlOf(request)),
    ...request.signature,
  };
  const payload = concat(Uint8Array.of(...CERT_PREFIX, 0x83), encode(ToBeSignedCtlSignature, fields));
  return signMessage(signer, { psid: PSID_SCMS, payload, ...request.message });
}

/** Makes a MultiSignedCtl with its signatures. */
export function multiSignedCtl(request: CtlRequest): Uint8Array {
  const unsigned = request.unsigned ?? [...request.electors, ...request.roots];
  const signatures = request.signatures ?? request.signers.map((signer) => ctlSignature(signer, request));
  return concat(
    Uint8Array.of(request.type ?? FULL_IEEE_CTL),
    opened(tbsCtlOf(request)),
    opened(listOf(unsigned.map(({ bytes }) => bytes))),
    listOf(signatures),
  );
}

/** An ScmsPdu as unsecured data: the form in which CTLs travel. */
function asData(pdu: Uint8Array): Uint8Array {
  return encode(Ieee1609Dot2Data, unsecured(pdu));
}

/** A CTL by itself. */
export function ctlFile(request: CtlRequest): Uint8Array {
  return asData(concat(Uint8Array.of(...CERT_PREFIX, 0x82), multiSignedCtl(request)));
}

/** CRLs with the CTL of the home group. */
export function homeCompositeCrl(crls: readonly Uint8Array[], request: CtlRequest): Uint8Array {
  return asData(concat(Uint8Array.of(...CERT_PREFIX, 0x80, 0), listOf(crls), ctlFile(request)));
}

/** Component certificates with the CTL of the home group. */
export function homeCertificateChain(request: CtlRequest, others: readonly Pick<Credential, 'bytes'>[]): Uint8Array {
  const certificates = listOf(others.map(({ bytes }) => bytes));
  return asData(concat(Uint8Array.of(...CERT_PREFIX, 0x81, 0), ctlFile(request), certificates));
}
