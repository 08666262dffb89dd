import { hasAt } from '../values/ascii.ts';

/** Names of members that lead to bytes. 0 is any other name. */
const NAME = {
  hex: 1,
  b64: 2,
  asn1: 3,
  metadata: 4,
  properties: 5,
  payload: 6,
  data: 7,
  bytes: 8,
  messageSigned: 9,
} as const;
export const OTHER_NAME = 0;

const NAMES: readonly (readonly [string, number])[] = [
  ['hex', NAME.hex],
  ['b64', NAME.b64],
  ['asn1', NAME.asn1],
  ['metadata', NAME.metadata],
  ['properties', NAME.properties],
  ['payload', NAME.payload],
  ['data', NAME.data],
  ['bytes', NAME.bytes],
  ['message-signed', NAME.messageSigned],
];

const LONGEST_NAME = 14;
const NAMES_OF_LENGTH = Array.from({ length: LONGEST_NAME + 1 }, (_, length) =>
  NAMES.filter(([name]) => name.length === length).map(([name, id]) => ({ name, id })),
);

/** The name [from, to) of `text`, without its quotes. */
export function nameAt(text: Uint8Array, from: number, to: number): number {
  const length = to - from;
  if (length > LONGEST_NAME) return OTHER_NAME;
  for (const { name, id } of NAMES_OF_LENGTH[length]!) if (hasAt(text, from, name)) return id;
  return OTHER_NAME;
}

/** A place in documents where bytes are. */
export interface MemberPath {
  /** If an object has several, the one of lowest rank counts. */
  readonly rank: number;
  readonly path: string;
  /** How many objects lie between the string and the object that the path begins at. */
  readonly levels: number;
}

export const HEX: MemberPath = { rank: 1, path: 'hex', levels: 0 };
export const B64: MemberPath = { rank: 2, path: 'b64', levels: 0 };
const METADATA_ASN1: MemberPath = { rank: 3, path: 'metadata.asn1', levels: 1 };
const PAYLOAD_DATA_BYTES: MemberPath = { rank: 4, path: 'payload.data.bytes', levels: 2 };
const ASN1: MemberPath = { rank: 5, path: 'asn1', levels: 0 };
const PROPERTIES_ASN1: MemberPath = { rank: 6, path: 'properties.asn1', levels: 1 };
export const MESSAGE_SIGNED: MemberPath = { rank: 7, path: 'message-signed', levels: 0 };
/** Counts only if the string looks like bytes: other documents have words in it. */
export const PAYLOAD: MemberPath = { rank: 8, path: 'payload', levels: 0 };

export const MEMBER_PATHS = [
  HEX,
  B64,
  METADATA_ASN1,
  PAYLOAD_DATA_BYTES,
  ASN1,
  PROPERTIES_ASN1,
  MESSAGE_SIGNED,
  PAYLOAD,
].map(({ path }) => path);

/** Which place a string is, by its name and those of the objects around it. */
export function memberPath(name: number, parent: number, grandparent: number): MemberPath | undefined {
  switch (name) {
    case NAME.hex:
      return HEX;
    case NAME.b64:
      return B64;
    case NAME.asn1:
      return parent === NAME.metadata ? METADATA_ASN1 : parent === NAME.properties ? PROPERTIES_ASN1 : ASN1;
    case NAME.bytes:
      return parent === NAME.data && grandparent === NAME.payload ? PAYLOAD_DATA_BYTES : undefined;
    case NAME.messageSigned:
      return MESSAGE_SIGNED;
    case NAME.payload:
      return PAYLOAD;
    default:
      return undefined;
  }
}
