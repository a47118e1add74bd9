import { fileURLToPath } from 'node:url';
import {
  fixedSeqLenClient,
  NO_CONTEXT_PARALLELISM,
  NO_DISAGGREGATION,
  NO_DP_ATTENTION,
  rejectByRules,
  singleServerPlan,
  z,
  type FrameworkPlugin,
  type JobRule,
  type Plugin,
} from '@sweepline/core';

/** A stand-in, so that this package runs at once. Put your engine's program here, such as `['my-engine', 'serve']`. */
const PROGRAM = ['node', fileURLToPath(new URL('engine.js', import.meta.url))];

/** A config entry's `options:`. Other keys are rejected, with a suggestion of the nearest valid one. */
const options = z.strictObject({
  /** Milliseconds from one token to the next. */
  'token-ms': z.number().positive().default(5),
});

/** What this engine doesn't support: such jobs are rejected, with the nearest job that it can run. */
const RULES: readonly JobRule[] = [
  {
    keeps: ({ tp, ep }) => tp === 1 && ep === 1,
    reason: ({ tp, ep }) => `it runs on one device, but the job has tp ${tp} and ep ${ep}`,
    nearest: () => ({ tp: 1, ep: 1 }),
  },
  {
    keeps: (job) => job['spec-decoding'] === 'none',
    reason: () => 'it does not decode speculatively',
    nearest: () => ({ 'spec-decoding': 'none' }),
  },
  NO_DP_ATTENTION,
  NO_DISAGGREGATION,
  NO_CONTEXT_PARALLELISM,
];

export const framework: FrameworkPlugin<z.output<typeof options>> = {
  kind: 'framework',
  name: 'my-plugin',
  apiVersion: 2,
  frameworks: ['my-plugin'],
  options,
  rejects: (context) => rejectByRules('my-plugin', RULES, context),
  plan(context) {
    const { job, options, point } = context;
    return singleServerPlan(
      {
        // A job whose image is `host` runs without a container.
        runtime: job.image === 'host' ? { kind: 'host' } : { kind: 'container', image: job.image },
        // The port is known once a node is held; until then it is a reference.
        argv: (port) => [
          ...[...PROGRAM, '--model', job.model, '--port', port],
          ...['--token-ms', String(options['token-ms'])],
        ],
        env: {},
        files: {},
        devices: point?.tp ?? 1,
        readyTimeoutS: 600,
      },
      // InferenceX's load: ten requests per request in flight, after two for warm-up.
      () => fixedSeqLenClient(context),
    );
  },
};

export default [framework] satisfies readonly Plugin[];
