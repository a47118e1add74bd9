import {
  fixedSeqLenClient,
  flagArguments,
  recipeOf,
  singleServerPlan,
  tokensPerChunk,
  type FrameworkPlugin,
  type PlanContext,
  type SingleServer,
} from '@sweepline/core';
import { PRECISIONS, devicesOf, effective, intended } from './settings.js';
import { atomOptions, type AtomOptions } from './options.js';
import { rejects } from './parallelism.js';

type Context = PlanContext<AtomOptions>;

const ENGINE = 'ATOM';

/** ATOM, one server on one node of AMD GPUs. */
export const atom: FrameworkPlugin<AtomOptions> = {
  kind: 'framework',
  name: 'atom',
  apiVersion: 2,
  frameworks: ['atom'],
  options: atomOptions,
  precisions: PRECISIONS,
  rejects,
  plan: (context) =>
    singleServerPlan(server(context), ({ argv }) =>
      fixedSeqLenClient(context, { chatTemplate: context.point?.spec === 'mtp', ...tokensPerChunk(argv) }),
    ),
  worker(context) {
    const { flags, env } = recipeOf(context, ENGINE);
    return { flags, env, config: {} };
  },
  devices: devicesOf,
  intended,
  effective,
};

function server(context: Context): SingleServer {
  const { job, options, point } = context;
  const { flags, env, setup } = recipeOf(context, ENGINE);
  return {
    runtime: { kind: 'container', image: job.image },
    argv: (port) => [
      ...['python3', '-m', 'atom.entrypoints.openai_server'],
      ...['--model', job.model],
      ...['--server-port', port],
      ...flagArguments(flags, { short: ['tp'] }),
      ...options['extra-args'],
    ],
    env: { ...env, ...options.env },
    files: {},
    setup,
    devices: point?.tp ?? 1,
  };
}
