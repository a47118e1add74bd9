// Writes the JSON Schemas of all config files from what Sweepline checks them with; needs core to be built.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { jsonSchemas } from '../packages/core/dist/config/json-schemas.js';

const FOLDER = fileURLToPath(new URL('../schemas/', import.meta.url));

await mkdir(FOLDER, { recursive: true });
const schemas = jsonSchemas();
for (const file of await readdir(FOLDER)) {
  if (file.endsWith('.schema.json') && !(file in schemas)) await rm(FOLDER + file);
}
for (const [file, schema] of Object.entries(schemas)) {
  const options = await resolveConfig(FOLDER + file);
  await writeFile(FOLDER + file, await format(JSON.stringify(schema), { ...options, parser: 'json' }));
}
