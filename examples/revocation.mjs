// Revocation: a CRL is verified, expanded for the week, and looked up for every verdict.
import assert from 'node:assert/strict';
import { buildRevocation, createPool, createVerifier } from 'scms-verify';
import { createScms, issueCrl, pseudonyms, signMessage } from 'scms-verify/testbed';

const scms = createScms({ seed: 'revocation example' });
const trust = scms.trust();
const [good, bad] = pseudonyms(scms, { devices: 2, perWeek: 1 });
const says = (sender, text) => ({
  kind: 'message',
  bytes: signMessage(sender, {
    psid: 32,
    payload: Buffer.from(text),
    generationTime: scms.at,
    signer: 'certificate',
  }),
});
const messages = [says(good, 'all is well'), says(bad, 'ice on the road')];

// The CRL names device 1 by its linkage seeds. Only verified CRLs are in force: signature, chain, authority, dates, continuity.
const crl = { source: 'this week', bytes: issueCrl(scms, { devices: [1] }) };
const { accepted, verdicts } = createVerifier({ trust, at: scms.at }).verifyCrls([crl]);
assert.equal(verdicts[0].verdict, 'valid');

const pool = await createPool({ trust, at: scms.at, threads: 2 });
for (const { verdict, revocation } of await pool.verifyAll(messages))
  console.log(`without CRLs: ${verdict}, ${revocation}`);

// Linkage values of the week are expanded once, into memory that all threads share.
await pool.setRevocation(await buildRevocation(accepted, { periods: [scms.firstPeriod] }));
const [first, second] = await pool.verifyAll(messages);
console.log(`with it: ${first.verdict}, ${first.revocation}`);
console.log(`with it: ${second.verdict}, ${second.code} by ${second.revokedBy.rule}, entry ${second.revokedBy.entry}`);
assert.equal(first.verdict, 'valid');
assert.equal(second.code, 'certificateRevoked');
await pool.close();
