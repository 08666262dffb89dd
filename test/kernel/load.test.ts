import { describe, expect, it } from 'vitest';
import { compileKernelModule, createKernel, selfTest } from '../../src/kernel/index.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import { CORE_NAMES, TestingCore } from '../support/testing-core.ts';

/** A kernel with one function replaced. */
function altered(kernel: Kernel, change: Partial<Kernel>): Kernel {
  return {
    name: kernel.name,
    memoryBytes: kernel.memoryBytes,
    sha256: (messages) => kernel.sha256(messages),
    verify: (batch) => kernel.verify(batch),
    reconstruct: (batch) => kernel.reconstruct(batch),
    decompress: (count, compressed) => kernel.decompress(count, compressed),
    kernelBatch: kernel.kernelBatch,
    metrics: kernel.metrics,
    ...change,
  };
}

describe('createKernel', () => {
  it.each(['scalar', 'simd', 'fma', 'native'] as const)(
    '%s starts under its own name and passes its self-test',
    (name) => {
      const kernel = createKernel(name);
      expect(kernel.name).toBe(name);
      expect(selfTest(kernel)).toBeUndefined();
      expect(kernel.memoryBytes > 0).toBe(name !== 'native');
    },
  );

  it('auto takes fma where the engine has relaxed SIMD and the machine fuses, which the tests see to', () => {
    expect(createKernel().name).toBe('fma');
  });

  it('takes a module that was compiled elsewhere', () => {
    const modules = { scalar: compileKernelModule('scalar') };
    expect(createKernel('scalar', { modules }).name).toBe('scalar');
  });

  it('auto falls back to scalar, and says why nothing runs when that fails too', () => {
    const wrong = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    expect(createKernel('auto', { modules: { fma: wrong } }).name).toBe('simd');
    expect(createKernel('auto', { modules: { fma: wrong, simd: wrong } }).name).toBe('scalar');
    expect(() => createKernel('auto', { modules: { fma: wrong, simd: wrong, scalar: wrong } })).toThrow(
      /no kernel can run here/,
    );
    expect(() => createKernel('simd', { modules: { simd: wrong } })).toThrow(/memory/);
    expect(() => createKernel('fast' as 'simd')).toThrow(/no kernel 'fast'/);
  });

  it('says that native needs node:crypto where there is none, and still runs the others', () => {
    const original = process.getBuiltinModule;
    try {
      (process as { getBuiltinModule?: unknown }).getBuiltinModule = undefined;
      expect(() => createKernel('native')).toThrow(/node:crypto/);
      expect(createKernel('auto').name).toBe('fma');
    } finally {
      process.getBuiltinModule = original;
    }
  });
});

describe.each(CORE_NAMES)('memory of %s', (name) => {
  it('holds every region, and can never grow', () => {
    const core = new TestingCore(name);
    expect(core.constant('STATIC_END')).toBeLessThanOrEqual(core.memory.buffer.byteLength);
    expect(() => core.memory.grow(1)).toThrow(RangeError);
  });
});

describe('selfTest', () => {
  const kernel = createKernel('scalar');
  it.each<[string, Partial<Kernel>]>([
    ['SHA-256', { sha256: (messages) => kernel.sha256(messages).map((octet, i) => (i === 40 ? octet ^ 1 : octet)) }],
    ['ECDSA', { verify: (batch) => kernel.verify(batch).fill(1) }],
    ['ECDSA', { verify: (batch) => kernel.verify(batch).fill(2) }],
    ['ECDSA', { verify: (batch) => new Uint8Array(batch.count) }],
    [
      'decompression',
      { decompress: (count) => ({ status: new Uint8Array(count), points: new Uint8Array(64 * count) }) },
    ],
    ['ECQV', { reconstruct: (batch) => kernel.decompress(batch.count, batch.reconstructionValue) }],
  ])('names the fault: %s', (word, change) => {
    expect(selfTest(altered(kernel, change))).toContain(word);
  });
});
