import { isFixedSeqLen, isMultiNode, type Rejection } from '@sweepline/core';
import { configFile, launchOf, MOCKER, type Context } from './jobs.js';
import { discoveryOf, spansNodes } from './native/discovery.js';
import { modelOf } from './srt-slurm/facts.js';
import { SETTINGS_KEY, srtSlurmSettingsOf } from './srt-slurm/settings.js';

/** What the chosen way of launching doesn't support, given the facts of the cluster. The original rejects the same jobs. */
export function rejectsLaunch(context: Context): Rejection | undefined {
  if (launchOf(context) === 'native') return unseenFiles(context);
  const reason = reasonAgainst(context);
  if (reason === undefined) return undefined;
  return {
    reason: `${context.job.framework}: ${reason}`,
    // The original has no other way.
    ...(context.strict ? {} : { nearest: { options: { ...context.job.options, launch: 'native' } } }),
  };
}

/** Each node has a folder of its own for the job. */
function unseenFiles(context: Context): Rejection | undefined {
  const { framework, options } = context.job;
  if (discoveryOf(context) !== 'file' || !spansNodes(context)) return undefined;
  return {
    reason: `${framework}: workers on several nodes can't find each other by files in the job's folder`,
    nearest: { options: { ...options, discovery: 'etcd' } },
  };
}

function reasonAgainst({ job, cluster }: Context): string | undefined {
  if (job.framework === MOCKER) return 'srtctl starts no mockers';
  if (!isMultiNode(job) || !isFixedSeqLen(job)) {
    return 'srtctl takes jobs of fixed lengths with prefill and decode workers only';
  }
  const settings = srtSlurmSettingsOf(cluster);
  if (settings === undefined)
    return `no cluster with settings for ${SETTINGS_KEY} has the runner ${job.runner}`;
  const where = `on ${cluster?.name ?? job.runner}`;
  if (modelOf(settings, job) === undefined) {
    return `there is no ${job['model-prefix']} in ${job.precision} ${where}`;
  }
  const lacksFile = configFile(job) === undefined && settings['needs-config-file'].includes(job.framework);
  return lacksFile ? `jobs need a CONFIG_FILE for srtctl ${where}` : undefined;
}
