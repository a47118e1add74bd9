import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'plugin-dynamo',
    include: ['test/**/*.test.ts'],
    isolate: false,
    // What is built is run as Node.js runs it.
    server: { deps: { external: [/\/packages\/[^/]+\/dist\//] } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
