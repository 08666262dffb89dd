/** What must hold when something else fails: the kernel, the caller, the batch that an item came in. */
import { describe, expect, it } from 'vitest';
import { type Kernel, Status } from '../../src/kernel/kernel.ts';
import type { Credential } from '../../src/testbed/index.ts';
import type { Item, Verifier } from '../../src/verifier/index.ts';
import { KERNEL, kernelWith } from '../support/kernels.ts';
import { toHex } from '../support/octets.ts';
import { byDigest, certificate, codes, explicitLeaf, implicitLeaf, message, scms, verifierWith } from './support.ts';

const digestOf = (octets: Uint8Array): string => toHex(KERNEL.sha256([octets]));

/** The item that a kernel will fail on, among good ones. */
function scene(): { items: Item[]; own: number; rSig: string; tbs: Credential } {
  const bad = explicitLeaf('failing');
  const good = [certificate(explicitLeaf('good')), message(implicitLeaf('good')), byDigest(implicitLeaf('good'))];
  const items = [
    ...good,
    certificate(bad),
    message(explicitLeaf('good')),
    byDigest(implicitLeaf('good')),
    byDigest(explicitLeaf('good')),
  ];
  const decoded = bad.bytes.subarray(-65);
  return { items, own: 3, rSig: toHex(decoded.subarray(1, 33)), tbs: bad };
}

describe('a kernel that fails on one item', () => {
  const { items, own, rSig } = scene();
  const isOwn = (r: Uint8Array, i: number): boolean => toHex(r.subarray(32 * i, 32 * i + 32)) === rSig;
  const answering = (status: number): Kernel =>
    kernelWith({
      verify(batch) {
        const statuses = KERNEL.verify(batch).slice();
        for (let i = 0; i < batch.count; i++) if (isOwn(batch.r, i)) statuses[i] = status;
        return statuses;
      },
    });
  const throwing = kernelWith({
    verify(batch) {
      for (let i = 0; i < batch.count; i++) if (isOwn(batch.r, i)) throw new Error('out of order');
      return KERNEL.verify(batch);
    },
  });
  const shortened = kernelWith({
    verify(batch) {
      const statuses = KERNEL.verify(batch);
      for (let i = 0; i < batch.count; i++) if (isOwn(batch.r, i)) return statuses.slice(0, i);
      return statuses;
    },
  });

  it.each<[string, Kernel]>([
    ['throws', throwing],
    ['leaves it unjudged', answering(Status.notJudged)],
    ['answers with a status that there is not', answering(77)],
    ['answers with too few statuses', shortened],
  ])('%s: that item is undecided, and no other', (_, kernelInstance) => {
    const verdicts = verifierWith({ kernelInstance }).verify(items);
    const expected = verifierWith().verify(items);
    expect(codes(expected)).toEqual(items.map(() => 'ok'));
    expect(verdicts[own]).toMatchObject({
      verdict: 'undecided',
      code: 'internalFailure',
      signature: 'notChecked',
      trust: 'none',
      resultName: null,
    });
    verdicts.splice(own, 1);
    expected.splice(own, 1);
    expect(verdicts).toEqual(expected);
  });

  it.each([Status.badSignature, Status.scalarOutOfRange, Status.notOnCurve])(
    'refuses it with status %d: it is invalid',
    (status) => {
      expect(verifierWith({ kernelInstance: answering(status) }).verify(items)[own]).toMatchObject({
        verdict: 'invalid',
        code: 'badSignature',
        signature: 'bad',
      });
    },
  );

  it('fails in another of its functions', () => {
    const key = toHex(scenePoint());
    const onCurve = (status: number): Kernel =>
      kernelWith({
        decompress(count, compressed) {
          const result = KERNEL.decompress(count, compressed);
          const statuses = result.status.slice();
          for (let i = 0; i < count; i++)
            if (toHex(compressed.subarray(33 * i + 1, 33 * i + 33)) === key) statuses[i] = status;
          return { ...result, status: statuses };
        },
      });
    for (const status of [Status.notJudged, 99]) {
      const verdicts = verifierWith({ kernelInstance: onCurve(status) }).verify(items);
      expect(verdicts.map(({ code }) => code)).toEqual(items.map((_, i) => (i === own ? 'internalFailure' : 'ok')));
    }
    const failing = implicitLeaf('failing');
    const reconstructing = (status: number): Kernel =>
      kernelWith({
        reconstruct(batch) {
          const result = KERNEL.reconstruct(batch);
          const statuses = result.status.slice();
          const wanted = digestOf(encodedTbs(failing));
          for (let i = 0; i < batch.count; i++)
            if (toHex(batch.input.subarray(64 * i, 64 * i + 32)) === wanted) statuses[i] = status;
          return { ...result, status: statuses };
        },
      });
    const mixed = [message(implicitLeaf('good')), message(failing), byDigest(implicitLeaf('good'))];
    for (const status of [Status.notJudged, 99]) {
      expect(codes(verifierWith({ kernelInstance: reconstructing(status) }).verify(mixed))).toEqual([
        'ok',
        'internalFailure',
        'ok',
      ]);
    }
    expect(codes(verifierWith({ kernelInstance: reconstructing(Status.infinity) }).verify(mixed))).toEqual([
      'ok',
      'reconstructionFailed',
      'ok',
    ]);
    expect(codes(verifierWith({ kernelInstance: reconstructing(Status.notOnCurve) }).verify(mixed))).toEqual([
      'ok',
      'invalidPublicKey',
      'ok',
    ]);
  });

  it('once, and is believed again afterwards', () => {
    let broken = true;
    const verifier = verifierWith({
      kernelInstance: kernelWith({
        verify(batch) {
          if (broken) throw new Error('once');
          return KERNEL.verify(batch);
        },
      }),
      trust: { roots: [] },
    });
    broken = false;
    verifier.setTrust(scms.trust());
    broken = true;
    expect(new Set(codes(verifier.verify(items)))).toEqual(new Set(['internalFailure', 'certificateNotFound']));
    broken = false;
    expect(codes(verifier.verify(items))).toEqual(items.map(() => 'ok'));
  });

  it('never yields a valid verdict by answering zeros', () => {
    const zeros = kernelWith({ verify: ({ count }) => new Uint8Array(count) });
    const verifier = verifierWith({ kernelInstance: KERNEL });
    const poisoned = verifierWith({ kernelInstance: kernelWith({}), trust: scms.trust() });
    const { state } = poisoned as unknown as { state: { kernel: Kernel; lists: { kernel: Kernel } } };
    state.kernel = zeros;
    state.lists.kernel = zeros;
    for (const { verdict } of poisoned.verify(items)) expect(verdict).toBe('undecided');
    expect(codes(verifier.verify(items))).toEqual(items.map(() => 'ok'));
  });
});

