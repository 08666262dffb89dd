/** An independent decoder reads what the testbed encodes, and reads the same in it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeOrThrow } from '../../src/coer/index.ts';
import { type Certificate, EE_APP, type HeaderInfo, Ieee1609Dot2Data, type SignedData } from '../../src/dot2/index.ts';
import {
  app,
  applicationCertificate,
  type Credential,
  createScms,
  enrolmentCertificate,
  generateKey,
  implicitApplicationCertificate,
  issueExplicit,
  type MessageRequest,
  named,
  PSID_BSM,
  PSID_SERVICE_ADVERTISEMENT,
  PSID_TRAVELLER_INFORMATION,
  pseudonyms,
  signMessage,
  yearsFrom,
} from '../../src/testbed/index.ts';
import { concat, toHex } from '../support/octets.ts';

const installed = spawnSync('tshark', ['--version']).status === 0;
if (!installed) console.warn('skipped, tshark is not installed: comparison with an independent decoder');

/** Link type that tshark lets its user assign: here, to Ieee1609Dot2Data without anything around it. */
const DLT_USER0 = 147;
const MAPPING = 'uat:user_dlts:"User 0 (DLT=147)","ieee1609dot2.data","0","","0",""';

function pcapOf(packets: readonly Uint8Array[]): Uint8Array {
  const words = (...values: number[]): Uint8Array => {
    const buffer = Buffer.alloc(4 * values.length);
    values.forEach((value, i) => {
      buffer.writeUInt32LE(value, 4 * i);
    });
    return buffer;
  };
  const head = words(0xa1b2c3d4, 0x0004_0002, 0, 0, 65_535, DLT_USER0);
  return concat(head, ...packets.flatMap((packet) => [words(0, 0, packet.length, packet.length), packet]));
}

