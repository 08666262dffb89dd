// A stream through the pool: verdicts come in the order of the messages, and reading never runs far ahead of them.
import assert from 'node:assert/strict';
import { createPool } from 'scms-verify';
import { createScms, pseudonyms, signMessage } from 'scms-verify/testbed';

const scms = createScms({ seed: 'stream example' });
const vehicles = [...pseudonyms(scms, { devices: 2, perWeek: 8 })];

// Each sender attaches its certificate now and then and names it by digest in between, as vehicles do.
async function* received() {
  for (let i = 0; i < 800; i++) {
    const bytes = signMessage(vehicles[i % vehicles.length], {
      psid: 0x20,
      payload: Uint8Array.of(i & 255, i >> 8),
      generationTime: scms.at + BigInt(i) * 100_000n,
      signer: i < vehicles.length || i % 5 === 0 ? 'certificate' : 'digest',
    });
    if (i === 400) bytes[bytes.length - 1] ^= 1;
    yield { kind: 'message', bytes };
  }
}

const pool = await createPool({ trust: scms.trust(), at: scms.at, threads: 2 });
const counts = {};
for await (const { code } of pool.verify(received())) counts[code] = (counts[code] ?? 0) + 1;
console.log(counts);
assert.deepEqual(counts, { ok: 799, badSignature: 1 });

// Lists work as well, and a timeout or an AbortController ends the wait.
const certificates = vehicles.map(({ bytes }) => ({ kind: 'certificate', bytes }));
const verdicts = await pool.verifyAll(certificates, { signal: AbortSignal.timeout(60_000) });
console.log(verdicts[0].code, verdicts[0].publicKey);
assert.ok(verdicts.every(({ code }) => code === 'implicitReconstructed'));
await pool.close();
