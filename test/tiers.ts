/**
 * Which tests run when. `npm test` (vitest's mode `quick`) leaves out the files of `onlyInRest`, and runs those of `scaled` with smaller counts
 * (test/support/tier.ts). `npm run test:full` (mode `rest`) runs both lists, whole. Everything runs once in `npm test && npm run test:full`.
 */

/** Long fuzzing, kills, full disks and slow readers, browsers, the packed package, hostile files, and the benchmarks themselves. */
export const onlyInRest = [
  'test/bench/attacks.test.ts',
  'test/bench/groups.test.ts',
  'test/cli/cases.test.ts',
  'test/cli/crl-index.test.ts',
  'test/cli/demo.test.ts',
  'test/cli/exit.test.ts',
  'test/cli/explain.test.ts',
  'test/cli/failing-output.test.ts',
  'test/cli/hostile-files.test.ts',
  'test/cli/options.test.ts',
  'test/cli/output.test.ts',
  'test/cli/rehearse.test.ts',
  'test/cli/revocation.test.ts',
  'test/cli/signals.test.ts',
  'test/cli/trust.test.ts',
  'test/cli/vectors.test.ts',
  'test/conformance/keti.test.ts',
  'test/conformance/others.test.ts',
  'test/conformance/pooled.test.ts',
  'test/fuzz/**',
  'test/kernel/differential-cancellation.test.ts',
  'test/kernel/differential-ecqv.test.ts',
  'test/kernel/differential-kernel-batch.test.ts',
  'test/kernel/differential.test.ts',
  'test/kernel/ecdsa.test.ts',
  'test/package/**',
  'test/pool/bounds.test.ts',
  'test/pool/crashes.test.ts',
  'test/pool/hostile.test.ts',
  'test/pool/process.test.ts',
  'test/pool/revocation.test.ts',
  'test/readers/bounds.test.ts',
  'test/readers/captures-tshark.test.ts',
  'test/readers/fuzz.test.ts',
  'test/readers/text-forms.test.ts',
  'test/readers/text-fuzz.test.ts',
  'test/rehearsal/days.test.ts',
  'test/rehearsal/mutations.test.ts',
  'test/rehearsal/report-browser.test.ts',
  'test/rehearsal/report.test.ts',
  'test/revocation/build.test.ts',
  'test/revocation/crl-damage.test.ts',
  'test/revocation/index-properties.test.ts',
  'test/rules/differential.test.ts',
  'test/trust/kill.test.ts',
  'test/trust/unauthenticated-property.test.ts',
];

/** Files that import test/support/tier.ts. */
export const scaled = [
  'test/conformance/faults.test.ts',
  'test/pool/pool.test.ts',
  'test/rules/guard.test.ts',
  'test/trust/invariants.test.ts',
  'test/verifier/fast-path.test.ts',
];
