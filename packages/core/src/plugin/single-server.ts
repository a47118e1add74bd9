import type { ClientSettings, Role, ServePlan, Text } from './launch-plan.js';

const ROLE = 'server';
const PORT = 'http';

/** Seconds until a server must be ready: weights of hundreds of GB are read from a network drive, and kernels are compiled, meanwhile. */
export const READY_TIMEOUT_S = 3600;

/** What is particular about a server that is one process on one node; it answers GET /health with 2xx when it is ready. */
export interface SingleServer extends Pick<Role, 'runtime' | 'env' | 'files' | 'setup'> {
  /** Its command line, with the port that it is to listen on. */
  readonly argv: (port: Text) => readonly Text[];
  readonly devices: number;
  /** A port that must be this one; otherwise a free one is taken. */
  readonly fixedPort?: number;
  /** Seconds from its start; default: READY_TIMEOUT_S. */
  readonly readyTimeoutS?: number;
}

/** The plan for such a server. @param client what the load is to be, which may depend on the command line */
export function singleServerPlan(
  { argv, devices, fixedPort, readyTimeoutS = READY_TIMEOUT_S, ...rest }: SingleServer,
  client: (server: Role) => ClientSettings,
  notes?: readonly string[],
): ServePlan {
  const endpoint = { ref: 'port', role: ROLE, name: PORT } as const;
  const server: Role = {
    name: ROLE,
    replicas: 1,
    argv: argv([endpoint]),
    ...rest,
    ports: [fixedPort === undefined ? { name: PORT } : { name: PORT, fixed: fixedPort }],
    place: { nodes: 1, ranksPerNode: 1, devicesPerRank: devices, wireUp: 'none' },
  };
  return {
    kind: 'serve',
    roles: [server],
    endpoint,
    ready: [{ role: ROLE, when: { http: '/health' }, timeoutS: readyTimeoutS }],
    client: client(server),
    ...(notes && { notes }),
  };
}
