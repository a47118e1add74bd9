// @ts-check
/** What is rehearsed, in this order. `needs` are scenarios that have to come before. */
import { join } from 'node:path';
import { rehearseNight } from './night.js';
import { NIGHTLY, SWEEP, logOf, namesOf } from './stage.js';

/** Noise is learnt from eight repeats at least: these are twelve. */
const NIGHTS = 3;
const [A, B] = ['dsr1-fp8-h200-mock', 'gptoss120b-fp8-h200-mock'];
const IN_PULL_REQUESTS = [
  ...['dashboard', 'sweep-run', 'sweep-history', 'sweep-report'],
  ...['results_bmk', 'run-stats', 'changelog-metadata'],
];

/** @typedef {import('./stage.js').Stage} Stage */

/** Everything is swept, so that there are repeats to compare with. @param {Stage} stage */
async function nights({ run, repository, expect }) {
  for (let night = 1; night <= NIGHTS; night += 1) {
    const ended = await run(NIGHTLY, { name: 'schedule', sha: repository.head() });
    const measured = namesOf(ended, '-mock-h200 / measure');
    expect(measured.length === 4, `night ${night}: a canary and a row of each config`, measured);
    if (night === NIGHTS) expect(ended.result === 'success', 'the last night is green', logOf(ended));
  }
}

/** A pull request whose image is as fast. @param {Stage} stage */
async function good(stage) {
  const { repository, expect, commentOn } = stage;
  const ended = await stage.pullRequest(1, repository.propose('good', A, 'v2'));
  expect(ended.result === 'success', 'the sweep is green', logOf(ended));
  expect(/Sweep: green\. All 3 rules/.test(commentOn(1)), 'the comment says so', commentOn(1));
  expect(/```mermaid\nxychart-beta/.test(commentOn(1)), 'it has a picture', commentOn(1));
  const names = stage.artifactsOf(ended);
  for (const name of IN_PULL_REQUESTS) expect(names.includes(name), `there is an artifact ${name}`, names);
  expect(stage.read(ended, 'dashboard/index.html') !== '', 'the dashboard has its page');
  const summaries = ended.jobs.map(({ summary }) => summary).join('\n');
  const rate = /## Success rate\n\n.*h200 \| 3 \| 3 \| 100 %/s;
  expect(rate.test(summaries), 'the success rate is in a summary', summaries);
}

/** A pull request whose image is 10 % slower. @param {Stage} stage */
async function worse({ repository, pullRequest, expect, commentOn }) {
  const ended = await pullRequest(2, repository.propose('worse', A, 'slow'));
  const names = ended.jobs.map(({ name }) => name);
  expect(ended.result === 'failure', 'the sweep is red', names);
  expect(namesOf(ended, '/ again ').length === 1, 'it was measured again', names);
  const text = commentOn(2);
  expect(
    /Sweep: red\. The gate is closed: regression/.test(text),
    'the comment says which rule is broken',
    text,
  );
  expect(/median_intvty changed by -(?:8|9|10|11)\.\d %/.test(text), 'it says by how much', text);
  expect(/confirmed by ci-\d+-again/.test(text), 'it says what has confirmed it', text);
}

/** A job of the matrix leaves nothing. @param {Stage} stage */
async function lost({ repository, pullRequest, expect, commentOn }) {
  const ended = await pullRequest(3, repository.propose('lost', B, 'v2'), (job) =>
    job.includes('/ gptoss120b'),
  );
  expect(ended.result === 'failure', 'the sweep is red', logOf(ended));
  const text = commentOn(3);
  expect(/Sweep: red\. 1 job left no result/.test(text), 'the comment says that a job left no result', text);
  expect(/\| c1-1 \| gptoss120b-fp8-mock-h200 \| h200 \| rest \|/.test(text), 'it says which', text);
}

/** A merge, for which the results of the good pull request are taken over. @param {Stage} stage */
async function merge({ repository, github, run, expect, read }) {
  const before = repository.git('rev-parse', 'main');
  const sha = repository.git('rev-parse', 'good');
  repository.git('checkout', '--quiet', 'main');
  repository.git('merge', '--quiet', '--no-ff', '--message', 'Merge pull request #1', 'good');
  const merged = repository.head();
  github.pulls.push({
    ...{ number: 1, merge_commit_sha: merged, merged_at: 'now', labels: [{ name: 'reuse-sweep' }] },
    head: { sha, repo: { full_name: 'acme/sweeps' } },
  });
  const ended = await run(SWEEP, { name: 'push', sha: merged, payload: { before } });
  expect(ended.result === 'success', 'the push is green', logOf(ended));
  expect(namesOf(ended, 'measure').length === 0, 'nothing is measured', namesOf(ended, ''));
  const report = read(ended, 'sweep-report/comment.md');
  expect(
    /measured for the pull request by \[run \d+\]/.test(report),
    'the report says where it is from',
    report,
  );
}

/** A night that the runners can't begin in time: another run goes on with the rest. @param {Stage} stage */
async function chain({ repository, github, run, expect, read }) {
  repository.git('checkout', '--quiet', 'main');
  repository.write('configs/ci.yaml', 'minutes-per-point: 60\nenqueue-hours: 0.5\n');
  const sha = repository.commit('one machine, and little time');
  const first = await run(NIGHTLY, { name: 'schedule', sha });
  expect(
    namesOf(first, '-mock-h200 / measure').length === 2,
    'the first run measures one config',
    namesOf(first, ''),
  );
  const [dispatch] = github.dispatches.splice(0);
  expect(
    JSON.stringify(dispatch) ===
      JSON.stringify({
        workflow: 'nightly.yml',
        ref: 'main',
        inputs: { continues: String(first.id), ref: sha },
      }),
    'it starts the next one, for its commit',
    dispatch,
  );
  const inputs = { continues: String(first.id), ref: sha };
  const second = await run(NIGHTLY, {
    name: 'workflow_dispatch',
    sha: repository.head(),
    payload: { inputs },
  });
  expect(
    namesOf(second, 'gptoss120b').length === 2,
    'that one measures the other config',
    namesOf(second, ''),
  );
  expect(github.dispatches.length === 0, 'the chain ends', github.dispatches);
  const joined = read(second, 'sweep-run/run.json');
  expect(
    joined !== '' && JSON.parse(joined).pointNames.length === 6 && JSON.parse(joined).state === 'finished',
    'the joined run has the points of both',
    logOf(second) || joined,
  );
}

/** Without GitHub: a night by cron. @param {Stage} stage */
async function cron({ folder, repository, expect }) {
  const change = () => void repository.add('main', A, 'v3');
  await rehearseNight(join(folder, 'repository'), folder, change, expect);
}

export const SCENARIOS = [
  { name: 'nights', needs: [], rehearse: nights },
  { name: 'good', needs: ['nights'], rehearse: good },
  { name: 'worse', needs: ['nights'], rehearse: worse },
  { name: 'lost', needs: [], rehearse: lost },
  { name: 'merge', needs: ['good'], rehearse: merge },
  { name: 'chain', needs: [], rehearse: chain },
  { name: 'cron', needs: [], rehearse: cron },
];
