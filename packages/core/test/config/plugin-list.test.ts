import { describe, expect, it } from 'vitest';
import { withoutPlugin, withPlugin } from '../../src/config/plugin-list.js';
import { parseYaml } from '../../src/config/yaml/parse.js';

const FILE = 'configs/sweepline.yaml';

const add = (text: string, name = '@acme/plugin') => withPlugin(text, name, FILE);
const remove = (text: string, name: string) => withoutPlugin(text, name, FILE);

describe('a package more in the list of plugins', () => {
  it.each([
    ['an empty file', '', "plugins:\n  - '@acme/plugin'\n"],
    ['a file of comments', '# ours\n', "# ours\nplugins:\n  - '@acme/plugin'\n"],
    [
      'a file without the list, nor a line end',
      'results-dir: out # here',
      "results-dir: out # here\nplugins:\n  - '@acme/plugin'\n",
    ],
    [
      'a list with nothing in it',
      'plugins: # none yet\nrunners: {}\n',
      "plugins: # none yet\n  - '@acme/plugin'\nrunners: {}\n",
    ],
    ['an empty list', 'plugins: [] # none\n', "plugins: ['@acme/plugin'] # none\n"],
    ['a list on one line', 'plugins: [a, "b"] # two\n', `plugins: [a, "b", '@acme/plugin'] # two\n`],
    [
      'a list on several lines',
      'plugins: [\n  a,\n  b, # second\n  ]\n',
      "plugins: [\n  a,\n  b, '@acme/plugin', # second\n  ]\n",
    ],
    [
      'a list of lines',
      '# first\nplugins:\n  # engines\n  - a # one\n  - b # two\n\n# rest\nresults-dir: out\n',
      "# first\nplugins:\n  # engines\n  - a # one\n  - b # two\n  - '@acme/plugin'\n\n# rest\nresults-dir: out\n",
    ],
    ['a list without indent', 'plugins:\n- a\n- b', "plugins:\n- a\n- b\n- '@acme/plugin'"],
    [
      'lines that end as on Windows',
      'plugins:\r\n  - a # one\r\n',
      "plugins:\r\n  - a # one\r\n  - '@acme/plugin'\r\n",
    ],
  ])('changes nothing else of %s', async (_, before, after) => {
    expect(add(before)).toBe(after);
    await expect(parseYaml(after, FILE)).resolves.toBeDefined();
  });

  it('is quoted so that it is a text whatever it is', async () => {
    const { value } = await parseYaml(add('plugins: [a]\n', "./it's: #1"), FILE);
    expect(value).toEqual({ plugins: ['a', "./it's: #1"] });
  });

  it.each([
    ['a list behind an alias', 'x: &a [b]\nplugins: *a\n'],
    ['no map', '- plugins\n'],
    ['a map on one line', '{ results-dir: out }\n'],
    ['what is no YAML', 'plugins: [a\n'],
  ])('is refused for %s, with what to do', (_, text) => {
    expect(() => add(text)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', hint: expect.stringContaining('by hand') as string }),
    );
  });
});

describe('a package less in the list of plugins', () => {
  it.each([
    [
      'the middle of lines',
      'plugins:\n  - a\n  - b # two\n  # third\n  - c\n',
      'b',
      'plugins:\n  - a\n  # third\n  - c\n',
    ],
    ['the last of lines', 'plugins:\n  - a\n  - b', 'b', 'plugins:\n  - a\n'],
    [
      'the only line',
      '# ours\nplugins: # all\n  - a\nrunners: {}\n',
      'a',
      '# ours\nplugins: [] # all\nrunners: {}\n',
    ],
    ['the first on a line', "plugins: ['a', b]\n", 'a', 'plugins: [b]\n'],
    ['the last on a line', 'plugins: [a, "b"] # two\n', 'b', 'plugins: [a] # two\n'],
    ['the only one on a line', 'plugins: [a]\n', 'a', 'plugins: []\n'],
    ['lines that end as on Windows', 'plugins:\r\n  - a\r\n  - b\r\n', 'a', 'plugins:\r\n  - b\r\n'],
  ])('takes %s', (_, before, name, after) => {
    expect(remove(before, name)).toBe(after);
  });

  it('and one more again are what there was', () => {
    const text = 'plugins:\n  # engines\n  - a # one\n\nresults-dir: out\n';
    expect(remove(add(text), '@acme/plugin')).toBe(text);
  });

  it('is refused for one that is not in it', () => {
    expect(() => remove('plugins: [a]\n', 'b')).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});
