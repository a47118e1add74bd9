import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCodec } from '../../src/load/client/codecs/load-codec.js';
import { completions } from '../../src/load/client/codecs/openai.js';
import { generateLoad } from '../../src/load/run/run-load.js';
import { decodeRunRecord } from '../../src/load/records/read-records.js';
import type { LoadSpec } from '../../src/load/spec/spec.js';
import { makeTestWorkspace } from '../../src/testing/workspace.js';
import { specFor } from './specs.js';

const { endpoint } = specFor({ url: 'http://127.0.0.1:1' });

/** A module's source as a module specifier. */
const moduleOf = (source: string): string => `data:text/javascript,${encodeURIComponent(source)}`;

const VALID = `{
  name: 'pigeon',
  path: '/fly',
  takesTokenIds: false,
  bodyWriter: () => () => '{}',
  readEvent(payload) { return this.name === 'pigeon' ? { kind: 'malformed', message: payload } : undefined; },
}`;

describe('loadCodec', () => {
  it('is that of the API without a module', async () => {
    expect(await loadCodec(endpoint)).toBe(completions);
  });

  it("is a module's default export, itself and not a copy", async () => {
    const codec = await loadCodec({ ...endpoint, codec: moduleOf(`export default ${VALID}`) });

    expect(codec.path).toBe('/fly');
    expect(codec.readEvent('coo')).toEqual({ kind: 'malformed', message: 'coo' });
  });

  it.each([
    ['export const codec = 1;', /not a codec: .*expected object/],
    [
      `export default ${VALID.replace("'/fly'", "'fly'")};`,
      /not a codec: path: expected a path that begins with \/$/,
    ],
    [`export default { ...${VALID}, readEvent: undefined };`, /not a codec: readEvent: expected a function$/],
    [
      `export default { ...${VALID}, takesTokenIds: 'yes' };`,
      /not a codec: takesTokenIds: .*expected boolean/,
    ],
  ])('says what is wrong with %s', async (source, message) => {
    await expect(loadCodec({ ...endpoint, codec: moduleOf(source) })).rejects.toMatchObject({
      code: 'PLUGIN_INVALID',
      message: expect.stringMatching(message) as string,
    });
  });

  it.each([
    ["throw new Error('no licence');", /no licence/],
    ["import 'file:///absent/part.js';", /absent/],
  ])('says why %s could not be loaded', async (source, message) => {
    await expect(loadCodec({ ...endpoint, codec: moduleOf(source) })).rejects.toMatchObject({
      code: 'PLUGIN_BROKEN',
      message: expect.stringMatching(message) as string,
    });
  });
});

describe('a load with the codec of a plugin', () => {
  const FIXTURE = new URL('../fixtures/pigeon-plugin/', import.meta.url);

  async function withLoft<T>(body: (spec: LoadSpec) => Promise<T>): Promise<T> {
    const module = (await import(new URL('server.js', FIXTURE).href)) as { createLoft(): Server };
    const loft = module.createLoft().listen(0, '127.0.0.1');
    await once(loft, 'listening');
    const url = `http://127.0.0.1:${(loft.address() as AddressInfo).port}`;
    try {
      return await body(
        specFor(
          { url },
          { endpoint: { codec: new URL('codec.js', FIXTURE).href }, prompts: { form: 'auto' } },
        ),
      );
    } finally {
      loft.closeAllConnections();
      loft.close();
    }
  }

  const sumOf = ({ requests }: Awaited<ReturnType<typeof generateLoad>>) =>
    requests.map(({ state, finishReason, chunkMs, outputTokens, requestedOutputTokens }) => ({
      state,
      finishReason,
      whole: chunkMs.length === requestedOutputTokens && outputTokens === requestedOutputTokens,
    }));

  const all = Array.from({ length: 12 }, () => ({ state: 'completed', finishReason: 'landed', whole: true }));

  it('asks and reads as it says', async () => {
    const run = await withLoft((spec) =>
      generateLoad({ ...spec, output: { ...spec.output, keepText: true } }),
    );

    expect(sumOf(run)).toEqual(all);
    expect(run.prompts?.form).toBe('text');
    for (const { text, requestedOutputTokens } of run.requests) {
      expect(text).toBe(Array.from({ length: requestedOutputTokens }, (_, i) => `w${i} `).join(''));
    }
  });

  it('does so in each of its threads', async () => {
    await using workspace = await makeTestWorkspace();
    const recordsFile = join(workspace.root, 'records.jsonl');
    const { exitCode, stdout } = await withLoft(async (spec) => {
      await workspace.write('spec.json', JSON.stringify({ ...spec, workers: 2, output: { recordsFile } }));
      return workspace.cli(['load', 'spec.json']);
    });

    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
    const run = decodeRunRecord(await readFile(recordsFile, 'utf8'));
    expect(sumOf(run)).toEqual(all);
    expect(run.client.workers).toHaveLength(2);
  });
});
