/** What the command line says of its input: what is unreadable, what is left alone, when and from whom a frame came. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatTai, unixMsFromTai } from '../../src/dot2/index.ts';
import { pseudonyms, signMessage } from '../../src/testbed/index.ts';
import { ethernet, IPV4, ipv4, pcap, RECEIVER, SENDER, udp, WSMP } from '../readers/frames.ts';
import { wsm } from '../readers/support.ts';
import { createFixture, type Fixture, joined, jsonLines, messagesOf, run, verify } from './support.ts';

let fixture: Fixture;
let messages: Uint8Array[];
/** Nanoseconds since 1970 at which the messages were made. */
let now: bigint;

beforeAll(() => {
  fixture = createFixture();
  messages = messagesOf(fixture.scms, 3);
  now = BigInt(unixMsFromTai(fixture.scms.at)) * 1_000_000n;
});
afterAll(() => fixture.remove());

const trust = () => fixture.trust.slice(0, -2);

describe('unreadable input', () => {
  it('is undecided, has a count of its own, and makes the status 3', async () => {
    const file = fixture.write('noise.oer', joined([messages[0]!, new Uint8Array(40).fill(0xee), messages[1]!]));
    const { status, stdout } = await verify('messages', [file, ...fixture.trust, '--format', 'json']);
    const { items, summary } = JSON.parse(stdout);
    expect(items.map(({ code }: { code: string }) => code)).toEqual(['ok', 'unreadableRecord', 'ok']);
    expect(items[1]).toMatchObject({ verdict: 'undecided', resultCode: 3, offset: messages[0]!.length });
    expect(items[1].detail).toMatch(/^40 bytes that are no IEEE 1609\.2 structure/);
    expect(summary).toMatchObject({ items: 3, valid: 2, undecided: 1, unreadable: 1 });
    expect(status).toBe(3);
  });

  it('is worse than an item that is not valid', async () => {
    const spoiled = messages[0]!.slice();
    spoiled[spoiled.length - 1]! ^= 1;
    const bad = fixture.write('bad.oer', spoiled);
    expect((await verify('messages', [bad, ...fixture.trust])).status).toBe(1);
    const both = fixture.write('both.oer', joined([spoiled, new Uint8Array(9).fill(0xee)]));
    const { status, stderr } = await verify('messages', [both, ...fixture.trust]);
    expect(status).toBe(3);
    expect(stderr).toContain('1 of them unreadable');
  });

  it('a certificate is only called one where it decodes as one', async () => {
    const certificate = fixture.write('certificate.oer', fixture.scms.pca.bytes);
    const cut = fixture.write('cut.oer', fixture.scms.pca.bytes.slice(0, 60));
    const codes = async (file: string) =>
      jsonLines((await verify('messages', [file, ...fixture.trust])).stdout).map(({ code }) => code);
    expect(await codes(certificate)).toEqual(['unexpectedStructure']);
    expect(await codes(cut)).not.toContain('unexpectedStructure');
  });
});

