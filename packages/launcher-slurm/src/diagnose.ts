import { messageOf, type Diagnosis, type LauncherSubject, type Output } from '@sweepline/core';
import { createLocalExecutor } from '@sweepline/core/launch';
import { callerEnvironment } from './environment.js';
import { slurmOptions } from './options.js';

const INSTALL = "Run Sweepline on a machine that has Slurm's commands: a login node.";

/** Whether Slurm answers, has the partition, and knows containers. Images and caches are on nodes, which only a job can look at. */
export async function diagnose(
  { images, options: given }: LauncherSubject,
  signal: AbortSignal,
): Promise<readonly Diagnosis[]> {
  const { partition } = slurmOptions.parse(given ?? {});
  const executor = createLocalExecutor();
  const { withheld } = callerEnvironment(process.env);
  const run = (...argv: readonly string[]): Promise<Output> =>
    executor.run({ argv, withoutEnv: withheld }, signal);
  const nodes = await nodesOf(partition, run).catch(notThere);
  const isPyxisNeeded = images.length > 0 && nodes.state !== 'problem';
  return [nodes, ...(isPyxisNeeded ? [await pyxis(run).catch(notThere)] : [])];
}

type Run = (...argv: readonly string[]) => Promise<Output>;

async function nodesOf(partition: string | undefined, run: Run): Promise<Diagnosis> {
  const only = partition === undefined ? [] : [`--partition=${partition}`];
  const { exit, stdout, stderr } = await run('sinfo', '--noheader', '--format=%D', ...only);
  if (exit.code !== 0) {
    const hint = 'Ask the operators of the cluster; `sinfo` says whether Slurm answers.';
    return problem('SCHEDULER_UNREACHABLE', `Slurm does not answer: ${lastLine(stderr)}`, hint);
  }
  const count = stdout.split('\n').reduce((sum, line) => sum + Number(line), 0);
  const where = partition === undefined ? 'Slurm' : `partition ${partition}`;
  if (count > 0) return { state: 'ok', message: `${where} has ${count} nodes` };
  const hint = "Correct `partition:` of the cluster's entry; `sinfo` lists what there is.";
  return problem('ALLOCATION_FAILED', `${where} has no nodes, or does not exist`, hint);
}

/** It says the same of every attempt first. */
function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

/** pyxis adds its options to srun's own. */
async function pyxis(run: Run): Promise<Diagnosis> {
  const { stdout, stderr } = await run('srun', '--help');
  if (`${stdout}${stderr}`.includes('--container-image')) return { state: 'ok', message: 'srun has pyxis' };
  return problem(
    'ALLOCATION_FAILED',
    'srun has no --container-image: pyxis is not installed here',
    'Ask the operators of the cluster for pyxis, or run Sweepline on a login node that has it.',
  );
}

function notThere(thrown: unknown): Diagnosis {
  return problem('SCHEDULER_UNREACHABLE', messageOf(thrown), INSTALL);
}

function problem(code: NonNullable<Diagnosis['code']>, message: string, hint: string): Diagnosis {
  return { state: 'problem', code, message, hint };
}
