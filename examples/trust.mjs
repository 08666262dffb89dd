// Trust changes while the pool runs: the next batch is verified under the new material, and verdicts name the revision.
import assert from 'node:assert/strict';
import { createPool } from 'scms-verify';
import { applicationCertificate, createScms } from 'scms-verify/testbed';

const scms = createScms({ seed: 'trust example' });
const unit = applicationCertificate(scms, { label: 'roadside unit 1' });
const items = [{ kind: 'certificate', bytes: unit.bytes }];

const pool = await createPool({ trust: scms.trust(), at: scms.at, threads: 1 });
const [before] = await pool.verifyAll(items);
console.log(`revision ${before.trustRevision}: ${before.verdict}`);
assert.equal(before.verdict, 'valid');

// The root is removed. Its CA certificates are still given, but their chains end at no root.
const { certificates } = scms.trust();
await pool.setTrust({ roots: [], certificates });
const [after] = await pool.verifyAll(items);
console.log(`revision ${after.trustRevision}: ${after.verdict}, ${after.code}`);
assert.equal(after.verdict, 'undecided');
assert.equal(after.code, 'issuerNotFound');
await pool.close();
