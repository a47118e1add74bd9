import { flagArguments, type Flags, type FlagValue } from '@sweepline/core';
import type { WorkerRole } from '../jobs.js';
import type { WorkerCommand, WorkerStart } from './backend.js';
import { disaggregationMode, formerMode } from './phase.js';
import { isBefore1 } from './version.js';

const NIXL = 'nixl';
/** It was the default connector before 1.0.0. */
const NIXL_CONNECTOR = { 'kv-transfer-config': '{"kv_connector":"NixlConnector","kv_role":"kv_both"}' };

/**
 * `dynamo.vllm` takes vLLM's own engine arguments; settings that vLLM reads from a config file also become arguments.
 * Source: dynamo/vllm/{args,backend_args}.py of ai-dynamo 1.4.2, dynamo/vllm/args.py of 0.8.1.post3.
 */
export function vllm({ context, role, model, settings }: WorkerStart): WorkerCommand {
  const apart = role !== 'server';
  const before1 = isBefore1(context);
  return {
    argv: [
      ...[context.options.python, '-m', 'dynamo.vllm'],
      ...flagArguments({
        model,
        'served-model-name': context.job.model,
        ...withoutFile(settings.flags),
        ...asFlags(settings.config),
        ...(before1 ? formerMode(role) : disaggregationMode(role)),
        ...(apart && !before1 ? NIXL_CONNECTOR : {}),
      }),
    ],
    env: { ...settings.env, ...(apart ? sideChannel(role) : {}) },
    ports: apart ? [NIXL] : [],
  };
}

/** Workers on one node each need a port for NIXL's handshake. Source: vLLM docs/features/nixl_connector_usage.md. */
function sideChannel(role: WorkerRole): WorkerCommand['env'] {
  return { VLLM_NIXL_SIDE_CHANNEL_PORT: [{ ref: 'port', role, name: NIXL }] };
}

function withoutFile({ config: _file, ...flags }: Flags): Flags {
  return flags;
}

function asFlags(config: Readonly<Record<string, unknown>>): Flags {
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, flagValue(value)]));
}

function flagValue(value: unknown): FlagValue {
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return value;
  return JSON.stringify(value);
}
