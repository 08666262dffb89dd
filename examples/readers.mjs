// A damaged file of messages, read as records: by readRecords, and by RecordCutter in chunks as a browser or worker would.
import assert from 'node:assert/strict';
import { RecordCutter, readRecords } from 'scms-verify/readers';
import { createScms, pseudonyms, signMessage } from 'scms-verify/testbed';

const scms = createScms({ seed: 'readers example' });
const [vehicle] = pseudonyms(scms, { devices: 1 });
const message = signMessage(vehicle, {
  psid: 0x20,
  payload: new TextEncoder().encode('a basic safety message'),
  generationTime: scms.at,
  signer: 'digest',
});
const noise = new TextEncoder().encode('not a message');
const input = new Uint8Array([...message, ...noise, ...message]);

const records = readRecords(input, { name: 'damaged.oer' });
const found = [];
for await (const { source, offset, bytes, unreadable } of records) {
  console.log(source, offset, unreadable ?? `${bytes.length} bytes`);
  found.push(unreadable === undefined);
}
assert.deepEqual(found, [true, false, true]);

// Every byte is accounted for.
const { size, bytes } = records.report;
assert.equal(size, input.length);
assert.equal(bytes.records + bytes.skipped + bytes.otherFrames + bytes.framing + bytes.text, size);

// The same pieces, wherever the chunks are cut.
const cutter = new RecordCutter();
const offsets = [];
for (let at = 0; at < input.length; at += 100) {
  for (const { offset } of cutter.push(input.slice(at, at + 100))) offsets.push(offset);
}
for (const { offset } of cutter.end()) offsets.push(offset);
assert.deepEqual(offsets, [0, message.length, message.length + noise.length]);
