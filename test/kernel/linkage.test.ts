import { createCipheriv, createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CHAIN_BYTES,
  type ChainsPerEntry,
  compileLinkageModule,
  createLinkageKernel,
  type LinkageKernel,
  linkageSelfTest,
} from '../../src/kernel/index.ts';
import { evolveSeed } from '../../src/testbed/linkage.ts';
import { EVERY_KERNEL } from '../support/every-kernel.ts';
import { chainsOf, expandBy, expandByDefinition, octetsOf, type Request } from '../support/linkage.ts';
import { LinkageTestingCore } from '../support/linkage-testing-core.ts';
import { concat, fromHex, Random, toHex } from '../support/octets.ts';
import { CORE_NAMES } from '../support/testing-core.ts';
import { describeWithVectors, readVector } from '../support/vectors.ts';

/** A device of CAMP's linkage value vectors at period 0. */
const CAMP = '8e094840ed221502d9ab6786bf68fba9f21059ce6b71a7eb5755f16e89981d2189a6daea';
/** An entry of a signed CRL at its iRev, 425, with jMax 20. */
const FIELD = '2aa06c7f04ae976b10907120eefccb37ac5d0e7e98e411a705b6e60d1c18404bd9aed8aa';
const FIELD_EVOLVED = '2aa06656b666d58dc0e07b5913b1176bf9da0e7e11724e90c6a663b330a478a5019080a2';
/** What mistaken programs make of that entry; j = 0 in period 425 where nothing else is said. */
const MISTAKEN = {
  lowOrderOctetsOfLeftPaddedBlock: 'f57f1ffd9489086211',
  littleEndianIdsOfEightOctets: '57aec5e5690cee8f4c',
  littleEndianJOf11: 'dce77a192724f8d77d',
  seedHashedWithoutItsZerosInPeriod426: '934e4616742f03a624',
};
/** Its value for j = 20, which is one too many. */
const OF_J_MAX = '4e8db10b9c5aeed1f8';

function evolved(kernel: LinkageKernel, chains: Uint8Array, steps: number): Uint8Array {
  const copy = chains.slice();
  kernel.evolve(copy, steps);
  return copy;
}

/** lv(i, j) of one entry with two chains. */
function linkageValueOf(kernel: LinkageKernel, chains: Uint8Array, j: number): string {
  return expandBy(kernel, { chains, chainsPerEntry: 2, jStart: j, jEnd: j + 1 })[0]!.value;
}

