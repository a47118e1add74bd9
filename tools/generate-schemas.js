// Writes the JSON Schemas of config files and results, from the schemas that Sweepline checks with, to schemas/ or a given folder. Core, the
// launchers and the store must be built.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { searchJsonSchemas } from '../packages/core/dist/bench/json-schemas.js';
import { jsonSchemas } from '../packages/core/dist/config/json-schemas.js';
import { resultJsonSchemas } from '../packages/core/dist/results/json-schemas.js';
import { eventJsonSchemas } from '../packages/core/dist/schedule/json-schemas.js';
import docker from '../packages/launcher-docker/dist/index.js';
import slurm from '../packages/launcher-slurm/dist/index.js';
import { bundleJsonSchemas } from '../packages/store/dist/bundle/json-schemas.js';

const FOLDER = process.argv[2] ?? fileURLToPath(new URL('../schemas', import.meta.url));

await mkdir(FOLDER, { recursive: true });
const schemas = {
  ...jsonSchemas([...docker, ...slurm]),
  ...resultJsonSchemas(),
  ...searchJsonSchemas(),
  ...eventJsonSchemas(),
  ...bundleJsonSchemas(),
};
for (const file of await readdir(FOLDER)) {
  if (file.endsWith('.schema.json') && !(file in schemas)) await rm(join(FOLDER, file));
}
for (const [file, schema] of Object.entries(schemas)) {
  const options = await resolveConfig(join(FOLDER, file));
  await writeFile(join(FOLDER, file), await format(JSON.stringify(schema), { ...options, parser: 'json' }));
}
