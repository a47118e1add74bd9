// @ts-check
import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { listProcesses } from '@sweepline/core/testing';
import { commandOf, damage, errorsOf, makeWorkspace, marked, startSweep, sweep } from '../context.js';
import { randomFrom } from '../../random.js';
import { argumentsOf, measuredTwice, wholeRun } from '../../resume/runs.js';
import { until } from '../engine/engine.js';

/** @typedef {import('../context.js').Context} Context @typedef {import('../run.js').Scenario} Scenario */

/** Long enough to be hit in its middle. */
const LONG = { osl: 400, conc: [4] };
const END_MS = 60_000;
const [KILLS, LONGEST_MS, POINTS] = [10, 8_000, 8];

/**
 * Sweeps, and does something to it in the middle of the load. @param {Context} context
 * @param {(child: import('node:child_process').ChildProcess) => Promise<void> | void} hit
 */
export async function hitInLoad(context, hit) {
  const workspace = await makeWorkspace(context, LONG);
  try {
    const { child, ended, said } = startSweep(context, workspace);
    await until(() => said().includes('  loading'), 'the load to begin', END_MS);
    await hit(child);
    const { code } = await ended;
    const results = await workspace.results().catch(() => []);
    return { code, said: said(), results };
  } finally {
    await workspace[Symbol.asyncDispose]();
  }
}

/** @type {readonly Scenario[]} */
export const DEATHS = [
  {
    title: 'a server that the kernel ends for want of memory',
    async run(context) {
      const limits = ['--memory=24m', '--memory-swap=24m'];
      const { code, results } = await sweep(context, { cluster: { 'docker-args': limits } });
      const [error] = errorsOf(results);
      // Podman 4 doesn't say why.
      const words = context.engine.program === 'docker' ? /more memory than its limit/ : /code 137/;
      return { said: error, isRight: code === 1 && words.test(error?.message ?? '') };
    },
  },
  {
    title: 'Sweepline killed by SIGKILL in mid-load',
    async run(context) {
      const { code } = await hitInLoad(context, (child) => void child.kill('SIGKILL'));
      await until(() => damage(context).length === 0, 'the guardian to clean up', END_MS).catch(() => {});
      return { said: { message: 'the guardian removes the container' }, isRight: code === null };
    },
  },
  {
    title: 'Ctrl-C in mid-load',
    async run(context) {
      const { code, said } = await hitInLoad(context, (child) => void child.kill('SIGINT'));
      return { said: { message: said.trim().split('\n').at(-1) ?? '' }, isRight: code === 130 };
    },
  },
  {
    title: 'a container that somebody removes in mid-load',
    async run(context) {
      const { results } = await hitInLoad(context, () => {
        const { program, env } = context.engine;
        const ids = execFileSync(program, ['ps', '--quiet', '--filter', 'label=sweepline.token'], {
          env,
          encoding: 'utf8',
        });
        execFileSync(program, ['rm', '--force', ...ids.trim().split('\n')], { env });
      });
      const [error] = errorsOf(results);
      return { said: error, isRight: error?.code === 'SERVER_DIED' };
    },
  },
  {
    title: 'a daemon that is killed in mid-load',
    async run(context) {
      if (context.engine.program !== 'docker') return { skipped: 'podman has none' };
      const { results } = await hitInLoad(context, () => context.engine.stop('SIGKILL'));
      const [lost] = results[0]?.provenance.retries ?? [];
      const alive = marked();
      await context.engine.start();
      return {
        said: lost,
        isRight: lost?.code === 'LEASE_LOST' && errorsOf(results).length === 1 && alive.length === 0,
        // What the daemon remembers is removed when the next session begins.
        afterwards: () => sweep(context),
        restartsBystanders: true,
      };
    },
  },
  {
    title: 'Sweepline killed at ten random instants, and resumed',
    run: killedAgainAndAgain,
  },
  {
    title: 'a session whose Sweepline and guardians were killed together',
    async run(context) {
      await hitInLoad(context, (child) => {
        for (const pid of guardiansOf(child.pid)) process.kill(pid, 'SIGKILL');
        child.kill('SIGKILL');
      });
      const left = damage(context).filter((line) => line.includes('container'));
      const { said } = await sweep(context);
      const line = said.split('\n').find((one) => one.includes('removed container'));
      return { said: { message: line ?? said }, isRight: left.length === 1 && line !== undefined };
    },
  },
];

/** A quarter of the kills take the guardian as well. @param {Context} context @returns {Promise<import('../run.js').Outcome>} */
async function killedAgainAndAgain(context) {
  const random = randomFrom(1);
  const conc = Array.from({ length: POINTS }, (_, index) => index + 1);
  const workspace = await makeWorkspace(context, { conc, osl: 40 });
  const { root } = workspace;
  const seen = new Map();
  const problems = [];
  let done = 0;
  try {
    for (let kills = 0; ; kills += 1) {
      const begun = await argumentsOf(root);
      const args = begun.includes('--resume') ? begun : [...begun, 'configs/tiny.yaml'];
      const { child, ended } = startSweep(context, workspace, [], args);
      if (kills < KILLS) {
        await Promise.race([ended, delay(random() * LONGEST_MS)]);
        if (random() < 0.25) for (const pid of guardiansOf(child.pid)) process.kill(pid, 'SIGKILL');
        child.kill('SIGKILL');
      }
      const { code } = await ended;
      if (code === null) done += 1;
      problems.push(...(await measuredTwice(root, seen)));
      if (code !== null || kills > KILLS) break;
    }
    problems.push(...(await wholeRun(root, POINTS)));
    return {
      isRight: problems.length === 0,
      said: { message: problems.join('; ') || `${done} kills; ${seen.size} points, each once` },
    };
  } finally {
    await workspace[Symbol.asyncDispose]();
  }
}

/** The guardian's processes of a sweep. @param {number | undefined} sweepline */
export function guardiansOf(sweepline) {
  return listProcesses().flatMap(({ pid, parent }) =>
    parent === sweepline && commandOf(pid).includes('guardian-main') ? [pid] : [],
  );
}
