/** Rules on signed messages (IEEE 1609.2 §5.2.4.2). Pure: no arithmetic kernel, no I/O, time is a fact. */
import { isKnownLocation } from '../certificates/index.ts';
import { encryptionKeyFault } from './encryption-key.ts';
import type { MessageFacts } from './message-facts.ts';
import { text } from './micros.ts';
import { type Rule, rulesOver } from './rule.ts';

const rule = rulesOver<MessageFacts>();

/** PSIDs that a detail lists; deployed certificates have fewer. */
const LISTED = 16;

/** Rules on a message by itself: they read the octets of the message alone, and hold or not whoever signed it. */
export const MESSAGE_STRUCTURE_RULES: readonly Rule<MessageFacts>[] = [
  rule({
    id: 'messageVersion',
    code: 'unsupportedVersion',
    clause: 'IEEE 1609.2 §6.3.2',
    reads: ['protocolVersion'],
    holds: ({ protocolVersion }) => protocolVersion === 3,
    detail: ({ protocolVersion }) => `protocolVersion ${protocolVersion}`,
  }),
  rule({
    id: 'messageHashId',
    code: 'unsupportedCriticalInformationField',
    clause: 'IEEE 1609.2 §6.3.5',
    reads: ['hashId'],
    holds: ({ hashId }) => !hashId.startsWith('unknown'),
    detail: ({ hashId }) => `hashId ${hashId}`,
  }),
  rule({
    id: 'messageSignerAlternative',
    code: 'unsupportedCriticalInformationField',
    clause: 'IEEE 1609.2 §6.3.24',
    reads: ['signerAlternative'],
    holds: ({ signerAlternative }) => signerAlternative === undefined,
    detail: ({ signerAlternative }) => `signer alternative ${signerAlternative}`,
  }),
  rule({
    id: 'messageSignatureAlternative',
    code: 'unsupportedCriticalInformationField',
    clause: 'IEEE 1609.2 §6.3.28',
    reads: ['signatureAlternative'],
    holds: ({ signatureAlternative }) => signatureAlternative === undefined,
    detail: ({ signatureAlternative }) => `signature alternative ${signatureAlternative}`,
  }),
  rule({
    id: 'messageRSigForm',
    code: 'invalidPointForm',
    clause: 'IEEE 1609.2 §6.3.23',
    reads: ['rSigForm'],
    holds: ({ rSigForm }) => rSigForm !== 'fill',
    detail: () => 'fill rSig',
  }),
  rule({
    id: 'messageExtDataHashAlternative',
    code: 'unsupportedCriticalInformationField',
    clause: 'IEEE 1609.2 §6.3.7',
    reads: ['extDataHashAlternative'],
    holds: ({ extDataHashAlternative }) => extDataHashAlternative === undefined,
    detail: ({ extDataHashAlternative }) => `extDataHash alternative ${extDataHashAlternative}`,
  }),
  rule({
    id: 'messagePayload',
    code: 'noPayload',
    clause: 'IEEE 1609.2 §6.3.7',
    reads: ['payloadKinds'],
    holds: ({ payloadKinds }) => payloadKinds !== '',
    detail: () => 'neither data, extDataHash nor omitted',
  }),
  rule({
    id: 'messageEncryptionKey',
    code: 'invalidPublicKey',
    clause: 'IEEE 1609.2 §6.3.18',
    reads: ['encryptionKey'],
    given: ['encryptionKey'],
    holds: ({ encryptionKey }) => encryptionKeyFault(encryptionKey) === undefined,
    detail: ({ encryptionKey }) => encryptionKeyFault(encryptionKey) ?? '',
  }),
];

