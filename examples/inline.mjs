// One message, verified in this thread. `npm run examples` runs every file in this folder.
import assert from 'node:assert/strict';
import { createVerifier } from 'scms-verify';
import { createScms, pseudonyms, signMessage } from 'scms-verify/testbed';

// A small SCMS as a source of messages. With real data, read the bytes from a file or socket.
const scms = createScms({ seed: 'inline example' });
const [vehicle] = pseudonyms(scms, { devices: 1 });
const message = signMessage(vehicle, {
  psid: 0x20,
  payload: new TextEncoder().encode('a basic safety message'),
  generationTime: scms.at,
  signer: 'certificate',
});

const verifier = createVerifier({ trust: scms.trust(), at: scms.at });
const [good] = verifier.verify([{ kind: 'message', bytes: message }]);
console.log(good.verdict, good.code, 'signed under certificate', good.hashedId8);
assert.equal(good.verdict, 'valid');

// One bit, anywhere in the payload.
const altered = message.slice();
altered[10] ^= 1;
const [bad] = verifier.verify([{ kind: 'message', bytes: altered }]);
console.log(bad.verdict, bad.code, bad.resultName);
assert.equal(bad.code, 'badSignature');

// The same message for a verifier that trusts another root.
const stranger = createVerifier({ trust: createScms({ seed: 'another' }).trust(), at: scms.at });
const [unknown] = stranger.verify([{ kind: 'message', bytes: message }]);
console.log(unknown.verdict, unknown.code, 'at depth', unknown.depth);
assert.equal(unknown.verdict, 'undecided');
