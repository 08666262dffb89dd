import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createKernel } from '../../src/kernel/index.ts';
import { concat, Random, toHex } from '../support/octets.ts';

const sha256 = (message: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(message).digest());

describe.each(['fma', 'simd', 'scalar', 'native'] as const)('sha256, %s', (name) => {
  const kernel = createKernel(name);
  const random = new Random(4n);

  function expectHashes(messages: Uint8Array[]): void {
    expect(toHex(kernel.sha256(messages))).toBe(toHex(concat(...messages.map(sha256))));
  }

  it('hashes every length from 0 to 193, alone, together, and in reverse', () => {
    const messages = Array.from({ length: 194 }, (_, length) => random.octets(length));
    for (const message of messages) expectHashes([message]);
    expectHashes(messages);
    expectHashes([...messages].reverse());
  });

  it('hashes any mixture of lengths in four lanes', () => {
    const edges = [0, 1, 55, 56, 63, 64, 65, 119, 120, 127, 128, 183, 184, 500];
    for (let i = 0; i < 400; i++) {
      const count = 1 + random.index(9);
      expectHashes(Array.from({ length: count }, () => random.octets(edges[random.index(edges.length)]!)));
    }
  });

  it('hashes any number of messages, more than one call takes included', () => {
    for (const count of [0, 1, 2, 3, 4, 5, 255, 256, 257, 600]) {
      expectHashes(Array.from({ length: count }, (_, i) => random.octets((i * 37) % 140)));
    }
  });

  it('hashes messages that fill the region, and ones that are streamed through it', () => {
    const region = 65536;
    const lengths = [region - 1, region, region + 1, 2 * region - 9, 2 * region, 2 * region + 63, 5 * region + 55];
    const messages = lengths.map((length) => new Uint8Array(length).map((_, i) => (i * 31 + length) & 255));
    for (const message of messages) expectHashes([message]);
    expectHashes([...messages, random.octets(3), ...messages]);
  });

  it('does not touch what it hashes', () => {
    const message = random.octets(100);
    const before = toHex(message);
    kernel.sha256([message, message]);
    expect(toHex(message)).toBe(before);
  });
});
