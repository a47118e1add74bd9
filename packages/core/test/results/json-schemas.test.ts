import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ResultLine } from '../../src/index.js';
import { schemaOf, strict, type JsonSchema } from './json-schema.js';
import { acmeEntry, makeWorkspace } from '../workspace.js';

/** Parts of a schema that describe an object's members. */
function partsOf(schema: JsonSchema): readonly JsonSchema[] {
  const inner = [schema.items, schema.additionalProperties, ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
  return [...Object.values(schema.properties ?? {}), ...inner].filter(
    (part): part is JsonSchema => typeof part === 'object' && !Array.isArray(part),
  );
}

/** Paths of the members without a description. */
function unexplained(schema: JsonSchema, path = ''): readonly string[] {
  const own = Object.entries(schema.properties ?? {})
    .filter(([, member]) => (member as JsonSchema).description === undefined)
    .map(([name]) => `${path}.${name}`);
  return [...own, ...partsOf(schema).flatMap((part) => unexplained(part, path))];
}

describe('the JSON Schemas of results', () => {
  it.each(['run-2', 'result-2', 'result-line-1', 'max-rate-1', 'event-1'])(
    'explain every member: %s',
    async (name) => {
      expect(unexplained(await schemaOf(name))).toEqual([]);
    },
  );

  it('name every member that a sweep writes, and nothing is missing that they ask for', async () => {
    const entries = [
      acmeEntry('one', { conc: [1] }),
      acmeEntry('two', { options: { args: ['--exit-with', '7'] } }),
    ];
    await using workspace = await makeWorkspace({ 'configs/acme.yaml': entries.join('') });

    await workspace.cli(['sweep', '--allow-invalid']);

    const run: unknown = JSON.parse(await workspace.readRunFile('run.json'));
    const lines = (await workspace.readRunFile('results.ndjson')).trim().split('\n');
    const results = await workspace.results();
    expect(results.map(({ state }) => state)).toEqual(['completed', 'failed']);
    const [ofRun, ofResult, ofLine] = await Promise.all(
      ['run-2', 'result-2', 'result-line-1'].map(async (name) =>
        z.fromJSONSchema(strict(await schemaOf(name))),
      ),
    );
    expect(ofRun?.safeParse(run).error).toBeUndefined();
    for (const result of results) expect(ofResult?.safeParse(result).error).toBeUndefined();
    for (const line of lines) expect(ofLine?.safeParse(JSON.parse(line)).error).toBeUndefined();
    expect(lines.map((line) => (JSON.parse(line) as ResultLine).result)).toEqual(results);
    // Shows that this reader is strict.
    expect(ofResult?.safeParse({ ...results[0], more: 1 }).success).toBe(false);
  });
});
