/** Files to records: every form beside structures back to back, with and without noise between them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRecords } from '../../src/readers/index.ts';
import type { Traffic } from '../inputs/traffic.ts';
import { type Context, type Group, must, type Opened, type Task } from '../measure.ts';

/** A stretch of noise behind every so many messages, a tenth of their length. */
const MESSAGES_BETWEEN_NOISE = 10;
const NOISE_BYTES = 16 * 1024 * 1024;

export function readersGroup(traffic: Traffic): Group {
  return {
    section: 'pipeline',
    title: 'files to records',
    comparesWithOpenssl: false,
    open: (context) => openReaders(context, traffic),
  };
}

function openReaders({ quick }: Context, traffic: Traffic): Opened {
  const messages = traffic.recurringMessages(quick ? 512 : 16_384).items.map(({ bytes }) => bytes);
  const folder = mkdtempSync(join(tmpdir(), 'scms-verify-bench-'));
  const noise = noiseOf(quick ? NOISE_BYTES / 64 : NOISE_BYTES);
  const reading = (form: string, content: Uint8Array | string, items = messages.length, relative?: Task): Task => {
    const file = join(folder, form.replace(/\W+/g, '-'));
    writeFileSync(file, content);
    return {
      operation: `messages of 16 senders, file to records, ${form}`,
      kernel: 'TypeScript',
      batch: 1,
      items,
      isAsync: true,
      ...(relative && { relative: { coer: relative } }),
      run: async () => {
        let records = 0;
        for await (const { unreadable } of readRecords([file])) if (unreadable === undefined) records++;
        // A stretch of noise may begin as a structure does, and is then left for the decoder to refuse.
        must(items !== messages.length || (records >= items && records < items + 10), `${records} records of ${form}`);
      },
    };
  };
  const coer = reading('COER', Buffer.concat(messages));
  const hex = messages.map((one) => Buffer.from(one).toString('hex'));
  const inOde = (one: string): string => `${JSON.stringify({ metadata: { recordType: 'bsmTx', asn1: one } })}\n`;
  return {
    tasks: [
      coer,
      reading('hex', `${hex.join('\n')}\n`, messages.length, coer),
      reading('NDJSON', hex.map(inOde).join(''), messages.length, coer),
      reading('device log', Buffer.concat(messages.map(logRecord)), messages.length, coer),
      reading('pcapng', captureOf(messages), messages.length, coer),
      reading('COER with 10 % noise', withNoise(messages, noise), messages.length, coer),
      // Its rate is in kilobytes a second.
      reading('noise, a kilobyte an item', noise, Math.round(noise.length / 1000)),
    ],
    close: () => rmSync(folder, { recursive: true }),
  };
}

/** The same on every machine; bytes that begin nothing are as frequent in it as in any noise. */
function noiseOf(length: number): Uint8Array {
  const noise = new Uint8Array(length);
  let state = 1609;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    noise[i] = state >>> 24;
  }
  return noise;
}

function withNoise(messages: readonly Uint8Array[], noise: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [i, message] of messages.entries()) {
    parts.push(message);
    if (i % MESSAGES_BETWEEN_NOISE === 0) parts.push(noise.subarray(i * 8, i * 8 + message.length));
  }
  return Buffer.concat(parts);
}

function logRecord(message: Uint8Array): Uint8Array {
  const header = Buffer.alloc(26);
  header.writeUInt32LE(1_700_000_000, 17);
  header.writeUInt16LE(message.length, 24);
  return Buffer.concat([header, message]);
}

/** Ethernet frames with WSMP in enhanced packet blocks. */
function captureOf(messages: readonly Uint8Array[]): Uint8Array {
  const section = Buffer.from('0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000', 'hex');
  const description = Buffer.from('010000001400000001000000ffff000014000000', 'hex');
  const blocks = messages.map((message, i) => {
    const length = [0x80 | (message.length >> 8), message.length & 255];
    const frame = Buffer.concat([
      Buffer.from('ffffffffffff02000000000188dc030020', 'hex'),
      Buffer.from(length),
      message,
    ]);
    const block = Buffer.alloc(32 + Math.ceil(frame.length / 4) * 4);
    const time = 1_704_067_200_000_000n + BigInt(i) * 100n;
    block.writeUInt32LE(6, 0);
    block.writeUInt32LE(block.length, 4);
    block.writeUInt32LE(Number(time >> 32n), 12);
    block.writeUInt32LE(Number(time & 0xffff_ffffn), 16);
    block.writeUInt32LE(frame.length, 20);
    block.writeUInt32LE(frame.length, 24);
    frame.copy(block, 28);
    block.writeUInt32LE(block.length, block.length - 4);
    return block;
  });
  return Buffer.concat([section, description, ...blocks]);
}
