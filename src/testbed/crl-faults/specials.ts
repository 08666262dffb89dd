import { hashedId8 } from '../certificates.ts';
import { hashEntries, hashEntryOf } from '../crl-entries.ts';
import { issueCrl } from '../crls.ts';
import { trustWith } from '../faults/support.ts';
import { crlPermission, SERIES_COMPONENT, SERIES_PSEUDONYM } from '../permissions.ts';
import { SSP } from './authority.ts';
import { byOther, byRoot, crlGenerator, DELTA, HASH, HASHES, issue, overdueAt } from './making.ts';
import { type CrlSpecimen, special } from './specimen.ts';

/** CRLs that have to be accepted although something about them is rare. */
export const CRL_SPECIALS: readonly CrlSpecimen[] = [
  ...(['fullHashCrl', 'fullLinkedCrl', 'fullLinkedCrlWithAlg'] as const).flatMap((kind) => [
    special(`${kind}`, `a ${kind} with entries`, issue({ kind, filler: 3, priority: 7 })),
    special(`${kind}/empty`, `a ${kind} that revokes no certificate`, issue({ kind })),
  ]),
  special('fullHashCrl/2016', 'entries of 14 octets', issue({ ...HASHES, edition: 2016 })),
  special('fullHashCrl/extended', 'an entry with an unknown extension', (scms) => {
    const { octets } = hashEntries(scms, [hashEntryOf(scms.pca), hashEntryOf(scms.eca)]);
    // The second entry gets the extension bit, a bitmap with one bit, and an open type of one byte behind it.
    const extended = Uint8Array.of(...octets.subarray(0, 15), 0x80, ...octets.subarray(16), 2, 7, 0x80, 1, 0xff);
    const entries = { count: 2, width: 15, octets: extended, starts: Uint32Array.of(0, 15) };
    return issueCrl(scms, { typeSpecific: { tag: 'fullHashCrl', value: { crlSerial: 0, entries } } });
  }),
  special(
    'linkage/every list',
    'individuals, single seeds, groups, groups with single seeds',
    issue({
      devices: [0],
      singleSeeds: [1],
      groups: [2],
      groupSingleSeeds: [3],
    }),
  ),
  special(
    'linkage/every list, WithAlg',
    'the same with its functions named',
    issue({
      kind: 'fullLinkedCrlWithAlg',
      devices: [0],
      singleSeeds: [1],
      groups: [2],
      groupSingleSeeds: [3],
    }),
  ),
  special('delta', 'a delta on the full CRL that comes with it', (scms) => ({
    bytes: issueCrl(scms, { ...DELTA, issueDate: scms.start + 1, serial: 1 }),
    others: [issueCrl(scms, HASH)],
  })),
  special('delta/previous', 'a linkage-based delta on the CRL in force', (scms) => ({
    bytes: issueCrl(scms, { kind: 'deltaLinkedCrl', devices: [1], issueDate: scms.start + 1, serial: 1 }),
    previous: [issueCrl(scms, { devices: [0] })],
  })),
  special('newer', 'a newer CRL with an older iRev', (scms) => ({
    bytes: issueCrl(scms, { issueDate: scms.start + 1, iRev: scms.firstPeriod - 1 }),
    previous: [issueCrl(scms)],
  })),
  special('again', 'the CRL that was in force before', (scms) => ({
    bytes: issueCrl(scms),
    previous: [issueCrl(scms)],
  })),
  special('overdue', 'just within the tolerance', (scms) => ({
    bytes: issueCrl(scms),
    policy: { at: overdueAt(scms, 0) },
  })),
  special('overdue/ignored', 'far beyond it, where that does not matter', (scms) => ({
    bytes: issueCrl(scms),
    policy: { at: overdueAt(scms, 1000), overdue: 'ignore' },
  })),
  special('root', 'the series that the root issues itself', (scms) => byRoot(scms, [scms.ma])),
  special('attached', 'the signer is attached, and known from nowhere else', (scms) => ({
    bytes: issueCrl(scms, {}, { signer: 'certificate' }),
    trust: { roots: scms.trust().roots },
  })),
  special(
    'isCraca',
    'a CRLG under the root that acts for itself',
    byOther(
      () => ({ appPermissions: [crlPermission('isCraca', SSP)] }),
      (by) => ({ craca: hashedId8(by) }),
    ),
  ),
  special('not revoked/series', 'the CRLG is on a CRL of a series that is not its own', (scms, random) => {
    const by = crlGenerator(scms, random, { crlSeries: SERIES_PSEUDONYM });
    return {
      bytes: issueCrl(scms, {}, { by }),
      others: [byRoot(scms, [by])],
      trust: trustWith(scms, by),
    };
  }),
  special('not revoked/void', 'the CRLG is on the CRL of another that is revoked itself', (scms, random) => {
    const victim = crlGenerator(scms, random, { crlSeries: SERIES_COMPONENT });
    return {
      bytes: issueCrl(scms, {}, { by: victim }),
      others: [
        issueCrl(scms, { kind: 'fullHashCrl', series: SERIES_COMPONENT, certificates: [victim] }),
        byRoot(scms, [scms.crlg]),
      ],
      trust: trustWith(scms, victim),
    };
  }),
  special('not revoked/lifted', 'a newer CRL of the root does not name the CRLG any more', (scms) => ({
    bytes: issueCrl(scms),
    others: [byRoot(scms, [scms.crlg]), byRoot(scms, [], { issueDate: scms.start + 1, serial: 1 })],
  })),
];
