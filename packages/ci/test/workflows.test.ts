import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OWN_WORKFLOWS, steps, templates } from './templates.js';

/** Jobs that may write, and what. All others read. */
const WRITERS: Readonly<Record<string, readonly string[]>> = {
  'release.yml release': ['contents', 'id-token', 'pull-requests'],
  'sweep-comment.yml comment': ['pull-requests'],
  'sweep.yml comment': ['pull-requests'],
  'sweep-fork.yml comment': ['pull-requests'],
  'sweep-after.yml publish': ['id-token', 'pages'],
  'sweep-after.yml next': ['actions'],
  'sweep.yml after': ['actions', 'id-token', 'pages'],
  'nightly.yml after': ['actions', 'id-token', 'pages'],
};

const jobs = templates.flatMap(({ name, workflow }) =>
  Object.entries(workflow.jobs).map(([job, content]) => ({ at: `${name} ${job}`, ...content })),
);

describe('workflows', () => {
  it('are those of this repository', () => {
    for (const { name, text } of templates)
      expect(readFileSync(join(OWN_WORKFLOWS, name), 'utf8')).toBe(text);
  });

  it('name each action by its commit, and say which version that is', () => {
    for (const { text } of templates)
      for (const [, action] of text.matchAll(/uses: (.+)/g))
        expect(action).toMatch(
          /^(?:\.\/\.github\/workflows\/[\w-]+\.yml|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/,
        );
  });

  it('give each job the permissions that it needs, and no other', () => {
    expect(templates.map(({ workflow }) => workflow.permissions)).toEqual(templates.map(() => ({})));
    const writers = jobs.map(({ at, permissions }) => {
      expect(permissions, at).toBeDefined();
      const written = Object.entries(permissions ?? {}).filter(([, access]) => access !== 'read');
      return [at, written.map(([name]) => name).sort()] as const;
    });
    expect(Object.fromEntries(writers.filter(([, written]) => written.length > 0))).toEqual(WRITERS);
  });

  it('measure without secrets, and with a token that reads the code alone', () => {
    const [row] = jobs.filter(({ at }) => at === 'sweep-row.yml measure');
    expect(row?.permissions).toEqual({ contents: 'read' });
    for (const { at, secrets } of jobs) expect(secrets, at).toBeUndefined();
    const withSecrets = templates.filter(({ text }) => text.includes('secrets.'));
    expect(withSecrets.map(({ name }) => name)).toEqual(['release.yml']);
  });

  it('keep credentials out of checkouts, and caches out of everything', () => {
    for (const { at, step } of steps) {
      if (step.uses?.startsWith('actions/checkout@') === true)
        expect(step.with['persist-credentials'], at).toBe(false);
      if (step.uses?.startsWith('actions/setup-node@') === true)
        expect([step.with['package-manager-cache'], step.with['cache']], at).toEqual([false, undefined]);
      expect(step.uses ?? '', at).not.toMatch(/cache@/);
    }
  });

  it('run scripts of one short line without an expression', () => {
    for (const { at, step } of steps) {
      if (step.run === undefined) continue;
      expect(step.run, at).not.toMatch(/\$\{\{|[\n;|`$]/);
      expect(step.run, at).toMatch(/^(?:npm (?:ci|test|run)|npx --no sweepline) ?/);
    }
  });

  it('never act on text that others write', () => {
    for (const { name, text } of templates) {
      expect(text, name).not.toMatch(/pull_request_target|workflow_run|issue_comment/);
      expect(text, name).not.toMatch(
        /github\.(?:head_ref|event\.(?:\w+\.)*(?:title|body|message|head\.ref|login))/,
      );
    }
    // A label is compared, and given to nothing.
    const uses = templates.flatMap(({ text }) =>
      [...text.matchAll(/.*label\.name.*/g)].map(([line]) => line.trim()),
    );
    expect(uses).toEqual([expect.stringContaining("!startsWith(github.event.label.name, 'sweep')")]);
  });

  it('end jobs in time, and let forks run on ephemeral runners only', () => {
    for (const job of jobs.filter(({ uses }) => uses === undefined)) {
      // GitHub ends a job of a self-hosted runner after five days.
      expect(job['timeout-minutes'], job.at).toBeLessThan(5 * 24 * 60);
      if (job.at !== 'sweep-row.yml measure') expect(job['runs-on'], job.at).toBe('ubuntu-latest');
    }
    const [row] = jobs.filter(({ at }) => at === 'sweep-row.yml measure');
    expect(row?.['runs-on']).toContain(
      `inputs.fork && '["self-hosted","ephemeral",{0}]' || '["self-hosted",{0}]'`,
    );
    const rows = jobs.filter(({ uses }) => uses === './.github/workflows/sweep-row.yml');
    expect(rows.map(({ with: given }) => given['fork'])).toEqual(rows.map(() => '${{ inputs.fork }}'));
    expect(rows).toHaveLength(6);
  });

  it("check a fork's commit out only where it is measured, and where its files are data", () => {
    const refs = steps
      .filter(
        ({ file, step }) =>
          file === 'sweep-pipeline.yml' && step.uses?.startsWith('actions/checkout@') === true,
      )
      .map(({ step }) => [step.with['path'] ?? '.', step.with['ref']]);
    const trusted = '${{ inputs.fork && github.sha || inputs.ref }}';
    expect(refs).toEqual([
      ['.', trusted],
      ['fork-head', '${{ inputs.ref }}'],
      ['.', trusted],
      ['.', trusted],
      ['.', trusted],
    ]);
  });

  it("name artifacts as InferenceX's dashboard reads them, and none of their own so that it would", () => {
    const names = steps
      .filter(({ step }) => step.uses?.startsWith('actions/upload-artifact@') === true)
      .map(({ step }) => String(step.with['name']));
    const read = names.filter((name) => /^(?:bmk_|results_|server_logs_)/.test(name));
    expect(read).toEqual(['results_bmk']);
    expect(names).toEqual(expect.arrayContaining(['run-stats', 'changelog-metadata', 'eval_results_all']));
  });
});
