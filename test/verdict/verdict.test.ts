/** Codes, their order, and what they make of a list of failures. */
import { describe, expect, it } from 'vitest';
import {
  CODES,
  compareFailures,
  decide,
  type Failure,
  type FailureCode,
  RESULT_NAMES,
  STAGES,
  stageIndex,
} from '../../src/verdict/index.ts';

const failure = (code: FailureCode, depth = 0): Failure => ({ code, depth, detail: code });

describe('codes', () => {
  it('stand in a stage, and say in words what is wrong', () => {
    for (const [code, { stage, meaning, verdict }] of Object.entries(CODES)) {
      expect(STAGES, code).toContain(stage);
      expect(meaning.length, code).toBeGreaterThan(8);
      expect(['invalid', 'undecided'], code).toContain(verdict);
    }
  });

  it('are undecided where the verifier lacks something or there is nothing to verify (D1, D2, D38, D40), and invalid else', () => {
    const undecided = Object.entries(CODES).filter(([, { verdict }]) => verdict === 'undecided');
    expect(undecided.map(([code]) => code).sort()).toEqual([
      'certificateNotFound',
      'crlNotContinuous',
      'implicitReconstructed',
      'internalFailure',
      'issuerNotFound',
      'noExtDataHashProvided',
      'overdueCRL',
      'revocationNotChecked',
      'revocationNotEvaluated',
      'unreadableRecord',
      'unsupportedAlgorithm',
    ]);
  });

  // STANDARDS §7, by the numbers of the test interface; success = 0 as the field software has it (D3).
  it.each([
    ['chainEndedAtUntrustedRoot', 9, 'chainEndedAtUntrustedRoot'],
    ['issuerNotFound', 8, 'notEnoughInformationToConstructChain'],
    ['chainTooLong', 10, 'chainWasTooLongForImplementation'],
    ['certificateRevoked', 11, 'certificateRevoked'],
    ['overdueCRL', 12, 'overdueCRL'],
    ['overdueCRLRejected', 12, 'overdueCRL'],
    ['inconsistentExpiryTimes', 13, 'inconsistentExpiryTimes'],
    ['inconsistentStartTimes', 14, 'inconsistentStartTimes'],
    ['inconsistentChainPermissions', 15, 'inconsistentChainPermissions'],
    ['badSignature', 16, 'cryptoVerificationFailure'],
    ['replayedSpdu', 34, 'replayedSpdu'],
    ['inconsistentValidityRegion', 36, 'inconsistentValidityRegion'],
    ['truncated', 3, 'invalidInput'],
    ['notYetValid', null, null],
    ['implicitReconstructed', null, null],
  ] as const)('%s is %s %s', (code, resultCode, resultName) => {
    expect(decide([failure(code)])).toMatchObject({ code, resultCode, resultName });
  });

  it('have distinct result codes', () => {
    expect(new Set(Object.values(RESULT_NAMES)).size).toBe(Object.keys(RESULT_NAMES).length);
  });
});

describe('the first failure in order of judgement (D4)', () => {
  const order: readonly FailureCode[] = [
    'truncated',
    'noPermissions',
    'issuerNotFound',
    'chainTooLong',
    'inconsistentStartTimes',
    'inconsistentValidityRegion',
    'inconsistentChainPermissions',
    'badChainSignature',
    'badSignature',
    'notYetValid',
    'generationLocationOutsideValidityRegion',
    'PSIDsDontMatch',
    'replayedSpdu',
  ];

  it('decides, in whatever order they were found', () => {
    for (let i = 0; i < order.length; i++) {
      const rest = order
        .slice(i)
        .map((code) => failure(code))
        .reverse();
      expect(decide(rest).code).toBe(order[i]);
      expect([...rest].sort(compareFailures).map(({ code }) => code)).toEqual(order.slice(i));
    }
  });

  it('is the one nearest to the root inside a stage', () => {
    const failures = [
      failure('badChainSignature', 1),
      failure('badChainSignature', 3),
      failure('badChainSignature', 2),
    ];
    expect(decide(failures)).toMatchObject({ depth: 3 });
    expect(decide([failure('inconsistentStartTimes', 1), failure('inconsistentExpiryTimes', 2)])).toMatchObject({
      depth: 2,
    });
  });

  it('may stand in another stage than its code usually does', () => {
    expect(stageIndex(failure('certificateExpired'))).toBeLessThan(stageIndex(failure('PSIDsDontMatch')));
    const late: Failure = { ...failure('certificateExpired'), stage: 'relevance' };
    expect(decide([late, failure('PSIDsDontMatch')]).code).toBe('PSIDsDontMatch');
  });

  it('leaves the list as it was', () => {
    const failures = [failure('replayedSpdu'), failure('truncated')];
    decide(failures);
    expect(failures.map(({ code }) => code)).toEqual(['replayedSpdu', 'truncated']);
  });

  it('is none for a valid item', () => {
    expect(decide([])).toEqual({
      verdict: 'valid',
      code: 'ok',
      depth: 0,
      detail: '',
      resultCode: 0,
      resultName: 'success',
    });
  });
});
