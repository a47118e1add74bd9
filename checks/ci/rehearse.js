// @ts-check
/**
 * Rehearses the workflows on one machine: `node checks/ci/rehearse.js [--keep] [--verbose]`; see README.md.
 */
import { mkdtempSync, readFileSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startGitHub } from './github.js';
import { rehearseNight } from './night.js';
import { runWorkflow } from './runner.js';
import { makeRepository } from './workspace.js';

const SWEEP = '.github/workflows/sweep.yml';
const NIGHTLY = '.github/workflows/nightly.yml';
/** Noise is learnt from eight repeats at least. */
const NIGHTS = 4;

const { values } = parseArgs({
  options: { keep: { type: 'boolean', default: false }, verbose: { type: 'boolean', default: false } },
});
const folder = mkdtempSync(join(tmpdir(), 'sweepline-ci-'));
const repository = makeRepository(join(folder, 'repository'));
const artifacts = join(folder, 'artifacts');
const github = await startGitHub(artifacts);
/** @type {string[]} */
const problems = [];
let runs = 0;

/** @typedef {Awaited<ReturnType<typeof runWorkflow>>} Ended */

/**
 * @param {string} path @param {{ name: string, sha: string, ref?: string, payload?: object, isLost?: (job: string) => boolean }} event
 * @returns {Promise<Ended & { id: number }>}
 */
async function run(path, { name, sha, ref = 'refs/heads/main', payload = {}, isLost }) {
  runs += 1;
  const id = runs;
  console.log(`  run ${id}: ${path.split('/').at(-1)} for ${name}`);
  const about = { repository: { full_name: 'acme/sweeps', default_branch: 'main' } };
  const ended = await runWorkflow(path, {
    ...{ repository: join(folder, 'repository'), work: folder, id, apiUrl: github.url },
    event: { name, sha, ref, payload: { ...about, ...payload } },
    ...(isLost === undefined ? {} : { isLost }),
    say: console.log,
  });
  github.runs.push({
    ...{ id, path, event: name, status: 'completed', conclusion: ended.result, head_sha: sha },
    ...{
      head_branch: ref.replace('refs/heads/', ''),
      head_repository: { full_name: 'acme/sweeps' },
      html_url: `https://github.com/acme/sweeps/actions/runs/${id}`,
    },
  });
  if (values.verbose) for (const job of ended.jobs) console.log(job.log);
  return { ...ended, id };
}

/** A pull request with the label `sweep`. @param {number} number @param {string} sha @param {(job: string) => boolean} [isLost] */
function pullRequest(number, sha, isLost) {
  const pull = {
    ...{
      number,
      draft: false,
      labels: [{ name: 'sweep' }],
      base: { sha: repository.git('rev-parse', 'main') },
    },
    head: { sha, repo: { full_name: 'acme/sweeps' } },
  };
  const payload = { action: 'labeled', label: { name: 'sweep' }, pull_request: pull };
  return run(SWEEP, {
    name: 'pull_request',
    sha,
    ref: `refs/heads/pull-${number}`,
    payload,
    ...(isLost && { isLost }),
  });
}

/** @param {boolean} isTrue @param {string} what @param {unknown} [found] */
function expect(isTrue, what, found) {
  console.log(`  ${isTrue ? 'ok' : 'WRONG'}: ${what}`);
  if (isTrue) return;
  problems.push(what);
  console.log(`    found: ${typeof found === 'string' ? found : JSON.stringify(found)}`);
}

/** @param {number} issue */
const commentOn = (issue) =>
  github.comments
    .filter((one) => one.issue === issue)
    .map(({ body }) => body)
    .join('\n');
/** Of jobs whose names have a text in them. @param {Ended} ended @param {string} text */
const namesOf = ({ jobs }, text) => jobs.map(({ name }) => name).filter((name) => name.includes(text));
/** @param {{ id: number }} ended */
const artifactsOf = ({ id }) =>
  existsSync(join(artifacts, String(id))) ? readdirSync(join(artifacts, String(id))).sort() : [];
/** @param {Ended} ended */
const logOf = ({ jobs }) =>
  jobs
    .filter(({ result }) => result === 'failure')
    .map(({ name, log }) => `${name}\n${log}`)
    .join('\n');

