import { describe, expect, it } from 'vitest';
import { formatError, SweeplineError } from '../../src/errors.js';
import { appending, entry, names, revision, sweep, written } from './fixtures.js';

const february = await revision(written['2026-02']('a-x', 'a-y', 'b-x'), '2026-02');
const august = await revision(written['2026-08']('a-x', 'a-y', 'b-x'), '2026-08');

async function refusal(diff: string, head = february): Promise<SweeplineError> {
  const thrown: unknown = await sweep({ diff, head }).catch((error: unknown) => error);
  if (!(thrown instanceof SweeplineError)) throw new Error('expected a SweeplineError', { cause: thrown });
  return thrown;
}

describe('changelog, February 2026', () => {
  it('runs the added entries in order, each config entry once, evals marked', async () => {
    const diff = appending(entry(['b-x']) + entry(['a-*', 'b-x'], 'evals-only: true') + entry(['a-y']));
    const { single_node, multi_node, evals } = await sweep({ diff, head: february });
    expect(names(single_node['1k1k'])).toEqual([
      'b-x marked fixed-seq-len+agentic-coding',
      'a-x chosen fixed-seq-len+agentic-coding',
      'a-y chosen fixed-seq-len+agentic-coding',
    ]);
    expect(multi_node).toEqual({});
    expect(evals).toBeUndefined();
  });

  it('says which revisions and entries it comes from, defaults filled in', async () => {
    const { changelog_metadata } = await sweep({ diff: appending(entry(['a-x'])), head: february });
    expect(changelog_metadata).toEqual({
      base_ref: 'base',
      head_ref: 'head',
      entries: [
        {
          'config-keys': ['a-x'],
          description: ['faster'],
          'pr-link': 'https://example.com/pull/2',
          'evals-only': false,
        },
      ],
    });
  });

  it('takes fields by their names in Python', async () => {
    const diff = appending('- config_keys: [a-x]\n  description: [x]\n  pr_link: x\n  evals_only: true\n');
    const { changelog_metadata } = await sweep({ diff, head: february });
    expect(changelog_metadata.entries[0]).toMatchObject({ 'config-keys': ['a-x'], 'evals-only': true });
  });

  it('takes empty prose, which is for readers alone', async () => {
    const diff = appending('- { config-keys: [a-x], description: [""], pr-link: "" }');
    expect((await sweep({ diff, head: february })).changelog_metadata.entries).toHaveLength(1);
  });

  it('matches wildcards against whole keys, with all else literal', async () => {
    const { single_node } = await sweep({ diff: appending(entry(['*-x'])), head: february });
    expect(names(single_node['1k1k'])).toHaveLength(2);
    expect((await refusal(appending(entry(['a-*z'])))).message).toBe('no config key matches "a-*z"');
    expect((await refusal(appending(entry(['a.x'])))).message).toBe('no config entry has the key "a.x"');
    expect((await refusal(appending(entry(['.-*'])))).code).toBe('CHANGELOG_INVALID');
  });

  it('names the nearest key, and all unknown ones with their places', async () => {
    const error = await refusal(appending(entry(['a-xx', 'a-x']) + entry(['nothing-like-it'])));
    expect(formatError(error)).toMatchInlineSnapshot(`
      "CHANGELOG_INVALID: 2 problems in log.yaml
      CHANGELOG_INVALID: no config entry has the key "a-xx" (log.yaml:11:17, key 0.config-keys.0)
        → Did you mean "a-x"?
      CHANGELOG_INVALID: no config entry has the key "nothing-like-it" (log.yaml:14:17, key 1.config-keys.0)
        → Name an entry of the master configs."
    `);
  });

  it.each([
    ['a field that is misspelt', entry(['a-x'], 'evals-onyl: true'), 'evals-only'],
    ['a field of the later dialect', entry(['a-x'], 'all-evals: true'), 'all-evals'],
    ['no description', '- { config-keys: [a-x], pr-link: x }', 'description'],
    ['an empty list of keys', entry([]), 'config-keys'],
    ['half an entry', '  evals-only: true', 'expected a list of entries'],
  ])('refuses %s', async (_, text, told) => {
    const error = await refusal(appending(text));
    expect(error.code).toBe('CHANGELOG_INVALID');
    expect(formatError(error)).toContain(told);
    expect(error.where).toMatchObject({ file: 'log.yaml' });
  });

  it('refuses deletions, and says which lines', async () => {
    const diff = '@@ -4,6 +4,2 @@\n one\n-  - gone\n-\n-  - too\n same\n-  - also\n';
    expect(formatError(await refusal(diff))).toMatchInlineSnapshot(`
      "CHANGELOG_DELETION: 2 problems in log.yaml
      CHANGELOG_DELETION: lines 5 to 7 of the base are deleted or changed, beginning with   - gone (log.yaml:5)
        → A changelog may only grow: restore the deleted or changed lines, including line ends.
      CHANGELOG_DELETION: line 9 of the base is deleted or changed:   - also (log.yaml:9)
        → A changelog may only grow: restore the deleted or changed lines, including line ends."
    `);
  });

  it('lets blank lines go', async () => {
    const diff = `@@ -4,2 +4,1 @@\n one\n-   \n${appending(entry(['a-x']))}`;
    expect((await sweep({ diff, head: february })).changelog_metadata.entries).toHaveLength(1);
  });

  it.each([
    ['nothing', ''],
    ['blank lines', appending('\n\n')],
    ['a comment', appending('# later')],
  ])('refuses %s as an addition', async (_, diff) => {
    expect((await refusal(diff)).code).toBe('CHANGELOG_EMPTY');
  });

  it('leaves out lines that look like a header of the diff, and says so', async () => {
    const warnings: string[] = [];
    const logger = { info() {}, error() {}, warn: (text: string) => void warnings.push(text) };
    await sweep({ diff: appending(`++ odd\n${entry(['a-x'])}`), head: february, logger });
    expect(warnings).toEqual([
      'log.yaml:11: a line that starts with ++ is ignored, as in InferenceX: ++ odd',
    ]);
  });
});