describe('captures', () => {
  const frames = () =>
    messages.map((message, i) => ({ bytes: ethernet(WSMP, wsm(message)), time: now + BigInt(i) * 1_000_000_000n }));

  it('rows say when, from whom and to whom; frames of other kinds are counted and harmless', async () => {
    const others = [ethernet(0x0806, new Uint8Array(46)), ethernet(IPV4, ipv4(udp(new Uint8Array(9))))];
    const capture = pcap(1, [...frames(), ...others.map((bytes) => ({ bytes, time: now }))]);
    const file = fixture.write('capture.pcap', capture);
    const { status, stdout, stderr } = await verify('messages', [file, ...fixture.trust]);
    expect(status).toBe(0);
    const rows = jsonLines(stdout);
    expect(rows).toHaveLength(3);
    for (const [i, row] of rows.entries()) {
      expect(row).toMatchObject({ code: 'ok', unwrap: 'ethernet/wsmp3', from: SENDER, to: RECEIVER });
      expect(row.captureTime).toBe(formatTai(fixture.scms.at + BigInt(i) * 1_000_000n));
    }
    expect(stderr).toContain('2 frames of other kinds: 1 arp, 1 udp');
    const summary = JSON.parse((await verify('messages', [file, ...fixture.trust, '--format', 'json'])).stdout).summary;
    expect(summary.otherFrames).toEqual({ arp: 1, udp: 1 });
  });

  it('--at capture verifies each at its own time, in the main thread and in others', async () => {
    const [signer] = [...pseudonyms(fixture.scms, { devices: 1, perWeek: 1 })];
    const message = signMessage(signer!, {
      psid: 32,
      payload: new Uint8Array(4),
      generationTime: fixture.scms.at,
      signer: 'certificate',
    });
    const bytes = ethernet(WSMP, wsm(message));
    const late = 10_000_000_000n;
    const file = fixture.write(
      'aged.pcap',
      pcap(1, [
        { bytes, time: now },
        { bytes, time: now + late },
      ]),
    );
    for (const threads of ['0', '2']) {
      const args = ['messages', '--threads', threads, file, ...trust(), '--at', 'capture', '--max-age', '5'];
      const { status, stdout, stderr } = await run(args);
      expect(jsonLines(stdout).map(({ code }) => code)).toEqual(['ok', 'generationTimeTooFarInPast']);
      expect(status).toBe(1);
      expect(stderr).toContain('each at its capture time');
    }
  });

  it('--at capture says which records have no time, and excludes --at-own-start', async () => {
    const file = fixture.write('plain.oer', messages[0]!);
    const { stderr } = await verify('messages', [file, ...trust(), '--at', 'capture']);
    expect(stderr).toContain('1 record(s) without a capture time were verified at the present time');
    expect((await verify('messages', [file, ...trust(), '--at', 'capture', '--at-own-start'])).status).toBe(2);
  });

  it('work live: a row for a frame while the capture goes on', async () => {
    const [header, ...records] = [0, 1, 2].map((count) => pcap(1, frames().slice(0, count)));
    const rows: string[] = [];
    const { status } = await run(
      ['messages', '--threads', '0', '-', ...fixture.trust.slice(0, 2), ...fixture.trust.slice(2)],
      {
        during: (child) => {
          child.stdin!.write(header!);
          child.stdin!.write(records[0]!.slice(header!.length));
          child.stdout!.on('data', (text: string) => {
            rows.push(text);
            // Only now that the first has been answered comes the second.
            if (rows.join('').split('\n').length === 2) child.stdin!.end(records[1]!.slice(records[0]!.length));
          });
        },
      },
    );
    expect(status).toBe(0);
    expect(rows.join('').trim().split('\n')).toHaveLength(2);
  });
});

describe('folders', () => {
  it('private key files are counted, and what cannot be opened is a warning and status 3', async () => {
    mkdirSync(fixture.path('batch'));
    fixture.write('batch/1_0.cert', fixture.scms.pca.bytes);
    fixture.write('batch/1_0.s', new Uint8Array(32));
    const good = await verify('certs', [fixture.path('batch'), ...fixture.trust]);
    expect(good.status).toBe(0);
    expect(good.stderr).toContain('private key files left alone: 1');
    expect(jsonLines(good.stdout)).toHaveLength(1);
    symlinkSync('nowhere', fixture.path('batch/2_0.cert'));
    const { status, stdout, stderr } = await verify('certs', [fixture.path('batch'), ...fixture.trust]);
    expect(jsonLines(stdout)).toHaveLength(1);
    expect(stderr).toContain(`warning: ${fixture.path('batch/2_0.cert')}: ENOENT`);
    expect(status).toBe(3);
  });

  it('a missing file is named once', async () => {
    const { status, stderr } = await verify('messages', [fixture.path('missing'), ...fixture.trust]);
    expect(status).toBe(3);
    expect(stderr.match(/missing/g)).toHaveLength(1);
    expect(stderr).not.toMatch(/octet|byte 0/);
  });
});
