import type { Credential } from '../certificates.ts';
import { concat, listOf, textOf, uint16Of } from './octets.ts';

/** The content of a chain file; ballots are encoded. */
export interface ChainFileParts {
  readonly rootCAEndorsements?: readonly Uint8Array[];
  readonly electorEndorsements?: readonly Uint8Array[];
  readonly ma: Pick<Credential, 'bytes'>;
  readonly certs?: readonly Pick<Credential, 'bytes'>[];
}

const NO_EXTENSIONS = Uint8Array.of(0);

function certificateStore(parts: ChainFileParts): Uint8Array {
  const { rootCAEndorsements = [], electorEndorsements = [], ma, certs = [] } = parts;
  const certificates = listOf(certs.map(({ bytes }) => bytes));
  return concat(NO_EXTENSIONS, listOf(rootCAEndorsements), listOf(electorEndorsements), ma.bytes, certificates);
}

/** A global chain file (GCCF). */
export function globalChainFile(version: number, parts: ChainFileParts): Uint8Array {
  return concat(Uint8Array.of(1, 0x80, 0x80), uint16Of(version), certificateStore(parts));
}

/** The version of a local chain file. */
export interface LocalVersion {
  readonly gccfVersion: number;
  readonly lccfVersion: number;
  readonly raHostname: string;
}

/** A local chain file (LCCF). */
export function localChainFile(
  { gccfVersion, lccfVersion, raHostname }: LocalVersion,
  parts: ChainFileParts,
  optional: readonly Pick<Credential, 'bytes'>[] = [],
): Uint8Array {
  const version = concat(uint16Of(gccfVersion), uint16Of(lccfVersion), textOf(raHostname));
  const optionalCertList = listOf(optional.map(({ bytes }) => bytes));
  const prefix = Uint8Array.of(1, 0x80, 0x81);
  return concat(prefix, NO_EXTENSIONS, version, certificateStore(parts), optionalCertList);
}
