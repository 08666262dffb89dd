/** Items with a time of their own: their verdict is that of a verifier at that time, whoever stands beside them. */
import { describe, expect, it } from 'vitest';
import { createScms, mixture, pseudonyms, signMessage } from '../../src/testbed/index.ts';
import { createVerifier, type Item } from '../../src/verifier/index.ts';

const scms = createScms({ seed: 'own time' });
const [signer] = [...pseudonyms(scms, { devices: 1, perWeek: 1 })];
const trust = { roots: [scms.root.bytes], certificates: [scms.ica.bytes, scms.pca.bytes] };
const HOUR = 3_600_000_000n;

describe('an item with a time of its own', () => {
  const message = (form: 'certificate' | 'digest') =>
    signMessage(signer!, { psid: 32, payload: Uint8Array.of(7), generationTime: scms.at, signer: form });
  const options = { trust, at: scms.at, kernel: 'native' as const };

  it('gets the verdict of a verifier at that time', () => {
    const times = [scms.at - 2n * HOUR, scms.at - 1n, scms.at, scms.at + 4_000_000n, scms.at + HOUR];
    const relevance = { maxAgeSeconds: 5, maxFutureSeconds: 1 };
    const verifier = createVerifier({ ...options, relevance });
    const items: Item[] = [
      { kind: 'message', bytes: message('certificate') },
      ...times.map((at): Item => ({ kind: 'message', bytes: message('digest'), at })),
      ...times.map((at): Item => ({ kind: 'certificate', bytes: scms.pca.bytes, at })),
      { kind: 'message', bytes: message('digest') },
    ];
    // Twice: the second time there are templates, which know no time of an item's own.
    for (const verdicts of [verifier.verify(items), verifier.verify(items)]) {
      for (const [i, item] of items.entries()) {
        const alone = createVerifier({ ...options, at: item.at ?? scms.at, relevance });
        alone.verify([items[0] as Item]);
        expect(verdicts[i], `item ${i}`).toEqual(alone.verify([item])[0]);
      }
    }
    const codes = verifier.verify(items).map(({ code }) => code);
    expect(new Set(codes).size).toBeGreaterThan(2);
  });

  it('agrees with such verifiers on traffic with faults', () => {
    const items = [...mixture(scms, 120, 5)].map(({ item }) => item);
    const at = scms.at + HOUR;
    const own = createVerifier(options).verify(items.map((item) => ({ ...item, at })));
    const there = createVerifier({ ...options, at }).verify(items);
    expect(own).toEqual(there);
  });

  it('finds certificates that have expired by then', () => {
    const verifier = createVerifier(options);
    const [before, after] = verifier.verify([
      { kind: 'certificate', bytes: scms.pca.bytes, at: scms.at },
      { kind: 'certificate', bytes: scms.pca.bytes, at: scms.at + 100n * 365n * 24n * HOUR },
    ]);
    expect([before!.code, after!.code]).toEqual(['ok', 'certificateExpired']);
  });

  it.each([1, '5', 2n ** 60n, null])('%s is no time', (at) => {
    const item = { kind: 'message', bytes: message('digest'), at } as unknown as Item;
    expect(() => createVerifier(options).verify([item])).toThrow('item 0: at is no bigint');
  });
});
