import { configDefaults, defineConfig } from 'vitest/config';
import { ALONE } from './vitest.alone.config.js';

export default defineConfig({
  test: {
    name: 'core',
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...ALONE],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
