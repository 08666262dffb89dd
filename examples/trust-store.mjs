// A trust store: the votes of two electors remove the third, and later the root; a running pool follows.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPool } from 'scms-verify';
import {
  applicationCertificate,
  ballot,
  compositeCrlOf,
  createElector,
  createScms,
  globalChainFile,
  Random,
} from 'scms-verify/testbed';
import { trustMaterialOf } from 'scms-verify/trust';
import { StoredTrust } from 'scms-verify/trust-store';
import { createTrustContext } from 'scms-verify/verifier';

const scms = createScms({ seed: 'trust store example' });
const { at, root } = scms;
const random = new Random('electors');
const [a, b, c] = ['A', 'B', 'C'].map((name) => createElector(random, { name, start: scms.start, years: 20 }));

const parent = mkdtempSync(join(tmpdir(), 'scms-verify-example-'));
const context = createTrustContext();
const init = { electors: [a, b, c].map(({ bytes }) => bytes), roots: [root.bytes], quorum: 2, at };
const store = StoredTrust.create(join(parent, 'store'), init, context);
const apply = (name, octets) => {
  const { decisions, state } = store.apply([{ name, octets }], at, context);
  for (const { decision, proposition, subject, code } of decisions) {
    if (proposition?.startsWith('remove')) console.log(`${decision} ${proposition} ${subject}: ${code}`);
  }
  return state;
};

// The chain file brings the CAs, each of which must be valid under the root.
const certs = [scms.ica, scms.pca, scms.eca, scms.ra, scms.crlg];
apply('gccf', globalChainFile(1, { ma: scms.ma, certs }));
const pool = await createPool({
  trust: trustMaterialOf(store.state),
  trustRevision: store.revision,
  at,
  threads: 1,
});
const items = [{ kind: 'certificate', bytes: applicationCertificate(scms, { label: 'roadside unit 1' }).bytes }];
const [before] = await pool.verifyAll(items);
console.log(`revision ${before.trustRevision}: ${before.verdict}`);
assert.equal(before.verdict, 'valid');

const removal = (voters, type, subject) => ballot(voters, { type, subject });
const tooFew = apply('one vote', compositeCrlOf({ revokedElectors: [removal([a, b], 'removeElector', a)] }));
assert.equal(tooFew.electors.length, 3);
apply('two votes', compositeCrlOf({ revokedElectors: [removal([b, c], 'removeElector', a)] }));
apply('the root', compositeCrlOf({ revokedRootCAs: [removal([b, c], 'removeRoot', root)] }));

await pool.setTrust(trustMaterialOf(store.state), store.revision);
const [after] = await pool.verifyAll(items);
console.log(`revision ${after.trustRevision}: ${after.verdict}, ${after.code}`);
assert.notEqual(after.verdict, 'valid');
await pool.close();

console.log(`${store.verify(context)} entries of the journal follow from their artefacts`);
rmSync(parent, { recursive: true });
