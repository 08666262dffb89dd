/** Inverses mod p and mod n by division steps, against Euclid. */
import { describe, expect, it } from 'vitest';
import { inverse, N, P } from '../reference/p256.ts';
import { Random } from '../support/octets.ts';
import { CORE_NAMES, TestingCore } from '../support/testing-core.ts';

describe.each(CORE_NAMES)('inverse by division steps, %s', (name) => {
  const core = new TestingCore(name);
  const random = new Random(11n);
  const [from, to] = [core.slot(0), core.slot(1)];

  it.each([
    ['p', P, 'MODULUS_P'],
    ['n', N, 'MODULUS_N'],
  ] as const)('mod %s: edges, powers of two, dense and random values', (_, modulus, region) => {
    const values = new Set<bigint>([0n, 1n, 2n, 3n, modulus - 1n, modulus - 2n, modulus >> 1n, (modulus >> 1n) + 1n]);
    for (let i = 0n; i < 256n; i++) {
      for (const value of [1n << i, (1n << i) - 1n, modulus - (1n << i), modulus ^ (1n << i)]) {
        if (value >= 0n && value < modulus) values.add(value);
      }
    }
    for (let i = 0; i < 1500; i++) values.add(random.below(modulus));
    for (const value of values) {
      core.putHex(from, value.toString(16).padStart(64, '0'));
      core.call.invertOctets!(to, from, core.constant(region));
      const expected = value === 0n ? 0n : inverse(value, modulus);
      expect(BigInt(`0x${core.getHex(to, 32)}`)).toBe(expected);
      // In place, too.
      core.call.invertOctets!(from, from, core.constant(region));
      expect(BigInt(`0x${core.getHex(from, 32)}`)).toBe(expected);
    }
  });
});
