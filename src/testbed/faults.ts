import type { FailureCode } from '../verdict/index.ts';
import { CHAIN_FAULTS } from './faults/chain.ts';
import { ENCODING_FAULTS } from './faults/encoding.ts';
import { HEADER_FAULTS } from './faults/headers.ts';
import { PERMISSION_FAULTS } from './faults/permissions.ts';
import { REGION_FAULTS } from './faults/regions.ts';
import { SIGNATURE_FAULTS } from './faults/signatures.ts';
import { STRUCTURE_FAULTS } from './faults/structure.ts';
import type { Case, Fault, Specimen } from './faults/support.ts';
import type { Scms } from './scms.ts';

export type { Case, Expected, Fault, Specimen } from './faults/support.ts';

/** The faults of certificates and messages. Each breaks the rule in its name, and none that is checked earlier. */
export const FAULTS: readonly Fault[] = [
  ...ENCODING_FAULTS,
  ...STRUCTURE_FAULTS,
  ...CHAIN_FAULTS,
  ...REGION_FAULTS,
  ...PERMISSION_FAULTS,
  ...SIGNATURE_FAULTS,
  ...HEADER_FAULTS,
];

/** Codes that only a CRL gets: its faults are a catalogue of their own (crl-faults.ts). */
const CODES_OF_CRLS = {
  unexpectedCrlHeader: 'of CRLs alone',
  invalidCrlContents: 'of CRLs alone',
  crlPSIDMismatch: 'of CRLs alone',
  crlSignerNotAuthorized: 'of CRLs alone',
  crlSeriesNotPermitted: 'of CRLs alone',
  crlIssuerMismatch: 'of CRLs alone',
  crlDatesInconsistent: 'of CRLs alone',
  crlIssuedInFuture: 'of CRLs alone',
  crlRollback: 'of CRLs alone',
  crlNotContinuous: 'of CRLs alone',
} as const satisfies Partial<Record<FailureCode, string>>;

/** The codes that no certificate or message can cause, and why. */
export const CODES_WITHOUT_FAULT: Readonly<Partial<Record<FailureCode, string>>> = {
  unreadableRecord: 'a reader says so, before there are bytes to verify',
  internalFailure: 'the verifier itself has failed',
  enumUnknown:
    'no structure that is decoded here has a closed enumeration (but CrlSsp, which is an SSP that cannot be read then)',
  certificateRevoked: 'a CRL says so',
  overdueCRL: 'a CRL that is old says so',
  overdueCRLRejected: 'a CRL that is old says so',
  revocationNotEvaluated: 'the CRLs that are loaded say so',
  revocationNotChecked: 'the CRLs that are not loaded say so',
  ...CODES_OF_CRLS,
  reconstructionFailed: 'needs a fixed point of SHA-256 (faults/signatures.ts)',
};

/** Faults by the code that they must produce, in the order of the catalogue. */
export function faultsByCode(): Map<FailureCode, Fault[]> {
  const byCode = new Map<FailureCode, Fault[]>();
  for (const fault of FAULTS) {
    const code = fault.expected.code as FailureCode;
    const others = byCode.get(code);
    if (others) others.push(fault);
    else byCode.set(code, [fault]);
  }
  return byCode;
}

/** Builds a specimen with a generator of its own: it is the same for any order of building. */
export function buildSpecimen(specimen: Specimen, scms: Scms): Case {
  return specimen.build(scms, scms.random.fork(`${specimen.kind} ${specimen.name}`));
}
