import { issueCrl } from '../crls.ts';
import { type Scms, WEEK_SECONDS } from '../scms.ts';
import { byOther, DELTA, HASH, issue, overdueAt } from './making.ts';
import { type CrlSpecimen, fault } from './specimen.ts';

/** Valid for four weeks from the first one on. */
const shortLived = (scms: Scms) => ({
  validityPeriod: { start: scms.start, duration: { tag: 'hours' as const, value: 4 * 168 } },
});

/** Dates of a CRL by itself. */
export const DATES: readonly CrlSpecimen[] = [
  fault('crlDatesInconsistent', 'the next CRL is due when this one was issued', (scms) => ({
    bytes: issueCrl(scms, { issueDate: scms.start, nextCrl: scms.start }),
  })),
  fault('crlDatesInconsistent/before', 'the next CRL is due a second before this one', (scms) => ({
    bytes: issueCrl(scms, { issueDate: scms.start + 1, nextCrl: scms.start }),
  })),
  fault('crlIssuedInFuture', 'issued a second after the time of verification', (scms) => ({
    bytes: issueCrl(scms, { issueDate: Number(scms.at / 1_000_000n) + 1 }),
  })),
  fault(
    'futureCertificateAtGenerationTime/crl',
    'issued a second before its signer was valid',
    byOther(shortLived, ({ toBeSigned }) => {
      const { start } = toBeSigned.validityPeriod;
      return { issueDate: start - 1, nextCrl: start + WEEK_SECONDS };
    }),
  ),
  fault(
    'certificateExpired/crl',
    'the signer has expired at the time of verification',
    (scms, random) => {
      const built = byOther(shortLived, () => ({ nextCrl: scms.start + 10 * WEEK_SECONDS }))(scms, random);
      return { ...built, policy: { at: BigInt(scms.start + 5 * WEEK_SECONDS) * 1_000_000n } };
    },
    { depth: 1, signature: 'ok' },
  ),
  fault('overdueCRL/crl', 'a second beyond the tolerance', (scms) => ({
    bytes: issueCrl(scms),
    policy: { at: overdueAt(scms, 1) },
  })),
  fault('overdueCRLRejected/crl', 'the same, to be rejected', (scms) => ({
    bytes: issueCrl(scms),
    policy: { at: overdueAt(scms, 1), overdue: 'reject' },
  })),
];

/** CRLs against others of their series. */
export const ORDER: readonly CrlSpecimen[] = [
  fault('crlRollback', 'a newer CRL is there', (scms) => ({
    bytes: issueCrl(scms),
    others: [issueCrl(scms, { issueDate: scms.start + 1, iRev: scms.firstPeriod - 1 })],
  })),
  fault('crlRollback/previous', 'a newer CRL was in force before', (scms) => ({
    bytes: issueCrl(scms),
    previous: [issueCrl(scms, { issueDate: scms.start + 1 })],
  })),
  fault('crlRollback/serial', 'a newer CRL with a lower serial', (scms) => ({
    bytes: issueCrl(scms, { ...HASH, issueDate: scms.start + 1, serial: 4 }),
    others: [issueCrl(scms, { ...HASH, serial: 5 })],
  })),
  fault('crlRollback/delta', 'a delta that the full CRL has in it', (scms) => ({
    bytes: issueCrl(scms, { ...DELTA, issueDate: scms.start + 1, serial: 5 }),
    others: [issueCrl(scms, { ...HASH, serial: 5 })],
  })),
  fault('crlNotContinuous', 'a delta with no full CRL', issue({ ...DELTA, serial: 1 })),
  fault('crlNotContinuous/gap', 'a delta that skips another', (scms) => ({
    bytes: issueCrl(scms, { ...DELTA, issueDate: scms.start + 2, serial: 2 }),
    others: [issueCrl(scms, HASH)],
  })),
  fault('crlNotContinuous/older', 'a delta that was issued before the full CRL which it follows', (scms) => ({
    bytes: issueCrl(scms, { ...DELTA, serial: 1 }),
    others: [issueCrl(scms, { ...HASH, issueDate: scms.start + 1 })],
  })),
  fault('crlNotContinuous/iRev', 'a delta for another iRev', (scms) => ({
    bytes: issueCrl(scms, { kind: 'deltaLinkedCrl', issueDate: scms.start + 1, serial: 1, iRev: scms.firstPeriod + 1 }),
    others: [issueCrl(scms)],
  })),
  fault('crlNotContinuous/two', 'two CRLs with the same date and serial', (scms) => ({
    bytes: issueCrl(scms, HASH),
    others: [issueCrl(scms, { ...HASH, filler: 1 })],
  })),
];
