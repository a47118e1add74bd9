import { describe, expect, it } from 'vitest';
import { loadCodec } from '../../src/load/codecs/load-codec.js';
import { completions } from '../../src/load/codecs/openai.js';
import { specFor } from './specs.js';

const { endpoint } = specFor({ url: 'http://127.0.0.1:1' });

/** A module's source as a specifier. */
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
    ['export const codec = 1;', /no codec: .*expected object/],
    [
      `export default ${VALID.replace("'/fly'", "'fly'")};`,
      /no codec: path: expected a path that begins with \/$/,
    ],
    [`export default { ...${VALID}, readEvent: undefined };`, /no codec: readEvent: expected a function$/],
    [`export default { ...${VALID}, takesTokenIds: 'yes' };`, /no codec: takesTokenIds: .*expected boolean/],
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
