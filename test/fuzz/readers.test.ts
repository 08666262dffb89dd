/**
 * Captures and text, changed in every form that is read: whatever comes, reading ends, with records or with an error that a reader means to
 * give; and records are the same wherever the input is cut. SCMS_FUZZ says how many mutants, SCMS_FUZZ_SEED which.
 */
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { ReaderError } from '../../src/readers/index.ts';
import { logRecord, readChunks, structures } from '../readers/support.ts';
import { concat, toHex } from '../support/octets.ts';
import { Dice, mutant, type Seed } from './mutate.ts';

const COUNT = Number(process.env.SCMS_FUZZ ?? 1500);
const SEED = Number(process.env.SCMS_FUZZ_SEED ?? 1609);

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const objects = structures.map((one) => ({ hex: toHex(one), note: 'a "]" inside', more: [1, { deep: [null, true] }] }));

/** The same structures as COER, device log and text of every kind. */
const CAPTURES: readonly Uint8Array[] = [
  concat(...structures),
  concat(...structures.map((one) => logRecord(one, { separator: true }))),
  text(structures.map((one) => `${toHex(one)}\n`).join('')),
  text(structures.map((one) => `${Buffer.from(one).toString('base64')}\n`).join('')),
  text(objects.map((one) => `${JSON.stringify(one)}\n`).join('')),
  text(JSON.stringify(objects)),
  text(JSON.stringify({ metadata: { asn1: toHex(structures[4] as Uint8Array) }, payload: { data: { bytes: '00' } } })),
];

/** What JSON is made of, put somewhere: nesting, numbers, escapes, halves of pairs. */
const TOKENS = [
  '[',
  '{',
  '}',
  ']',
  '[[[[[[[[',
  '"',
  '\\',
  '\\u',
  '\\ud800',
  ':',
  ',',
  '1e999',
  '-',
  'null',
  '\u202e',
  '\r\n',
  '{"hex":"03"}',
];

function changed(seed: Seed, dice: Dice, seeds: readonly Seed[]): Uint8Array {
  if (dice.below(2) === 0) return mutant(seeds, dice).bytes;
  const at = dice.below(seed.bytes.length + 1);
  const token = text(dice.pick(TOKENS).repeat(1 + dice.below(dice.below(8) === 0 ? 200 : 2)));
  return concat(seed.bytes.subarray(0, at), token, seed.bytes.subarray(at + dice.below(3)));
}

/** Records as text, or the error that a reader gives. */
async function read(chunks: readonly Uint8Array[]): Promise<string> {
  try {
    const records = await readChunks(chunks);
    return JSON.stringify(records.map((record) => ({ ...record, bytes: toHex(record.bytes) })));
  } catch (error) {
    if (error instanceof ReaderError) return `error: ${error.message}`;
    throw error;
  }
}

it('mutants of captures are read to their end, however they are cut', async () => {
  const dice = new Dice(SEED);
  // No structures of this library: mutators of bytes alone apply.
  const seeds = CAPTURES.map((bytes): Seed => ({ kind: 'message', bytes }));
  let records = 0;
  for (let i = 0; i < COUNT; i++) {
    const plain = changed(dice.pick(seeds), dice, seeds);
    const bytes = dice.below(8) === 0 ? gzipSync(plain) : plain;
    const explain = (): string => Buffer.from(bytes).toString('hex').slice(0, 4000);
    const whole = await read([bytes]).catch((error) => expect.fail(`${error}\n${explain()}`));
    if (!whole.startsWith('error')) records++;
    if (i % 4 !== 0) continue;
    const cut = dice.below(bytes.length + 1);
    expect(await read([bytes.subarray(0, cut), bytes.subarray(cut)]), explain()).toBe(whole);
  }
  expect(records).toBeGreaterThan(COUNT / 4);
}, 36_000_000);
