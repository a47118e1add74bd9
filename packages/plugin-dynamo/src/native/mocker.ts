import { flagArguments } from '@sweepline/core';
import type { WorkerRole } from '../jobs.js';
import type { WorkerCommand, WorkerStart } from './backend.js';
import { disaggregationMode, formerMode } from './phase.js';
import { isBefore1 } from './version.js';

const BOOTSTRAP = 'bootstrap';

/** Workers that take the time of an engine but produce meaningless output. Source: dynamo/mocker/args.py of ai-dynamo 1.4.2. */
export function mocker({ context, role, model }: WorkerStart): WorkerCommand {
  const { job, options, concurrency } = context;
  return {
    argv: [
      ...[options.python, '-m', 'dynamo.mocker'],
      ...flagArguments({
        'model-path': model,
        'model-name': job.model,
        'max-num-seqs': concurrency,
        'speedup-ratio': options['speedup-ratio'],
        ...(isBefore1(context) ? formerMode(role) : disaggregationMode(role)),
        ...(role === 'prefill' ? { 'bootstrap-ports': [{ ref: 'port', role, name: BOOTSTRAP }] } : {}),
      }),
    ],
    env: role === 'prefill' ? bootstrapHost(role) : {},
    ports: role === 'prefill' ? [BOOTSTRAP] : [],
  };
}

/**
 * Where decode workers reach a prefill worker. By default it is what the machine's own name resolves to, which is 127.0.1.1 or nothing on
 * many. Source: dynamo/mocker/config.py of ai-dynamo 1.4.2.
 */
function bootstrapHost(role: WorkerRole): WorkerCommand['env'] {
  return { DYN_HTTP_RPC_HOST: [{ ref: 'host', role }] };
}
