/**
 * Every file of the shared cases through the program: what `messages`, `certs`, `crl check`, `show` and the trust options make of it.
 * The readers' own tests say which bytes come out; here it is what a user gets.
 */
import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { describeWithCases } from '../support/cases.ts';
import { jsonLines, run } from './support.ts';

/** Codes of the items of a file, as messages; `unreadable` stands for `unreadableRecord`. */
const MESSAGES: Readonly<Record<string, string>> = {
  'b64wrap/b64url.txt': 'ok',
  'b64wrap/base64.b64': 'ok',
  'b64wrap/pem.txt': 'ok',
  'crl/404.html': 'unreadable',
  'crl/contents-only.oer': 'unreadable',
  'crl/crl.oer': 'certificateNotFound',
  'crl/curl-i.bin': 'unreadable',
  'crl/hex.json': 'certificateNotFound',
  'crl/json.json': 'certificateNotFound',
  'crl/nl.oer': 'certificateNotFound',
  'crl/wrapped.hex': 'certificateNotFound',
  'der/signed.der': 'unreadable',
  'etri/tx.hex': 'ok',
  'frames/dot11.hex': 'ok',
  'frames/eth.bin': 'ok',
  'frames/eth.hex': 'ok',
  'frames/gn-eth.hex': 'ok',
  'frames/gn.hex': 'ok',
  'frames/llc.hex': 'ok',
  'frames/oer-fcs.hex': 'trailingBytes',
  'frames/radiotap.hex': 'ok',
  'frames/snap-wsmp.hex': 'unreadable',
  'frames/snap128.hex': 'truncated',
  'frames/wsmp-fcs.bin': 'ok unreadable',
  'frames/wsmp-fcs.hex': 'unreadable',
  'hexwrap/hexdump-C.txt': 'ok',
  'hexwrap/od.txt': 'ok',
  'hexwrap/two-wrapped.hex': 'ok ok',
  'hexwrap/xxd-p.hex': 'ok',
  'hexwrap/xxd.txt': 'ok',
  'json/array.json': 'ok ok',
  'json/arrhex.json': 'ok ok',
  'json/asn1-0x.json': 'ok',
  'json/hsm.json': 'ok',
  'json/jq.json': 'ok ok',
  'json/ode-decoded.json': 'unreadable',
  'json/odeasn1array.json': 'ok',
  'json/oderaw-list.json': 'ok ok',
  'json/payloadstring.json': 'ok',
  'json/pretty-two.json': 'ok ok',
  'json/pretty.json': 'ok',
  'jsonstring/double.json': 'ok',
  'jsonstring/kafkarest.json': 'ok',
  'mec/gn.hex': 'ok',
  'mec/gn03.hex': 'unreadable',
  'misc/etsi-v121-cert.hex': 'unreadable',
  'misc/etsi-v121-msg.hex': 'unreadable',
  'misc/pv2.hex': 'unsupportedVersion',
  'pcap/eth.pcap': 'ok ok',
  'pcap/eth.pcapng': 'ok ok',
  'pcap/radiotap.pcap': 'ok ok',
  'pcap/udp.pcap': 'ok',
  's3/commas.json': 'ok ok',
  's3/concat.json': 'ok ok ok',
  's3/crlf.json': 'ok ok',
  's3/gz-in-gz.gz': 'ok',
  's3/multi.gz': 'ok ok',
  'satlog/rxSat.bin': 'ok unreadable ok',
  'signjson/sign-result.json': 'ok',
  'signjson/sign.json': 'ok',
  'spatlog/spatTx.bin': 'ok ok',
  'tci/tci-spdu.hex': 'unreadable',
  'tci/tci.hex': 'unreadable',
  'textforms/0x.hex': 'ok ok',
  'textforms/b64ofhex.txt': 'ok',
  'textforms/bytes0x.hex': 'ok',
  'textforms/ca-crlf.oer': 'unexpectedStructure unexpectedStructure unexpectedStructure unexpectedStructure',
  'textforms/carray-braces.txt': 'ok',
  'textforms/carray.txt': 'ok',
  'textforms/colons.hex': 'ok',
  'textforms/commas.hex': 'ok',
  'textforms/comments.hex': 'ok ok',
  'textforms/crlf.hex': 'ok ok',
  'textforms/csv.csv': 'ok ok',
  'textforms/dashes.hex': 'ok',
  'textforms/h-notation.txt': 'ok',
  'textforms/hexhex.hex': 'ok',
  'textforms/ints.json': 'ok',
  'textforms/javaints.txt': 'ok',
  'textforms/kafkakey.txt': 'ok',
  'textforms/label.hex': 'ok',
  'textforms/odd.hex': 'unreadable',
  'textforms/python.txt': 'ok',
  'textforms/quoted.txt': 'ok',
  'textforms/root-nl.oer': 'unexpectedStructure',
  'textforms/root-wrapped.b64': 'unexpectedStructure',
  'textforms/root-wrapped.hex': 'unexpectedStructure',
  'textforms/syslog.txt': 'ok ok',
  'textforms/trailing-crlf.oer': 'ok',
  'textforms/trailing-nl.oer': 'ok',
  'textforms/tshark-e.txt': 'ok ok',
  'textforms/utf16.hex': 'ok',
  'topasn1/processed-bsm.json': 'ok',
  'topasn1/processed-spat.json': 'ok',
  'tshark/tshark.json': 'ok',
  'udpdump/ff-pad.bin': 'ok unreadable',
  'udpdump/good.bin': 'ok ok ok ok',
  'udpdump/j2735-prefix.hex': 'unreadable',
  'udpdump/lenprefix.bin': 'unreadable ok unreadable ok',
  'udpdump/one-bad-wsmp.bin': 'ok unreadable ok ok',
  'udpdump/one-bad.bin': 'ok unreadable ok ok',
  'udpdump/vendor-yunex.bin': 'unreadable ok',
  'udpdump/zero-pad.bin': 'ok unreadable',
  'unsecured/unsec-wsmp.bin': 'notSigned',
  'unsecured/unsec.hex': 'notSigned',
  'v2xhubjson/bsm.json': 'ok',
  'wsmp-nodot2/bare.bin': 'unreadable',
  'wsmp-nodot2/bare.hex': 'unreadable',
  'wsmp-nodot2/j2735.bin': 'unreadable',
  'wsmp2/v2.bin': 'unreadable',
  'wsmp2/v3.bin': 'ok',
  'wsmp2/v3ext.bin': 'ok',
  'xml/ode.xml': 'unreadable',
  'zeropad/bsm-vendor.hex': 'ok',
  'zeropad/ode.json': 'ok',
  'zeropad/tim.hex': 'ok',
  'zeropad/wsmp.hex': 'ok',
};

