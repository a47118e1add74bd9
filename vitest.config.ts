import { defineConfig } from 'vitest/config';

const report = process.env['SWEEPLINE_TEST_REPORT'];

export default defineConfig({
  test: {
    // What judges how time went is run by itself, at the end: side by side such tests would take each other's cores.
    projects: ['packages/*', 'packages/core/vitest.alone.config.ts', 'tools/docs-check/vitest.config.js'],
    maxWorkers: 2,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
});
