import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { approve } from '../src/commands/approve.js';
import type { Subcommand } from '../src/commands/command.js';
import { comment } from '../src/commands/comment.js';
import { next } from '../src/commands/next.js';
import { source } from '../src/commands/source.js';
import { digestOf } from '../src/plan/plan.js';
import { MARKER } from '../src/report/comment-text.js';
import { contextIn } from './context.js';
import { makeRepository, type TestRepository } from './repository.js';

const SHA = 'a'.repeat(40);
const OTHER = 'b'.repeat(40);

let repository: TestRepository;
let server: Server;
let url: string;
/** Answers by method and path. */
let answers: Record<string, unknown>;
let sent: { readonly what: string; readonly body: unknown }[];
beforeAll(async () => {
  repository = makeRepository();
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const what = `${request.method ?? ''} ${(request.url ?? '').replace('/repos/acme/sweeps', '').replace(/\?.*/, '')}`;
      if (request.method !== 'GET') sent.push({ what, body: JSON.parse(body) as unknown });
      const isKnown = request.headers.authorization === 'Bearer secret-token' && what in answers;
      response.writeHead(isKnown ? 200 : 404).end(JSON.stringify(answers[what] ?? {}));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
});
afterAll(() => {
  server.close();
  repository[Symbol.dispose]();
});
beforeEach(() => {
  answers = { 'GET /actions/artifacts': { artifacts: [] } };
  sent = [];
});

async function run(
  command: Subcommand,
  event: string,
  payload: object,
  more: Readonly<Record<string, string>> = {},
) {
  const context = contextIn(repository.root);
  const env = repository.step(event, payload, { GITHUB_API_URL: url, GITHUB_SHA: SHA, ...more });
  await command.run(context, new Command(), env);
  return { outputs: repository.outputs(), said: context.errors.join('') };
}

function workflowRun(id: number, more: object = {}) {
  return {
    ...{ id, path: '.github/workflows/sweep.yml', event: 'push', status: 'completed', conclusion: 'success' },
    ...{
      head_sha: OTHER,
      head_branch: 'main',
      head_repository: { full_name: 'acme/sweeps' },
      html_url: `https://x/${id}`,
    },
    ...more,
  };
}

function artifact(id: number, more: object = {}) {
  return {
    name: 'sweep-history',
    expired: false,
    created_at: `2026-01-0${id}`,
    workflow_run: { id, head_branch: 'main' },
    ...more,
  };
}

/** What a repository answers whose runs have left their results. */
function history(...runs: readonly ReturnType<typeof workflowRun>[]): void {
  answers['GET /actions/artifacts'] = { artifacts: runs.map(({ id }) => artifact(id)) };
  for (const one of runs) answers[`GET /actions/runs/${one.id}`] = one;
}

