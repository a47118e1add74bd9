import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'dashboard',
    include: ['test/**/*.test.ts'],
    // Importing core and the database anew for each file takes longer than most of these files.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
