import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'plugin-llamacpp',
    include: ['test/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