describe.each(EVERY_KERNEL)('linkage kernel %s', (name) => {
  const kernel = createLinkageKernel(name);

  it('has its name and gives the known answers', () => {
    expect(kernel.name).toBe(name);
    expect(linkageSelfTest(kernel)).toBeUndefined();
    expect(kernel.memoryBytes > 0).toBe(name !== 'native');
  });

  it('gives the values of the CAMP device', () => {
    expect(linkageValueOf(kernel, fromHex(CAMP), 8)).toBe('688acf70e25ec01f32');
    expect(linkageValueOf(kernel, evolved(kernel, fromHex(CAMP), 1), 6)).toBe('38479fda0b161a5357');
  });

  it('gives the values of the certificates that a signed CRL revokes', () => {
    expect(linkageValueOf(kernel, fromHex(FIELD), 0)).toBe('e4163fa00f3579621c');
    expect(linkageValueOf(kernel, fromHex(FIELD), 11)).toBe('e484c54a0621419036');
    const next = evolved(kernel, fromHex(FIELD), 1);
    expect(toHex(next)).toBe(FIELD_EVOLVED);
    expect(linkageValueOf(kernel, next, 0)).toBe('362361ee4e3307edb3');
  });

  describeWithVectors('published vectors', () => {
    it('linkage values (lv.txt)', () => {
      const periods = periodsOf('linkage/lv.txt', 'ls', 'lv');
      expect(periods).toHaveLength(2);
      for (const [i, { j, seeds, value }] of periods.entries()) {
        const chains = fromHex(`8e09${seeds[0]}59ce${seeds[1]}`);
        expect(linkageValueOf(kernel, chains, Number.parseInt(j, 16))).toBe(value);
        expect(toHex(evolved(kernel, fromHex(CAMP), i))).toBe(toHex(chains));
      }
    });

    it('group linkage values (glv.txt)', () => {
      const periods = periodsOf('linkage/glv.txt', 'gs', 'glv');
      expect(periods).toHaveLength(2);
      const first = fromHex(`8e09${periods[0]!.seeds[0]}59ce${periods[0]!.seeds[1]}`);
      for (const [i, { j, seeds, value }] of periods.entries()) {
        const chains = fromHex(`8e09${seeds[0]}59ce${seeds[1]}`);
        expect(toHex(kernel.groupValues(chains, 2, fromHex(j)))).toBe(value);
        expect(toHex(evolved(kernel, first, i))).toBe(toHex(chains));
      }
    });
  });

  it('expands any entries as the testbed computes them', () => {
    fc.assert(
      fc.property(requests(), (request) => {
        expect(expandBy(kernel, request)).toEqual(expandByDefinition(request));
      }),
      { numRuns: 60 },
    );
  });

  it.each([1, 2] as const)('expands every j, of chains at the extremes (%i a value)', (chainsPerEntry) => {
    const extremes = concat(
      ...[0, 0xff].flatMap((la) => [0, 0xff].map((seed) => concat(...[filled(2, la), filled(16, seed)]))),
      new Random(4n).octets(2 * CHAIN_BYTES),
    );
    const request: Request = { chains: extremes, chainsPerEntry, jStart: 0, jEnd: 256, firstEntry: 5 };
    expect(expandBy(kernel, request)).toEqual(expandByDefinition(request));
  });

  it.each([
    // Sets of four chains; what is worked on at once of a key (64 values), and of a call (2,048 chains, 16,384 values).
    { entries: 3, chainsPerEntry: 2, jStart: 0, jEnd: 63 },
    { entries: 2, chainsPerEntry: 2, jStart: 1, jEnd: 65 },
    { entries: 5, chainsPerEntry: 1, jStart: 100, jEnd: 165 },
    { entries: 3, chainsPerEntry: 1, jStart: 64, jEnd: 193 },
    { entries: 63, chainsPerEntry: 1, jStart: 0, jEnd: 256 },
    { entries: 64, chainsPerEntry: 2, jStart: 0, jEnd: 256 },
    { entries: 65, chainsPerEntry: 1, jStart: 0, jEnd: 256 },
    { entries: 816, chainsPerEntry: 2, jStart: 0, jEnd: 20 },
    { entries: 817, chainsPerEntry: 2, jStart: 0, jEnd: 20 },
    { entries: 1024, chainsPerEntry: 2, jStart: 7, jEnd: 8 },
    { entries: 1025, chainsPerEntry: 2, jStart: 7, jEnd: 8 },
    { entries: 2047, chainsPerEntry: 1, jStart: 255, jEnd: 256 },
    { entries: 4099, chainsPerEntry: 1, jStart: 9, jEnd: 10 },
    { entries: 0, chainsPerEntry: 2, jStart: 0, jEnd: 20 },
    { entries: 4, chainsPerEntry: 2, jStart: 20, jEnd: 20 },
  ] as const)('expands $entries entries of $chainsPerEntry chains for j from $jStart to below $jEnd', (shape) => {
    const { entries, chainsPerEntry } = shape;
    const chains = new Random(BigInt(entries)).octets(CHAIN_BYTES * chainsPerEntry * entries);
    const request = { ...shape, chains, firstEntry: 0xffffff - entries };
    expect(expandBy(kernel, request)).toEqual(expandByDefinition(request));
  });

  it('does not touch the chains that it expands, and takes them from a larger array', () => {
    const all = new Random(7n).octets(CHAIN_BYTES * 9 + 5);
    const before = all.slice();
    const request: Request = { chains: all.subarray(5, 5 + CHAIN_BYTES * 6), chainsPerEntry: 2, jStart: 0, jEnd: 20 };
    expect(expandBy(kernel, request)).toEqual(expandByDefinition(request));
    expect(all).toEqual(before);
  });

  it.each([0, 1, 2, 3, 4, 5, 17, 2047, 2048, 2049, 4100])('evolves %i chains', (count) => {
    const steps = count < 20 ? 5 : 1;
    const chains = new Random(BigInt(count)).octets(CHAIN_BYTES * count);
    const expected = chainsOf(chains).map((chain) => {
      let { seed } = chain;
      for (let step = 0; step < steps; step++) seed = evolveSeed(chain.laId, seed);
      return { ...chain, seed };
    });
    expect(toHex(evolved(kernel, chains, steps))).toBe(toHex(octetsOf(expected)));
    expect(evolved(kernel, chains, 0)).toEqual(chains);
  });

  it('evolves only the part of an array that it is given', () => {
    const all = new Random(8n).octets(CHAIN_BYTES * 7);
    const before = all.slice();
    kernel.evolve(all.subarray(CHAIN_BYTES, CHAIN_BYTES * 6), 1);
    expect(all.subarray(0, CHAIN_BYTES)).toEqual(before.subarray(0, CHAIN_BYTES));
    expect(all.subarray(CHAIN_BYTES * 6)).toEqual(before.subarray(CHAIN_BYTES * 6));
    expect(all.subarray(CHAIN_BYTES, CHAIN_BYTES * 6)).not.toEqual(before.subarray(CHAIN_BYTES, CHAIN_BYTES * 6));
  });

  it('gives group values for any jValue, and those of expand for a small one', () => {
    fc.assert(
      fc.property(entries(), fc.uint8Array({ minLength: 4, maxLength: 4 }), ({ chains, chainsPerEntry }, jValue) => {
        const values = kernel.groupValues(chains, chainsPerEntry, jValue);
        expect(toHex(values)).toBe(toHex(groupValuesByNode(chains, chainsPerEntry, jValue)));
      }),
      { numRuns: 60 },
    );
    const chains = new Random(11n).octets(CHAIN_BYTES * 2 * 1027);
    const expected = expandBy(kernel, { chains, chainsPerEntry: 2, jStart: 200, jEnd: 201 });
    const values = kernel.groupValues(chains, 2, Uint8Array.of(0, 0, 0, 200));
    expect(toHex(values)).toBe(expected.map(({ value }) => value).join(''));
  });

  it('gives none of the values that mistaken programs give', () => {
    const now = { chains: fromHex(FIELD), chainsPerEntry: 2, jStart: 0, jEnd: 20 } as const;
    const next = { ...now, chains: evolved(kernel, now.chains, 1) };
    const values = [now, next].flatMap((request) => expandBy(kernel, request).map(({ value }) => value));
    expect(values.filter((value) => Object.values(MISTAKEN).includes(value))).toEqual([]);
  });

  it('ends before jEnd: the value of j = jMax is only there when it is asked for', () => {
    const request = { chains: fromHex(FIELD), chainsPerEntry: 2, jStart: 0 } as const;
    const exclusive = expandBy(kernel, { ...request, jEnd: 20 });
    const inclusive = expandBy(kernel, { ...request, jEnd: 21 });
    expect(inclusive).toEqual([...exclusive, { value: OF_J_MAX, entry: 0 }]);
  });

  it.each<[string, (chains: Uint8Array, out: Uint32Array) => void]>([
    ['chains that are not whole', (chains, out) => kernel.expand(chains.subarray(1), 1, 0, 20, 0, out)],
    ['chains that are no pairs', (chains, out) => kernel.expand(chains.subarray(18), 2, 0, 20, 0, out)],
    ['three chains an entry', (chains, out) => kernel.expand(chains, 3 as 2, 0, 20, 0, out)],
    ['jEnd above 256', (chains, out) => kernel.expand(chains, 2, 250, 257, 0, out)],
    ['jEnd before jStart', (chains, out) => kernel.expand(chains, 2, 3, 2, 0, out)],
    ['a negative jStart', (chains, out) => kernel.expand(chains, 2, -1, 2, 0, out)],
    ['half a j', (chains, out) => kernel.expand(chains, 2, 0, 1.5, 0, out)],
    ['entries above 2^24', (chains, out) => kernel.expand(chains, 2, 0, 1, 0xffffff, out)],
    ['a negative entry', (chains, out) => kernel.expand(chains, 2, 0, 1, -1, out)],
    ['no number of an entry', (chains, out) => kernel.expand(chains, 2, 0, 1, Number.NaN, out)],
    ['too little room', (chains, out) => kernel.expand(chains, 2, 0, 20, 0, out.subarray(1))],
    ['evolution of chains that are not whole', (chains) => kernel.evolve(chains.subarray(1), 1)],
    ['steps backwards', (chains) => kernel.evolve(chains, -1)],
    ['more steps than there are periods', (chains) => kernel.evolve(chains, 65_536)],
    ['a jValue of three octets', (chains) => kernel.groupValues(chains, 2, new Uint8Array(3))],
    ['a jValue of five octets', (chains) => kernel.groupValues(chains, 2, new Uint8Array(5))],
    ['group chains that are no pairs', (chains) => kernel.groupValues(chains.subarray(18), 2, new Uint8Array(4))],
  ])('refuses %s before it does anything', (_, misuse) => {
    const chains = new Random(1n).octets(CHAIN_BYTES * 4);
    const before = chains.slice();
    const out = new Uint32Array(3 * 20 * 2).fill(7);
    expect(() => misuse(chains, out)).toThrow(RangeError);
    expect(chains).toEqual(before);
    expect(out.every((word) => word === 7)).toBe(true);
  });

  it('takes the last entry there is', () => {
    const request: Request = { chains: fromHex(CAMP), chainsPerEntry: 2, jStart: 8, jEnd: 9, firstEntry: 0xffffff };
    expect(expandBy(kernel, request)).toEqual([{ value: '688acf70e25ec01f32', entry: 0xffffff }]);
  });
});

