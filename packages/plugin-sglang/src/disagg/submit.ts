import {
  SweeplineError,
  type DelegatePlan,
  type Devices,
  type MultiNodeJob,
  type PlanContext,
  type Rejection,
  type Sku,
  type SubmitSpec,
  type Text,
  type Worker,
} from '@sweepline/core';
import type { DisaggOptions } from '../options.js';
import { nodesSetting, WORKER_ROLES, type WorkerRole } from './launch.js';
import { scriptFor, type Script } from './scripts.js';
import { CLUSTER_KEY, hasSettings, settingOf, settingsOf, type DisaggClusterSettings } from './settings.js';

type Context = PlanContext<DisaggOptions>;

/** Folder that the repository is cloned into; the external scripts expect this name. */
const FOLDER = 'sglang_disagg';
const REPOSITORY: Text = [{ ref: 'workspace' }, `/${FOLDER}`];

/** Prompt and output lengths are drawn from [ratio × len, len]. Source: RANDOM_RANGE_RATIO of InferenceX's workflows. */
const RANGE_RATIO = '0.8';

/** What is missing for a submission. */
export function submitRefusal({ sku, cluster }: Context, job: MultiNodeJob): Rejection | undefined {
  const native = { options: { launch: 'native' } };
  if (scriptFor(job, sku) === undefined) {
    const what = `${job['model-prefix']} in ${job.precision} on ${sku.name}`;
    return { reason: `sglang-disagg: there is no submit script for ${what}`, nearest: native };
  }
  const missing = WORKER_ROLES.filter((role) => settingOf(job[role], nodesSetting(role)) === undefined);
  if (missing.length > 0) {
    const names = missing.map(nodesSetting).join(' and ');
    return { reason: `sglang-disagg: the submit script needs ${names}`, nearest: native };
  }
  if (hasSettings(cluster)) return undefined;
  return { reason: `sglang-disagg: the runner's cluster has no settings.${CLUSTER_KEY}`, nearest: native };
}

/** InferenceX's submit call: a script of an external repository allocates nodes, starts the servers and loads them. */
export function submitPlan(context: Context, job: MultiNodeJob): DelegatePlan {
  const { strict, sku, cluster } = context;
  const script = scriptFor(job, sku);
  if (script === undefined)
    throw new SweeplineError('PLAN_UNSUPPORTED', 'there is no submit script for the job');
  const settings = settingsOf(cluster);
  const modelName = (strict ? undefined : settings['model-names'][job.model]) ?? script.modelName;
  return {
    kind: 'delegate',
    image: job.image,
    setup: (strict ? recordedSetup : setup)(settings.repository, script.commit),
    submit: {
      argv: argumentsOf(job, script, strict),
      env: { ...environment(job, settings, script, strict), MODEL_NAME: modelName },
      cwd: REPOSITORY,
    },
    devices: devicesOfNodes(job, sku),
    ...(settings['model-names'][job.model] === undefined
      ? {
          notes: [
            `${script.source} runs the model in the folder ${modelName}, whatever the config's model is`,
          ],
        }
      : {}),
  };
}

function argumentsOf(job: MultiNodeJob, script: Script, strict: boolean): readonly string[] {
  const { prefill, decode } = job;
  return [
    ...['bash', './submit_disagg.sh'],
    ...[nodesOf(job, 'prefill'), String(prefill['num-worker'])],
    ...[nodesOf(job, 'decode'), String(decode['num-worker'])],
    ...[String(job.isl), String(job.osl), job.conc.join('x'), 'inf'],
    ...Object.values(switches(job, script, strict)),
    RANGE_RATIO,
  ];
}

/** In the order of the arguments. */
function switches(
  { prefill, decode }: MultiNodeJob,
  script: Script,
  strict: boolean,
): Record<string, string> {
  const experts = ({ ep }: Worker): string => String(ep > 1 || (strict && script.alwaysExperts));
  return {
    PREFILL_ENABLE_EP: experts(prefill),
    PREFILL_ENABLE_DP: String(prefill['dp-attn']),
    DECODE_ENABLE_EP: experts(decode),
    DECODE_ENABLE_DP: String(decode['dp-attn']),
  };
}

function nodesOf(job: MultiNodeJob, role: WorkerRole): string {
  return settingOf(job[role], nodesSetting(role)) ?? '';
}

/** The script uses whole nodes: one worker of tp 8 with DECODE_NODES=2 has 16 GPUs in InferenceX's rows. */
function devicesOfNodes(job: MultiNodeJob, sku: Sku): Devices {
  const devices = (role: WorkerRole): number => Number(nodesOf(job, role)) * sku.devicesPerNode;
  const [prefill, decode] = [devices('prefill'), devices('decode')];
  return { total: prefill + decode, prefill, decode };
}

function environment(
  job: MultiNodeJob,
  settings: DisaggClusterSettings,
  script: Script,
  strict: boolean,
): Readonly<Record<string, Text>> {
  return {
    ...switches(job, script, strict),
    CONTAINER_IMAGE: job.image,
    MODEL_PATH: settings['model-path'],
    SGL_SLURM_JOBS_PATH: FOLDER,
    SLURM_ACCOUNT: settings.account ?? [{ ref: 'user' }],
    SLURM_JOB_NAME: settings['job-name'],
    SLURM_PARTITION: settings.partition,
    TIME_LIMIT: settings['time-limit'],
    ...(strict ? {} : submittedEnvironment(job)),
  };
}

/**
 * The original's workflow puts additional settings into the job's environment and polls the queue for the job's end. Here they are set
 * explicitly, and sbatch waits (sbatch(1): SBATCH_WAIT is --wait), so that its exit code is the job's.
 */
function submittedEnvironment({ prefill, decode }: MultiNodeJob): Readonly<Record<string, string>> {
  const given = [prefill, decode].flatMap((worker) => worker['additional-settings'] ?? []);
  const pairs = given.map((setting) => /^([^=]+)=(.*)$/s.exec(setting)?.slice(1) ?? [setting, '']);
  return { ...(Object.fromEntries(pairs) as Record<string, string>), SBATCH_WAIT: '1' };
}

function recordedSetup(repository: string, commit: string): readonly SubmitSpec[] {
  return [
    { argv: ['git', 'clone', repository], env: {}, cwd: [{ ref: 'workspace' }] },
    { argv: ['git', 'fetch', '-v', '--prune', '--', 'origin', commit], env: {}, cwd: REPOSITORY },
    { argv: ['git', 'checkout', 'FETCH_HEAD'], env: {}, cwd: REPOSITORY },
  ];
}

/** The same for a folder that may exist: the original's clone then fails, and it runs whatever commit is there. */
function setup(repository: string, commit: string): readonly SubmitSpec[] {
  return [
    { argv: ['git', 'init', '--quiet', FOLDER], env: {}, cwd: [{ ref: 'workspace' }] },
    { argv: ['git', 'fetch', '--depth', '1', '--', repository, commit], env: {}, cwd: REPOSITORY },
    { argv: ['git', 'checkout', '--force', 'FETCH_HEAD'], env: {}, cwd: REPOSITORY },
  ];
}
