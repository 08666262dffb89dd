/** Every certificate, message and chain file of the published vectors decodes strictly and encodes to the same octets. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { annotate, decode, encode, type TraceNode } from '../../src/coer/index.ts';
import {
  Certificate,
  ChainFile,
  canonicalCertificate,
  canonicalToBeSigned,
  canonicalToBeSignedData,
  certificatesOfChainFile,
  decodeStructureAt,
  Ieee1609Dot2Data,
  STRUCTURES,
  type StructureKind,
  sniffStructure,
} from '../../src/dot2/index.ts';
import { cpuMs } from '../support/cpu.ts';
import { concat, fromHex, toHex } from '../support/octets.ts';
import { describeWithVectors, readVector, vectorsDir } from '../support/vectors.ts';

interface Found {
  readonly name: string;
  readonly kind: StructureKind;
  readonly octets: Uint8Array;
}

/** What is none of the structures that are told apart, and why. */
const OTHER_STRUCTURES: Readonly<Record<string, string>> = {
  'openscms/CertManagementPdu.dat': 'an ScmsPdu of IEEE 1609.2.1, version 2',
  'openscms/OscmsCertificateChainFile.dat': 'an ScmsPdu of IEEE 1609.2.1, version 2',
};
/** One of the three structures, and refused all the same. */
const REFUSED: Readonly<Record<string, string>> = {
  'hostile/recursion-depth150.oer': 'nested 150 deep',
};
const FOLDERS = ['keti', 'openscms', 'etsi', 'usdot-jpo-security', 'hostile'];

function filesBelow(folder: string): string[] {
  return readdirSync(join(vectorsDir() as string, folder)).flatMap((name) => {
    const path = `${folder}/${name}`;
    return statSync(join(vectorsDir() as string, path)).isDirectory() ? filesBelow(path) : [path];
  });
}

const binaries = (): string[] => FOLDERS.flatMap(filesBelow).filter((path) => /\.(oer|cert|dat)$/.test(path));
const file = (path: string): Uint8Array => new Uint8Array(readFileSync(join(vectorsDir() as string, path)));

function fromFiles(): Found[] {
  return binaries()
    .filter((path) => !(path in OTHER_STRUCTURES) && !(path in REFUSED))
    .map((path) => ({ name: path, kind: sniffStructure(file(path)) as StructureKind, octets: file(path) }));
}

function fromLists(): Found[] {
  const lists: [path: string, kind: StructureKind, field: string][] = [
    ...readdirSync(join(vectorsDir() as string, 'keti'))
      .filter((name) => /^certs-.*\.json$/.test(name))
      .map((name): [string, StructureKind, string] => [`keti/${name}`, 'certificate', 'hex']),
    ['keti/spdus.json', 'data', 'hex'],
    ['openscms/certs.json', 'certificate', 'hex'],
    ['openscms/spdus.json', 'data', 'hex'],
    ['usdot-jpo-security/certs.json', 'certificate', 'hex'],
    ['usdot-jpo-security/spdus.json', 'data', 'hex'],
    ['field/certificate-keys.json', 'certificate', 'certificate'],
  ];
  const listed = lists.flatMap(([path, kind, field]) =>
    (JSON.parse(readVector(path)) as Record<string, string>[]).map((entry, i) => ({
      name: `${path}[${i}]`,
      kind,
      octets: fromHex(entry[field] as string),
    })),
  );
  const tta = JSON.parse(readVector('keti/tta-enrollment-ecqv.json')) as Record<string, string>;
  const names = ['rca', 'ica', 'pca', 'eca', 'enroll_cert_implicit'];
  return [
    ...listed,
    ...names.map((name) => ({
      name: `tta ${name}`,
      kind: 'certificate' as const,
      octets: fromHex(tta[name] as string),
    })),
    { name: 'tta lccf', kind: 'localChainFile', octets: fromHex(tta.lccf as string) },
  ];
}

