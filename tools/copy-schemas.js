// Copies schemas/ into core's folder, so that its package has them.
import { cp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const [from, to] = ['../schemas', '../packages/core/schemas'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

await rm(to, { recursive: true, force: true });
await cp(from, to, { recursive: true });