function scenePoint(): Uint8Array {
  const indicator = explicitLeaf('failing').toBeSigned.verifyKeyIndicator;
  if (indicator.tag !== 'verificationKey' || indicator.value.tag !== 'ecdsaNistP256')
    throw new Error('a key was expected');
  return indicator.value.value.value as Uint8Array;
}

const encodedTbs = ({ toBeSigned }: Credential): Uint8Array => toBeSigned.encoded as Uint8Array;

describe('work', () => {
  it('verifies with the parts of an implicit key at first, then makes the key once for each state of trust', () => {
    let reconstructions = 0;
    const counting = kernelWith({
      reconstruct(batch) {
        reconstructions += batch.count;
        return KERNEL.reconstruct(batch);
      },
    });
    const verifier = verifierWith({ kernelInstance: counting });
    const leaf = implicitLeaf('work');
    const after = (...items: Item[]): number => {
      expect(codes(verifier.verify(items))).toEqual(items.map(() => 'ok'));
      return reconstructions;
    };
    expect([after(message(leaf)), after(byDigest(leaf)), after(message(leaf))]).toEqual([1, 2, 2]);
    verifier.setTrust(scms.trust());
    expect([after(byDigest(leaf)), after(byDigest(leaf)), after(message(leaf))]).toEqual([3, 4, 4]);
  });
});