try {
  console.log('Nights: everything is swept, so that there are repeats to compare with');
  for (let night = 1; night <= NIGHTS; night += 1) {
    const ended = await run(NIGHTLY, { name: 'schedule', sha: repository.head() });
    const isWhole = namesOf(ended, '-mock-h200 / measure').length === 4;
    expect(
      isWhole,
      `night ${night}: a canary and a row of each config`,
      ended.jobs.map(({ name }) => name),
    );
    if (night === NIGHTS) expect(ended.result === 'success', 'the last night is green', logOf(ended));
  }

  console.log('Good: a pull request whose image is as fast');
  const goodSha = repository.propose('good', 'dsr1-fp8-h200-mock', 'v2');
  const good = await pullRequest(1, goodSha);
  expect(good.result === 'success', 'the sweep is green', logOf(good));
  expect(/Sweep: green\. All 3 rules/.test(commentOn(1)), 'the comment says so', commentOn(1));
  expect(/```mermaid\nxychart-beta/.test(commentOn(1)), 'it has a picture', commentOn(1));
  const names = artifactsOf(good);
  for (const name of [
    'dashboard',
    'sweep-run',
    'sweep-history',
    'results_bmk',
    'run-stats',
    'sweep-report',
    'changelog-metadata',
  ])
    expect(names.includes(name), `there is an artifact ${name}`, names);
  expect(
    existsSync(join(artifacts, String(good.id), 'dashboard', 'index.html')),
    'the dashboard has its page',
  );
  expect(
    good.jobs.some(({ summary }) => /## Success rate\n\n.*h200 \| 3 \| 3 \| 100 %/s.test(summary)),
    'the success rate is in a summary',
    good.jobs.map(({ summary }) => summary).join('\n'),
  );

  console.log('Worse: a pull request whose image is 10 % slower');
  const worse = await pullRequest(2, repository.propose('worse', 'dsr1-fp8-h200-mock', 'slow'));
  expect(
    worse.result === 'failure',
    'the sweep is red',
    worse.jobs.map(({ name, result }) => `${name} ${result}`),
  );
  expect(
    namesOf(worse, '/ again ').length === 1,
    'it was measured again',
    worse.jobs.map(({ name }) => name),
  );
  expect(
    /Sweep: red\. The gate is closed: regression/.test(commentOn(2)),
    'the comment says which rule is broken',
    commentOn(2),
  );
  expect(
    /median_intvty changed by -(?:8|9|10|11)\.\d %/.test(commentOn(2)),
    'it says by how much',
    commentOn(2),
  );
  expect(/confirmed by ci-\d+-again/.test(commentOn(2)), 'it says what has confirmed it', commentOn(2));

  console.log('Lost: a job of the matrix leaves nothing');
  const lost = await pullRequest(3, repository.propose('lost', 'gptoss120b-fp8-h200-mock', 'v2'), (job) =>
    job.includes('/ gptoss120b'),
  );
  expect(lost.result === 'failure', 'the sweep is red', logOf(lost));
  expect(
    /Sweep: red\. 1 job left no result/.test(commentOn(3)),
    'the comment says that a job left no result',
    commentOn(3),
  );
  expect(
    /\| c1-1 \| gptoss120b-fp8-mock-h200 \| h200 \| rest \|/.test(commentOn(3)),
    'it says which',
    commentOn(3),
  );

  console.log('Merge: the results of the pull request are taken over');
  repository.git('checkout', '--quiet', 'main');
  const before = repository.head();
  repository.git('merge', '--quiet', '--no-ff', '--message', 'Merge pull request #1', 'good');
  const merged = repository.head();
  github.pulls.push({
    ...{ number: 1, merge_commit_sha: merged, merged_at: 'now', labels: [{ name: 'reuse-sweep' }] },
    head: { sha: goodSha, repo: { full_name: 'acme/sweeps' } },
  });
  const reused = await run(SWEEP, { name: 'push', sha: merged, payload: { before } });
  expect(reused.result === 'success', 'the push is green', logOf(reused));
  expect(
    namesOf(reused, 'measure').length === 0,
    'nothing is measured',
    reused.jobs.map(({ name }) => name),
  );
  const report = join(artifacts, String(reused.id), 'sweep-report', 'comment.md');
  expect(
    existsSync(report) &&
      readFileSync(report, 'utf8').includes(`measured for the pull request by [run ${good.id}]`),
    'the report says where it is from',
    reused.jobs.map(({ log }) => log).join('\n'),
  );

  console.log('Without GitHub: a night by cron');
  await rehearseNight(
    join(folder, 'repository'),
    folder,
    () => repository.add('main', 'dsr1-fp8-h200-mock', 'v3'),
    expect,
  );
} finally {
  github.close();
  if (values.keep) console.log(`kept: ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
}
console.log(
  problems.length === 0 ? `${runs} runs of workflows were as they should be` : `${problems.length} problems`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
