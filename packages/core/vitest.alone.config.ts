import { defineConfig } from 'vitest/config';

/** Tests of what a busy machine does to a measurement. */
export const ALONE = [
  'test/faults/**',
  'test/cli/selftest*.test.ts',
  'test/load/{exactness,idle,machine,memory-kills,wall-clock,worker}.test.ts',
  'test/sweep/stalls.test.ts',
];

export default defineConfig({
  test: {
    name: 'core-alone',
    include: ALONE.map((path) => (path.endsWith('**') ? `${path}/*.test.ts` : path)),
    fileParallelism: false,
    env: { SWEEPLINE_REHEARSAL_REQUESTS: '1000' },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
