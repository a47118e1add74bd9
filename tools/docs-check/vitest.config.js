import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { name: 'docs-check', include: ['*.test.js'], testTimeout: 120_000, hookTimeout: 60_000 },
});