/** One line a packet: for each field all its values, in the order of the octets. */
function dissect(packets: readonly Uint8Array[], fields: readonly string[]): string[][][] {
  const folder = mkdtempSync(join(tmpdir(), 'tshark-'));
  try {
    const path = join(folder, 'packets.pcap');
    writeFileSync(path, pcapOf(packets));
    const columns = fields.flatMap((field) => ['-e', field]);
    const options = ['-E', 'separator=/t', '-E', 'occurrence=a', '-E', 'aggregator=|'];
    const text = execFileSync('tshark', ['-r', path, '-o', MAPPING, '-T', 'fields', ...columns, ...options], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const lines = text.split('\n').slice(0, -1);
    return lines.map((line) => line.split('\t').map((value) => (value === '' ? [] : value.split('|'))));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const P = 'ieee1609dot2.';
const FIELDS = [
  '_ws.malformed',
  '_ws.expert.message',
  ...['psid', 'generationTime', 'expiryTime', 'latitude', 'longitude', 'elevation', 'digest', 'sha256AndDigest'].map(
    (f) => P + f,
  ),
  ...['type', 'start', 'hours', 'years', 'cracaId', 'crlSeries', 'iCert', 'linkage_value', 'name', 'countryOnly'].map(
    (f) => P + f,
  ),
  ...['unsecuredData', 'compressed_y_0', 'compressed_y_1', 'x_only', 'sSig', 'sspBitmask', 'opaque', 'bitmapSsp'].map(
    (f) => P + f,
  ),
];

type Row = Record<string, string[]>;
function dissected(packets: readonly Uint8Array[]): Row[] {
  return dissect(packets, FIELDS).map((line) =>
    Object.fromEntries(FIELDS.map((field, i) => [field.replace(P, ''), line[i] as string[]])),
  );
}

/** The same fields by our decoder, in the order of the octets: header, then certificates, then the signature. */
function decoded(octets: Uint8Array): Row {
  const data = decodeOrThrow(Ieee1609Dot2Data, octets);
  const { tbsData, signer, signature } = (data.content as { value: SignedData }).value;
  const row: Row = Object.fromEntries(FIELDS.map((field) => [field.replace(P, ''), []]));
  const put = (field: string, ...values: unknown[]): void => {
    for (const value of values) {
      if (value === undefined) continue;
      row[field]?.push(value instanceof Uint8Array ? toHex(value) : String(value));
    }
  };
  putPayload();
  putHeader(tbsData.headerInfo);
  if (signer.tag === 'digest') put('digest', signer.value);
  if (signer.tag === 'certificate') for (const certificate of signer.value) putCertificate(certificate);
  putSignature(signature as Certificate['signature']);
  return row;

  function putPayload(): void {
    const inner = tbsData.payload.data?.content;
    if (inner?.tag === 'unsecuredData') put('unsecuredData', inner.value);
  }
  function putHeader(header: HeaderInfo): void {
    put('psid', header.psid);
    put('generationTime', header.generationTime);
    put('expiryTime', header.expiryTime);
    const at = header.generationLocation;
    put('latitude', at?.latitude);
    put('longitude', at?.longitude);
    put('elevation', at?.elevation);
  }
  function putPoint(point: { tag: string; value: unknown }): void {
    put(point.tag.replaceAll('-', '_'), point.value);
  }
  function putCertificate({ type, issuer, toBeSigned, signature: own }: Certificate): void {
    put('type', type === 'explicit' ? 0 : 1);
    if (issuer.tag === 'sha256AndDigest') put('sha256AndDigest', issuer.value);
    const { id, cracaId, crlSeries, validityPeriod, region, appPermissions, certRequestPermissions } = toBeSigned;
    if (id.tag === 'linkageData') {
      put('iCert', id.value.iCert);
      put('linkage_value', id.value.linkageValue);
    }
    if (id.tag === 'name') put('name', id.value);
    put('cracaId', cracaId);
    put('crlSeries', crlSeries);
    put('start', validityPeriod.start);
    put(validityPeriod.duration.tag, validityPeriod.duration.value);
    if (region?.tag === 'identifiedRegion') {
      for (const one of region.value) if (one.tag === 'countryOnly') put('countryOnly', one.value);
    }
    for (const { psid, ssp } of appPermissions ?? []) {
      put('psid', psid);
      if (ssp) put(ssp.tag, ssp.value);
    }
    for (const { subjectPermissions } of certRequestPermissions ?? []) {
      if (subjectPermissions.tag === 'explicit') for (const { psid } of subjectPermissions.value) put('psid', psid);
    }
    const indicator = toBeSigned.verifyKeyIndicator;
    const point = indicator.tag === 'verificationKey' ? indicator.value.value : indicator.value;
    putPoint(point as { tag: string; value: unknown });
    putSignature(own);
  }
  function putSignature(value: Certificate['signature']): void {
    if (value?.tag !== 'ecdsaNistP256Signature') return;
    putPoint(value.value.rSig);
    put('sSig', value.value.sSig);
  }
}

function messages(): [name: string, octets: Uint8Array][] {
  const scms = createScms({ seed: 'read by tshark', electors: 0 });
  const explicit = applicationCertificate(scms, { label: 'explicit' });
  const implicit = implicitApplicationCertificate(scms, { label: 'implicit' });
  const [pseudonym] = pseudonyms(scms, { devices: 1 }) as Iterable<Credential>;
  // What tshark 4.0 cannot read is not asked of it: chain lengths, eeType (it has no bit strings), and missingCrlIdentifier,
  // whose preamble, an extension bit alone, it passes over.
  const station = issueExplicit({
    issuer: scms.pca,
    key: generateKey(scms.random.fork('station')),
    fields: {
      id: named('station'),
      cracaId: scms.cracaId,
      crlSeries: 3,
      validityPeriod: yearsFrom(scms.start, 3),
      region: { tag: 'identifiedRegion', value: [410, 840].map((value) => ({ tag: 'countryOnly' as const, value })) },
      appPermissions: [app(PSID_BSM), app(PSID_TRAVELLER_INFORMATION, [1, 2, 3]), app(70_000)],
    },
  });
  const enrolment = enrolmentCertificate(scms, {
    label: 'enrolment',
    fields: {
      certRequestPermissions: [
        {
          subjectPermissions: { tag: 'explicit', value: [{ psid: PSID_BSM }, { psid: 0x23 }] },
          minChainLength: 1,
          chainLengthRange: 0,
          eeType: EE_APP,
        },
      ],
    },
  });
  const payload = Uint8Array.from({ length: 38 }, (_, i) => i);
  const base: MessageRequest = { psid: PSID_BSM, payload, generationTime: scms.at };
  const where = { latitude: -353_000_000, longitude: 1_490_000_000, elevation: 4_096 };
  const made: [string, Credential, Partial<MessageRequest>][] = [
    ['digest', explicit, {}],
    ['explicit certificate', explicit, { signer: 'certificate' }],
    ['implicit certificate', implicit, { signer: 'certificate' }],
    ['pseudonym certificate', pseudonym as Credential, { signer: 'certificate' }],
    ['region and SSP', station, { signer: 'certificate', psid: PSID_TRAVELLER_INFORMATION }],
    ['enrolment certificate', enrolment, { signer: 'certificate' }],
    ['expiry and place', explicit, { expiryTime: scms.at + 1n, generationLocation: where }],
    ['x-only R', explicit, { rForm: 'x-only' }],
    ['long payload, psid of three octets', explicit, { payload: new Uint8Array(5000).fill(7), psid: 70_000 }],
    [
      'service advertisement, to the last microsecond',
      explicit,
      { psid: PSID_SERVICE_ADVERTISEMENT, expiryTime: 2n ** 63n - 1n },
    ],
    ['bare header', explicit, { generationTime: undefined }],
    [
      'header fields',
      explicit,
      {
        header: {
          p2pcdLearningRequest: payload.subarray(0, 3),
        },
      },
    ],
  ];
  return made.map(([name, signer, request]) => [name, signMessage(signer, { ...base, ...request })]);
}

describe.skipIf(!installed)('tshark', () => {
  const made = installed ? messages() : [];
  const rows = installed ? dissected(made.map(([, octets]) => octets)) : [];

  it('takes each message for one', () => {
    expect(rows.length).toBe(made.length);
    rows.forEach((row, i) => {
      expect(row['_ws.malformed'], made[i]?.[0]).toEqual([]);
      expect(row['_ws.expert.message'], made[i]?.[0]).toEqual([]);
    });
  });

  it.each(made.map(([name, octets], i) => ({ name, octets, i })))('reads the same: $name', ({ octets, i }) => {
    const ours = decoded(octets);
    // What both leave out is compared for no message.
    if (i === 1)
      for (const field of ['psid', 'generationTime', 'sha256AndDigest', 'start', 'hours', 'name', 'sSig']) {
        expect(ours[field], field).not.toEqual([]);
      }
    const theirs = Object.fromEntries(
      Object.entries(rows[i] as Row).map(([field, values]) => [
        field,
        values.map((value) => value.replaceAll(':', '')),
      ]),
    );
    expect(theirs).toEqual(ours);
  });

  it('flags what is broken, so that agreement means something', () => {
    const [, good] = made[1] as [string, Uint8Array];
    const cut = good.subarray(0, good.length - 20);
    const longLength = good.slice();
    longLength[6] = 0x7f;
    const found = dissected([good, cut, longLength]).map((row) => row['_ws.malformed']?.length !== 0);
    expect(found).toEqual([false, true, true]);
  });

  it('reads something else where an octet differs', () => {
    const [, good] = made[1] as [string, Uint8Array];
    const other = good.slice();
    const at = other.length - 1;
    other[at] = (other[at] as number) ^ 1;
    const [row] = dissected([other]);
    expect(row?.sSig?.at(-1)).not.toBe(decoded(good).sSig?.at(-1));
    expect(row?.sSig?.at(-1)?.replaceAll(':', '')).toBe(decoded(other).sSig?.at(-1));
  });
});
