/** The skimmer finds the signer that the strict decoder finds, in every message; and nothing makes it throw or hang. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../src/coer/index.ts';
import { type Certificate, Ieee1609Dot2Data } from '../../src/dot2/index.ts';
import { type SkimmedSigner, skimSigner } from '../../src/dot2/skim.ts';
import { createScms, mixture } from '../../src/testbed/index.ts';
import { cpuMs } from '../support/cpu.ts';
import { messages } from './generated-messages.ts';

/** What the decoder says the signer is; `unsigned` where the octets are no signed message. */
function decodedSigner(bytes: Uint8Array): SkimmedSigner | undefined | 'unsigned' {
  const decoded = decode(Ieee1609Dot2Data, bytes);
  if (!decoded.ok) return 'unsigned';
  const { content } = decoded.value;
  if (content.tag !== 'signedData') return 'unsigned';
  const { signer } = content.value;
  if (signer.tag === 'digest') return { digest: signer.value };
  if (signer.tag !== 'certificate') return undefined;
  return { certificate: (signer.value[0] as Certificate).encoded as Uint8Array };
}

function expectSame(bytes: Uint8Array): void {
  const skimmed = skimSigner(bytes);
  const decoded = decodedSigner(bytes);
  if (decoded !== 'unsigned') expect(skimmed).toEqual(decoded);
}

const encoded = messages.map((message) => encode(Ieee1609Dot2Data, message));
const scms = createScms({ seed: 'skim' });
const traffic = [...mixture(scms, 600, 3)].map(({ item }) => item.bytes);

describe('the skimmer', () => {
  it('finds the signer of every message that the declarations allow', () => {
    let signers = 0;
    fc.assert(
      fc.property(encoded, (bytes) => {
        // The generator's own messages must decode, or this would test nothing.
        const decoded = decodedSigner(bytes);
        expect(decoded).not.toBe('unsigned');
        if (decoded !== undefined) signers++;
        expect(skimSigner(bytes)).toEqual(decoded);
      }),
      { numRuns: 3000 },
    );
    expect(signers).toBeGreaterThan(1000);
  });

  it('finds the signers of traffic, faults included', () => {
    for (const bytes of traffic) expectSame(bytes);
    expect(traffic.filter((bytes) => skimSigner(bytes) !== undefined).length).toBeGreaterThan(300);
  });

  it('agrees with the decoder on changed octets wherever they still decode', () => {
    const changed = fc
      .tuple(
        fc.oneof(encoded, fc.constantFrom(...traffic)),
        fc.array(fc.tuple(fc.maxSafeNat(), fc.nat(255)), { minLength: 1, maxLength: 3 }),
      )
      .map(([bytes, changes]) => {
        const copy = bytes.slice();
        for (const [at, octet] of changes) copy[at % copy.length] = octet;
        return copy;
      });
    fc.assert(fc.property(changed, expectSame), { numRuns: 5000 });
  });

  it('takes any octets', () => {
    const opening = fc.constantFrom([], [3, 0x81], [3, 0x81, 0, 0x40, 3, 0x81, 0], [3, 0x81, 0, 0, 0x80, 1, 32]);
    const octets = fc
      .tuple(opening, fc.uint8Array({ maxLength: 200 }))
      .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));
    fc.assert(fc.property(octets, expectSame), { numRuns: 5000 });
  });

  it('finds nothing in a message that is cut short before its signer ends', () => {
    const [bytes] = traffic.filter((candidate) => skimSigner(candidate) !== undefined) as [Uint8Array];
    const signer = Object.values(skimSigner(bytes) as object)[0] as Uint8Array;
    const end = signer.byteOffset - bytes.byteOffset + signer.length;
    for (let length = 0; length < end; length++) expect(skimSigner(bytes.subarray(0, length))).toBeUndefined();
    expect(skimSigner(bytes.subarray(0, end))).toEqual(skimSigner(bytes));
  });

  it('gives up on nesting and on counts that are larger than the message, at once', () => {
    const nested = Uint8Array.from({ length: 60_000 }, (_, i) => [3, 0x81, 0, 0x40][i % 4] as number);
    const counted = Uint8Array.from([3, 0x81, 0, 0, 0, 1, 32, 0x81, 6, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x80, 3, 0]);
    // Orders of magnitude above what it takes: this guards against blow-up, not against slowness.
    const started = cpuMs();
    expect(skimSigner(nested)).toBeUndefined();
    expect(skimSigner(counted)).toBeUndefined();
    expect(cpuMs() - started).toBeLessThan(2000);
  });
});
