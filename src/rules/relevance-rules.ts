/** Whether a genuine message still matters here and now (IEEE 1609.2 §5.2.4.2.4): each rule applies only if the receiver asks for it. */
import { distanceMetres, isKnownLocation } from '../certificates/index.ts';
import type { MessageFacts } from './message-facts.ts';
import { text } from './micros.ts';
import { type Rule, rulesOver } from './rule.ts';

const rule = rulesOver<MessageFacts>();
const CLAUSE = 'IEEE 1609.2 §5.2.4.2.4';

export const RELEVANCE_RULES: readonly Rule<MessageFacts>[] = [
  rule({
    id: 'generationTimeAvailable',
    code: 'generationTimeNotAvailable',
    clause: CLAUSE,
    stage: 'relevance',
    reads: ['generationTime', 'earliestGeneration', 'latestGeneration'],
    lacking: ['generationTime'],
    holds: ({ earliestGeneration, latestGeneration }) =>
      earliestGeneration === undefined && latestGeneration === undefined,
    detail: () => 'no generationTime',
  }),
  rule({
    id: 'generatedLately',
    code: 'generationTimeTooFarInPast',
    clause: CLAUSE,
    stage: 'relevance',
    reads: ['generationTime', 'earliestGeneration', 'at'],
    given: ['generationTime', 'earliestGeneration'],
    holds: ({ generationTime, earliestGeneration }) => generationTime >= earliestGeneration,
    detail: ({ generationTime, at }) => `generated ${text(generationTime)}, verified at ${text(at)}`,
  }),
  rule({
    id: 'notGeneratedInFuture',
    code: 'tooFarInFuture',
    clause: CLAUSE,
    stage: 'relevance',
    reads: ['generationTime', 'latestGeneration', 'at'],
    given: ['generationTime', 'latestGeneration'],
    holds: ({ generationTime, latestGeneration }) => generationTime <= latestGeneration,
    detail: ({ generationTime, at }) => `generated ${text(generationTime)}, verified at ${text(at)}`,
  }),
  rule({
    id: 'messageNotExpired',
    code: 'expiryTimeInPast',
    clause: CLAUSE,
    stage: 'relevance',
    reads: ['expiryTime', 'checkExpiry', 'at'],
    given: ['expiryTime', 'checkExpiry'],
    holds: ({ expiryTime, at }) => expiryTime >= at,
    detail: ({ expiryTime, at }) => `expired ${text(expiryTime)}, verified at ${text(at)}`,
  }),
  rule({
    id: 'signerNotExpired',
    code: 'certificateExpired',
    clause: CLAUSE,
    stage: 'relevance',
    depth: 1,
    reads: ['signerValidity', 'checkCertificateExpiry', 'at'],
    given: ['checkCertificateExpiry'],
    holds: ({ signerValidity, at }) => signerValidity.end >= at,
    detail: ({ signerValidity, at }) => `certificate valid to ${text(signerValidity.end)}, verified at ${text(at)}`,
  }),
  rule({
    id: 'generationLocationAvailable',
    code: 'generationLocationNotAvailable',
    clause: CLAUSE,
    stage: 'relevance',
    reads: ['generationLocation', 'position'],
    given: ['position'],
    holds: ({ generationLocation }) => generationLocation !== undefined && isKnownLocation(generationLocation),
    detail: () => 'no generationLocation',
  }),
  rule({
    id: 'generatedNearby',
    code: 'generationLocationTooDistant',
    clause: CLAUSE,
    stage: 'relevance',
    reads: ['generationLocation', 'position'],
    given: ['generationLocation', 'position'],
    holds: ({ generationLocation, position }) =>
      !isKnownLocation(generationLocation) ||
      distanceMetres(position, generationLocation) <= position.maxDistanceMetres,
    detail: ({ generationLocation, position }) =>
      `${Math.round(distanceMetres(position, generationLocation))} m away, at most ${position.maxDistanceMetres} m`,
  }),
];
