import {
  fixedSeqLenClient,
  flagArguments,
  recipeOf,
  singleServerPlan,
  tokensPerChunk,
  yamlText,
  type AppliedRecipe,
  type Flags,
  type FrameworkPlugin,
  type PlanContext,
  type SingleServer,
} from '@sweepline/core';
import { METRICS_PATH, effective } from './effective.js';
import { devicesOf, intended } from './intended.js';
import { vllmOptions, type VllmOptions } from './options.js';
import { rejects } from './parallelism.js';
import { PRECISIONS } from './precision.js';
import { NEWEST, engineVersion, withoutRemoved } from './version.js';

type Context = PlanContext<VllmOptions>;

const ENGINE = 'vLLM';

/** vLLM, one server on one node: in a container, or `vllm` on the node's PATH if the job's image is `host`. */
export const vllm: FrameworkPlugin<VllmOptions> = {
  kind: 'framework',
  name: 'vllm',
  apiVersion: 2,
  frameworks: ['vllm'],
  options: vllmOptions,
  precisions: PRECISIONS,
  rejects,
  plan(context) {
    const { flags, notes } = flagsOf(context, engineVersion(context.job, context.options));
    const { config } = recipeOf(context, ENGINE);
    return singleServerPlan(
      server(context, flags),
      ({ argv }) => fixedSeqLenClient(context, tokensPerChunk(argv, config)),
      notes,
    );
  },
  worker(context) {
    const { env, config } = recipeOf(context, ENGINE);
    // Images of frameworks that start workers are tagged with their own version, not vLLM's. Flags that vLLM may have dropped are left out:
    // Dynamo doesn't log requests by itself (ai-dynamo/dynamo pull request 4659).
    const version = engineVersion(context.job, context.options) ?? NEWEST;
    return { flags: flagsOf(context, version).flags, env, config };
  },
  devices: devicesOf,
  intended,
  effective,
  answers: [METRICS_PATH],
};

/** The recipe's flags, without those that the engine has dropped, unless the original's plan is wanted. */
function flagsOf(context: Context, version: string | undefined): ReturnType<typeof withoutRemoved> {
  const { flags } = recipeOf(context, ENGINE);
  return withoutRemoved(flags, context.strict ? undefined : version);
}

/** Name of the config file, for recipes that don't set it. */
function configFileFor(config: AppliedRecipe['config']): string | undefined {
  return Object.keys(config).length === 0 ? undefined : 'config.yaml';
}

function server(context: Context, flags: Flags): SingleServer {
  const { job, options, point } = context;
  const { env, setup, config, configFile = configFileFor(config) } = recipeOf(context, ENGINE);
  const { tp = 1, pp = 1 } = point ?? {};
  return {
    runtime: job.image === 'host' ? { kind: 'host' } : { kind: 'container', image: job.image },
    argv: (port) => [
      ...['vllm', 'serve', job.model],
      // A node may be shared: a server without a container listens only on this machine.
      ...['--host', job.image === 'host' ? '127.0.0.1' : '0.0.0.0'],
      ...['--port', port],
      ...(configFile === undefined ? [] : ['--config', configFile]),
      ...flagArguments(flags),
      ...options['extra-args'],
    ],
    env: { ...env, ...options.env },
    files: configFile === undefined ? {} : { [configFile]: yamlText(config) },
    setup,
    devices: tp * pp,
  };
}
