import {
  asOctets,
  type CoerFailure,
  choice,
  type DecodeResult,
  decode,
  decodePrefix,
  type Infer,
  type Schema,
  sequence,
  sequenceOf,
  uint8,
} from '../coer/index.ts';
import { ElectorBallots } from './endorsement.ts';
import { Ieee1609Dot2Data } from './signed-data.ts';

/**
 * Files that carry several CRLs. They have no signature of their own: each SecuredCrl in one is verified by itself, and stands or
 * falls alone.
 */

/** SecuredCrls of one file. */
export const MAX_COMPOSITE_CRLS = 4096;

/** IEEE 1609.2 §7.4.2: Ieee1609Dot2Data with signed CrlContents. Kept as octets, by which it is verified. */
const SecuredCrl = asOctets(Ieee1609Dot2Data);
export const SecuredCrls = sequenceOf(SecuredCrl, 0, MAX_COMPOSITE_CRLS);

/** CAMP SCMS PoC: the file on the wire is this structure, bare. */
export const CompositeCrl = sequence(
  {
    securedCrlSeries: SecuredCrls,
    revokedRootCAs: ElectorBallots,
    revokedElectors: ElectorBallots,
  },
  { extensions: {} },
);
export interface CompositeCrl extends Infer<typeof CompositeCrl> {}

/** IEEE 1609.2.1: with the certificate trust list of the home group, which is kept as octets. */
export const ScmsCompositeCrl = sequence({ crl: SecuredCrls, homeCtl: asOctets(Ieee1609Dot2Data) }, { extensions: {} });

/** An alternative of a choice that this program does not use. */
const unsupported: Schema<never> = {
  minBytes: 0,
  decode: (cursor) =>
    cursor.fail('choiceUnknown', 'another message of an SCMS than a composite CRL', cursor.offset - 1),
  encode: () => {
    throw new TypeError('an SCMS message that is not supported');
  },
};

/** IEEE 1609.2.1 §5.2: the content alternatives in front of `cert` are between other parties. */
export const ScmsCompositeCrlPdu = sequence({
  version: uint8,
  content: choice({
    'aca-ee': unsupported,
    'aca-la': unsupported,
    'aca-ma': unsupported,
    'aca-ra': unsupported,
    cert: choice({ compositeCrl: ScmsCompositeCrl }),
  }),
});
export interface ScmsCompositeCrlPdu extends Infer<typeof ScmsCompositeCrlPdu> {}

/** The kind of file that a CRL came in. */
export type CrlContainer = 'securedCrl' | 'compositeCrl' | 'scmsPdu';

/** A SecuredCrl of a file, and its offset. */
export interface CrlPiece {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** The content of a file of CRLs. */
export interface CrlFile {
  readonly container: CrlContainer;
  /** Whatever follows a piece that does not decode is part of that piece: nothing says where it ends. */
  readonly crls: readonly CrlPiece[];
  /** CAMP only, as far as decoded. */
  readonly composite?: CompositeCrl;
  /** IEEE 1609.2.1 only: the CTL as octets. */
  readonly homeCtl?: Uint8Array;
  /** What is wrong with the file beside its CRLs. */
  readonly error?: CoerFailure;
}

/** First octets of an IEEE 1609.2.1 message with a composite CRL: version 2, `cert`, `compositeCrl`. */
export const SCMS_COMPOSITE_CRL_PREFIX = [2, 0x84, 0x80] as const;
const UNSECURED_PREFIX = [3, 0x80] as const;

/**
 * Takes the CRLs out of a file: one or several SecuredCrls back to back, a CompositeCrl of CAMP, or that of IEEE 1609.2.1, in
 * unsecured data or bare. Where the file as a whole does not decode, the CRLs in front of the damage are there all the same.
 */
export function crlsOfFile(bytes: Uint8Array): CrlFile {
  if (beginsWith(bytes, SCMS_COMPOSITE_CRL_PREFIX)) return scmsCrls(bytes, 0);
  if (beginsWith(bytes, UNSECURED_PREFIX)) {
    const unsecured = unsecuredFile(bytes);
    if (unsecured !== undefined) return unsecured;
  }
  if (bytes[0] === 0) return campCrls(bytes, 0);
  return { container: 'securedCrl', crls: backToBack(bytes, 0) };
}

/** A composite CRL in unsecured data; also where the data is cut short, for the sake of the CRLs in front of the cut. */
function unsecuredFile(bytes: Uint8Array): CrlFile | undefined {
  const start = UNSECURED_PREFIX.length;
  const first = bytes[start] ?? 0;
  const at = start + 1 + (first < 0x80 ? 0 : first & 0x7f);
  const inner = bytes.subarray(at);
  const isScms = beginsWith(inner, SCMS_COMPOSITE_CRL_PREFIX);
  if (!isScms && inner[0] !== 0) return undefined;
  const file = isScms ? scmsCrls(inner, at) : campCrls(inner, at);
  const data = decode(Ieee1609Dot2Data, bytes);
  return data.ok ? file : { ...file, error: data.error };
}

function beginsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((octet, i) => bytes[i] === octet);
}

function campCrls(bytes: Uint8Array, base: number): CrlFile {
  const decoded = decode(CompositeCrl, bytes);
  if (!decoded.ok) return damaged('compositeCrl', bytes, base, 1, decoded);
  return {
    container: 'compositeCrl',
    crls: piecesOf(decoded.value.securedCrlSeries, bytes, base),
    composite: decoded.value,
  };
}

function scmsCrls(bytes: Uint8Array, base: number): CrlFile {
  const decoded = decode(ScmsCompositeCrlPdu, bytes);
  if (!decoded.ok) return damaged('scmsPdu', bytes, base, SCMS_COMPOSITE_CRL_PREFIX.length + 1, decoded);
  const { content } = decoded.value;
  const { crl, homeCtl } = (content.value as { value: Infer<typeof ScmsCompositeCrl> }).value;
  return { container: 'scmsPdu', crls: piecesOf(crl, bytes, base), homeCtl };
}

function piecesOf(crls: readonly Uint8Array[], bytes: Uint8Array, base: number): CrlPiece[] {
  return crls.map((octets) => ({ offset: base + octets.byteOffset - bytes.byteOffset, bytes: octets }));
}

/** The CRLs of a file that does not decode: as many as its count says, up to the first that does not. */
function damaged(
  container: CrlContainer,
  bytes: Uint8Array,
  base: number,
  countAt: number,
  { error }: Extract<DecodeResult<unknown>, { ok: false }>,
): CrlFile {
  const shifted = { ...error, offset: error.offset + base };
  const count = decodePrefix(sequenceOf(NOTHING, 0, MAX_COMPOSITE_CRLS), bytes, countAt);
  if (!count.ok) return { container, crls: [], error: shifted };
  return { container, crls: backToBack(bytes, base, count.end, count.value.length), error: shifted };
}

const NOTHING = sequence({});

/** Structures back to back, at most so many. */
function backToBack(bytes: Uint8Array, base: number, from = 0, most = MAX_COMPOSITE_CRLS): CrlPiece[] {
  const pieces: CrlPiece[] = [];
  for (let at = from; at < bytes.length && pieces.length < most; ) {
    const decoded = decodePrefix(SecuredCrl, bytes, at);
    const end = decoded.ok && pieces.length + 1 < MAX_COMPOSITE_CRLS ? decoded.end : bytes.length;
    pieces.push({ offset: base + at, bytes: bytes.subarray(at, end) });
    at = end;
  }
  return pieces;
}
