/** An issuing SCMS whose every byte follows from a seed: for tests, benches, rehearsals and demonstrations. */
export {
  type CertificateFields,
  type Credential,
  hashedId8,
  issueExplicit,
  issueImplicit,
  named,
  signerInputHash,
} from './certificates.ts';
export {
  deviceChains,
  groupChains,
  groupLinkageValue,
  type HashEdition,
  type HashEntry,
  hashEntryOf,
  type LinkageRequest,
  singleSeedLinkageValue,
} from './crl-entries.ts';
export {
  buildCrlSpecimen,
  CRL_FAULTS,
  CRL_SPECIALS,
  type CrlCase,
  type CrlSpecimen,
  crlGenerator,
  inputsOf,
  withOtherSignature,
} from './crl-faults/index.ts';
export {
  type CrlRequest,
  type CrlSigning,
  compositeCrl,
  crlContents,
  issueCrl,
  scmsCompositeCrl,
  signCrl,
} from './crls.ts';
export {
  applicationCertificate,
  enrolmentCertificate,
  implicitApplicationCertificate,
  PSEUDONYMS_PER_WEEK,
  type PseudonymCredential,
  pseudonyms,
} from './devices.ts';
export {
  buildSpecimen,
  type Case,
  CODES_WITHOUT_FAULT,
  type Expected,
  FAULTS,
  type Fault,
  faultsByCode,
  type Specimen,
} from './faults.ts';
export {
  CURVES,
  type CurveName,
  curvePoint,
  generateKey,
  type HashName,
  hashWith,
  type PointForm,
  type PrivateKey,
  publicKeyValue,
  publicPoint,
} from './keys.ts';
export {
  chainAt,
  createLinkageAuthority,
  evolveSeed,
  type LinkageAuthority,
  type LinkageChain,
  linkageValues,
  preLinkageValues,
} from './linkage.ts';
export {
  attached,
  chainBelowRoot,
  type MessageFlaws,
  type MessageRequest,
  signedMessage,
  signMessage,
  unsecured,
} from './messages.ts';
export { type Expectation, mixture, plainFaults } from './mixture.ts';
export * from './permissions.ts';
export { Random } from './random.ts';
export { createScms, type Scms, type ScmsOptions, WEEK_SECONDS, yearsFrom } from './scms.ts';
export { negated, type RawSignature, signDigest, signingDigest } from './sign.ts';
export { SPECIALS } from './specials.ts';
export * from './trust/index.ts';
