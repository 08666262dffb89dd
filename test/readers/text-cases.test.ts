/** The text and JSON files of the shared cases: each gives what its table says. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { toHex } from '../support/octets.ts';
import { readOctets } from './support.ts';

const FOLDER = fileURLToPath(new URL('../../../shared/cases', import.meta.url));
const file = (name: string) => new Uint8Array(readFileSync(join(FOLDER, name)));

/** Records of each file: the messages of `trust/`, the root's certificate, or why there is none. */
const EXPECTED: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  'hexwrap/xxd-p.hex': ['tim'],
  'hexwrap/two-wrapped.hex': ['tim', 'bsm'],
  'hexwrap/xxd.txt': ['tim'],
  'hexwrap/hexdump-C.txt': ['tim'],
  'hexwrap/od.txt': ['tim'],
  'b64wrap/base64.b64': ['tim'],
  'b64wrap/b64url.txt': ['tim'],
  'b64wrap/pem.txt': ['tim'],
  'textforms/0x.hex': ['tim', 'bsm'],
  'textforms/b64ofhex.txt': ['tim'],
  'textforms/bytes0x.hex': ['tim'],
  'textforms/carray-braces.txt': ['tim'],
  'textforms/carray.txt': ['tim'],
  'textforms/colons.hex': ['tim'],
  'textforms/commas.hex': ['tim'],
  'textforms/comments.hex': ['tim', 'bsm'],
  'textforms/crlf.hex': ['tim', 'bsm'],
  'textforms/csv.csv': ['tim', 'bsm'],
  'textforms/dashes.hex': ['tim'],
  'textforms/h-notation.txt': ['tim'],
  'textforms/hexhex.hex': ['tim'],
  'textforms/ints.json': ['tim'],
  'textforms/javaints.txt': ['tim'],
  'textforms/kafkakey.txt': ['tim'],
  'textforms/label.hex': ['tim'],
  'textforms/odd.hex': [/^not hex, or half a byte too much/],
  'textforms/python.txt': ['tim'],
  'textforms/quoted.txt': ['tim'],
  'textforms/root-wrapped.b64': ['root'],
  'textforms/root-wrapped.hex': ['root'],
  'textforms/syslog.txt': ['tim', 'bsm'],
  'textforms/tshark-e.txt': ['tim', 'bsm'],
  'textforms/utf16.hex': ['tim'],
  'topasn1/processed-bsm.json': ['bsm'],
  'topasn1/processed-spat.json': ['tim'],
  'v2xhubjson/bsm.json': ['bsm'],
  'tshark/tshark.json': ['bsm'],
  'signjson/sign.json': ['tim'],
  'signjson/sign-result.json': ['tim'],
  'jsonstring/double.json': ['tim'],
  'jsonstring/kafkarest.json': ['tim'],
  'json/array.json': ['tim', 'bsm'],
  'json/arrhex.json': ['tim', 'bsm'],
  'json/asn1-0x.json': ['tim'],
  'json/hsm.json': ['tim'],
  'json/jq.json': ['tim', 'bsm'],
  'json/ode-decoded.json': [/^none of hex, b64, metadata.asn1/],
  'json/odeasn1array.json': ['tim'],
  'json/oderaw-list.json': ['tim', 'bsm'],
  'json/payloadstring.json': ['tim'],
  'json/pretty-two.json': ['tim', 'bsm'],
  'json/pretty.json': ['tim'],
  's3/commas.json': ['tim', 'bsm'],
  's3/crlf.json': ['tim', 'bsm'],
  's3/concat.json': ['tim', 'bsm', /^$/],
  'crl/404.html': [/HTML/],
  'xml/ode.xml': [/XML/],
};

const describeWithCases = existsSync(FOLDER) ? describe : describe.skip;
if (!existsSync(FOLDER)) console.warn('skipped, no shared cases found');

describeWithCases('shared cases of text', () => {
  it.each(Object.entries(EXPECTED))('%s', async (name, expected) => {
    const known = new Map(['tim', 'bsm', 'root'].map((one) => [toHex(file(`trust/${one}.oer`)), one]));
    const records = await readOctets(file(name));
    expect(records).toHaveLength(expected.length);
    for (const [i, { bytes, unreadable }] of records.entries()) {
      const outcome = unreadable ?? known.get(toHex(bytes)) ?? '';
      const wanted = expected[i]!;
      if (typeof wanted === 'string') expect(outcome).toBe(wanted);
      else expect(outcome).toMatch(wanted);
    }
  });

  it('CRLs in text are one structure', async () => {
    for (const name of ['crl/wrapped.hex', 'crl/json.json', 'crl/hex.json']) {
      const records = await readOctets(file(name));
      expect(records.map(({ bytes }) => toHex(bytes))).toEqual([toHex(file('crl/crl.oer'))]);
    }
  });

  it('certificates are the same in text', async () => {
    expect(toHex((await readOctets(file('textforms/root-wrapped.hex')))[0]!.bytes)).toBe(toHex(file('trust/root.oer')));
  });
});
