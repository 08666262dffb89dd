import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinkageTestingCore } from '../support/linkage-testing-core.ts';
import { fromHex, toHex } from '../support/octets.ts';
import { CORE_NAMES } from '../support/testing-core.ts';
import { describeWithVectors, readResponseFile } from '../support/vectors.ts';

const NIST = ['ECBGFSbox128', 'ECBKeySbox128', 'ECBVarKey128', 'ECBVarTxt128'];
/** What each file encrypts, so that a file that is read wrongly does not pass. */
const COUNTS: Record<string, number> = {
  ECBGFSbox128: 7,
  ECBKeySbox128: 21,
  ECBVarKey128: 128,
  ECBVarTxt128: 128,
};

interface Encryption {
  readonly key: string;
  readonly plaintext: string;
  readonly ciphertext: string;
}

/** The encryptions of a file; its decryptions are the same the other way round. */
function encryptionsOf(file: string): Encryption[] {
  const blocks = readResponseFile(`nist/${file}.rsp`).filter(({ KEY }) => KEY !== undefined);
  return blocks
    .slice(0, blocks.length / 2)
    .map(({ KEY, PLAINTEXT, CIPHERTEXT }) => ({ key: KEY!, plaintext: PLAINTEXT!, ciphertext: CIPHERTEXT! }));
}

function byNode(key: Uint8Array, block: Uint8Array): string {
  return toHex(createCipheriv('aes-128-ecb', key, null).setAutoPadding(false).update(block));
}

const octets16 = fc.uint8Array({ minLength: 16, maxLength: 16 });

describe.each(CORE_NAMES)('AES-128 of %s', (name) => {
  const core = new LinkageTestingCore(name);

  describeWithVectors('published vectors', () => {
    it.each(NIST)('%s', (file) => {
      const encryptions = encryptionsOf(file);
      expect(encryptions).toHaveLength(COUNTS[file]!);
      const out = core.encrypt(
        encryptions.map(({ key }) => fromHex(key)),
        encryptions.map(({ plaintext }) => fromHex(plaintext)),
      );
      expect(out.map(toHex)).toEqual(encryptions.map(({ ciphertext }) => ciphertext));
    });
  });

  it('encrypts the example of FIPS 197 appendix B', () => {
    const key = fromHex('2b7e151628aed2a6abf7158809cf4f3c');
    const [out] = core.encrypt([key], [fromHex('3243f6a8885a308d313198a2e0370734')]);
    expect(toHex(out!)).toBe('3925841d02dc09fbdc118597196a0b32');
  });

  it('puts every octet through the S-box as node:crypto does, at every place', () => {
    const keys = Array.from({ length: 256 }, (_, octet) => new Uint8Array(16).fill(octet));
    const blocks = keys.map(() => new Uint8Array(16));
    expect(core.encrypt(keys, blocks).map(toHex)).toEqual(keys.map((key, i) => byNode(key, blocks[i]!)));
  });

  it('agrees with node:crypto on any key and block, each beside others', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(octets16, octets16), { minLength: 1, maxLength: 9 }), (pairs) => {
        const out = core.encrypt(
          pairs.map(([key]) => key),
          pairs.map(([, block]) => block),
        );
        expect(out.map(toHex)).toEqual(pairs.map(([key, block]) => byNode(key, block)));
      }),
      { numRuns: 300 },
    );
  });
});
