/** Facts as plain data for people, and where they stand in an item. */
import { type TraceNode, toHex } from '../coer/index.ts';
import { formatTai } from '../dot2/index.ts';

/** Paths of field names, by fact. */
export type Fields = Readonly<Record<string, string>>;

const HEADER = 'content.signedData.tbsData.headerInfo';
export const MESSAGE_FIELDS: Fields = {
  protocolVersion: 'protocolVersion',
  hashId: 'content.signedData.hashId',
  extDataHash: 'content.signedData.tbsData.payload.extDataHash',
  psid: `${HEADER}.psid`,
  generationTime: `${HEADER}.generationTime`,
  expiryTime: `${HEADER}.expiryTime`,
  generationLocation: `${HEADER}.generationLocation`,
  encryptionKey: `${HEADER}.encryptionKey`,
  appPsids: 'content.signedData.signer.certificate.[0].toBeSigned.appPermissions',
  signerValidity: 'content.signedData.signer.certificate.[0].toBeSigned.validityPeriod',
  signerRegion: 'content.signedData.signer.certificate.[0].toBeSigned.region',
};
export const CERTIFICATE_FIELDS: Fields = {
  version: 'version',
  type: 'type',
  issuer: 'issuer',
  region: 'toBeSigned.region',
  appPermissions: 'toBeSigned.appPermissions',
  certIssuePermissions: 'toBeSigned.certIssuePermissions',
  certRequestPermissions: 'toBeSigned.certRequestPermissions',
  keyIndicator: 'toBeSigned.verifyKeyIndicator',
  keyForm: 'toBeSigned.verifyKeyIndicator',
  encryptionKey: 'toBeSigned.encryptionKey',
  validity: 'toBeSigned.validityPeriod',
  rSigForm: 'signature',
  isSigned: 'signature',
};

/** The node at a path of field names. */
export function find(tree: TraceNode, path: string): TraceNode | undefined {
  let node: TraceNode | undefined = tree;
  for (const name of path.split('.')) node = node?.children.find((child) => child.name === name);
  return node;
}

const TIMES: ReadonlySet<string> = new Set([
  'generationTime',
  'expiryTime',
  'at',
  'verifiedAt',
  'earliestGeneration',
  'latestGeneration',
  'start',
  'end',
]);

/** Elements of a list that are shown, and levels. */
const SHOWN = 16;
const LEVELS = 8;

/** A fact as plain data for people. */
export function plain(name: string, value: unknown, level = 0): unknown {
  if (value === undefined || value === null) return null;
  if (TIMES.has(name) && (typeof value === 'number' || typeof value === 'bigint')) return formatTai(BigInt(value));
  if (typeof value === 'bigint') return `${value}`;
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value !== 'object') return value;
  if (level >= LEVELS) return '…';
  if (Array.isArray(value)) {
    const shown = value.slice(0, SHOWN).map((one) => plain(name, one, level + 1));
    return value.length > SHOWN ? [...shown, `… ${value.length - SHOWN} more`] : shown;
  }
  const members = Object.entries(value).filter(
    ([key]) => key !== 'encoded' && !(name === 'issuers' && !OF_ISSUER.has(key) && level === 1),
  );
  return Object.fromEntries(members.map(([key, one]) => [key, plain(key, one, level + 1)]));
}

const OF_ISSUER: ReadonlySet<string> = new Set(['id', 'certIssuePermissions']);
