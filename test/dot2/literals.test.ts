/**
 * Without a trace most structures are made of literals, with one they are made field by field: both ways must give the same
 * values, down to the order of the fields and the octets looked at, and the same failures.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { annotate, decode, encode, type Schema } from '../../src/coer/index.ts';
import { Certificate, Ieee1609Dot2Data } from '../../src/dot2/index.ts';
import { createScms, mixture } from '../../src/testbed/index.ts';
import { Dice, mutant, type Seed } from '../fuzz/mutate.ts';
import { messages } from './generated-messages.ts';

/** A value with everything that two of them could differ in: types, names in their order, places of octets. */
function written(value: unknown): string {
  if (value instanceof Uint8Array) return `octets ${value.byteOffset}+${value.length}`;
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return `[${value.map(written)}]`;
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string' ? JSON.stringify(value) : `${value}`;
  if (Object.getPrototypeOf(value) !== Object.prototype) return 'no plain object';
  return `{${Object.entries(value).map(([name, field]) => `${name}: ${written(field)}`)}}`;
}

function expectSameEitherWay(schema: Schema<unknown>, bytes: Uint8Array): boolean {
  const result = decode(schema, bytes);
  const { tree, error } = annotate(schema, bytes);
  expect(result.ok ? undefined : result.error).toStrictEqual(error);
  if (result.ok) expect(written(result.value)).toBe(written(tree.value));
  return result.ok;
}

it('every message that the declarations allow', () => {
  const property = fc.property(messages, (message) => {
    expect(expectSameEitherWay(Ieee1609Dot2Data, encode(Ieee1609Dot2Data, message))).toBe(true);
  });
  fc.assert(property, { numRuns: 1000 });
});

it('traffic, changed in every way', () => {
  const scms = createScms({ seed: 'literals' });
  const authorities = [scms.root, scms.ica, scms.pca, scms.crlg].map(
    ({ bytes }): Seed => ({ kind: 'certificate', bytes }),
  );
  const traffic = [...mixture(scms, 200, 3)].map(({ item: { kind, bytes } }): Seed => ({ kind, bytes }));
  const seeds = [...authorities, ...traffic];
  const dice = new Dice(1609);
  let [accepted, refused] = [0, 0];
  for (let i = 0; i < 8000; i++) {
    const { seed, bytes } = mutant(seeds, dice);
    if (expectSameEitherWay(seed.kind === 'certificate' ? Certificate : Ieee1609Dot2Data, bytes)) accepted++;
    else refused++;
  }
  expect(accepted).toBeGreaterThan(1000);
  expect(refused).toBeGreaterThan(1000);
});
