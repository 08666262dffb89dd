import {
  Cursor,
  enumerated,
  extensibleChoice,
  fixedOctets,
  type Infer,
  inTotal,
  nothing,
  optional,
  type Packed,
  packedSequenceOf,
  type Schema,
  sequence,
  sequenceOf,
  uint8,
  uint16,
  uint32,
} from '../coer/index.ts';
import { HashedId8, Time32 } from './basic.ts';

/**
 * IEEE 1609.2 §7.3: the contents of certificate revocation lists. Names are those of the ASN.1 module
 * Ieee1609Dot2CrlBaseTypes. Lists of entries decode to {@link Packed} columns: a CRL may name a million vehicles.
 */

/** Entries of one list: 16 times the largest CRL in published plans. */
export const MAX_CRL_ENTRIES = 1 << 24;
/** JMaxGroup, LAGroup and IMaxGroup of one CRL together: each is an object, unlike the entries in it. */
export const MAX_CRL_GROUPS = 1 << 16;

export const HashedId10 = fixedOctets(10);
export const LaId = fixedOctets(2);
export const LinkageSeed = fixedOctets(16);

/** Length of an entry in bytes in the 2016 and 2020 editions, and in that of 2022, which has an extension marker. */
export const HASH_ENTRY_BYTES = { 2016: 14, 2022: 15 } as const;

/** 2016, 2020: no preamble. */
const HashBasedRevocationInfo2016 = sequence({ id: HashedId10, expiry: Time32 });
const HashBasedRevocationInfo = sequence({ id: HashedId10, expiry: Time32 }, { extensions: {} });
const entriesOf2016 = packedSequenceOf(HashBasedRevocationInfo2016, { max: MAX_CRL_ENTRIES, preamble: false });
const entriesOf2022 = packedSequenceOf(HashBasedRevocationInfo, { max: MAX_CRL_ENTRIES, preamble: true });

/**
 * The two editions are not compatible on the wire, and nothing names the edition. This list ends the CRL, so that the octets
 * left tell: 14 for each entry, or at least 15. Any other length is refused.
 */
const HashEntriesList: Schema<Packed> = {
  minBytes: 2,
  decode(cursor) {
    const start = cursor.offset;
    const ahead = new Cursor(cursor.bytes, start, cursor.end);
    const count = ahead.uint(ahead.length());
    const left = cursor.end - ahead.offset;
    if (left === count * HASH_ENTRY_BYTES[2016]) return entriesOf2016.decode(cursor);
    if (count <= MAX_CRL_ENTRIES && left < count * HASH_ENTRY_BYTES[2022]) {
      cursor.fail('tooManyElements', `${count} entries in ${left} octets: neither 14 nor 15 each`, start);
    }
    return entriesOf2022.decode(cursor);
  },
  encode(list, writer) {
    (list.width === HASH_ENTRY_BYTES[2016] ? entriesOf2016 : entriesOf2022).encode(list, writer);
  },
};

/** §7.3.4. `crlSerial` grows by one with every full or delta CRL of a (crlCraca, crlSeries). */
export const ToBeSignedHashIdCrl = sequence({ crlSerial: uint32, entries: HashEntriesList }, { extensions: {} });

/** §7.3.6 ff. Seeds are those of period iRev. */
const IndividualRevocation = sequence({ linkageSeed1: LinkageSeed, linkageSeed2: LinkageSeed }, { extensions: {} });
const GroupCrlEntry = sequence(
  { iMax: uint16, la1Id: LaId, linkageSeed1: LinkageSeed, la2Id: LaId, linkageSeed2: LinkageSeed },
  { extensions: {} },
);
/** 2022; no extension marker. */
const GroupSingleSeedCrlEntry = sequence({ iMax: uint16, laId: LaId, linkageSeed: LinkageSeed });

const entries = (element: Schema<unknown>, preamble: boolean): Schema<Packed> =>
  packedSequenceOf(element, { max: MAX_CRL_ENTRIES, preamble });