describeWithVectors('published structures', () => {
  const all = vectorsDir() ? [...fromFiles(), ...fromLists()] : [];

  it('are all there', () => {
    const count = (kind: StructureKind): number => all.filter((one) => one.kind === kind).length;
    expect({ certificates: count('certificate'), data: count('data'), files: count('localChainFile') }).toEqual({
      certificates: 735,
      data: 88,
      files: 4,
    });
  });

  it('are recognised, decode strictly and encode to the same octets', () => {
    for (const { name, kind, octets } of all) {
      expect(sniffStructure(octets), name).toBe(kind);
      const result = decode(STRUCTURES[kind], octets);
      expect(result, name).toMatchObject({ ok: true, end: octets.length });
      if (result.ok) expect(toHex(encode(STRUCTURES[kind], result.value)), name).toBe(toHex(octets));
    }
  });

  it('are found one behind another, each with its end', () => {
    const several = all.slice(0, 40);
    const stream = concat(...several.map(({ octets }) => octets));
    let offset = 0;
    for (const { name, kind, octets } of several) {
      expect(sniffStructure(stream, offset), name).toBe(kind);
      const result = decodeStructureAt(kind, stream, offset);
      expect(result, name).toMatchObject({ ok: true, end: offset + octets.length });
      offset += octets.length;
    }
  });

  it('are shown without losing an octet', () => {
    const leaves = (node: TraceNode): TraceNode[] => (node.children.length ? node.children.flatMap(leaves) : [node]);
    for (const { name, kind, octets } of all) {
      let at = 0;
      for (const leaf of leaves(annotate(STRUCTURES[kind], octets).tree)) {
        expect(leaf.offset, `${name} ${leaf.name}`).toBe(at);
        at = leaf.end;
      }
      expect(at, name).toBe(octets.length);
    }
  });

  it('in canonical form are the octets received; the others are those that the index names', () => {
    const index = JSON.parse(readVector('etsi/index.json')) as { file: string; canonical: boolean }[];
    const notCanonical = new Set(index.filter(({ canonical }) => !canonical).map((one) => `etsi/${one.file}`));
    const found = new Set<string>();
    for (const { name, kind, octets } of all) {
      if (kind !== 'certificate') continue;
      const result = decode(Certificate, octets);
      if (!result.ok) throw new Error(name);
      const canonical = canonicalCertificate(result.value);
      const tbs = canonicalToBeSigned(result.value);
      if (toHex(canonical) !== toHex(octets)) found.add(name);
      // Canonical form is a fixed point, and the part is a part of the whole.
      const again = decode(Certificate, canonical);
      if (!again.ok) throw new Error(name);
      expect(toHex(canonicalCertificate(again.value)), name).toBe(toHex(canonical));
      expect(toHex(canonical), name).toContain(toHex(tbs));
    }
    for (const name of notCanonical) expect(found, name).toContain(name);
    const unexpected = [...found].filter((name) => !notCanonical.has(name) && !name.startsWith('openscms/'));
    expect(unexpected).toEqual([]);
  });

  it('messages: what is signed is a part of the octets received, where it is canonical', () => {
    for (const { name, kind, octets } of all) {
      if (kind !== 'data') continue;
      const result = decode(Ieee1609Dot2Data, octets);
      if (!result.ok || result.value.content.tag !== 'signedData') continue;
      const signed = result.value.content.value;
      expect(toHex(octets), name).toContain(toHex(signed.tbsData.encoded as Uint8Array));
      if (signed.tbsData.payload.data?.content.tag !== 'signedData' && !signed.tbsData.headerInfo.encryptionKey) {
        expect(canonicalToBeSignedData(signed), name).toBe(signed.tbsData.encoded);
      }
    }
  });
});

describeWithVectors('other structures', () => {
  it.each(Object.entries(OTHER_STRUCTURES))('%s is %s', (path) => {
    expect(sniffStructure(file(path))).toBeUndefined();
  });

  it('a message nested 150 deep is refused at the fifth level, and at once', () => {
    const octets = file('hostile/recursion-depth150.oer');
    const started = cpuMs();
    const result = decode(Ieee1609Dot2Data, octets);
    expect(cpuMs() - started).toBeLessThan(50);
    const level = 'content.signedData.tbsData.payload.data';
    const path = Array(4).fill(level).join('.');
    expect(result).toMatchObject({ ok: false, error: { code: 'nestingTooDeep', offset: 4 * 4, path } });
  });
});

describeWithVectors('local chain files', () => {
  const FILES = ['keti/bluetech/LCCF.oer', 'keti/crosscert-lccf.oer', 'keti/tta-lccf.oer'];

  it.each(FILES)('%s gives its certificates as the octets they came in', (path) => {
    const octets = file(path);
    const result = decode(ChainFile, octets);
    if (!result.ok) throw new Error(result.error.code);
    const certificates = certificatesOfChainFile(result.value);
    expect(certificates.length).toBeGreaterThan(1);
    let at = 0;
    for (const certificate of certificates) {
      expect(decode(Certificate, certificate).ok).toBe(true);
      // In file order, none twice.
      const found = Buffer.from(octets).indexOf(certificate, at);
      expect(found).toBeGreaterThanOrEqual(at);
      at = found + certificate.length;
    }
  });

  it('the deployment whose certificates are known has all of its CAs', () => {
    const result = decode(ChainFile, file('keti/bluetech/LCCF.oer'));
    const inside = result.ok ? certificatesOfChainFile(result.value).map(toHex) : [];
    for (const name of ['ICA', 'PCA']) expect(inside).toContain(toHex(file(`keti/bluetech/${name}.oer`)));
  });
});
