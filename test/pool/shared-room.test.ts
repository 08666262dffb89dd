/** Octets of a batch stand where those of the next will: nothing that was judged may depend on them afterwards. */
import { describe, expect, it } from 'vitest';
import { SharedRoom } from '../../src/pool/shared-room.ts';
import { packItems, unpackItems } from '../../src/pool/wire.ts';
import { createScms, mixture } from '../../src/testbed/index.ts';
import { Verifier } from '../../src/verifier/verifier.ts';
import { KERNEL } from '../support/kernels.ts';

describe('the room for the batch that is with a thread', () => {
  it('is the same for every batch, and larger for a larger one', () => {
    const room = new SharedRoom();
    const small = room.take(3);
    expect(small.length).toBe(3);
    expect(small.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(room.take(1000).buffer).toBe(small.buffer);
    const large = room.take(small.buffer.byteLength + 1);
    expect(large.length).toBe(small.buffer.byteLength + 1);
    expect(room.take(5).buffer).toBe(large.buffer);
  });

  it.each([true, false])('keeps nothing that a verifier needs later (fast lane: %s)', (fastLane) => {
    const scms = createScms({ seed: 'shared room' });
    const items = [...mixture(scms, 600, 9)].map(({ item }) => item);
    const options = { trust: scms.trust(), at: scms.at, kernelInstance: KERNEL, handsOver: true, fastLane };
    const [own, shared] = [new Verifier(options), new Verifier(options)];
    const room = new SharedRoom();
    for (let from = 0; from < items.length; from += 30) {
      const batch = items.slice(from, from + 30);
      const packed = packItems(batch, (octets) => room.take(octets));
      const verdicts = shared.verify(unpackItems(packed));
      packed.octets.fill(0xff);
      expect(verdicts).toEqual(own.verify(batch));
      expect(shared.takeLearned()).toEqual(own.takeLearned());
    }
    expect(shared.metrics).toEqual(own.metrics);
  });
});