describe('earlier runs', () => {
  it('give their history: the newest of the default branch, and the commit that was pushed last', async () => {
    history(
      workflowRun(1),
      workflowRun(2, {
        event: 'schedule',
        path: '.github/workflows/nightly.yml@refs/heads/main',
        head_sha: SHA,
      }),
    );
    expect((await run(source, 'pull_request', {})).outputs).toMatchObject({
      history: '2',
      swept: OTHER,
      reuse: '',
    });
  });

  it.each([
    ['a fork', { head_repository: { full_name: 'eve/sweeps' } }],
    ['no repository', { head_repository: null }],
    ['another workflow', { path: '.github/workflows/sweep-fork.yml' }],
    ['a pull request', { event: 'pull_request' }],
  ])('of %s give none', async (_, more) => {
    history(workflowRun(1, more));
    expect((await run(source, 'schedule', {})).outputs).toMatchObject({ history: '', swept: '' });
  });

  it('are gone on with by number, if they are of the default branch', async () => {
    history(
      workflowRun(1),
      workflowRun(2, { head_repository: { full_name: 'eve/sweeps' } }),
      workflowRun(3, { head_branch: 'x' }),
    );
    const continued = (continues: string) => run(source, 'workflow_dispatch', { inputs: { continues } });
    expect((await continued('1')).outputs['continues']).toBe('1');
    for (const other of ['2', '3', '4', '1/../2', '$(id)', '-1'])
      await expect(continued(other)).rejects.toThrow(/is no run of this repository's sweeps/);
  });

  describe('of a pull request that is merged', () => {
    const pull = {
      ...{ number: 5, merge_commit_sha: SHA, merged_at: 'then', labels: [{ name: 'reuse-sweep' }] },
      head: { sha: OTHER, repo: { full_name: 'acme/sweeps' } },
    };
    const measured = workflowRun(9, { event: 'pull_request', head_branch: 'feature' });
    const left = [artifact(9, { name: 'sweep-run' }), artifact(9, { name: 'sweep-plan' })];
    const merged = (
      pulls: readonly object[] = [pull],
      runs: readonly object[] = [measured],
      artifacts: readonly object[] = left,
    ) => {
      answers[`GET /commits/${SHA}/pulls`] = pulls;
      answers['GET /actions/workflows/sweep.yml/runs'] = { workflow_runs: runs };
      answers['GET /actions/runs/9/artifacts'] = { artifacts };
      return run(source, 'push', {});
    };

    it('are named, with their address', async () => {
      expect((await merged()).outputs).toMatchObject({ reuse: '9', 'reuse-url': 'https://x/9' });
    });

    it.each([
      ['without the label', [{ ...pull, labels: [] }], [measured], left, /has no label reuse-sweep/],
      [
        'of a fork',
        [{ ...pull, head: { ...pull.head, repo: { full_name: 'eve/sweeps' } } }],
        [measured],
        left,
        /comes from a fork/,
      ],
      [
        'by another commit',
        [{ ...pull, merge_commit_sha: OTHER }],
        [measured],
        left,
        /0 pull requests were merged/,
      ],
      ['together with another', [pull, pull], [measured], left, /2 pull requests were merged/],
      ['not yet', [{ ...pull, merged_at: null }], [measured], left, /0 pull requests were merged/],
      ['whose sweep was red', [pull], [{ ...measured, conclusion: 'failure' }], left, /no sweep of #5/],
      ['whose sweep was of another commit', [pull], [{ ...measured, head_sha: SHA }], left, /no sweep of #5/],
      [
        'whose sweep was of another workflow',
        [pull],
        [{ ...measured, path: '.github/workflows/e2e.yml' }],
        left,
        /no sweep of #5/,
      ],
      [
        'whose results have expired',
        [pull],
        [measured],
        [artifact(9, { name: 'sweep-run', expired: true }), left[1]!],
        /has no sweep-run any more/,
      ],
    ])('are not taken: %s', async (_, pulls, runs, artifacts, why) => {
      const { outputs, said } = await merged(pulls, runs, artifacts);
      expect([outputs['reuse'], outputs['reuse-url']]).toEqual(['', '']);
      expect(said).toMatch(why);
    });
  });

  it('are asked for with a permission, or the step fails', async () => {
    answers = {};
    await expect(run(source, 'push', {})).rejects.toThrow(/GitHub: GET \/actions\/artifacts.*status 404/);
    answers = { 'GET /actions/artifacts': 'odd' };
    await expect(run(source, 'push', {})).rejects.toThrow(/an answer of another form/);
    const failure = await run(source, 'push', {}).catch(String);
    expect(failure).not.toContain('secret-token');
  });
});

describe("a fork's commit", () => {
  const inputs = { 'pull-request': '5', sha: SHA };
  const pull = { state: 'open', draft: false, head: { sha: SHA, repo: { full_name: 'eve/sweeps' } } };

  it('is approved by all its digits', async () => {
    answers['GET /pulls/5'] = pull;
    expect((await run(approve, 'workflow_dispatch', { inputs })).outputs).toEqual({ sha: SHA });
  });

  it.each([
    ['that is no longer the newest', pull, { ...inputs, sha: OTHER }, /look at it again/],
    ['that is named in part', pull, { ...inputs, sha: SHA.slice(0, 12) }, /40 digits/],
    ['of another number', pull, { ...inputs, 'pull-request': '5/../6' }, /no number of a pull request/],
    ['of a closed pull request', { ...pull, state: 'closed' }, inputs, /not open/],
    ['of a draft', { ...pull, draft: true }, inputs, /is a draft/],
    [
      'of this repository',
      { ...pull, head: { sha: SHA, repo: { full_name: 'acme/sweeps' } } },
      inputs,
      /needs no approval/,
    ],
    ['of a repository that is gone', { ...pull, head: { sha: SHA, repo: null } }, inputs, /is gone/],
  ])('is not approved %s', async (_, answer, given, why) => {
    answers['GET /pulls/5'] = answer;
    await expect(run(approve, 'workflow_dispatch', { inputs: given })).rejects.toThrow(why);
    expect(repository.outputs()).toEqual({});
  });
});

describe('the comment', () => {
  const body = `${MARKER}\nred`;
  const env = { SWEEPLINE_REPORT_DIGEST: digestOf(body) };
  const event = ['workflow_dispatch', { inputs: { 'pull-request': '5' } }] as const;
  beforeEach(() => {
    mkdirSync(join(repository.root, 'sweep-report'), { recursive: true });
    writeFileSync(join(repository.root, 'sweep-report/comment.md'), body);
    answers['POST /issues/5/comments'] = {};
    answers['PATCH /issues/comments/8'] = {};
  });

  it('is written once, and then in place of the earlier one', async () => {
    answers['GET /issues/5/comments'] = [{ id: 7, body, user: { type: 'User' } }];
    await run(comment, ...event, env);
    answers['GET /issues/5/comments'] = [
      { id: 7, body, user: { type: 'User' } },
      { id: 8, body, user: { type: 'Bot' } },
    ];
    await run(comment, ...event, env);
    expect(sent).toEqual([
      { what: 'POST /issues/5/comments', body: { body } },
      { what: 'PATCH /issues/comments/8', body: { body } },
    ]);
  });

  it('is not written if it was replaced, or without a pull request', async () => {
    answers['GET /issues/5/comments'] = [];
    await expect(run(comment, ...event, { SWEEPLINE_REPORT_DIGEST: digestOf('other') })).rejects.toThrow(
      /it was replaced/,
    );
    await expect(run(comment, 'push', {}, env)).rejects.toThrow(/names no pull request/);
    expect(sent).toEqual([]);
  });
});

it('starts the next run of a chain on the default branch, for the commit that is measured', async () => {
  answers['POST /actions/workflows/nightly.yml/dispatches'] = {};
  await run(next, 'push', {}, { SWEEPLINE_REF: OTHER });
  expect(sent).toEqual([
    {
      what: 'POST /actions/workflows/nightly.yml/dispatches',
      body: { ref: 'main', inputs: { continues: '7', ref: OTHER } },
    },
  ]);
});
