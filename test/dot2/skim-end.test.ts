/** The skimmer ends where the strict decoder ends, in every message and certificate; and its work is bounded. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../src/coer/index.ts';
import {
  Certificate,
  endOfStructure,
  Ieee1609Dot2Data,
  isWholeStructure,
  SKIM_NO_STRUCTURE,
  SKIM_TOO_LONG,
  skimEnd,
  sniffStructure,
} from '../../src/dot2/index.ts';
import { createScms, mixture } from '../../src/testbed/index.ts';
import { messages } from './generated-messages.ts';

const encoded = messages.map((message) => encode(Ieee1609Dot2Data, message));
const scms = createScms({ seed: 'skim-end' });
const traffic = [...mixture(scms, 400, 3)].map(({ item }) => item);
const behind = fc.uint8Array({ maxLength: 40 });

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

describe('skimEnd', () => {
  it('ends where every message that the declarations allow ends, whatever follows', () => {
    fc.assert(
      fc.property(encoded, behind, (bytes, rest) => {
        expect(endOfStructure('data', join(bytes, rest))).toBe(bytes.length);
        expect(skimEnd('data', join(bytes, rest))).toBe(bytes.length);
        expect(skimEnd('data', join(rest, bytes), rest.length)).toBe(rest.length + bytes.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('ends where the decoder ends in traffic, faults included', () => {
    let decoded = 0;
    for (const { bytes, kind } of traffic) {
      const schema = kind === 'message' ? Ieee1609Dot2Data : Certificate;
      if (!decode<unknown>(schema, bytes).ok) continue;
      decoded++;
      expect(skimEnd(kind === 'message' ? 'data' : 'certificate', bytes)).toBe(bytes.length);
      if (sniffStructure(bytes) !== undefined) expect(isWholeStructure(bytes)).toBe(true);
    }
    expect(decoded).toBeGreaterThan(200);
  });

  it('asks for more of a message that is cut short, never for too much, and says the same of the whole', () => {
    fc.assert(
      fc.property(encoded, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (bytes, part) => {
        const length = Math.floor(part * bytes.length);
        const answer = skimEnd('data', bytes.subarray(0, length));
        expect(answer).toBeLessThan(SKIM_TOO_LONG);
        expect(-answer).toBeGreaterThan(length);
        expect(-answer).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('does not change its mind when more bytes come', () => {
    const start = fc.constantFrom([3, 0x81, 0, 0x40, 3, 0x80], [0x80, 3, 0, 0x80], [3, 0x82, 1, 1], [0, 3, 1, 0x81]);
    const octets = fc
      .tuple(start, fc.uint8Array({ maxLength: 120 }))
      .map(([head, tail]) => join(Uint8Array.from(head), tail));
    fc.assert(
      fc.property(octets, fc.nat(120), behind, (bytes, cut, rest) => {
        const kind = bytes[0] === 3 ? 'data' : 'certificate';
        const known = skimEnd(kind, bytes.subarray(0, cut));
        if (known >= 0) expect(skimEnd(kind, join(bytes.subarray(0, cut), rest))).toBe(known);
      }),
      { numRuns: 5000 },
    );
  });

  it('stops at more list elements than it may walk over', () => {
    // Encrypted data for 200 recipients: each of them 9 bytes.
    const recipients = Array.from({ length: 200 }, () => [0x80, 1, 2, 3, 4, 5, 6, 7, 8]).flat();
    const bytes = Uint8Array.from([3, 0x82, 1, 200, ...recipients, 0x80, ...Array(12).fill(0), 1, 0xff]);
    expect(endOfStructure('data', bytes)).toBe(bytes.length);
    expect(skimEnd('data', bytes, 0, 200)).toBe(bytes.length);
    expect(skimEnd('data', bytes, 0, 199)).toBe(SKIM_TOO_LONG);
  });

  it.each(['038500', '0341', '8003', '80030141'])('%s is no structure, or asks for more', (hex) => {
    const bytes = Uint8Array.from(Buffer.from(hex, 'hex'));
    const answer = skimEnd(bytes[0] === 3 ? 'data' : 'certificate', bytes);
    expect(answer === SKIM_NO_STRUCTURE || -answer > bytes.length || answer === bytes.length).toBe(true);
  });
});
