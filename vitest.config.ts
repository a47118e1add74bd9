import { defineConfig } from 'vitest/config';

const report = process.env['SWEEPLINE_TEST_REPORT'];

// What a load process does first, so that its code is compiled, is a third of its work in a test. packages/core/vitest.alone.config.ts keeps it.
process.env['SWEEPLINE_REHEARSAL_REQUESTS'] ??= '30';

export default defineConfig({
  test: {
    // What judges how time went is run by itself, at the end: side by side such tests would take each other's cores.
    projects: ['packages/*', 'packages/core/vitest.alone.config.ts', 'tools/docs-check/vitest.config.js'],
    maxWorkers: 2,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
});
