/** Trust files, CRL files and artefacts: read from folders and archives, named if they are something else. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { encode } from '../../src/coer/index.ts';
import { Ieee1609Dot2Data } from '../../src/dot2/index.ts';
import {
  openCrlFiles,
  ReaderError,
  readArtefacts,
  readCrlFiles,
  readPins,
  readWhole,
} from '../../src/readers/index.ts';
import { createScms, pseudonyms, signMessage } from '../../src/testbed/index.ts';
import { concat, toHex } from '../support/octets.ts';
import { at } from './frame-cases.ts';
import { ethernet, pcap, WSMP } from './frames.ts';
import { certificates, wsm } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'whole-'));
afterAll(() => rmSync(folder, { recursive: true }));

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const [first, second] = certificates as [Uint8Array, Uint8Array];
const scms = createScms({ seed: 'whole files' });
const [device] = pseudonyms(scms, { devices: 1 });

/** Signed data under a PSID, as CRLs are; nothing here verifies them. */
function signed(psid: number): Uint8Array {
  return signMessage(device!, { psid, payload: text('list'), generationTime: scms.at, signer: 'digest' });
}
const ETSI_CRL = signed(622);
const ETSI_CTL = signed(624);

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function tarGz(name: string, files: Readonly<Record<string, Uint8Array>>): string {
  const from = mkdtempSync(join(folder, 'tar-'));
  for (const [entry, content] of Object.entries(files)) writeFileSync(join(from, entry), content);
  const path = join(folder, name);
  execFileSync('tar', ['-czf', path, '-C', from, ...Object.keys(files)]);
  return path;
}

const IN_ARCHIVES = [
  ['ZIP', file('roots.zip', zipSync({ 'a/1.oer': first, 'a/2.hex': text(toHex(second)), '413_0.s': text('secret') }))],
  ['tar.gz', tarGz('roots.tar.gz', { '1.oer': first, '2.hex': text(toHex(second)) })],
  ['ZIP in gzip', file('roots.zip.gz', gzipSync(zipSync({ '1.oer': concat(first, second) })))],
] as const;

describe('trust files', () => {
  it.each(IN_ARCHIVES)('in an archive (%s) are read like those of a folder', async (_, path) => {
    expect((await readWhole(path)).map(toHex)).toEqual([toHex(first), toHex(second)]);
  });

  it('in a capture are read', async () => {
    const path = file('attached.pcap', pcap(1, [at(ethernet(WSMP, wsm(ETSI_CRL)))]));
    expect((await readWhole(path)).map(toHex)).toEqual([toHex(ETSI_CRL)]);
  });

  it('of another form are refused by name, also in an archive', async () => {
    await expect(readWhole(file('page', '<!DOCTYPE html>\n<html></html>'))).rejects.toThrow(
      /page: this looks like an HTML page; .*curl --fail/,
    );
    const path = file('mixed.zip', zipSync({ 'page.html': text('<html></html>'), '1.oer': first }));
    await expect(readWhole(path)).rejects.toThrow(`${path}!/page.html: this looks like an HTML page`);
    await expect(readWhole(file('ctl', ETSI_CTL))).rejects.toThrow(/certificate trust list of ETSI TS 102 941/);
  });

  it('in archives inside archives beyond the bound are refused', async () => {
    let bytes = zipSync({ 'x.oer': first });
    for (let i = 0; i < 2; i++) bytes = zipSync({ 'inner.zip': bytes });
    await expect(readWhole(file('deep.zip', bytes))).rejects.toThrow(
      'inner.zip!/inner.zip: an archive inside 2 others',
    );
  });

  it('pins are read from an archive', async () => {
    const pins = JSON.stringify([{ certificate: toHex(first), publicKey: `02${'11'.repeat(32)}` }]);
    expect(await readPins(file('pins.zip', zipSync({ 'pins.json': text(pins) })))).toHaveLength(1);
    await expect(readPins(file('bad.zip', zipSync({ 'pins.json': text('[{}]') })))).rejects.toThrow(
      'bad.zip!/pins.json: entry 1: certificate is missing',
    );
  });
});

describe('artefacts', () => {
  it.each(IN_ARCHIVES.slice(0, 2))('in an archive (%s): one a file, named by its path', async (_, path) => {
    const read = await readArtefacts([path]);
    expect(read.map(({ octets }) => toHex(octets))).toEqual([toHex(first), toHex(second)]);
    expect(read[0]!.name).toMatch(/!\/(a\/)?1\.oer$/);
  });

  it('keep what follows them: that is for the strict decoder to refuse', async () => {
    const bytes = concat(first, Uint8Array.of(1, 2, 3));
    const read = await readArtefacts([file('more.zip', zipSync({ 'more.oer': bytes }))]);
    expect(read.map(({ octets }) => toHex(octets))).toEqual([toHex(bytes)]);
  });

  it('of another form are refused by name', async () => {
    await expect(readArtefacts([file('list', ETSI_CTL)])).rejects.toThrow(/trust list of ETSI TS 102 941.*IEEE 1609.2/);
    await expect(readArtefacts([file('a.xml', '<?xml version="1.0"?><a/>')])).rejects.toThrow('this looks like XML');
  });

  it('signed under any other PSID are not', async () => {
    const vote = signed(0x23);
    expect((await readArtefacts([file('vote', vote)])).map(({ octets }) => toHex(octets))).toEqual([toHex(vote)]);
  });
});

describe('CRL files', () => {
  const crl = encode(Ieee1609Dot2Data, {
    protocolVersion: 3,
    content: { tag: 'unsecuredData', value: text('no CRL, and that is for the verifier to say') },
  } as never);

  it('in a ZIP are read one by one; one that is no file of CRLs costs itself', async () => {
    const path = file('crls.zip', zipSync({ 'a.crl': crl, 'b.html': text('<html>'), 'c.crl': crl }));
    const { crls, failure } = await readCrlFiles([path]);
    expect(crls.map(({ source }) => source)).toEqual([`${path}!/a.crl`, `${path}!/c.crl`]);
    expect(failure?.message).toContain('crls.zip!/b.html: this looks like an HTML page');
  });

  it('of ETSI TS 102 941 are refused by name', async () => {
    const { crls, failure } = await readCrlFiles([file('etsi.crl', ETSI_CRL)]);
    expect(crls).toEqual([]);
    expect(failure?.message).toContain('this looks like a certificate revocation list of ETSI TS 102 941');
  });

  it('of a damaged archive come up to the damage, which is an error', async () => {
    const whole = zipSync({ 'a.crl': crl, 'b.crl': crl }, { level: 0 });
    const { crls, failure } = await readCrlFiles([file('cut.zip', whole.subarray(0, -30))]);
    expect(crls.length).toBeGreaterThan(0);
    expect(failure?.message).toContain('no directory at its end');
  });

  it('in a folder with an entry that cannot be opened: that is an error, and the others are read', async () => {
    const from = join(folder, 'crls');
    mkdirSync(from);
    writeFileSync(join(from, 'a.crl'), crl);
    symlinkSync(join(from, 'nowhere'), join(from, 'b.crl'));
    const seen: string[] = [];
    for await (const read of openCrlFiles([from])) {
      seen.push(read instanceof ReaderError ? read.message : read.source);
    }
    expect(seen).toEqual([`${join(from, 'b.crl')}: ENOENT: no such file or directory`, join(from, 'a.crl')]);
  });
});