const group = inTotal(MAX_CRL_GROUPS, 'groups in a CRL');

const IMaxGroup = sequence(
  { iMax: uint16, contents: entries(IndividualRevocation, true) },
  { extensions: { singleSeed: entries(LinkageSeed, false) }, literal: imaxGroup },
);
function imaxGroup(iMax: unknown, contents: unknown, singleSeed: unknown): object {
  return { iMax, contents, singleSeed };
}
const LAGroup = sequence(
  { la1Id: LaId, la2Id: LaId, contents: sequenceOf(group(IMaxGroup), 0, MAX_CRL_GROUPS) },
  { extensions: {} },
);
const JMaxGroup = sequence(
  { jmax: uint8, contents: sequenceOf(group(LAGroup), 0, MAX_CRL_GROUPS) },
  { extensions: {} },
);
const individual = optional(sequenceOf(group(JMaxGroup), 0, MAX_CRL_GROUPS));
const groups = optional(entries(GroupCrlEntry, true));
const groupsSingleSeed = entries(GroupSingleSeedCrlEntry, false);

/** §7.3.6. */
export const ToBeSignedLinkageValueCrl = sequence(
  { iRev: uint16, indexWithinI: uint8, individual, groups },
  { extensions: { groupsSingleSeed } },
);
/** 2022: the same with its functions named; each function is known so far by one NULL, which takes no octets. */
export const ToBeSignedLinkageValueCrlWithAlgIdentifier = sequence(
  {
    iRev: uint16,
    indexWithinI: uint8,
    seedEvolution: nothing,
    lvGeneration: nothing,
    individual,
    groups,
    groupsSingleSeed: optional(groupsSingleSeed),
  },
  { extensions: {} },
);

const TypeSpecificCrlContents = extensibleChoice(
  {
    fullHashCrl: ToBeSignedHashIdCrl,
    deltaHashCrl: ToBeSignedHashIdCrl,
    fullLinkedCrl: ToBeSignedLinkageValueCrl,
    deltaLinkedCrl: ToBeSignedLinkageValueCrl,
  },
  {
    fullLinkedCrlWithAlg: ToBeSignedLinkageValueCrlWithAlgIdentifier,
    deltaLinkedCrlWithAlg: ToBeSignedLinkageValueCrlWithAlgIdentifier,
  },
);

const CrlPriorityInfo = sequence({ priority: optional(uint8) }, { extensions: {} });

/**
 * §7.3.2. Only for input that ends with the CRL: see the entries of hash-based CRLs. The version is a rule, not a matter
 * of decoding, as for certificates.
 */
export const CrlContents = sequence({
  version: uint8,
  crlSeries: uint16,
  crlCraca: HashedId8,
  issueDate: Time32,
  nextCrl: Time32,
  priorityInfo: CrlPriorityInfo,
  typeSpecific: TypeSpecificCrlContents,
});
export interface CrlContents extends Infer<typeof CrlContents> {}
/** A decoded CRL of certificate hashes. */
export type HashIdCrl = Infer<typeof ToBeSignedHashIdCrl>;
/** A decoded CRL of linkage seeds. */
export type LinkageValueCrl =
  | Infer<typeof ToBeSignedLinkageValueCrl>
  | Infer<typeof ToBeSignedLinkageValueCrlWithAlgIdentifier>;

/** Series that one certificate may be permitted; more is refused, never cut. */
const MAX_CRL_SERIES = 256;

/** §7.4.3.3, the SSP of PSID 256: whose revocations the holder may announce, and in which series. */
export const CrlSsp = sequence(
  {
    version: uint8,
    associatedCraca: enumerated(['isCraca', 'issuerIsCraca']),
    crls: sequenceOf(uint16, 0, MAX_CRL_SERIES),
  },
  { extensions: {} },
);
export interface CrlSsp extends Infer<typeof CrlSsp> {}
