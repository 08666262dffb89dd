import { defineConfig } from 'vitest/config';
import { onlyInRest, scaled } from './test/tiers.ts';

/** Node 20 has relaxed SIMD behind a flag only; the `fma` kernel is tested there all the same. */
const execArgv = Number(process.versions.node.split('.')[0]) < 22 ? ['--experimental-wasm-relaxed-simd'] : [];

/** Which files run in the tiers that `npm test` and `npm run test:full` name as vitest's mode. */
const TIERS = {
  quick: { exclude: onlyInRest },
  rest: { include: [...onlyInRest, ...scaled].map((path) => path.replace('**', '**/*.test.ts')) },
};

export default defineConfig(({ mode }) => {
  const tier = mode === 'quick' || mode === 'rest' ? mode : undefined;
  return {
    test: {
      include: ['test/**/*.test.ts'],
      testTimeout: 180_000,
      hookTimeout: 180_000,
      // Two cores is what CI has; each file loads its own WASM instance.
      maxWorkers: 2,
      execArgv,
      coverage: { provider: 'v8' as const, include: ['src/**', 'workers/**'], reporter: ['text-summary', 'html'] },
      ...(tier && { ...TIERS[tier], env: { SCMS_TIER: tier } }),
    },
  };
});
