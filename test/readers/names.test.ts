/** What is no 1609.2 structure is called what it is, and says what to do; what is one is never called anything else. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encode } from '../../src/coer/index.ts';
import { Ieee1609Dot2Data } from '../../src/dot2/index.ts';
import { recognise, unreadableText, unwrapOf } from '../../src/readers/index.ts';
import { foreignText } from '../../src/readers/recognise.ts';
import { createScms, pseudonyms, signMessage, unsecured } from '../../src/testbed/index.ts';
import { concat, fromHex, Random, toHex } from '../support/octets.ts';
import { CASES } from './frame-cases.ts';
import { ethernet, WSMP } from './frames.ts';
import { certificates, cut, logRecord, messages, readOctets, structures, wsm } from './support.ts';

const [attached, digest] = messages as [Uint8Array, Uint8Array];
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const latin = (value: string): Uint8Array => Uint8Array.from(value, (character) => character.charCodeAt(0));
const uper = (id: number, length: number): Uint8Array =>
  concat(
    Uint8Array.of(id >> 8, id & 255),
    length < 128 ? Uint8Array.of(length) : Uint8Array.of(0x80 | (length >> 8), length & 255),
    new Uint8Array(length).fill(0xa5),
  );
const der = (content: Uint8Array): Uint8Array => concat(Uint8Array.of(0x30, content.length), content);

const NAMES: readonly (readonly [string, Uint8Array])[] = [
  ['J2735 BasicSafetyMessage', uper(20, 37)],
  ['J2735 MapData', uper(18, 300)],
  ['J2735 TravelerInformation', concat(uper(31, 120), fromHex('00000000'))],
  ['J2735 PersonalSafetyMessage', uper(32, 20)],
  ['J2735 SensorDataSharingMessage', uper(41, 60)],
  ['J2735 TestMessage3', uper(243, 60)],
  ['WSMP for PSID 32 around a J2735 SPAT', wsm(uper(19, 40))],
  ['WSMP for PSID 32 around something else', wsm(fromHex('a1a2a3a4a5'))],
  ['WSMP for PSID 32 with 4 byte(s) behind', concat(wsm(digest), fromHex('deadbeef'))],
  ['WSMP version 2', concat(fromHex('02200f01ac10010c0401148000'), Uint8Array.of(digest.length), digest)],
  ['Test Control Interface', fromHex('0003000000006593550082800001018201640381004003807b')],
  ['Ieee1609Dot2Data in DER', der(concat(fromHex('020103a13180'), new Uint8Array(40)))],
  ['DER (an X.509 certificate', der(der(new Uint8Array(40)))],
  ['protocol version 2', fromHex('0200040c4578616d706c655f526f6f74808d0000041111')],
  ['protocol version 2', fromHex('02808002010203040506070800000153ab12cd340005')],
  ['zero padding', new Uint8Array(40)],
  ['padding with FF', new Uint8Array(40).fill(0xff)],
  ['a length in front of a message (210)', fromHex('000000d2')],
  ['a length in front of a message (356)', fromHex('6401')],
  ['a frame (ethernet) with WSMP version 2', ethernet(WSMP, fromHex('022003'))],
  ['HTML', text('<!DOCTYPE html><html><head><title>404</title></head></html>')],
  ['HTML', text('\ufeff\r\n <HTML>')],
  ['HTTP response', concat(text('HTTP/1.1 200 OK\r\nContent-Type: x\r\n\r\n'), digest)],
  ['XML', text('<?xml version="1.0"?><OdeAsn1Data><bytes>0381</bytes></OdeAsn1Data>')],
  ['XML', text('<OdeAsn1Data>')],
  ['PDF', latin('%PDF-1.7\n%\xe2\xe3\xcf\xd3')],
  ['SQLite', latin('SQLite format 3\0\x10\0')],
  ['Parquet', latin('PAR1\x15\0')],
  ['Avro', latin('Obj\x01\x04\x16avro')],
  ['ELF', latin('\x7fELF\x02\x01')],
  ['a picture', latin('\x89PNG\r\n\x1a\n')],
  ['XZ', latin('\xfd7zXZ\0\0')],
  ['bzip2', latin('BZh91AY&SY\x01')],
  ['7z', latin('7z\xbc\xaf\x27\x1c')],
  ['RAR', latin('Rar!\x1a\x07\x01')],
  ['LZ4', latin('\x04\x22\x4d\x18')],
  ['Zstandard', latin('\x28\xb5\x2f\xfd\0')],
  ['modified libpcap', latin('\x34\xcd\xb2\xa1\0\0')],
  ['snoop', latin('snoop\0\0\0\0\0\0\x02')],
  ['Network Monitor', latin('GMBU\0\x02')],
  ['Java objects', latin('\xac\xed\0\x05sr')],
];

describe('recognise', () => {
  it.each(NAMES)('%s', (name, bytes) => {
    expect(recognise(bytes)?.name).toContain(name);
    expect(recognise(bytes)?.advice).toMatch(/\w/);
    const written = unreadableText(bytes);
    expect(written).toContain(name);
    expect(written).toContain(`${bytes.length} byte`);
  });

  it('ETSI lists by the PSID that they are signed for', () => {
    const scms = createScms({ seed: 'names' });
    const [signer] = [...pseudonyms(scms, { devices: 1, perWeek: 1 })];
    for (const [psid, name] of [
      [622, 'certificate revocation list of ETSI'],
      [624, 'certificate trust list of ETSI'],
    ] as const) {
      const list = signMessage(signer!, {
        psid,
        payload: new Uint8Array(9),
        generationTime: scms.at,
        signer: 'digest',
      });
      expect(recognise(list)?.name).toContain(name);
    }
  });

  it('does not name what is a structure, or nothing known', () => {
    for (const bytes of structures) expect(recognise(bytes)).toBeUndefined();
    expect(recognise(encode(Ieee1609Dot2Data, unsecured(uper(20, 37))))).toBeUndefined();
    expect(recognise(new Uint8Array(0))).toBeUndefined();
    expect(recognise(text('LOGGED IN'))).toBeUndefined();
    expect(recognise(text('PAR1 is not a file'))).toBeUndefined();
  });

  it('takes anything, and names noise of a megabyte in no time', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => typeof unreadableText(bytes) === 'string'),
      { numRuns: 5000 },
    );
    expect(unreadableText(new Random(2n).octets(1000).map((byte) => byte | 0x88))).toMatch(/^1000 bytes that are no/);
  });

  it('says where a message begins behind something unknown', () => {
    expect(unreadableText(concat(fromHex('0014'), attached))).toContain(
      `a signed message of ${attached.length} bytes begins at byte 2`,
    );
  });
});

describe('a record says what it is', () => {
  it.each(NAMES.filter(([name]) => !name.includes('behind')))('%s, alone in a file', (name, bytes) => {
    const { pieces } = cut(bytes);
    expect(pieces[0]!.unreadable ?? '', toHex(bytes)).toContain(name.replace(/^a length.*/, '')); // two bytes may be text
  });

  it.each(NAMES.filter(([, bytes]) => bytes.length > 4))('%s, as a line of hex', async (name, bytes) => {
    const [record] = await readOctets(`${toHex(bytes)}\n${toHex(digest)}\n`);
    expect(record!.unreadable).toContain(name);
    expect(record!.line).toBe(1);
  });

  it('a payload of a log that is not secured', () => {
    const { pieces } = cut(concat(logRecord(digest), logRecord(uper(20, 37)), logRecord(digest)));
    expect(pieces.map(({ unreadable }) => unreadable !== undefined)).toEqual([false, true, false]);
    expect(pieces[1]!.unreadable).toContain('J2735 BasicSafetyMessage');
  });

  it('data of another protocol version are left for the verifier, which has a code for them', async () => {
    const other = digest.slice();
    other[0] = 2;
    expect((await readOctets(toHex(other)))[0]).toMatchObject({ unreadable: undefined, bytes: other });
    expect(cut(other).pieces).toMatchObject([{ bytes: other }]);
  });
});