describe('changelog, August 2026', () => {
  const runs = async (text: string, flags = {}) => {
    const { single_node, evals } = await sweep({ diff: appending(text), head: august, flags });
    return { benchmarks: names(single_node['1k1k']), evals: names(evals) };
  };

  it('runs benchmarks and chosen evals apart', async () => {
    expect(await runs(entry(['a-x']))).toEqual({
      benchmarks: ['a-x none fixed-seq-len+agentic-coding'],
      evals: ['a-x chosen fixed-seq-len+agentic-coding'],
    });
  });

  it.each([
    [{}, ['evals-only: true'], 0, 'chosen'],
    [{}, ['all-evals: true'], 0, 'all'],
    [{ evalsOnly: true }, [], 0, 'chosen'],
    [{ allEvals: true }, [], 1, 'all'],
    [{ allEvals: true, evalsOnly: true }, [], 0, 'all'],
  ])('with %o and %o', async (flags, more, benchmarks, evals) => {
    const found = await runs(entry(['a-x'], ...more), flags);
    expect(found.benchmarks).toHaveLength(benchmarks);
    expect(found.evals).toEqual([`a-x ${evals} fixed-seq-len+agentic-coding`]);
  });

  it('covers scenarios apart, and entries that want all evals first', async () => {
    const text =
      entry(['a-x'], 'scenario-type: [agentic-coding]') +
      entry(['a-x', 'a-y']) +
      entry(['a-y'], 'all-evals: true');
    expect(await runs(text)).toEqual({
      benchmarks: [
        'a-x none agentic-coding',
        'a-x none fixed-seq-len',
        'a-y none fixed-seq-len+agentic-coding',
      ],
      evals: [
        'a-y all fixed-seq-len+agentic-coding',
        'a-x chosen agentic-coding',
        'a-x chosen fixed-seq-len',
      ],
    });
  });

  it('fills in defaults, and leaves out what has none', async () => {
    const diff = appending(entry(['a-x'], 'scenario-type: null'));
    const { changelog_metadata } = await sweep({ diff, head: august });
    expect(changelog_metadata.entries).toEqual([
      expect.objectContaining({
        'evals-only': false,
        'all-evals': false,
        'append-only': false,
      }),
    ]);
    expect(Object.keys(changelog_metadata.entries[0]!)).not.toContain('scenario-type');
  });
});