describe('memory', () => {
  it.each([
    ['a Uint8Array', () => new Uint8Array(1 << 20)],
    ['a Buffer', () => Buffer.alloc(1 << 20)],
  ])('does not keep the batch that a certificate came in: %s', (_, allocate) => {
    const batch = allocate();
    let end = 0;
    const inBatch = ({ kind, bytes }: Item): Item => {
      batch.set(bytes, end);
      end += bytes.length;
      return { kind, bytes: batch.subarray(end - bytes.length, end) };
    };
    const items = [
      certificate(explicitLeaf('memory')),
      message(implicitLeaf('memory')),
      message(explicitLeaf('memory 2'), { signer: 'chain' }),
      byDigest(implicitLeaf('memory')),
    ].map(inBatch);
    const verifier = verifierWith();
    expect(codes(verifier.verify(items))).toEqual(items.map(() => 'ok'));
    const buffers = new Set<ArrayBufferLike>();
    const seen = new Set<unknown>();
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null || seen.has(value)) return;
      seen.add(value);
      if (value instanceof Uint8Array) buffers.add(value.buffer);
      else if (value instanceof Map || value instanceof Set) for (const pair of value.entries()) pair.forEach(walk);
      else for (const one of Object.values(value)) walk(one);
    };
    const { lists, learned } = (verifier as unknown as { state: { lists: { proven: unknown }; learned: unknown } })
      .state;
    walk(lists.proven);
    walk(learned);
    expect(buffers.size).toBeGreaterThan(10);
    expect(buffers.has(batch.buffer)).toBe(false);
    for (const buffer of buffers) expect(buffer.byteLength).toBeLessThan(1024);
    for (const octets of verifier.takeLearned()) expect(octets.buffer.byteLength).toBe(octets.byteLength);
  });

  it('is not the caller’s: octets that change later change nothing', () => {
    const verifier = verifierWith();
    const first = message(implicitLeaf('changing'));
    expect(codes(verifier.verify([first]))).toEqual(['ok']);
    first.bytes.fill(0);
    expect(codes(verifier.verify([byDigest(implicitLeaf('changing'))]))).toEqual(['ok']);
  });
});

describe('items', () => {
  const verifier: Verifier = verifierWith();

  it('may be none, empty, or anything', () => {
    expect(verifier.verify([])).toEqual([]);
    for (const kind of ['certificate', 'message'] as const) {
      expect(verifier.verify([{ kind, bytes: new Uint8Array(0) }])[0]).toMatchObject({
        kind,
        verdict: 'invalid',
        code: 'truncated',
        errorOffset: 0,
        hashedId8: null,
      });
      for (let octet = 0; octet < 256; octet++) {
        const [verdict] = verifier.verify([{ kind, bytes: Uint8Array.of(octet, 3, octet, octet) }]);
        expect(verdict).toMatchObject({ verdict: 'invalid', resultName: 'invalidInput', resultCode: 3 });
      }
    }
  });

  it('that a reader could not read say so', () => {
    const [verdict] = verifier.verify([{ kind: 'message', bytes: new Uint8Array(0), unreadable: 'half a record' }]);
    expect(verdict).toMatchObject({
      verdict: 'undecided',
      code: 'unreadableRecord',
      resultCode: 3,
      detail: 'half a record',
    });
  });

  it('are compared with the data and the PSID that came beside them', () => {
    const externalData = Uint8Array.of(1, 2, 3);
    const extDataHash = { tag: 'sha256HashedData' as const, value: KERNEL.sha256([externalData]).slice() };
    const bound = message(explicitLeaf('external'), { extDataHash });
    const free = message(explicitLeaf('external'));
    const items: Item[] = [
      { ...bound, externalData },
      { ...bound, externalData: Uint8Array.of(1, 2, 4) },
      bound,
      { ...free, externalData },
      { ...free, lowerLayerPsid: 32 },
      { ...free, lowerLayerPsid: 33 },
    ];
    expect(codes(verifier.verify(items))).toEqual([
      'ok',
      'extDataHashDoesntMatch',
      'noExtDataHashProvided',
      'noExtDataHashPresent',
      'ok',
      'PSIDsDontMatch',
    ]);
    expect(verifier.verify(items)[2]).toMatchObject({ verdict: 'undecided', signature: 'ok' });
  });

  it('of a hundred thousand do not overrun the stack', () => {
    const one: Item = { kind: 'message', bytes: Uint8Array.of(3) };
    expect(verifier.verify(new Array<Item>(100_000).fill(one))).toHaveLength(100_000);
  });

  it('get verdicts that are plain data, with lower-case hexadecimals (D15)', () => {
    const all = verifierWith({ allErrors: true, lenient: ['min-chain-length'] }).verify([
      certificate(explicitLeaf('plain')),
      message(implicitLeaf('plain')),
      byDigest(explicitLeaf('nobody')),
      { kind: 'message', bytes: new Uint8Array(1) },
    ]);
    for (const verdict of all) {
      expect(structuredClone(verdict)).toEqual(verdict);
      expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
      expect(verdict.hashedId8 ?? '0123456789abcdef').toMatch(/^[0-9a-f]{16}$/);
    }
    expect(all.map(({ signer }) => signer)).toEqual([undefined, 'certificate', 'digest', null]);
  });
});