describe('an input of a foreign form is one record, however long', () => {
  it.each(NAMES.filter(([, bytes]) => recognise(bytes)?.isFile))('%s', (name, bytes) => {
    const { pieces, report } = cut(concat(bytes, new Uint8Array(3 << 20).fill(0x20)));
    expect(pieces).toHaveLength(1);
    expect(pieces[0]!.unreadable).toContain(name);
    expect(report.bytes[foreignText(bytes) ? 'text' : 'skipped']).toBe(report.size);
  });
});

describe('layers around a message, in whatever form it comes', () => {
  const lines = CASES.filter(([type]) => ![192, 276].includes(type));

  it.each(lines.map((one) => [one[0], one[2], one[1]] as const))(
    'link type %i: %s, as hex',
    async (_, layers, frame) => {
      const [record] = await readOctets(`${toHex(frame)}\n`);
      // Without the header that announces it, a frame check sequence is found by its value.
      expect([toHex(record!.bytes), unwrapOf(record!) ?? '']).toEqual([toHex(digest), layers]);
    },
  );

  it('a message that decodes as it stands is never unwrapped', () => {
    // Its payload is a message in every kind of envelope; and envelopes that are messages.
    for (const frame of CASES.map(([, frame]) => frame)) {
      const envelope = encode(Ieee1609Dot2Data, unsecured(frame));
      expect(cut(envelope).pieces).toMatchObject([{ bytes: envelope, offset: 0 }]);
    }
    for (const bytes of [...structures, encode(Ieee1609Dot2Data, unsecured(new Uint8Array(40)))]) {
      expect(cut(bytes).pieces.map((piece) => [toHex(piece.bytes), unwrapOf(piece)])).toEqual([
        [toHex(bytes), undefined],
      ]);
    }
  });

  it('nobody passes one message off as the envelope of another', async () => {
    const property = fc.asyncProperty(
      fc.constantFrom(...CASES.map(([, frame]) => frame)),
      fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 3 }),
      async (frame, changes) => {
        const bytes = frame.slice();
        for (const [place, value] of changes) bytes[place % bytes.length] = value;
        const [record] = await readOctets(toHex(bytes));
        if (record!.unreadable === undefined && record!.layers.length > 0) {
          // What comes out lies in what went in, and what was around it is accounted for by its layers alone.
          expect(toHex(bytes)).toContain(toHex(record!.bytes));
          expect(record!.bytes[0] === 3 || record!.bytes[0] === 0x80 || record!.bytes[0] === 0).toBe(true);
        }
      },
    );
    await fc.assert(property, { numRuns: 1500 });
  });

  it('zeros behind a message are a layer, anything else is left for the decoder', async () => {
    const read = async (bytes: Uint8Array) => {
      const [record] = await readOctets(toHex(bytes));
      return [record!.bytes.length, unwrapOf(record!) ?? record!.unreadable?.slice(0, 20)];
    };
    const zeros = new Uint8Array(150);
    for (const one of [attached, digest, certificates[0]!, certificates[3]!]) {
      expect(await read(concat(one, zeros))).toEqual([one.length, 'zeroPadding']);
      expect(await read(concat(one, zeros, Uint8Array.of(1)))).toEqual([one.length + 151, undefined]);
      expect(await read(concat(one, fromHex('deadbeef')))).toEqual([one.length + 4, undefined]);
    }
    expect(await read(concat(wsm(digest), zeros))).toEqual([digest.length, 'wsmp3/zeroPadding']);
    expect(await read(concat(Uint8Array.of(1), wsm(digest), zeros))).toEqual([
      digest.length,
      'vendor01/wsmp3/zeroPadding',
    ]);
    const endsInZero = encode(Ieee1609Dot2Data, unsecured(new Uint8Array(20)));
    expect(await read(endsInZero)).toEqual([endsInZero.length, undefined]);
  });

  it('a vendor header of 50 bytes whose length agrees', async () => {
    const header = (length: number) =>
      concat(fromHex('ffff000100000083'), new Uint8Array(40), Uint8Array.of(length >> 8, length & 255));
    const [good, bad] = await readOctets(
      `${toHex(concat(header(digest.length), digest))}\n${toHex(concat(header(digest.length + 1), digest))}\n`,
    );
    expect([toHex(good!.bytes), unwrapOf(good!), good!.lowerLayerPsid]).toEqual([toHex(digest), 'etri', 131]);
    expect(bad!.unreadable).toContain('begins at byte 50');
  });
});

it('two inputs that differ in one byte only are told apart', () => {
  const hash = (bytes: Uint8Array) =>
    createHash('sha256')
      .update(JSON.stringify(cut(bytes).pieces.map((piece) => toHex(piece.bytes))))
      .digest('hex');
  const changed = concat(attached, digest);
  changed[5]! ^= 1;
  expect(hash(changed)).not.toBe(hash(concat(attached, digest)));
});
