import {
  isFixedSeqLen,
  SweeplineError,
  yamlText,
  type DelegatePlan,
  type Job,
  type SubmitSpec,
  type Text,
} from '@sweepline/core';
import { configFile, type Context } from '../jobs.js';
import { fill, fillAll, modelOf, squashFileOf, valuesOf, type Values } from './facts.js';
import { srtSlurmSettingsOf, type SrtSlurmModel, type SrtSlurmSettings } from './settings.js';

const REPOSITORY = 'https://github.com/ishandhanani/srt-slurm.git';
const REVISION = 'sa-submission-q1-2026';
/** Folder of its clone in the workspace. */
const FOLDER = 'srt-slurm';
const CLONE: Text = [{ ref: 'workspace' }, `/${FOLDER}`];

/** The inputs for a job's commands and files. */
interface Submission {
  readonly context: Context;
  readonly settings: SrtSlurmSettings;
  readonly model: SrtSlurmModel;
  readonly values: Values;
}

/**
 * Passes a job to srt-slurm, which allocates nodes, starts Dynamo with its own recipe file, loads it and writes results.
 * Source: InferenceX runners/launch_{b200-dgxc-slurm,b300-nv,gb200-nv,gb300-nv,h100-dgxc-slurm,h200-dgxc-slurm}.sh at 7ee5be7.
 */
export function submitPlan(context: Context): DelegatePlan {
  const { job, strict } = context;
  const submission = submissionOf(context);
  const env = environment(submission);
  return {
    kind: 'delegate',
    image: job.image,
    setup: setup(submission, env),
    files: { [`${FOLDER}/srtslurm.yaml`]: srtslurmYaml(submission) },
    submit: {
      argv: [
        // The original activates srtctl's virtual environment.
        strict ? 'srtctl' : [...CLONE, '/.venv/bin/srtctl'],
        'apply',
        // If there is no recipe file, the original passes nothing for it.
        ...['-f', configFile(job) ?? ''],
        ...['--tags', tags(submission)],
        ...(submission.settings.arguments[job.framework] ?? []),
      ],
      env,
      cwd: CLONE,
    },
    // Where `srtctl apply` and its sa-bench write: src/srtctl/cli/submit.py and src/srtctl/benchmarks/sa_bench.py.
    results: {
      folder: `${FOLDER}/outputs/{job}/logs`,
      client: `sa-bench's benchmark_serving.py of srt-slurm at ${REVISION}`,
    },
  };
}

function submissionOf(context: Context): Submission {
  const { job, cluster } = context;
  const settings = srtSlurmSettingsOf(cluster);
  const model = settings === undefined ? undefined : modelOf(settings, job);
  if (settings === undefined || model === undefined) {
    throw new SweeplineError('PLAN_UNSUPPORTED', `srt-slurm does not know ${job.model} on ${job.runner}`);
  }
  return { context, settings, model, values: valuesOf(settings, job) };
}

function environment({ settings, model, values }: Submission): Values {
  return {
    SLURM_ACCOUNT: settings.account,
    SLURM_PARTITION: settings.partition,
    MODEL_PATH: fill(model.path, values),
    ...fillAll(settings.env, values),
    ...fillAll(model.env, values),
  };
}

function tags({ context: { job, strict }, settings, values }: Submission): Text {
  const own = (strict ? settings['original-tags'] : undefined) ?? settings.tags;
  return [[...own.map((tag) => fill(tag, values)), lengths(job), 'infmax-'].join(','), { ref: 'date' }];
}

function lengths(job: Job): string {
  return isFixedSeqLen(job) ? `${job.isl}x${job.osl}` : '';
}

/** The file that describes the cluster to srtctl. */
function srtslurmYaml({ settings, model, values }: Submission): Text {
  const path = fill(model.path, values);
  return [
    yamlText({
      default_account: settings.account,
      default_partition: settings.partition,
      default_time_limit: settings['time-limit'],
      gpus_per_node: settings['gpus-per-node'],
      network_interface: settings['network-interface'],
      model_paths: Object.fromEntries(model.names.map((name) => [name, path])),
      containers: fillAll(settings.containers, values),
      ...settings.srtslurm,
    }),
    'srtctl_root: "',
    ...CLONE,
    '"\n',
  ];
}

/** Clones and installs srtctl, imports images if the cluster does not store them, and builds srt-slurm's tools. */
function setup(submission: Submission, env: Values): readonly SubmitSpec[] {
  const { settings, context } = submission;
  const inClone = (...argv: readonly Text[]): SubmitSpec => ({ argv, env, cwd: CLONE });
  return [
    { argv: ['git', 'clone', '--branch', REVISION, REPOSITORY, CLONE], env: {} },
    inClone('uv', 'venv'),
    inClone('uv', 'pip', 'install', '-e', '.'),
    ...[context.job.image, ...settings['more-images']].flatMap((image) => importOf(submission, env, image)),
    inClone('make', 'setup', `ARCH=${settings.arch}`),
  ];
}

function importOf(
  { settings, context: { job } }: Submission,
  env: Values,
  image: string,
): readonly SubmitSpec[] {
  if (settings.import === undefined) return [];
  const file = squashFileOf(settings, job, image);
  return [
    { argv: [...settings.import, 'enroot', 'import', '-o', file, `docker://${image}`], env, cwd: CLONE },
  ];
}
