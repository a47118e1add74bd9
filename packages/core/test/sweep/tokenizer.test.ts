import { cp, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { acmeEntry, makeWorkspace, SWEEPLINE_YAML, type TestWorkspace } from '../workspace.js';

const FIXTURES = join(import.meta.dirname, '../fixtures/tokenizers');

/** Client settings of a plugin whose engine takes texts. */
const TEXTS = { promptForm: 'auto', vocabulary: { first: 3, end: 5 } };
const ENTRY = acmeEntry('one', { conc: [1], options: { client: TEXTS } });

interface Setup {
  /** What sweepline.yaml says under `client`. */
  readonly client: string;
  readonly entries: string;
}

async function workspaceOf({ client, entries }: Setup): Promise<TestWorkspace> {
  return makeWorkspace({
    'configs/sweepline.yaml': `${SWEEPLINE_YAML}client: ${client}\n`,
    'configs/acme.yaml': entries,
  });
}

/** Puts a fixture where `hf download` would put the tokenizer of a repository, in a cache of the workspace's own. */
async function sweepWithCache(workspace: TestWorkspace, repository: string, fixture: string) {
  const cache = join(workspace.root, 'cache');
  const folder = join(cache, `models--${repository.replace('/', '--')}`, 'snapshots', 'abc');
  await mkdir(dirname(folder), { recursive: true });
  await cp(join(FIXTURES, fixture), folder, { recursive: true });
  return workspace.cli(['sweep', '--allow-invalid'], { env: { HF_HUB_CACHE: cache } });
}

async function firstRun(workspace: TestWorkspace) {
  const [result] = await workspace.results();
  if (result?.state !== 'completed') throw new Error(JSON.stringify(result));
  const raw = JSON.parse(await workspace.readRunFile(`points/${result.name}/raw.json`)) as object;
  return { result, raw, ...(await workspace.records(result.name)) };
}

describe('with `tokenizer: model` a sweep', () => {
  it("sends texts of the job's own tokenizer, from the Hugging Face cache, and says so", async () => {
    const entries = ENTRY.replace('model: fake-model', 'model: acme/tiny');
    await using workspace = await workspaceOf({ client: '{ tokenizer: model }', entries });

    const { exitCode, stderr } = await sweepWithCache(workspace, 'acme/tiny', 'metaspace');

    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const { spec, prompts, requests, raw, result } = await firstRun(workspace);
    expect(result.provenance.prompts).toEqual({ form: 'text', tokenizer: 'acme/tiny' });
    expect(spec).toMatchObject({ tokenizer: 'acme/tiny', prompts: { form: 'auto' } });
    expect(spec.prompts).not.toHaveProperty('useChatTemplate');
    // The tokenizer's whole vocabulary, whatever the plugin takes for plain text.
    expect(prompts).toMatchObject({ form: 'text', vocabulary: { first: 0, end: 521 } });
    expect(raw).toMatchObject({ tokenizer_id: 'acme/tiny' });
    for (const { promptTokens } of requests) expect(promptTokens).toBeGreaterThanOrEqual(16);
  });

  it("puts them into the model's chat template where the plugin asks for it", async () => {
    const options = { client: { ...TEXTS, chatTemplate: true } };
    const entry = acmeEntry('one', { conc: [1], options }).replace('isl: 20', 'isl: 60');
    const entries = entry.replace('fake-model', JSON.stringify(join(FIXTURES, 'byte-level')));
    await using workspace = await workspaceOf({ client: '{ tokenizer: model }', entries });

    const { exitCode, stderr } = await workspace.cli(['sweep', '--allow-invalid']);

    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const { spec, result } = await firstRun(workspace);
    expect(spec.prompts).toMatchObject({ useChatTemplate: true });
    expect(result.provenance.prompts).toMatchObject({ chatTemplate: true });
    expect(result.marks.map(({ code }) => code)).not.toContain('no-chat-template');
  });

  it('leaves an engine that insists on token ids its ids', async () => {
    await using workspace = await workspaceOf({
      client: '{ tokenizer: model }',
      entries: acmeEntry('one', { conc: [1] }),
    });

    expect(await workspace.cli(['sweep', '--allow-invalid'])).toMatchObject({ exitCode: 0 });

    const { spec, prompts } = await firstRun(workspace);
    expect(spec).not.toHaveProperty('tokenizer');
    expect(prompts).toMatchObject({ form: 'token-ids' });
  });

  it('fails a job whose tokenizer is not there, says where it was looked for and what to do, and goes on', async () => {
    const missing = ENTRY.replace('fake-model', '/nowhere/model').replaceAll('one', 'missing');
    await using workspace = await workspaceOf({
      client: `{ tokenizer: model, tokenizers: { fake-model: '${FIXTURES}/metaspace' } }`,
      entries: ENTRY + missing + ENTRY.replaceAll('one', 'last'),
    });

    const { exitCode, stdout } = await workspace.cli(['sweep', '--allow-invalid']);

    expect(exitCode).toBe(1);
    const results = await workspace.results();
    expect(results.map(({ state }) => state)).toEqual(['completed', 'failed', 'completed']);
    expect(results[1]).toMatchObject({
      error: {
        code: 'TOKENIZER_INVALID',
        where: '/nowhere/model',
        hint: expect.stringMatching(
          /tokenizer\.json.*`client\.tokenizers` in configs\/sweepline\.yaml/,
        ) as string,
      },
    });
    expect(stdout).toMatch(/TOKENIZER_INVALID: there is no such file or folder \(\/nowhere\/model\)/);
    expect(stdout).toContain('→ Name a folder with a tokenizer.json');
    expect(await workspace.processes()).toEqual([]);
  });
});

describe('tokenizers by model', () => {
  it('stand in for the one of the model: a repository, a folder of the workspace, or none', async () => {
    const named = (key: string, model: string) => ENTRY.replaceAll('one', key).replace('fake-model', model);
    const tokenizers = `{ /models/a: acme/tiny, /models/b: ./tokens/b, /models/c: false }`;
    await using workspace = await workspaceOf({
      client: `{ tokenizer: model, tokenizers: ${tokenizers} }`,
      entries: named('a', '/models/a') + named('b', '/models/b') + named('c', '/models/c'),
    });
    await cp(join(FIXTURES, 'byte-level'), join(workspace.root, 'tokens/b'), { recursive: true });

    const { exitCode, stderr } = await sweepWithCache(workspace, 'acme/tiny', 'metaspace');

    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const runs = await Promise.all((await workspace.results()).map(({ name }) => workspace.records(name)));
    expect(runs.map(({ spec, prompts }) => [spec.tokenizer, prompts?.form])).toEqual([
      ['acme/tiny', 'text'],
      [join(workspace.root, 'tokens/b'), 'text'],
      [undefined, 'token-ids'],
    ]);
  });

  it('are used without one for all models, too', async () => {
    await using workspace = await workspaceOf({
      client: `{ tokenizers: { fake-model: '${FIXTURES}/metaspace' } }`,
      entries: ENTRY,
    });

    expect(await workspace.cli(['sweep', '--allow-invalid'])).toMatchObject({ exitCode: 0 });
    expect(await firstRun(workspace)).toMatchObject({ prompts: { form: 'text' } });
  });
});

it('notes that a chat template which the plugin asks for is left out without a tokenizer', async () => {
  const entries = acmeEntry('one', { conc: [1], options: { client: { chatTemplate: true } } });
  await using workspace = await makeWorkspace({ 'configs/acme.yaml': entries });

  expect(await workspace.cli(['sweep', '--allow-invalid'])).toMatchObject({ exitCode: 0 });

  const { result, spec } = await firstRun(workspace);
  expect(spec.prompts).not.toHaveProperty('useChatTemplate');
  expect(result.marks).toContainEqual({
    code: 'no-chat-template',
    severity: 'note',
    message: expect.stringContaining('tokenizer') as string,
  });
});
