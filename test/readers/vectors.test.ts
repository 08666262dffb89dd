/** The published vectors through the readers: every file, every record. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decode, encode } from '../../src/coer/index.ts';
import { Ieee1609Dot2Data } from '../../src/dot2/index.ts';
import { type InputRecord, readPins, readWhole, sniffFormat, unwrapOf } from '../../src/readers/index.ts';
import { toHex } from '../support/octets.ts';
import { describeWithVectors, readVector, vectorsDir } from '../support/vectors.ts';
import { hexOf, readOctets, readPaths } from './support.ts';

const path = (name: string) => join(vectorsDir() ?? '', name);

function contentOf({ bytes }: InputRecord): Ieee1609Dot2Data['content'] {
  const decoded = decode(Ieee1609Dot2Data, bytes);
  if (!decoded.ok) throw new Error(`${decoded.error.code} at ${decoded.error.offset}`);
  expect(toHex(encode(Ieee1609Dot2Data, decoded.value))).toBe(toHex(bytes));
  return decoded.value.content;
}

describeWithVectors('device logs', () => {
  it.each([
    ['bsmLogDuringEvent.gz', { signed: 0, unsigned: 222, unwrap: ['obulog'] }],
    ['bsmTx.gz', { signed: 0, unsigned: 16, unwrap: ['obulog'] }],
    ['rxMsg_BSM_and_TIM.gz', { signed: 393, unsigned: 0, unwrap: ['obulog'] }],
    ['rxMsg_TIM_GeneratedBy_TMC_VIA_SNMP.gz', { signed: 296, unsigned: 0, unwrap: ['obulog'] }],
    ['rxMsg_commsignia_tim.gz', { signed: 279, unsigned: 0, unwrap: ['obulog/wsmp3'] }],
    // Read without a separator behind its records, this log seems to hold one that claims 53,249 octets (01 D0).
    ['rxMsg_map_and_tim.gz', { signed: 150, unsigned: 0, unwrap: ['obulog/wsmp3'] }],
  ])('%s', async (name, expected) => {
    const records = await readPaths([path(`field/${name}`)]);
    expect(records.filter(({ unreadable }) => unreadable !== undefined)).toEqual([]);
    const contents = records.map(contentOf);
    expect({
      signed: contents.filter(({ tag }) => tag === 'signedData').length,
      unsigned: contents.filter(({ tag }) => tag === 'unsecuredData').length,
      unwrap: [...new Set(records.map(unwrapOf))],
    }).toEqual(expected);
    for (const [i, { lowerLayerPsid }] of records.entries()) {
      const content = contents[i]!;
      if (lowerLayerPsid === undefined || content.tag !== 'signedData') continue;
      expect((content.value as { tbsData: { headerInfo: { psid: number } } }).tbsData.headerInfo.psid).toBe(
        lowerLayerPsid,
      );
    }
  });

  it('forced gives the same', async () => {
    const log = path('field/rxMsg_map_and_tim.gz');
    expect(await readPaths([log], { format: 'obulog' })).toEqual(await readPaths([log]));
  });

  it('pins', async () => {
    const entries = JSON.parse(readVector('field/certificate-keys.json')) as {
      certificate: string;
      publicKey: string;
    }[];
    const pins = await readPins(path('field/certificate-keys.json'));
    expect(pins.map((pin) => [toHex(pin.certificate), toHex(pin.publicKey)])).toEqual(
      entries.map(({ certificate, publicKey }) => [certificate, publicKey]),
    );
  });
});

describeWithVectors('certificates and messages', () => {
  it.each([
    'keti/certs-bluetech.json',
    'keti/certs-ssol-plugfest.json',
    'keti/spdus.json',
    'openscms/certs.json',
    'openscms/spdus.json',
    'usdot-jpo-security/spdus.json',
  ])('%s is a list of documents', async (name) => {
    const entries = JSON.parse(readVector(name)) as { hex: string }[];
    const records = await readPaths([path(name)]);
    expect(hexOf(records)).toEqual(entries.map(({ hex }) => hex.toLowerCase()));
    const text = readVector(name);
    for (const { offset, line } of records) {
      expect(text[offset]).toBe('{');
      expect(text.slice(0, offset).split('\n')).toHaveLength(line!);
    }
  });

  it('a directory of pseudonym certificates comes in natural order', async () => {
    const records = await readPaths([path('keti/bluetech/pseudonym')]);
    expect(records).toHaveLength(40);
    expect(records.slice(0, 3).map(({ source }) => source.split('/').at(-1))).toEqual([
      '1A9_0.cert',
      '1A9_1.cert',
      '1A9_2.cert',
    ]);
    const names = records.map(({ source }) => source.split('/').at(-1));
    expect(names.indexOf('1A9_2.cert')).toBeLessThan(names.indexOf('1A9_10.cert'));
  });

  it.each([
    ['keti/bluetech/LCCF.oer', 5],
    ['keti/crosscert-lccf.oer', 13],
    ['keti/tta-lccf.oer', 4],
  ])('chain file %s comes as its certificates, each where it lies', async (name, count) => {
    const records = await readPaths([path(name)]);
    const file = readFileSync(path(name));
    expect(records).toHaveLength(count);
    for (const { bytes, offset, layers } of records) {
      expect(layers).toEqual(['localChainFile']);
      expect(toHex(file.subarray(offset, offset + bytes.length))).toBe(toHex(bytes));
    }
    expect((await readWhole(path(name))).map(toHex)).toEqual([toHex(file)]);
  });

  it('a chain file in hex comes as its certificates, all on its line', async () => {
    const hex = toHex(readFileSync(path('keti/bluetech/LCCF.oer')));
    const records = await readOctets(`# chain\n${hex}\n`);
    expect(records.map((record) => [record.line, record.offset, unwrapOf(record)])).toEqual(
      Array(5).fill([2, 8, 'localChainFile']),
    );
  });

  it('binary files are told from logs', () => {
    for (const name of ['root.oer', 'enrollment.oer', 'LCCF.oer', 'spdu-app-digest.oer', 'pseudonym/1A9_0.cert']) {
      expect(sniffFormat(readFileSync(path(`keti/bluetech/${name}`)))).toBe('coer');
    }
  });

  it('a message nested too deep is one record', async () => {
    const records = await readPaths([path('hostile/recursion-depth150.oer')]);
    expect(records.map(({ bytes, unreadable }) => [bytes.length, unreadable])).toEqual([[13_717, undefined]]);
  });
});
