import { choice, type Infer, sequence, sequenceOf, uint8, uint16, utf8 } from '../coer/index.ts';
import { Certificate } from './certificate.ts';
import { ElectorBallots } from './endorsement.ts';

/**
 * CAMP SCMS PoC certificate chain files, global (GCCF) and local (LCCF). They carry no signature of their own: nothing in one
 * is trusted before its votes have been counted and its chains been checked.
 */

const MAX_CERTIFICATES = 4096;

const CertificateStore = sequence(
  {
    rootCAEndorsements: ElectorBallots,
    electorEndorsements: ElectorBallots,
    maCertificate: Certificate,
    certs: sequenceOf(Certificate, 0, MAX_CERTIFICATES),
  },
  { extensions: {} },
);
/** A decoded CertificateStore: endorsements, the MA certificate and component certificates. */
export type CertificateStore = Infer<typeof CertificateStore>;

const GlobalCertificateChainFile = sequence({ version: uint16, certStore: CertificateStore });

const LocalCertificateChainFile = sequence(
  {
    version: sequence({ gccfVersion: uint16, lccfVersion: uint16, raHostname: utf8(255) }),
    requiredCertStore: CertificateStore,
    optionalCertList: sequenceOf(Certificate, 0, MAX_CERTIFICATES),
  },
  { extensions: {} },
);

/** The file on the wire: version 1, `cert-chain`, then `global` or `local`. */
const CERT_CHAIN_TAG = 0x80;
export const GLOBAL_CHAIN_FILE_PREFIX = Uint8Array.of(1, CERT_CHAIN_TAG, 0x80);
export const LOCAL_CHAIN_FILE_PREFIX = Uint8Array.of(1, CERT_CHAIN_TAG, 0x81);

const ScopedChainFile = choice({ global: GlobalCertificateChainFile, local: LocalCertificateChainFile });
/** A global or local certificate chain file as an ScmsFile (CAMP). */
export const ChainFile = sequence({ version: uint8, content: choice({ certChain: ScopedChainFile }) });
export interface ChainFile extends Infer<typeof ChainFile> {}

/** The part of a chain file with its votes and certificates. */
export function storeOfChainFile(file: ChainFile): CertificateStore {
  const scoped = file.content.value;
  return scoped.tag === 'global' ? scoped.value.certStore : scoped.value.requiredCertStore;
}

/** Every certificate of a chain file in file order, as received. Certificates inside votes are not included. */
export function certificatesOfChainFile(file: ChainFile): Uint8Array[] {
  const { maCertificate, certs } = storeOfChainFile(file);
  const scoped = file.content.value;
  const optional = scoped.tag === 'local' ? scoped.value.optionalCertList : [];
  return [maCertificate, ...certs, ...optional].map((certificate) => certificate.encoded as Uint8Array);
}
