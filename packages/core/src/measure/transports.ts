import type { ProcessLog } from '../launch/server-logs.js';

/** What carries data between processes: `unknown` where a library names something that isn't known here. */
export type TransportKind = 'rdma' | 'tcp' | 'nvlink' | 'unknown';

/** A transport that a library says it uses. */
export interface Transport {
  readonly library: 'nccl' | 'ucx' | 'mooncake' | 'nixl';
  readonly kind: TransportKind;
  /** As the library calls it. */
  readonly name: string;
}

/** A transport of a process. */
export interface RoleTransport extends Transport {
  readonly role: string;
  readonly file: string;
}

/** Libraries and what they print, each with the lines of its source that print it. */
const READERS: readonly ((log: string) => readonly Transport[])[] = [nccl, ucx, mooncake, nixl];

/** What the logs of a server's processes say about transports between processes, each thing once per log. Pure. */
export function transportsOf(logs: readonly ProcessLog[]): readonly RoleTransport[] {
  return logs.flatMap(({ role, file, text = '' }) =>
    READERS.flatMap((read) => distinct(read(text))).map((found) => ({ role, file, ...found })),
  );
}

/**
 * NCCL and RCCL with NCCL_DEBUG=INFO. NVIDIA/nccl 5067397, src/transport/net.cc:324: the network of each connection; src/init.cc:486:
 * the network that a communicator has, used or not. The second counts only for one over several nodes without NVLink between them
 * (src/init.cc:1422) whose connections are not in the log. RCCL's lines (ROCm/rccl 0cbce2a) read the same.
 */
function nccl(log: string): readonly Transport[] {
  const connections = namesIn(log, /NCCL INFO .{0,200}? via NET\/([^/\n]+)\/\d/g);
  const nvlink = / via P2P\/MNNVL/.test(log)
    ? [{ library: 'nccl', kind: 'nvlink', name: 'MNNVL' } as const]
    : [];
  const isSpread = /NCCL INFO .{0,200}nNodes (?!1 )\d+ .{0,200}MNNVL 0/.test(log);
  const chosen = isSpread ? namesIn(log, /NCCL INFO Using network ([\w -]{1,60})/g) : [];
  const networks = connections.length + nvlink.length > 0 ? connections : chosen;
  return [
    ...networks.map((name) => ({ library: 'nccl', kind: ncclKind(name, log), name }) as const),
    ...nvlink,
  ];
}

/** Networks of NCCL itself (Socket, IB), of NVIDIA's plugins (IBext_v8), Google's (FastSocket, gIB) and AMD's (AINIC). */
function ncclKind(name: string, log: string): TransportKind {
  if (/^(Socket|FastSocket)$/.test(name)) return 'tcp';
  if (/^(IB|IBext.*|gIB|AINIC)$/.test(name)) return 'rdma';
  return /libfabric/i.test(name) ? libfabricKind(log) : 'unknown';
}

/** aws-ofi-nccl names the provider under it: `NET/OFI Selected Provider is efa`. */
function libfabricKind(log: string): TransportKind {
  const provider = /NET\/OFI Selected provider is (\w+)/i.exec(log)?.[1]?.toLowerCase();
  if (provider === undefined) return 'unknown';
  if (['efa', 'verbs', 'cxi'].includes(provider)) return 'rdma';
  return ['tcp', 'sockets'].includes(provider) ? 'tcp' : 'unknown';
}

/**
 * UCX with UCX_LOG_LEVEL=info. openucx/ucx 9466d10, src/ucp/core/ucp_worker.c:1900 and ucp_ep.c:3021: the lanes to a peer on another
 * node, by feature. `ka` keeps connections alive and carries no data.
 */
function ucx(log: string): readonly Transport[] {
  return namesIn(log, /UCX {1,8}INFO .{0,200}?\binter-node cfg#\d+ (.{1,2000})$/gm).flatMap((features) => {
    const lanes = [...features.matchAll(/\b(?!ka\()\w{1,20}\(([^()]*)\)/g)].flatMap(([, list = '']) =>
      list.split(' '),
    );
    const names = [...new Set(lanes.map((lane) => lane.split('/')[0] ?? '').filter((name) => name !== ''))];
    const kinds = new Set(names.map(ucxKind));
    // Where there is RDMA, what is left of TCP carries control messages.
    const kind = (['rdma', 'nvlink', 'tcp'] as const).find((one) => kinds.has(one)) ?? 'unknown';
    return names.length === 0 ? [] : [{ library: 'ucx', kind, name: names.join(' ') } as const];
  });
}

/** https://openucx.readthedocs.io/en/master/faq.html lists UCX's transports. */
function ucxKind(name: string): TransportKind {
  if (name === 'tcp') return 'tcp';
  if (/^(rc|dc|ud|gga|srd)(_|$)/.test(name)) return 'rdma';
  return name === 'cuda_ipc' ? 'nvlink' : 'unknown';
}

/**
 * Mooncake's transfer engine. kvcache-ai/Mooncake 3b5a594, mooncake-transfer-engine/src: rdma_context.cpp:286 (a device was opened),
 * tcp_transport.cpp:343 (TCP was installed). It uses TCP if it finds no RDMA device, or if its settings say so.
 */
function mooncake(log: string): readonly Transport[] {
  const devices = namesIn(log, /rdma_context\.cpp:\d+\] RDMA device: ([^,\s]+)/g);
  if (devices.length > 0) return [{ library: 'mooncake', kind: 'rdma', name: devices.join(' ') }];
  const hasTcp = /tcp_transport\.cpp:\d+\] TcpTransport: listen on port/.test(log);
  return hasTcp ? [{ library: 'mooncake', kind: 'tcp', name: 'tcp' }] : [];
}

/** NIXL, src/api/python/_api.py:405 at ai-dynamo/nixl 8770b65: it names its backend; which transport that uses, the backend knows. */
function nixl(log: string): readonly Transport[] {
  return namesIn(log, /Backend (\w+) was instantiated/g).map(
    (name) => ({ library: 'nixl', kind: 'unknown', name }) as const,
  );
}

function namesIn(log: string, pattern: RegExp): readonly string[] {
  return [...new Set([...log.matchAll(pattern)].map(([, name = '']) => name.trim()))];
}

function distinct(transports: readonly Transport[]): readonly Transport[] {
  const byText = new Map(transports.map((one) => [`${one.library} ${one.kind} ${one.name}`, one]));
  return [...byText.values()];
}
