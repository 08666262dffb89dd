/** An independent dissector sees the same in every capture: times, layers, addresses, PSID, and the bytes of the message. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { unixMsFromTai } from '../../src/dot2/index.ts';
import { type Piece, unwrapOf } from '../../src/readers/index.ts';
import { toHex } from '../support/octets.ts';
import { at, CASES, digest, FORMS, TIME } from './frame-cases.ts';
import { pcapng } from './frames.ts';
import { cut } from './support.ts';

const installed = spawnSync('tshark', ['--version']).status === 0;
if (!installed) console.warn('skipped, tshark is not installed: captures compared with an independent dissector');

const folder = mkdtempSync(join(tmpdir(), 'captures-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What tshark calls our layers; it has no name for what it does not look into. */
const PROTOCOLS: Readonly<Record<string, string>> = {
  ethernet: 'eth',
  vlan: 'vlan',
  llc: 'llc',
  ieee80211: 'wlan',
  radiotap: 'radiotap',
  ppi: 'ppi',
  sll: 'sll',
  sll2: 'sll',
  ipv4: 'ip',
  ipv6: 'ipv6',
  udp: 'udp',
  geonetworking: 'gnw',
};

interface Dissected {
  readonly time: string;
  readonly protocols: readonly string[];
  /** Every field that has bytes, and every other value, by name. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  /** The same as raw bytes. */
  readonly raw: ReadonlyMap<string, readonly string[]>;
}

function dissect(capture: Uint8Array): Dissected[] {
  const file = join(folder, 'capture');
  writeFileSync(file, capture);
  const json = execFileSync('tshark', ['-r', file, '-T', 'json', '-x'], {
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return (JSON.parse(json.toString()) as { _source: { layers: object } }[]).map(({ _source }) => {
    const fields = new Map<string, string[]>();
    const raw = new Map<string, string[]>();
    collect(_source.layers, fields, raw);
    const [time] = fields.get('frame.time_epoch') as [string];
    return { time, protocols: (fields.get('frame.protocols') as [string])[0].split(':'), fields, raw };
  });
}

function collect(node: object, fields: Map<string, string[]>, raw: Map<string, string[]>): void {
  for (const [name, value] of Object.entries(node)) {
    if (name.endsWith('_raw') && Array.isArray(value)) add(raw, name.slice(0, -4), String(value[0]));
    else if (typeof value === 'string') add(fields, name, value);
    else if (typeof value === 'object' && value !== null) collect(value, fields, raw);
  }
}

function add(map: Map<string, string[]>, name: string, value: string): void {
  map.set(name, [...(map.get(name) ?? []), value]);
}

/** Sender or receiver by the innermost header that has one. */
function address({ fields }: Dissected, end: 'src' | 'dst'): string | undefined {
  const one = (name: string): string | undefined => fields.get(name)?.[0];
  const port = one(`udp.${end}port`);
  if (one(`ip.${end}`)) return `${one(`ip.${end}`)}:${port}`;
  if (one(`ipv6.${end}`)) return `[${one(`ipv6.${end}`)}]:${port}`;
  return (
    one(`eth.${end}`) ?? one(end === 'src' ? 'wlan.sa' : 'wlan.da') ?? (end === 'src' ? one('sll.src.eth') : undefined)
  );
}

function expectSame(piece: Piece, seen: Dissected): void {
  const { bytes, captureTime, from, to, lowerLayerPsid, layers = [] } = piece;
  // Seconds of either scale are equally long, so microseconds are the same in both.
  const [seconds, decimals] = seen.time.split('.') as [string, string];
  const tai = captureTime as bigint;
  expect(Math.floor(unixMsFromTai(tai) / 1000)).toBe(Number(seconds));
  expect(tai % 1_000_000n).toBe(BigInt(decimals.slice(0, 6)));
  expect([from, to]).toEqual([address(seen, 'src'), address(seen, 'dst')]);
  const known = layers.flatMap((layer) => PROTOCOLS[layer] ?? []);
  expect(seen.protocols.filter((name) => known.includes(name))).toEqual(known);
  const hex = toHex(bytes);
  if (layers.includes('udp')) expect(seen.raw.get('udp.payload')?.join()).toContain(hex);
  else if (layers.length > 1) {
    const message = seen.raw.get('ieee1609dot2.Ieee1609Dot2Data_element') ?? [...seen.raw.values()].flat();
    expect(message.join()).toContain(hex);
  }
  const psid = seen.fields.get('wsmp.psid')?.[0];
  if (psid !== undefined) expect(Number(psid)).toBe(lowerLayerPsid);
}

describe.skipIf(!installed)('captures as tshark sees them', () => {
  it.each(FORMS)('%s', (_, capture) => {
    for (const linkType of [...new Set(CASES.map(([type]) => type))]) {
      const cases = CASES.filter(([type]) => type === linkType);
      const frames = cases.map(([, frame], i) => at(frame, TIME + BigInt(i) * 1_000_001_000n));
      const bytes = capture(linkType, frames);
      const { pieces } = cut(bytes);
      const seen = dissect(bytes);
      expect(pieces).toHaveLength(cases.length);
      expect(seen).toHaveLength(cases.length);
      for (const [i, piece] of pieces.entries()) {
        expect(unwrapOf(piece) ?? '').toBe(cases[i]![2]);
        expectSame(piece, seen[i] as Dissected);
      }
    }
  });

  it('several interfaces in one capture', () => {
    const some = CASES.filter(([type], i) => CASES.findIndex(([other]) => other === type) === i);
    const bytes = pcapng(
      some.map(([type]) => type),
      some.map(([, frame]) => at(frame)),
    );
    const { pieces } = cut(bytes);
    const seen = dissect(bytes);
    expect(pieces.map((piece) => toHex(piece.bytes))).toEqual(some.map(() => toHex(digest)));
    for (const [i, piece] of pieces.entries()) expectSame(piece, seen[i] as Dissected);
  });

  it('captures that other programs write: frames at random of many kinds', () => {
    if (spawnSync('randpkt', ['-h']).error !== undefined) return;
    const counts = new Map<string, number>();
    for (const kind of [
      'arp',
      'dns',
      'eth',
      'icmp',
      'ip',
      'ipv6',
      'llc',
      'tcp',
      'udp',
      'sctp',
      'ieee802.15.4',
      'bgp',
    ]) {
      const file = join(folder, `random-${kind}`);
      if (spawnSync('randpkt', ['-b', '300', '-c', '200', '-t', kind, file]).status !== 0) continue;
      const bytes = new Uint8Array(execFileSync('cat', [file]));
      const { pieces, report } = cut(bytes);
      const { records, skipped, otherFrames, framing } = report.bytes;
      expect(records + skipped + otherFrames + framing).toBe(bytes.length);
      const frames = Object.values(report.otherFrames).reduce((sum, count) => sum + count, 0);
      expect(pieces.length + frames).toBe(200);
      counts.set(kind, pieces.length);
    }
    expect(counts.size).toBeGreaterThan(5);
  });
});
