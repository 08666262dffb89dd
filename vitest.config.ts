import { defineConfig } from 'vitest/config';

/** Node 20 has relaxed SIMD behind a flag only; the `fma` kernel is tested there all the same. */
const execArgv = Number(process.versions.node.split('.')[0]) < 22 ? ['--experimental-wasm-relaxed-simd'] : [];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Two cores is what CI has; each file loads its own WASM instance.
    maxWorkers: 2,
    execArgv,
  },
});
