import { COER_ERROR_CODES, type CoerErrorCode } from '../coer/index.ts';

/**
 * Rules are checked in stages, and the first stage with a failure decides the code (DECISIONS D4). Inside a stage the
 * failure nearest to the root decides.
 */
export const STAGES = [
  'decoding',
  'structure',
  'issuer',
  'chainLength',
  'validityNesting',
  'regionNesting',
  'permissions',
  'chainSignature',
  'ownSignature',
  'revocation',
  'proof',
  'times',
  'location',
  'consistency',
  'relevance',
] as const;
/** A stage of {@link STAGES}, in their order. */
export type Stage = (typeof STAGES)[number];

/** The names of IEEE 1609.2 Sec-SignedDataVerification result codes, with the numbers of the OmniAir test interface. */
export const RESULT_NAMES = {
  success: 0,
  inconsistentInputParameters: 2,
  invalidInput: 3,
  unsupportedCriticalInformationField: 4,
  certificateNotFound: 5,
  generationTimeNotAvailable: 6,
  generationLocationNotAvailable: 7,
  notEnoughInformationToConstructChain: 8,
  chainEndedAtUntrustedRoot: 9,
  chainWasTooLongForImplementation: 10,
  certificateRevoked: 11,
  overdueCRL: 12,
  inconsistentExpiryTimes: 13,
  inconsistentStartTimes: 14,
  inconsistentChainPermissions: 15,
  cryptoVerificationFailure: 16,
  futureCertificateAtGenerationTime: 17,
  expiredCertificateAtGenerationTime: 18,
  expiryDateTooEarly: 19,
  expiryDateTooLate: 20,
  generationLocationOutsideValidityRegion: 21,
  noGenerationLocation: 22,
  unauthorizedPSID: 23,
  expiryTimeBeforeGenerationTime: 24,
  extDataHashDoesntMatch: 25,
  noExtDataHashProvided: 26,
  noExtDataHashPresent: 27,
  PSIDsDontMatch: 28,
  generationTimeTooFarInPast: 30,
  tooFarInFuture: 31,
  expiryTimeInPast: 32,
  generationLocationTooDistant: 33,
  replayedSpdu: 34,
  certificateExpired: 35,
  inconsistentValidityRegion: 36,
} as const;
/** A name of {@link RESULT_NAMES}. */
export type ResultName = keyof typeof RESULT_NAMES;

interface CodeDefinition {
  readonly stage: Stage;
  /** `undecided` where the verifier lacks something; everything else is `invalid`. */
  readonly verdict: 'invalid' | 'undecided';
  /** The standard's own name for it; null where none fits. */
  readonly resultName: ResultName | null;
  /** What went wrong, in words. */
  readonly meaning: string;
}

function define(
  stage: Stage,
  resultName: ResultName | null,
  meaning: string,
  verdict: 'invalid' | 'undecided' = 'invalid',
): CodeDefinition {
  return { stage, verdict, resultName, meaning };
}

