import type { Text } from '@sweepline/core';
import type { Context } from '../jobs.js';
import { discoveryEnv } from './discovery.js';
import { isBefore1 } from './version.js';

/** A worker's port for health checks. */
export const SYSTEM = 'system';
/** Dynamo reads it as a signed 16-bit number. Source: seen with ai-dynamo-runtime 1.4.2 and 1.6.1. */
export const SYSTEM_PORTS_END = 32_768;

type Environment = Readonly<Record<string, Text>>;

/** The environment of every Dynamo process. */
export function commonEnv(context: Context): Environment {
  return {
    ...discoveryEnv(context),
    // Requests go directly to workers, without NATS. Source: `--request-plane` and `--event-plane` of ai-dynamo 1.4.2.
    DYN_REQUEST_PLANE: 'tcp',
    ...(isBefore1(context) ? {} : { DYN_EVENT_PLANE: 'zmq' }),
    ...loopback(context),
    ...context.options.env,
  };
}

/** Requests are sent to an address, answers to the address of a network interface. Source: seen with ai-dynamo-runtime 1.4.2. */
function loopback({ options }: Context): Environment {
  if (options.network !== 'loopback') return {};
  return {
    DYN_TCP_RPC_HOST: '127.0.0.1',
    DYN_TCP_RESPONSE_STREAM_HOST: 'lo',
    DYN_SYSTEM_HOST: '127.0.0.1',
  };
}

/**
 * A worker reports on its system port when it accepts requests. Frontends also get the model's tokenizer from this port, so no shared disk
 * is needed. Without the second variable a mocker never becomes ready, although versions from 1.0 on claim to ignore it. Source:
 * docs/observability/health-checks.md of Dynamo 0.8.1; seen with ai-dynamo 1.4.2.
 */
export function workerEnv(role: string): Environment {
  return {
    DYN_SYSTEM_PORT: [{ ref: 'port', role, name: SYSTEM }],
    DYN_SYSTEM_USE_ENDPOINT_HEALTH_STATUS: '["generate"]',
  };
}
