// @ts-check
/** GitHub's REST API, as far as `sweepline ci` asks it: of one repository on this machine. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {{ id: number, path: string, event: string, status: string, conclusion: string, head_sha: string, head_branch: string, head_repository: { full_name: string }, html_url: string }} WorkflowRun
 * @typedef {{ number: number, merge_commit_sha: string | null, merged_at: string | null, labels: { name: string }[], head: { sha: string, repo: { full_name: string } } }} Pull
 */

const PREFIX = '/repos/acme/sweeps';

/** @param {string} artifacts folder with the artifacts of each run */
export async function startGitHub(artifacts) {
  /** @type {WorkflowRun[]} */
  const runs = [];
  /** @type {Pull[]} */
  const pulls = [];
  /** @type {{ id: number, issue: number, body: string }[]} */
  const comments = [];
  /** @type {object[]} */
  const dispatches = [];
  /** @param {number} id */
  const artifactsOf = (id) =>
    existsSync(join(artifacts, String(id))) ? readdirSync(join(artifacts, String(id))) : [];
  /** @param {string} name @param {WorkflowRun} run */
  const artifact = (name, { id, head_branch }) => ({
    ...{ name, expired: false, created_at: new Date(id * 1000).toISOString() },
    workflow_run: { id, head_branch },
  });
  /** @type {readonly [string, RegExp, (match: RegExpExecArray, query: URLSearchParams, body: any) => unknown][]} */
  const answers = [
    [
      'GET',
      /^\/actions\/artifacts$/,
      (_, query) => {
        const name = query.get('name') ?? '';
        return {
          artifacts: runs
            .filter(({ id }) => artifactsOf(id).includes(name))
            .map((run) => artifact(name, run)),
        };
      },
    ],
    ['GET', /^\/actions\/runs\/(\d+)$/, ([, id]) => runs.find((run) => run.id === Number(id))],
    [
      'GET',
      /^\/actions\/runs\/(\d+)\/artifacts$/,
      ([, id]) => ({
        artifacts: runs
          .filter((run) => run.id === Number(id))
          .flatMap((run) => artifactsOf(run.id).map((name) => artifact(name, run))),
      }),
    ],
    [
      'GET',
      /^\/actions\/workflows\/sweep\.yml\/runs$/,
      (_, query) => ({
        workflow_runs: runs.filter(
          (run) => run.head_sha === query.get('head_sha') && run.conclusion === query.get('status'),
        ),
      }),
    ],
    [
      'POST',
      /^\/actions\/workflows\/([\w.]+)\/dispatches$/,
      ([, workflow], _, body) => dispatches.push({ workflow, ...body }),
    ],
    ['GET', /^\/commits\/(\w+)\/pulls$/, ([, sha]) => pulls.filter((pull) => pull.merge_commit_sha === sha)],
    [
      'GET',
      /^\/issues\/(\d+)\/comments$/,
      ([, issue]) =>
        comments
          .filter((one) => one.issue === Number(issue))
          .map(({ id, body }) => ({ id, body, user: { type: 'Bot' } })),
    ],
    [
      'POST',
      /^\/issues\/(\d+)\/comments$/,
      ([, issue], _, { body }) => comments.push({ id: comments.length + 1, issue: Number(issue), body }),
    ],
    [
      'PATCH',
      /^\/issues\/comments\/(\d+)$/,
      ([, id], _, { body }) => Object.assign(comments.find((one) => one.id === Number(id)) ?? {}, { body }),
    ],
  ];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    const body = await text(request);
    const path = url.pathname.startsWith(PREFIX) ? url.pathname.slice(PREFIX.length) : '';
    for (const [method, pattern, answer] of answers) {
      const match = pattern.exec(path);
      if (request.method !== method || match === null) continue;
      const found = answer(match, url.searchParams, body === '' ? undefined : JSON.parse(body));
      response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(found ?? {}));
      return;
    }
    response.writeHead(404).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    runs,
    pulls,
    comments,
    dispatches,
    close: () => server.close(),
  };
}
