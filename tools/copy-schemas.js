// @ts-check
// Copies schemas/ into core's folder, so that its package has them.
import { cp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** @param {string} path */
const beside = (path) => fileURLToPath(new URL(path, import.meta.url));

const copy = beside('../packages/core/schemas');
await rm(copy, { recursive: true, force: true });
await cp(beside('../schemas'), copy, { recursive: true });
