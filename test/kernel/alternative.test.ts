/**
 * A second input for signatures whose own does not hold: every kind of signature that the differential tests know, in every kernel and by
 * every path, against the definition: the input first, then the other.
 */
import { describe, expect, it } from 'vitest';
import { Status } from '../../src/kernel/kernel.ts';
import { judge } from '../reference/judge.ts';
import { kernels } from '../support/kernel-paths.ts';
import { signatureKinds } from '../support/signature-kinds.ts';
import { type Case, describeCase, pack } from '../support/signatures.ts';
import { Stream } from '../support/stream.ts';

const random = new Stream(`alternative ${process.env.SCMS_SEED ?? '1'}`);
const kinds = signatureKinds(random);
const recurring = Array.from({ length: 3 }, () => kinds.newKey());

interface Work {
  readonly item: Case;
  readonly alternative: Uint8Array;
}

const other = (): Uint8Array => random.octets(64);

/** The item's own input is what it says, or stands second, or both are the same, or neither is right. */
function work(): Work {
  const item = random.chance(0.4)
    ? kinds.honest(random.pick(['xOnly', 'compressed'] as const), recurring)
    : (random.pick(kinds.make(random.pick(kinds.withInput))) as Case);
  const how = random.index(4);
  if (how === 0) return { item, alternative: other() };
  if (how === 1) return { item: { ...item, input: other() }, alternative: item.input };
  if (how === 2) return { item, alternative: item.input };
  return { item: { ...item, input: other() }, alternative: other() };
}

function expected({ item, alternative }: Work): Status {
  const status = judge(item);
  if (status !== Status.badSignature) return status;
  return judge({ ...item, input: alternative }) === Status.ok ? Status.okAlternative : status;
}

describe.each(kernels().flatMap(({ name, kernel, paths }) => paths.map((path) => ({ name, kernel, path }))))(
  '$name, $path',
  ({ kernel, path }) => {
    it('takes the alternative where it holds and the input does not, and nowhere else', () => {
      for (const count of [1, 2, 3, 4, 5, 9, 64, 70, 300]) {
        const works = Array.from({ length: count }, work);
        const alternative = new Uint8Array(64 * count);
        works.forEach((one, i) => {
          alternative.set(one.alternative, 64 * i);
        });
        const batch = {
          ...pack(
            works.map(({ item }) => item),
            false,
            path,
          ),
          alternative,
        };
        const statuses = kernel.verify(batch);
        const wrong = works.flatMap((one, i) =>
          statuses[i] === expected(one) ? [] : [`${i} of ${count}: ${statuses[i]}, ${describeCase(one.item)}`],
        );
        expect(wrong.slice(0, 3)).toEqual([]);
        // Without one, none is taken: what an earlier call left behind does not count.
        const { alternative: _, ...alone } = batch;
        expect(kernel.verify(alone).includes(Status.okAlternative)).toBe(false);
      }
    });

    it('refuses one that is too short', () => {
      const batch = pack([kinds.honest('compressed')], false, path);
      expect(() => kernel.verify({ ...batch, alternative: new Uint8Array(63) })).toThrow(RangeError);
    });
  },
);
