/** A CRL that is cut, or in which a bit is flipped, wherever it may be: an error or a refusal, never another CRL. */
import { describe, expect, it } from 'vitest';
import { annotate } from '../../src/coer/index.ts';
import { crlsOfFile, Ieee1609Dot2Data } from '../../src/dot2/index.ts';
import { compositeCrl, createScms, issueCrl } from '../../src/testbed/index.ts';
import { Verifier } from '../../src/verifier/index.ts';
import { KERNEL } from '../support/kernels.ts';
import { toHex } from '../support/octets.ts';

const scms = createScms({ seed: 'crl damage' });
const CRLS: readonly [string, Uint8Array][] = [
  ['hash-based, signer by digest', issueCrl(scms, { kind: 'fullHashCrl', certificates: [scms.pca] })],
  ['linkage-based, certificate attached', issueCrl(scms, { devices: [0], groups: [1] }, { signer: 'certificate' })],
];

const verifier = (): Verifier => new Verifier({ trust: scms.trust(), at: scms.at, kernelInstance: KERNEL });
const accepted = (bytes: Uint8Array) => verifier().verifyCrls([{ bytes, source: '' }]).accepted;
const withoutId = (crls: ReturnType<typeof accepted>) => crls.map(({ id: _, ...rest }) => rest);

/**
 * Where the form of an R is written: in messages y is a hint that no verdict depends on (DECISIONS D10), in certificates canonical form
 * leaves it out.
 */
function hintsAt(bytes: Uint8Array): number[] {
  const at: number[] = [];
  const walk = (node: ReturnType<typeof annotate>['tree'], above: string): void => {
    const path = `${above}.${node.name}`;
    if (path.endsWith('.signature.ecdsaNistP256Signature.rSig.(tag)')) at.push(node.offset);
    for (const child of node.children) walk(child, path);
  };
  walk(annotate(Ieee1609Dot2Data, bytes).tree, '');
  return at;
}

describe.each(CRLS)('%s', (_, bytes) => {
  it('stands as it is', () => {
    expect(accepted(bytes)).toHaveLength(1);
  });

  it('is never accepted when it is cut', () => {
    for (let length = 0; length < bytes.length; length++) {
      const { verdicts, accepted: left } = verifier().verifyCrls([{ bytes: bytes.subarray(0, length), source: '' }]);
      expect(left, `${length}`).toEqual([]);
      expect(verdicts[0]?.verdict, `${length}`).not.toBe('valid');
    }
  });

  it('is never another CRL when a bit is flipped', () => {
    const hints = hintsAt(bytes);
    expect(hints.length).toBeGreaterThan(0);
    const whole = withoutId(accepted(bytes));
    let survived = 0;
    for (let at = 0; at < bytes.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const flipped = bytes.slice();
        flipped[at] = (flipped[at] as number) ^ (1 << bit);
        const { verdicts, accepted: left } = verifier().verifyCrls([{ bytes: flipped, source: '' }]);
        const isHint = hints.includes(at) && verdicts[0]?.verdict === 'valid';
        if (isHint) survived++;
        expect(withoutId(left), `octet ${at}, bit ${bit}: ${verdicts[0]?.code}`).toEqual(isHint ? whole : []);
      }
    }
    expect(survived).toBeLessThanOrEqual(2 * hints.length);
  }, 120_000);
});

describe('a composite file', () => {
  const parts = CRLS.map(([, bytes]) => bytes);
  const file = compositeCrl(parts);
  const genuine = new Set(parts.map(toHex));

  it('never yields a CRL that is not in it', () => {
    for (let at = 0; at < file.length; at++) {
      const flipped = file.map((octet, i) => (i === at ? octet ^ 0x81 : octet));
      for (const bytes of [file.subarray(0, at), flipped]) {
        const inputs = crlsOfFile(bytes).crls.map((piece) => ({ bytes: piece.bytes, source: '' }));
        const { accepted: left } = verifier().verifyCrls(inputs);
        for (const { id } of left)
          expect(
            inputs.some((one) => genuine.has(toHex(one.bytes))),
            `${at}, ${id}`,
          ).toBe(true);
        expect(left.length).toBeLessThanOrEqual(parts.length);
      }
    }
  }, 120_000);
});