it('knows what mistaken programs give', () => {
  expect(mistaken(fromHex(FIELD))).toEqual(MISTAKEN);
});

describe('createLinkageKernel', () => {
  it('auto takes fma where the engine has relaxed SIMD, which the tests see to', () => {
    expect(createLinkageKernel().name).toBe('fma');
  });

  it('auto falls back, and says why nothing runs', () => {
    const wrong = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    expect(createLinkageKernel('auto', { modules: { fma: wrong } }).name).toBe('simd');
    expect(createLinkageKernel('auto', { modules: { fma: wrong, simd: wrong } }).name).toBe('scalar');
    expect(() => createLinkageKernel('auto', { modules: { fma: wrong, simd: wrong, scalar: wrong } })).toThrow(
      /no kernel can run here/,
    );
    expect(() => createLinkageKernel('fast' as 'simd')).toThrow(/no linkage kernel 'fast'/);
  });

  it('takes a module that was compiled elsewhere', () => {
    const modules = { scalar: compileLinkageModule('scalar') };
    expect(createLinkageKernel('scalar', { modules }).name).toBe('scalar');
  });
});

describe.each(CORE_NAMES)('memory of the linkage module %s', (name) => {
  it('holds every region, and can never grow', () => {
    const core = new LinkageTestingCore(name);
    expect(core.constant('STATIC_END')).toBeLessThanOrEqual(core.memory.buffer.byteLength);
    expect(() => core.memory.grow(1)).toThrow(RangeError);
    expect(createLinkageKernel(name).memoryBytes).toBeLessThanOrEqual(1 << 19);
  });
});

