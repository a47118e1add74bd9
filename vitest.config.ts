import { defineConfig } from 'vitest/config';

const report = process.env['SWEEPLINE_TEST_REPORT'];

export default defineConfig({
  test: {
    projects: ['packages/*'],
    // Test files start servers and load processes: side by side they would take each other's cores.
    fileParallelism: false,
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
  },
});