/** Cut or damaged gzip: everything before the damage, then the damage. */
const CUT = ['s3/cut.gz', 's3/cut2.gz', 's3/cut3.gz', 's3/cut4.gz'];

/** Tried below or in tests of their own: archives, trust and CRLs, files without any record. */
const ELSEWHERE = /^(README|archives|batch|crl|hostile|leap|root-management|trust)|^json\/empty\.json$/;

describeWithCases('shared cases, by the program', (folder) => {
  const path = (name: string): string => join(folder, name);
  const at = ['--at', '2024-01-02T00:00:00Z'];
  const trust = ['--root', path('trust/root.oer'), '--ca', path('trust/ca.oer'), ...at];

  const codesBySource = async (names: readonly string[]) => {
    const { status, stdout } = await run(['messages', ...names.map(path), ...trust]);
    const codes = new Map<string, string[]>();
    for (const { source, code } of jsonLines(stdout) as { source: string; code: string }[]) {
      const name = relative(folder, source);
      codes.set(name, [...(codes.get(name) ?? []), code === 'unreadableRecord' ? 'unreadable' : code]);
    }
    return { status, codes };
  };

  it('each file of messages gives its verdicts', async () => {
    const names = Object.keys(MESSAGES).filter((name) => !ELSEWHERE.test(name));
    const { status, codes } = await codesBySource(names);
    expect(status).toBe(3);
    expect(Object.fromEntries([...codes].map(([name, list]) => [name, list.join(' ')]))).toEqual(
      Object.fromEntries(names.map((name) => [name, MESSAGES[name]])),
    );
  });

  it.each(CUT)('%s ends with the damage, and what is before it is verified', async (name) => {
    const { status, codes } = await codesBySource([name]);
    const found = codes.get(name) as string[];
    expect(status).toBe(3);
    expect(found.at(-1)).toBe('unreadable');
    expect(found.filter((code) => code === 'ok').length).toBeGreaterThanOrEqual(found.length - 3);
    expect(found.length).toBeGreaterThan(50);
  });

  it('no file is left out', () => {
    const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(path(name)).isFile(),
    );
    const known = new Set([...Object.keys(MESSAGES), ...CUT]);
    expect(all.filter((name) => !known.has(name) && !ELSEWHERE.test(name))).toEqual([]);
  });

  it.each(['json/empty.json', 'crl/empty.oer'])('%s holds nothing', async (name) => {
    const { status, stderr } = await run(['messages', path(name), ...trust]);
    expect(status).toBe(3);
    expect(stderr).toContain(`${path(name)}: no records`);
  });

  it.each([
    ['leap/before.oer', '2016-12-31T23:59:59.5Z'],
    ['leap/in.oer', '2016-12-31T23:59:60.5Z'],
    ['leap/after.oer', '2017-01-01T00:00:00.5Z'],
  ])('%s was generated at %s', async (name, time) => {
    const by = ['--root', path('leap/root.oer'), '--ca', path('leap/ca.oer'), '--at', '2016-12-31T23:59:60Z'];
    const { status, stdout } = await run(['messages', path(name), ...by]);
    expect(status).toBe(0);
    expect(jsonLines(stdout)[0]).toMatchObject({ code: 'ok', generationTime: time });
  });

  it.each(['archives/batch.tar', 'archives/batch.tar.gz', 'archives/batch.zip', 'batch'])(
    '%s: certificates are verified, private key files counted',
    async (name) => {
      const { stdout, stderr } = await run(['certs', path(name), ...trust, '--accept-reconstructed']);
      const rows = jsonLines(stdout) as { source: string; code: string }[];
      expect(rows.map(({ code }) => code)).toEqual(Array(6).fill('implicitReconstructed'));
      expect(new Set(rows.map(({ source }) => source)).size).toBe(6);
      expect(stderr).toContain('private key files left alone: 6');
    },
  );

  it.each(['textforms/root-nl.oer', 'textforms/root-wrapped.b64', 'textforms/root-wrapped.hex'])(
    '%s is a root like trust/root.oer, beside the chain file textforms/ca-crlf.oer',
    async (root) => {
      const by = ['--root', path(root), '--ca', path('textforms/ca-crlf.oer'), ...at];
      const { status } = await run(['messages', path('trust/tim.oer'), path('trust/bsm.oer'), ...by]);
      expect(status).toBe(0);
    },
  );

  it.each(['crl.oer', 'hex.json', 'json.json', 'nl.oer', 'wrapped.hex'])('crl/%s is one CRL in force', async (name) => {
    const signers = ['--root', path('trust/root.oer'), '--ca', path('trust/ca.oer'), path('trust/crlg.oer'), ...at];
    const { stdout } = await run(['crl', 'check', path(`crl/${name}`), ...signers]);
    expect((jsonLines(stdout) as { code: string }[]).map(({ code }) => code)).toEqual(['ok']);
  });

  it.each([
    ['404.html', 'this looks like an HTML page'],
    ['curl-i.bin', 'this looks like an HTTP response with its headers'],
    ['contents-only.oer', 'this looks like the contents of a CRL without their signature'],
    ['empty.oer', 'no records'],
  ])('crl/%s is named, and no run verifies without it', async (name, said) => {
    const checked = await run(['crl', 'check', path(`crl/${name}`), ...trust]);
    expect([checked.status, checked.stderr]).toEqual([3, expect.stringContaining(`crl/${name}: ${said}`)]);
    const verified = await run(['messages', path('trust/tim.oer'), ...trust, '--crl', path(`crl/${name}`)]);
    expect([verified.status, verified.stdout]).toEqual([4, '']);
  });

  it('control and bidirectional characters of names reach no output as they are', async () => {
    const file = path('hostile/terminal-controls.oer');
    const outputs = await Promise.all([
      run(['show', file]),
      run(['show', file, '--format', 'tree']),
      run(['certs', file, '--format', 'table', ...trust]),
      run(['certs', file, '--format', 'json', ...trust]),
      run(['messages', file, ...trust]),
      run(['messages', path('trust/tim.oer'), '--root', file, ...at]),
    ]);
    for (const { stdout, stderr } of outputs) expect(`${stdout}${stderr}`).not.toMatch(CONTROLS);
  });
});

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
const CONTROLS = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;
