import { configDefaults, defineConfig } from 'vitest/config';
import { ALONE } from './vitest.alone.config.js';

export default defineConfig({
  test: {
    name: 'core',
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...ALONE],
    // Importing core anew for each of 240 files takes longer than most of these files.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
