import { choice, type Infer, sequence, sequenceOf, uint8, uint16, utf8 } from '../coer/index.ts';
import { Certificate } from './certificate.ts';
import { Ieee1609Dot2Data } from './signed-data.ts';

/**
 * CAMP SCMS PoC local chain files, as a source of CA certificates. They carry no signature of their own: nothing in one
 * is trusted before its chain has been checked.
 */

const MAX_CERTIFICATES = 4096;
export const MAX_BALLOTS = 64;
const MAX_ENDORSEMENTS = 64;

/** Votes of the electors about one certificate. Every deployed local chain file has empty lists of them. */
export const ElectorBallot = sequence({ endorsements: sequenceOf(Ieee1609Dot2Data, 0, MAX_ENDORSEMENTS) });

const CertificateStore = sequence(
  {
    rootCAEndorsements: sequenceOf(ElectorBallot, 0, MAX_BALLOTS),
    electorEndorsements: sequenceOf(ElectorBallot, 0, MAX_BALLOTS),
    maCertificate: Certificate,
    certs: sequenceOf(Certificate, 0, MAX_CERTIFICATES),
  },
  { extensions: {} },
);

const LocalCertificateChainFile = sequence(
  {
    version: sequence({ gccfVersion: uint16, lccfVersion: uint16, raHostname: utf8(255) }),
    requiredCertStore: CertificateStore,
    optionalCertList: sequenceOf(Certificate, 0, MAX_CERTIFICATES),
  },
  { extensions: {} },
);

/** The file on the wire: version 1, `cert-chain`, `local`. The global alternative comes with root management. */
const CERT_CHAIN_TAG = 0x80;
const LOCAL_TAG = 0x81;
export const LOCAL_CHAIN_FILE_PREFIX = Uint8Array.of(1, CERT_CHAIN_TAG, LOCAL_TAG);

const ScopedChainFile = choice({ unsupportedGlobal: sequence({}), local: LocalCertificateChainFile });
export const LocalChainFile = sequence({ version: uint8, content: choice({ certChain: ScopedChainFile }) });
export interface LocalChainFile extends Infer<typeof LocalChainFile> {}

/** Every certificate of a local chain file in file order, as the octets they came in. */
export function certificatesOfChainFile(file: LocalChainFile): Uint8Array[] {
  const scoped = file.content.value;
  if (scoped.tag !== 'local') return [];
  const { requiredCertStore, optionalCertList } = scoped.value;
  const all = [requiredCertStore.maCertificate, ...requiredCertStore.certs, ...optionalCertList];
  return all.map((certificate) => certificate.encoded as Uint8Array);
}