describe('linkageSelfTest', () => {
  const kernel = createLinkageKernel('scalar');
  const altered = (change: Partial<LinkageKernel>): LinkageKernel => ({
    name: kernel.name,
    memoryBytes: kernel.memoryBytes,
    evolve: (...operands) => kernel.evolve(...operands),
    expand: (...operands) => kernel.expand(...operands),
    groupValues: (...operands) => kernel.groupValues(...operands),
    ...change,
  });
  it.each<[string, Partial<LinkageKernel>]>([
    ['seed evolution', { evolve: () => {} }],
    ['seed evolution', { evolve: (chains, steps) => kernel.evolve(chains.subarray(0, 8 * CHAIN_BYTES), steps) }],
    [
      'two seeds',
      {
        expand: (chains, per, jStart, jEnd, first, out) => {
          kernel.expand(chains, per, jStart, jEnd, first, out);
          if (per === 2) out[out.length - 1]! ^= 1;
        },
      },
    ],
    [
      'single seed',
      {
        expand: (chains, per, jStart, jEnd, first, out) => {
          kernel.expand(chains, per, jStart, jEnd, first, out);
          if (per === 1) out[out.length - 2]! ^= 1;
        },
      },
    ],
    ['group', { groupValues: (chains, per) => kernel.groupValues(chains, per, new Uint8Array(4)) }],
  ])('names the fault: %s', (words, change) => {
    expect(linkageSelfTest(altered(change))).toContain(words);
  });
});

function filled(length: number, octet: number): Uint8Array {
  return new Uint8Array(length).fill(octet);
}

/** Some entries of one or two chains each. */
function entries(): fc.Arbitrary<{ chains: Uint8Array; chainsPerEntry: ChainsPerEntry }> {
  return fc.tuple(fc.constantFrom(1 as const, 2 as const), fc.integer({ min: 0, max: 9 })).chain(([per, count]) => {
    const length = CHAIN_BYTES * per * count;
    return fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((chains) => ({ chains, chainsPerEntry: per as ChainsPerEntry }));
  });
}

