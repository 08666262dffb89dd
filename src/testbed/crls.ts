import { encode, type Packed } from '../coer/index.ts';
import { CompositeCrl, CrlContents, Ieee1609Dot2Data, ScmsCompositeCrlPdu } from '../dot2/index.ts';
import type { CrlKind } from '../revocation/index.ts';
import { type Credential, hashedId8 } from './certificates.ts';
import {
  type HashEdition,
  type HashEntry,
  hashEntries,
  hashEntryOf,
  type LinkageRequest,
  linkageLists,
  type TypeSpecific,
} from './crl-entries.ts';
import { type MessageFlaws, type MessageRequest, signMessage, unsecured } from './messages.ts';
import { PSID_CRL, SERIES_PSEUDONYM } from './permissions.ts';
import { type Scms, WEEK_SECONDS } from './scms.ts';

/** The header and entries of a CRL to issue. */
export interface CrlRequest extends LinkageRequest {
  /** Default: fullLinkedCrl. */
  readonly kind?: CrlKind;
  readonly series?: number;
  /** HashedId8 of the CA that the signer acts for; default: the root's. */
  readonly craca?: Uint8Array;
  /** Time32; default: the start of the first week. */
  readonly issueDate?: number;
  /** Default: a week later. */
  readonly nextCrl?: number;
  /** crlSerial or indexWithinI; default: 0. */
  readonly serial?: number;
  readonly priority?: number;
  readonly version?: number;
  /** Hash-based: certificates that are revoked, and entries made otherwise. */
  readonly certificates?: readonly Credential[];
  readonly hashes?: readonly HashEntry[];
  readonly edition?: HashEdition;
  /** Instead of what the kind and the lists make of it. */
  readonly typeSpecific?: TypeSpecific;
}

/** How a CRL is signed: by the CRLG of the testbed, named by digest, under PSID 256, unless told otherwise. */
export type CrlSigning = Partial<MessageRequest> & MessageFlaws & { readonly by?: Credential };

/** The contents of a CRL. */
export function crlContents(scms: Scms, request: CrlRequest = {}): CrlContents {
  const { issueDate = scms.start, series = SERIES_PSEUDONYM, priority } = request;
  return {
    version: request.version ?? 1,
    crlSeries: series,
    crlCraca: request.craca ?? hashedId8(scms.root),
    issueDate,
    nextCrl: request.nextCrl ?? issueDate + WEEK_SECONDS,
    priorityInfo: { priority },
    typeSpecific: request.typeSpecific ?? typeSpecificOf(scms, request),
  };
}

function typeSpecificOf(scms: Scms, request: CrlRequest): TypeSpecific {
  const { kind = 'fullLinkedCrl', serial = 0 } = request;
  if (kind === 'fullHashCrl' || kind === 'deltaHashCrl') {
    return { tag: kind, value: { crlSerial: serial, entries: hashListOf(scms, request) } };
  }
  const lists = { ...linkageLists(scms, request), indexWithinI: serial };
  if (kind === 'fullLinkedCrl' || kind === 'deltaLinkedCrl') return { tag: kind, value: lists };
  return { tag: kind, value: { ...lists, seedEvolution: null, lvGeneration: null } };
}

function hashListOf(scms: Scms, { certificates = [], hashes = [], edition, filler }: CrlRequest): Packed {
  const entries = [...certificates.map(hashEntryOf), ...hashes];
  return hashEntries(scms, entries, { ...(edition ? { edition } : {}), ...(filler ? { filler } : {}) });
}

/** Signs any contents as a CRL: an encoded SecuredCrl. */
export function signCrl(scms: Scms, payload: Uint8Array, { by = scms.crlg, ...signing }: CrlSigning = {}): Uint8Array {
  return signMessage(by, { psid: PSID_CRL, payload, signer: 'digest', ...signing });
}

/** An encoded SecuredCrl (IEEE 1609.2 §7.4). */
export function issueCrl(scms: Scms, request: CrlRequest = {}, signing: CrlSigning = {}): Uint8Array {
  return signCrl(scms, encode(CrlContents, crlContents(scms, request)), signing);
}

/** A CompositeCrl file as CAMP has it, without ballots. */
export function compositeCrl(crls: readonly Uint8Array[]): Uint8Array {
  return encode(CompositeCrl, { securedCrlSeries: [...crls], revokedRootCAs: [], revokedElectors: [] });
}

/** A composite CRL as IEEE 1609.2.1 has it; the trust list in it is any unsecured data. */
export function scmsCompositeCrl(crls: readonly Uint8Array[], homeCtl = unsecured(new Uint8Array(0))): Uint8Array {
  const compositeCrl = { crl: [...crls], homeCtl: encode(Ieee1609Dot2Data, homeCtl) };
  const pdu = {
    version: 2,
    content: { tag: 'cert' as const, value: { tag: 'compositeCrl' as const, value: compositeCrl } },
  };
  return encode(Ieee1609Dot2Data, unsecured(encode(ScmsCompositeCrlPdu, pdu)));
}