const RULE_CODES = {
  // What was handed in
  unreadableRecord: define('decoding', 'invalidInput', 'the record is no structure of IEEE 1609.2', 'undecided'),
  unexpectedStructure: define('decoding', 'invalidInput', 'the bytes hold another kind of structure'),
  notSigned: define('decoding', 'invalidInput', 'the data is not signed'),

  // Structure
  unsupportedVersion: define('structure', 'invalidInput', 'a version other than 3'),
  unsupportedCriticalInformationField: define(
    'structure',
    'unsupportedCriticalInformationField',
    'a critical field holds an alternative that this verifier does not know',
  ),
  missingSignature: define('structure', 'invalidInput', 'an explicit certificate without signature'),
  unexpectedSignature: define('structure', 'invalidInput', 'an implicit certificate with a signature'),
  keyIndicatorMismatch: define(
    'structure',
    'invalidInput',
    'verifyKeyIndicator does not fit the certificate type (explicit: key, implicit: reconstruction value)',
  ),
  invalidPointForm: define(
    'structure',
    'invalidInput',
    'a point in a form that is not allowed there (x-only key, fill)',
  ),
  invalidPublicKey: define(
    'structure',
    'cryptoVerificationFailure',
    'a key or reconstruction value is not on its curve',
  ),
  noPermissions: define('structure', 'invalidInput', 'a certificate without any permissions'),
  duplicatePSID: define('structure', 'invalidInput', 'a PSID is listed twice in appPermissions'),
  duplicateAllPermissions: define('structure', 'invalidInput', 'more than one permission group for all PSIDs'),
  invalidChainLength: define(
    'structure',
    'inconsistentChainPermissions',
    'minChainLength below 1, or chainLengthRange below −1',
  ),
  invalidRegion: define('structure', 'invalidInput', 'a region that is none (IEEE 1609.2 §6.4.17)'),
  invalidSspRange: define('structure', 'invalidInput', 'a bitmap SSP range whose value and mask differ in length'),
  noPayload: define('structure', 'invalidInput', 'signed data without data, extDataHash or omitted payload'),
  inconsistentInputParameters: define(
    'structure',
    'inconsistentInputParameters',
    "the signer's certificate list is not one chain",
  ),

  // Issuer and signer
  certificateNotFound: define('issuer', 'certificateNotFound', 'the signing certificate is not known', 'undecided'),
  issuerNotFound: define(
    'issuer',
    'notEnoughInformationToConstructChain',
    'an issuer of the chain is not known',
    'undecided',
  ),
  chainEndedAtUntrustedRoot: define(
    'issuer',
    'chainEndedAtUntrustedRoot',
    'the chain ends at a self-signed certificate that is not trusted',
  ),
  rootRemoved: define(
    'issuer',
    'chainEndedAtUntrustedRoot',
    'the chain ends at a root that the trust store has removed; the detail says who voted so',
  ),
  chainTooLong: define(
    'chainLength',
    'chainWasTooLongForImplementation',
    'the chain has more certificates than allowed',
  ),

  // Nesting
  inconsistentStartTimes: define('validityNesting', 'inconsistentStartTimes', 'a certificate starts before its issuer'),
  inconsistentExpiryTimes: define('validityNesting', 'inconsistentExpiryTimes', 'a certificate ends after its issuer'),
  inconsistentValidityRegion: define(
    'regionNesting',
    'inconsistentValidityRegion',
    "a certificate's region reaches outside its issuer's",
  ),
  inconsistentChainPermissions: define(
    'permissions',
    'inconsistentChainPermissions',
    'a certificate has permissions that its issuer cannot give',
  ),
  unauthorizedPSID: define(
    'permissions',
    'unauthorizedPSID',
    "the message's PSID is not among the signer's permissions",
  ),

  // Signatures
  badChainSignature: define(
    'chainSignature',
    'cryptoVerificationFailure',
    'the signature of a CA certificate is wrong',
  ),
  reconstructionFailed: define(
    'chainSignature',
    'cryptoVerificationFailure',
    'the key of an implicit certificate reconstructs to infinity',
  ),
  badSignature: define('ownSignature', 'cryptoVerificationFailure', 'the signature is wrong'),
  nonCanonicalSignature: define(
    'ownSignature',
    'cryptoVerificationFailure',
    'the signature is right only over the raw, non-canonical encoding',
  ),
  unsupportedAlgorithm: define('ownSignature', null, 'a signature algorithm that is decoded only', 'undecided'),
  // Revocation
  certificateRevoked: define('revocation', 'certificateRevoked', 'a certificate revocation list names the certificate'),
  overdueCRL: define(
    'revocation',
    'overdueCRL',
    'the newest CRL for the certificate has been overdue for longer than is tolerated',
    'undecided',
  ),
  overdueCRLRejected: define(
    'revocation',
    'overdueCRL',
    'the same, where the policy is to reject what an overdue CRL covers',
  ),
  revocationNotEvaluated: define(
    'revocation',
    null,
    'a CRL covers the certificate, but its entries are not expanded for the period of the certificate',
    'undecided',
  ),
  revocationNotChecked: define(
    'revocation',
    null,
    'no CRL covers the certificate, and the policy requires one',
    'undecided',
  ),
  implicitReconstructed: define(
    'proof',
    null,
    'an implicit certificate on its own: its key is reconstructed, nothing has proven it',
    'undecided',
  ),

  // Times
  notYetValid: define('times', null, 'the certificate is not valid yet at the time of verification'),
  certificateExpired: define('times', 'certificateExpired', 'the certificate has expired at the time of verification'),
  futureCertificateAtGenerationTime: define(
    'times',
    'futureCertificateAtGenerationTime',
    'the message was generated before its certificate was valid',
  ),
  expiredCertificateAtGenerationTime: define(
    'times',
    'expiredCertificateAtGenerationTime',
    'the message was generated after its certificate had expired',
  ),
  expiryDateTooEarly: define('times', 'expiryDateTooEarly', 'the message expires before its certificate is valid'),
  expiryDateTooLate: define('times', 'expiryDateTooLate', 'the message expires after its certificate'),

  // Location
  generationLocationOutsideValidityRegion: define(
    'location',
    'generationLocationOutsideValidityRegion',
    "the message was generated outside its certificate's region",
  ),
  noGenerationLocation: define(
    'location',
    'noGenerationLocation',
    'a certificate with a region signed a message without location',
  ),

  // Consistency
  expiryTimeBeforeGenerationTime: define(
    'consistency',
    'expiryTimeBeforeGenerationTime',
    'the message expires no later than it was generated',
  ),
  extDataHashDoesntMatch: define('consistency', 'extDataHashDoesntMatch', 'the external data has another hash'),
  noExtDataHashProvided: define(
    'consistency',
    'noExtDataHashProvided',
    'the message hashes external data, and none was handed in',
    'undecided',
  ),
  noExtDataHashPresent: define(
    'consistency',
    'noExtDataHashPresent',
    'external data was handed in, and the message hashes none',
  ),
  PSIDsDontMatch: define('consistency', 'PSIDsDontMatch', 'the layer below carries another PSID than the header'),

  // Relevance
  generationTimeNotAvailable: define(
    'relevance',
    'generationTimeNotAvailable',
    'a relevance check needs generationTime',
  ),
  generationLocationNotAvailable: define(
    'relevance',
    'generationLocationNotAvailable',
    'a relevance check needs generationLocation',
  ),
  generationTimeTooFarInPast: define('relevance', 'generationTimeTooFarInPast', 'the message is too old'),
  tooFarInFuture: define('relevance', 'tooFarInFuture', 'the message was generated in the future'),
  expiryTimeInPast: define('relevance', 'expiryTimeInPast', 'the message has expired'),
  generationLocationTooDistant: define(
    'relevance',
    'generationLocationTooDistant',
    'the message comes from too far away',
  ),
  replayedSpdu: define('relevance', 'replayedSpdu', 'the same message was received before'),

  // CRLs
  unexpectedCrlHeader: define('structure', 'invalidInput', 'a CRL with a header field that none may have (§7.4)'),
  invalidCrlContents: define('structure', 'invalidInput', 'a CRL whose contents the standard does not allow'),
  crlPSIDMismatch: define('permissions', 'unauthorizedPSID', 'a CRL that is signed under another PSID than 256'),
  crlSignerNotAuthorized: define(
    'permissions',
    'unauthorizedPSID',
    "the signer's certificate does not permit it to sign CRLs (CrlSsp of PSID 256)",
  ),
  crlSeriesNotPermitted: define(
    'permissions',
    'unauthorizedPSID',
    'the CRL is of a series that its signer may not issue',
  ),
  crlIssuerMismatch: define(
    'permissions',
    'inconsistentChainPermissions',
    'crlCraca is not the CA on whose behalf the signer may revoke',
  ),
  crlDatesInconsistent: define('times', null, 'a CRL whose next issue is not after its own'),
  crlIssuedInFuture: define('times', 'tooFarInFuture', 'the CRL was issued after the time of verification'),
  crlRollback: define('consistency', null, 'a newer CRL of the same authority and series is known'),
  crlNotContinuous: define(
    'consistency',
    null,
    'a delta CRL that does not follow the CRL which is known, or two CRLs for one place in their order',
    'undecided',
  ),

  // Ours
  internalFailure: define('decoding', null, 'the verifier failed on this item', 'undecided'),
} as const satisfies Record<string, CodeDefinition>;

export type RuleCode = keyof typeof RULE_CODES;
/** Every code that a verdict can carry beside `ok`. */
export type FailureCode = RuleCode | CoerErrorCode;
/** Every code of a verdict: `ok`, or a failure. */
export type Code = 'ok' | FailureCode;

const DECODING_CODES = Object.fromEntries(
  Object.entries(COER_ERROR_CODES).map(([code, meaning]) => [code, define('decoding', 'invalidInput', meaning)]),
) as Record<CoerErrorCode, CodeDefinition>;

/** Codes with their stage, verdict, meaning, and the standard's name. */
export const CODES: Readonly<Record<FailureCode, CodeDefinition>> = { ...DECODING_CODES, ...RULE_CODES };

const STAGE_ORDER = new Map(STAGES.map((stage, index) => [stage, index]));

/** Position of a failure's stage in the order of verification. */
export function stageIndex({ code, stage }: { readonly code: FailureCode; readonly stage?: Stage }): number {
  return STAGE_ORDER.get(stage ?? CODES[code].stage) as number;
}