function requests(): fc.Arbitrary<Request> {
  return fc
    .record({
      entries: entries(),
      bounds: fc.tuple(fc.integer({ min: 0, max: 256 }), fc.integer({ min: 0, max: 256 })),
      firstEntry: fc.integer({ min: 0, max: 0xffffff - 9 }),
    })
    .map(({ entries: some, bounds, firstEntry }) => ({
      ...some,
      jStart: Math.min(...bounds),
      jEnd: Math.max(...bounds),
      firstEntry,
    }));
}

function encrypted(chain: Uint8Array, block: Uint8Array): Uint8Array {
  return createCipheriv('aes-128-ecb', chain.subarray(2), null).setAutoPadding(false).update(block);
}

function exclusiveOr(a: Uint8Array, b: Uint8Array): Uint8Array {
  return Uint8Array.from(a, (octet, i) => octet ^ b[i]!);
}

function groupValuesByNode(chains: Uint8Array, chainsPerEntry: ChainsPerEntry, jValue: Uint8Array): Uint8Array {
  const values: Uint8Array[] = [];
  for (let at = 0; at < chains.length; at += CHAIN_BYTES * chainsPerEntry) {
    let value: Uint8Array = new Uint8Array(16);
    for (let i = 0; i < chainsPerEntry; i++) {
      const chain = chains.subarray(at + CHAIN_BYTES * i, at + CHAIN_BYTES * (i + 1));
      const block = concat(chain.subarray(0, 2), jValue, new Uint8Array(10));
      value = exclusiveOr(value, exclusiveOr(encrypted(chain, block), block));
    }
    values.push(value.subarray(0, 9));
  }
  return concat(...values);
}

/** MISTAKEN as it comes about. */
function mistaken(entry: Uint8Array): typeof MISTAKEN {
  const plv = (chain: Uint8Array, ...block: Uint8Array[]): Uint8Array => {
    const input = concat(...block);
    return exclusiveOr(encrypted(chain, input), input);
  };
  const lv = (of: (chain: Uint8Array, laId: Uint8Array) => Uint8Array, from = 0): string => {
    const [first, second] = [entry.subarray(0, CHAIN_BYTES), entry.subarray(CHAIN_BYTES)];
    const value = exclusiveOr(of(first, first.subarray(0, 2)), of(second, second.subarray(0, 2)));
    return toHex(value.subarray(from, from + 9));
  };
  const zeros = (length: number): Uint8Array => filled(length, 0);
  return {
    lowOrderOctetsOfLeftPaddedBlock: lv((chain, laId) => plv(chain, zeros(10), laId, zeros(4)), 7),
    littleEndianIdsOfEightOctets: lv((chain, laId) => plv(chain, laId.slice().reverse(), zeros(14))),
    littleEndianJOf11: lv((chain, laId) => plv(chain, laId, Uint8Array.of(11), zeros(13))),
    seedHashedWithoutItsZerosInPeriod426: lv((chain, laId) => {
      const seed = createHash('sha256').update(chain).digest().subarray(0, 16);
      return plv(concat(laId, seed), laId, zeros(14));
    }),
  };
}

interface VectorPeriod {
  readonly j: string;
  readonly seeds: readonly [string, string];
  readonly value: string;
}

/** The periods of a file of CAMP's: j, the seeds of both authorities (`ls1(0)`, `ls2(0)`), and the value. */
function periodsOf(path: string, seed: string, value: string): VectorPeriod[] {
  return readVector(path)
    .split(/^i = \d/m)
    .slice(1)
    .map((text) => {
      const after = (start: string): string => {
        const match = new RegExp(`^${start}[^\\n]*\\n+0x([0-9A-Fa-f]+)`, 'm').exec(text);
        if (!match) throw new Error(`${path} lacks ${start}`);
        return match[1]!.toLowerCase();
      };
      return {
        j: after('j \\('),
        seeds: [after(`${seed}1\\(\\d\\) = AES key`), after(`${seed}2\\(\\d\\) = AES key`)] as const,
        value: text.match(new RegExp(`^${value}\\(\\d,j\\) = [^\\n]*\\s*\\n0x([0-9A-Fa-f]+)`, 'm'))![1]!.toLowerCase(),
      };
    });
}
