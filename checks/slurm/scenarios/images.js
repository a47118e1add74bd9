// @ts-check
/** @typedef {import('../scenarios.js').Scenario} Scenario */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { IMAGE, never, request, slurm, squashFileOf } from '../lease.js';
import { killAgents, processes } from '../process-table.js';
import { REGISTRY } from '../registry.js';
import { errorOf, failing, firstOf, said } from './leases.js';

/** @type {readonly Scenario[]} */
export const IMAGES = [
  {
    title: 'squash file that is missing and not imported',
    kind: 'short',
    run: () => failing({ images: ['no/such:1'] }, { import: 'never' }, 'IMAGE_UNAVAILABLE', 'n'),
  },
  { title: 'two sessions import one image', kind: 'import', run: importsOnce },
  {
    title: 'import of a tag that is not there',
    kind: 'import',
    run: () => failing({ images: [`${REGISTRY}#tiny:99`] }, {}, 'IMAGE_UNAVAILABLE', 'n'),
  },
  { title: 'import killed half-way', kind: 'import', run: importKilled },
  { title: 'half a squash file of others', kind: 'import', run: halfFile },
];

async function importsOnce() {
  forget();
  /** @type {string[]} */
  const notes = [];
  const leases = await Promise.all(
    [2, 1].map((nodes) =>
      slurm.acquire(request({ nodes, images: [IMAGE], onNote: (note) => notes.push(note) }), never),
    ),
  );
  const ran = await Promise.all(
    leases.map(({ executors }) =>
      executors.at(-1)?.run({ argv: ['true'], container: { image: IMAGE } }, never),
    ),
  );
  for (const lease of leases) await lease[Symbol.asyncDispose]();
  assert.deepEqual(
    ran.map((output) => output?.exit.code),
    [0, 0],
  );
  const imports = notes.filter((note) => note.includes('is imported to'));
  assert.equal(imports.length, 1, notes.join('\n'));
  return `${imports.length} import for three nodes; ${notes.find((note) => / imports /.test(note))}`;
}

async function importKilled() {
  forget();
  const stop = new AbortController();
  const dying = slurm.acquire(
    request({
      images: [IMAGE],
      onNote: (note) => note.includes('is imported to') && killImporter(),
    }),
    stop.signal,
  );
  const error = await errorOf(() => dying);
  const lease = await slurm.acquire(request({ images: [IMAGE] }), never);
  await lease[Symbol.asyncDispose]();
  return said(error);
}

/** Once it imports: the job ends with its agent, and with what that would have tidied up. */
async function killImporter() {
  const isImporting = () => processes().some(({ commandLine }) => commandLine.includes('\0import\0'));
  while (!isImporting()) await delay(20);
  killAgents();
}

async function halfFile() {
  forget();
  writeFileSync(squashFileOf(IMAGE), 'half of a file');
  const lease = await slurm.acquire(request({ images: [IMAGE] }), never);
  const { exit } = await firstOf(lease).run({ argv: ['true'], container: { image: IMAGE } }, never);
  await lease[Symbol.asyncDispose]();
  assert.equal(exit.code, 0);
  return 'imported anew, in its place by one rename';
}

/** Whoever needs the image next imports it. */
export function forget() {
  for (const file of [squashFileOf(IMAGE), `${squashFileOf(IMAGE)}.digest`]) rmSync(file, { force: true });
}
