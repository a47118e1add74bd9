import { flagArguments, type FlagValue, type Text } from '@sweepline/core';
import type { WorkerRole } from '../jobs.js';
import type { WorkerCommand, WorkerStart } from './backend.js';
import { disaggregationMode } from './phase.js';

/** Ports: where decode requests a KV cache from prefill, and where a worker's own nodes meet. */
const BOOTSTRAP = 'bootstrap';
const RENDEZVOUS = 'rendezvous';

/**
 * `dynamo.sglang` takes SGLang's own server arguments, and those of its prefill and decode roles.
 * Source: dynamo/sglang/args.py of ai-dynamo 0.8.1.post3 and 1.4.2; SGLang docs/advanced_features/pd_disaggregation.md.
 */
export function sglang({ context, role, model, place, settings }: WorkerStart): WorkerCommand {
  const { job, options } = context;
  return {
    argv: [
      ...[options.python, '-m', 'dynamo.sglang'],
      ...flagArguments({
        'model-path': model,
        'served-model-name': job.model,
        ...settings.flags,
        ...disaggregationMode(role),
        ...transfer(role, 'kv-p2p-transfer' in job ? job['kv-p2p-transfer'] : undefined),
      }),
      ...rendezvous(place.nodes, role),
    ],
    env: settings.env,
    ports: [...(role === 'prefill' ? [BOOTSTRAP] : []), ...(place.nodes > 1 ? [RENDEZVOUS] : [])],
  };
}

/** How KV caches move from prefill to decode: NIXL, which comes with Dynamo, unless the config sets another way. */
function transfer(role: WorkerRole, configured = 'nixl'): Readonly<Record<string, FlagValue>> {
  if (role === 'server') return {};
  return {
    'disaggregation-transfer-backend': configured,
    ...(role === 'prefill'
      ? { 'disaggregation-bootstrap-port': [{ ref: 'port', role, name: BOOTSTRAP }] }
      : {}),
  };
}

/** How a worker's processes on several nodes find each other: at the first node. */
function rendezvous(nodes: number, role: WorkerRole): readonly Text[] {
  if (nodes === 1) return [];
  return [
    ...['--nnodes', String(nodes)],
    '--node-rank',
    [{ ref: 'rank' }],
    '--dist-init-addr',
    [{ ref: 'host', role }, ':', { ref: 'port', role, name: RENDEZVOUS }],
  ];
}