/** Rules on a message under the certificate that signed it. */
export const MESSAGE_SIGNER_RULES: readonly Rule<MessageFacts>[] = [
  rule({
    id: 'headerPsid',
    code: 'unauthorizedPSID',
    clause: 'IEEE 1609.2 §5.2.4.2.3',
    reads: ['psid', 'appPsids'],
    holds: ({ psid, appPsids }) => appPsids.includes(psid),
    detail: ({ psid, appPsids }) => {
      const granted = `${appPsids.slice(0, LISTED).join(', ') || 'none'}${appPsids.length > LISTED ? ', …' : ''}`;
      return `psid ${psid}, certificate has ${granted}`;
    },
  }),
  rule({
    id: 'signerNotYetValid',
    code: 'notYetValid',
    clause: 'IEEE 1609.2 §5.2.4.2.3, DECISIONS D6',
    depth: 1,
    reads: ['generationTime', 'signerValidity', 'verifiedAt'],
    lacking: ['generationTime'],
    holds: ({ signerValidity, verifiedAt }) => verifiedAt >= signerValidity.start,
    detail: ({ signerValidity, verifiedAt }) =>
      `valid from ${text(signerValidity.start)}, verified at ${text(verifiedAt)}`,
  }),
  rule({
    id: 'signerExpired',
    code: 'certificateExpired',
    clause: 'IEEE 1609.2 §5.2.4.2.3, DECISIONS D6',
    depth: 1,
    reads: ['generationTime', 'signerValidity', 'verifiedAt'],
    lacking: ['generationTime'],
    holds: ({ signerValidity, verifiedAt }) => verifiedAt <= signerValidity.end,
    detail: ({ signerValidity, verifiedAt }) => `valid to ${text(signerValidity.end)}, verified at ${text(verifiedAt)}`,
  }),
  rule({
    id: 'generatedBeforeSigner',
    code: 'futureCertificateAtGenerationTime',
    clause: 'IEEE 1609.2 §5.2.4.2.3',
    reads: ['generationTime', 'signerValidity'],
    given: ['generationTime'],
    holds: ({ generationTime, signerValidity }) => generationTime >= signerValidity.start,
    detail: ({ generationTime, signerValidity }) =>
      `generated ${text(generationTime)}, certificate valid from ${text(signerValidity.start)}`,
  }),
  rule({
    id: 'generatedAfterSigner',
    code: 'expiredCertificateAtGenerationTime',
    clause: 'IEEE 1609.2 §5.2.4.2.3',
    reads: ['generationTime', 'signerValidity'],
    given: ['generationTime'],
    holds: ({ generationTime, signerValidity }) => generationTime <= signerValidity.end,
    detail: ({ generationTime, signerValidity }) =>
      `generated ${text(generationTime)}, certificate valid to ${text(signerValidity.end)}`,
  }),
  rule({
    id: 'expiresBeforeSigner',
    code: 'expiryDateTooEarly',
    clause: 'IEEE 1609.2 §5.2.4.2.3',
    reads: ['expiryTime', 'signerValidity'],
    given: ['expiryTime'],
    holds: ({ expiryTime, signerValidity }) => expiryTime >= signerValidity.start,
    detail: ({ expiryTime, signerValidity }) =>
      `expires ${text(expiryTime)}, certificate valid from ${text(signerValidity.start)}`,
  }),
  rule({
    // Roadside units announce events of days under certificates of a week: under a pin such messages are accepted as deployed.
    id: 'expiresAfterSigner',
    code: 'expiryDateTooLate',
    clause: 'IEEE 1609.2 §5.2.4.2.3',
    reads: ['expiryTime', 'signerValidity', 'trust'],
    given: ['expiryTime'],
    holds: ({ expiryTime, signerValidity, trust }) => trust === 'pinned' || expiryTime <= signerValidity.end,
    detail: ({ expiryTime, signerValidity }) =>
      `expires ${text(expiryTime)}, certificate valid to ${text(signerValidity.end)}`,
  }),
  rule({
    id: 'generationLocationRequired',
    code: 'noGenerationLocation',
    clause: 'IEEE 1609.2 §5.2.4.2.3, DECISIONS D7',
    reads: ['generationLocation', 'signerRegion', 'requireLocation'],
    given: ['signerRegion', 'requireLocation'],
    holds: ({ generationLocation }) => generationLocation !== undefined && isKnownLocation(generationLocation),
    detail: ({ signerRegion }) => `the certificate has a ${signerRegion.tag}`,
  }),
  rule({
    id: 'generationLocationInRegion',
    code: 'generationLocationOutsideValidityRegion',
    clause: 'IEEE 1609.2 §5.2.4.2.3',
    reads: ['generationLocation', 'signerRegion', 'insideRegion'],
    given: ['signerRegion', 'generationLocation'],
    holds: ({ insideRegion }) => insideRegion !== false,
    detail: ({ generationLocation: { latitude, longitude }, signerRegion }) =>
      `${latitude / 1e7}, ${longitude / 1e7} is outside the ${signerRegion.tag}`,
  }),
  rule({
    id: 'expiryOrder',
    code: 'expiryTimeBeforeGenerationTime',
    clause: 'IEEE 1609.2 §5.2.4.2.2',
    reads: ['generationTime', 'expiryTime'],
    given: ['generationTime', 'expiryTime'],
    holds: ({ generationTime, expiryTime }) => generationTime < expiryTime,
    detail: ({ generationTime, expiryTime }) => `generated ${text(generationTime)}, expires ${text(expiryTime)}`,
  }),
  rule({
    id: 'lowerLayerPsid',
    code: 'PSIDsDontMatch',
    clause: 'IEEE 1609.2 §5.2.4.2.2',
    reads: ['psid', 'lowerLayerPsid'],
    given: ['lowerLayerPsid'],
    holds: ({ psid, lowerLayerPsid }) => psid === lowerLayerPsid,
    detail: ({ psid, lowerLayerPsid }) => `header psid ${psid}, layer below ${lowerLayerPsid}`,
  }),
  rule({
    id: 'omittedPayload',
    code: 'noExtDataHashProvided',
    clause: 'IEEE 1609.2 §6.3.7',
    reads: ['omitsPayload', 'externalDataHash'],
    lacking: ['externalDataHash'],
    holds: ({ omitsPayload }) => !omitsPayload,
    detail: () => 'the payload is omitted',
  }),
  rule({
    id: 'externalDataAlgorithm',
    code: 'unsupportedAlgorithm',
    clause: 'DECISIONS D38',
    reads: ['extDataHash', 'omitsPayload', 'externalDataHash'],
    given: ['extDataHash'],
    holds: ({ extDataHash, omitsPayload, externalDataHash }) =>
      extDataHash.tag !== 'sm3HashedData' || (omitsPayload && externalDataHash === undefined),
    detail: () => 'extDataHash by SM3',
  }),
  rule({
    id: 'externalDataExpected',
    code: 'noExtDataHashPresent',
    clause: 'IEEE 1609.2 §5.2.4.2.2',
    reads: ['extDataHash', 'omitsPayload', 'externalDataHash'],
    given: ['externalDataHash'],
    lacking: ['extDataHash'],
    holds: ({ omitsPayload }) => omitsPayload,
    detail: () => 'the message has no extDataHash',
  }),
  rule({
    id: 'externalDataProvided',
    code: 'noExtDataHashProvided',
    clause: 'IEEE 1609.2 §5.2.4.2.2',
    reads: ['extDataHash', 'omitsPayload', 'externalDataHash'],
    given: ['extDataHash'],
    lacking: ['externalDataHash'],
    holds: ({ extDataHash, omitsPayload }) => omitsPayload || !isComputed(extDataHash.tag),
    detail: () => 'the message has an extDataHash',
  }),
  rule({
    id: 'externalDataHash',
    code: 'extDataHashDoesntMatch',
    clause: 'IEEE 1609.2 §5.2.4.2.2',
    reads: ['extDataHash', 'externalDataHash'],
    given: ['extDataHash', 'externalDataHash'],
    holds: ({ extDataHash: { tag, value }, externalDataHash }) =>
      !isComputed(tag) ||
      (value.length === externalDataHash.length && value.every((octet, i) => octet === externalDataHash[i])),
    detail: () => 'the hashes differ',
  }),
];

/** Whether this verifier computes a hash of external data. */
function isComputed(tag: string): boolean {
  return tag === 'sha256HashedData' || tag === 'sha384HashedData';
}
