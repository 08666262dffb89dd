/** The binary cases that others met, and frames of every kind in hex: what each is to come out as. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readRecords, unwrapOf } from '../../src/readers/index.ts';
import { describeWithCases } from '../support/cases.ts';
import { toHex } from '../support/octets.ts';
import { readPaths } from './support.ts';

/** The two messages that the cases are made of, what is neither of them (`other`), or a part of what is said of it. */
type Outcome = 'tim' | 'bsm' | 'other' | RegExp;

interface Expected {
  readonly outcomes: readonly Outcome[];
  readonly layers?: string;
}

const wsmp = (...outcomes: Outcome[]): Expected => ({ outcomes, layers: 'wsmp3' });
const plain = (...outcomes: Outcome[]): Expected => ({ outcomes });
const layered = (layers: string, ...outcomes: Outcome[]): Expected => ({ outcomes, layers });

const CASES: Readonly<Record<string, Expected>> = {
  'udpdump/good.bin': plain('tim', 'bsm', 'other', 'tim'),
  'udpdump/one-bad.bin': plain('tim', /^40 bytes: .*BasicSafetyMessage/, 'bsm', 'tim'),
  'udpdump/one-bad-wsmp.bin': plain('tim', /^44 bytes: .*WSMP for PSID 32 .*BasicSafetyMessage/, 'bsm', 'tim'),
  'udpdump/zero-pad.bin': plain('tim', /^64 bytes: .*zero padding/),
  'udpdump/ff-pad.bin': plain('tim', /^64 bytes: .*FF/),
  'udpdump/lenprefix.bin': plain(/^4 bytes: .*length .*\(356\)/, 'tim', /^4 bytes: .*length .*\(210\)/, 'bsm'),
  'udpdump/vendor-yunex.bin': plain(/^4 bytes/, 'tim'),
  'udpdump/j2735-prefix.hex': plain(/a signed message of 356 bytes begins at byte 2/),
  'frames/eth.bin': layered('ethernet/wsmp3', 'bsm'),
  'frames/eth.hex': layered('ethernet/wsmp3', 'bsm'),
  'frames/dot11.hex': layered('ieee80211/llc/wsmp3', 'bsm'),
  'frames/radiotap.hex': layered('radiotap/ieee80211/llc/wsmp3', 'bsm'),
  'frames/llc.hex': layered('llc/wsmp3', 'bsm'),
  'frames/gn.hex': layered('geonetworking', 'tim'),
  'frames/gn-eth.hex': layered('ethernet/geonetworking', 'tim'),
  'frames/wsmp-fcs.hex': plain(/WSMP for PSID 32 with 4 byte\(s\) behind/),
  'frames/wsmp-fcs.bin': plain('bsm', /^4 bytes/),
  'frames/oer-fcs.hex': plain('other'),
  'frames/snap128.hex': plain('other'),
  'frames/snap-wsmp.hex': plain(/no IEEE 1609.2 structure|WSMP/),
  'wsmp2/v2.bin': plain(/WSMP version 2/),
  'wsmp2/v3.bin': wsmp('bsm'),
  'wsmp2/v3ext.bin': wsmp('bsm'),
  'wsmp-nodot2/bare.bin': plain(/BasicSafetyMessage/),
  'wsmp-nodot2/bare.hex': plain(/BasicSafetyMessage/),
  'wsmp-nodot2/j2735.bin': plain(/WSMP for PSID 32 .*BasicSafetyMessage/),
  'unsecured/unsec-wsmp.bin': wsmp('other'),
  'unsecured/unsec.hex': plain('other'),
  'satlog/rxSat.bin': layered('obulog', 'bsm', /TravelerInformation/, 'bsm'),
  'spatlog/spatTx.bin': layered('spatlog', 'tim', 'bsm'),
  'der/signed.der': plain(/Ieee1609Dot2Data in DER/),
  'crl/404.html': plain(/HTML/),
  'crl/curl-i.bin': plain(/HTTP/),
  'xml/ode.xml': plain(/XML/),
  'misc/pv2.hex': plain('other'),
  'misc/etsi-v121-cert.hex': plain(/ETSI TS 103 097 version 1\.2\.1/),
  'misc/etsi-v121-msg.hex': plain(/ETSI TS 103 097 version 1\.2\.1/),
  'etri/tx.hex': layered('etri', 'tim'),
  'mec/gn.hex': layered('geonetworking', 'tim'),
  'tci/tci-spdu.hex': plain(/Test Control Interface .*a signed message of 356 bytes begins at byte 18/),
  'zeropad/tim.hex': layered('zeroPadding', 'tim'),
  'zeropad/wsmp.hex': layered('wsmp3/zeroPadding', 'tim'),
  'zeropad/bsm-vendor.hex': layered('vendor01/wsmp3/zeroPadding', 'bsm'),
  'textforms/trailing-nl.oer': plain('tim'),
  'textforms/trailing-crlf.oer': plain('tim'),
  'pcap/eth.pcap': layered('ethernet/wsmp3', 'bsm', 'tim'),
  'pcap/eth.pcapng': layered('ethernet/wsmp3', 'bsm', 'tim'),
  'pcap/radiotap.pcap': plain('bsm', 'tim'),
  'pcap/udp.pcap': layered('ethernet/ipv4/udp/wsmp3', 'bsm'),
  's3/gz-in-gz.gz': plain('tim'),
};

describeWithCases('binary cases', (folder) => {
  const known = { tim: 'trust/tim.oer', bsm: 'trust/bsm.oer' };
  const hexOf = (name: keyof typeof known): string => toHex(readFileSync(join(folder, known[name])));

  it.each(Object.entries(CASES))('%s', async (name, { outcomes, layers }) => {
    const records = await readPaths([join(folder, name)]);
    expect(records.map(({ unreadable }) => unreadable !== undefined)).toEqual(
      outcomes.map((one) => one instanceof RegExp),
    );
    for (const [i, outcome] of outcomes.entries()) {
      const { bytes, unreadable } = records[i]!;
      if (outcome instanceof RegExp) expect(unreadable).toMatch(outcome);
      else if (outcome !== 'other') expect(toHex(bytes)).toBe(hexOf(outcome));
      if (layers !== undefined) expect(unwrapOf(records[i]!)).toBe(layers);
    }
  });

  it.each(['archives/batch.zip', 'archives/batch.tar', 'archives/batch.tar.gz', 'batch'])('%s', async (name) => {
    const records = readRecords([join(folder, name)]);
    const sources: string[] = [];
    for await (const { source, unreadable } of records) {
      expect(unreadable).toBeUndefined();
      sources.push(source.slice(folder.length + 1));
    }
    const separator = name === 'batch' ? '/' : '!/';
    const certificates = [
      '413/413_0.cert',
      '413/413_1.cert',
      '413/413_2.cert',
      '414/414_0.cert',
      '414/414_1.cert',
      '414/414_2.cert',
    ];
    expect(sources.sort()).toEqual(certificates.map((path) => `${name}${separator}${path}`));
    expect(records.report.privateKeyFiles).toBe(6);
  });

  it.each(['s3/cut.gz', 's3/cut2.gz', 's3/cut3.gz', 's3/cut4.gz'])(
    '%s: what came before the cut, and the damage',
    async (name) => {
      const records = await readPaths([join(folder, name)]);
      expect(records.at(-1)!.unreadable).toMatch(/gzip stream is damaged or breaks off/);
      expect(records.length).toBeGreaterThan(1);
    },
  );
});
