import { expect, it } from 'vitest';
import { transportsOf } from '../../src/measure/transports.js';
import { transportMarks } from '../../src/metrics/marks/transport.js';

/** Recorded lines: what people published of their runs, with the issue that has them. */
const RECORDED: Readonly<Record<string, readonly [log: string, found: readonly (readonly string[])[]]>> = {
  'NVIDIA/nccl#1189: InfiniBand between nodes, shared memory within': [
    'H20-GPU-06:4015539:4015652 [0] NCCL INFO Channel 07/0 : 0[0] -> 2[0] [receive] via NET/IB/3/GDRDMA\n' +
      'H20-GPU-06:4015540:4015653 [1] NCCL INFO Channel 00/0 : 3[1] -> 2[0] via P2P/CUMEM',
    [['nccl', 'rdma', 'IB']],
  ],
  'NVIDIA/nccl#1814: a plugin of NVIDIA': [
    'hostname-test:981:1267 [1] NCCL INFO Channel 01/0 : 26[2] -> 33[1] [receive] via NET/IBext_v8/4',
    [['nccl', 'rdma', 'IBext_v8']],
  ],
  'NVIDIA/nccl#367: sockets': [
    'c6ad99331184:117290:117388 [0] NCCL INFO Ring 00 : 15 -> 0 [receive] via NET/Socket/0',
    [['nccl', 'tcp', 'Socket']],
  ],
  'vllm-project/vllm#8447: the network of a communicator over two nodes': [
    'VM-160-69-tencentos:561:561 [0] NCCL INFO Using network IB\n' +
      'VM-160-69-tencentos:561:561 [0] NCCL INFO comm 0x1476dca0 rank 0 nRanks 2 nNodes 2 localRanks 1 localRank 0 MNNVL 0',
    [['nccl', 'rdma', 'IB']],
  ],
  'vllm-project/vllm#5360: one node, whose sockets carry nothing': [
    'dtrifiro-gpu:150030:150215 [0] NCCL INFO NET/Socket : Using [0]ens5:10.0.48.206<0>\n' +
      'dtrifiro-gpu:150030:150215 [0] NCCL INFO Using network Socket',
    [],
  ],
  'ROCm/rccl-tests#163: RCCL on one node': [
    'RCCL version : 2.21.5-HEAD:9a0e6a1\n' +
      'z292:58192:58200 [2] NCCL INFO NET/Socket : Using [0]eno2np1:192.168.2.194<0>\n' +
      'z292:58192:58200 [2] NCCL INFO Using network Socket',
    [],
  ],
  'aws/aws-ofi-nccl#24: Libfabric, over whatever': [
    '[1,7]<stdout>:ip-172-32-38-1:21471:22316 [7] NCCL INFO Ring 00 : 7 -> 8 [send] via NET/AWS Libfabric/0',
    [['nccl', 'unknown', 'AWS Libfabric']],
  ],
  'ai-dynamo/nixl#149: UCX over InfiniBand': [
    '[1744331142.028115] [ccw-gpu-51:2802608:3]      ucp_worker.c:1903 UCX  INFO    ucp_context_2 inter-node cfg#3 ' +
      'rma(rc_mlx5/mlx5_ib2:1)  amo(rc_mlx5/mlx5_ib2:1)  am(rc_mlx5/mlx5_ib2:1 rc_mlx5/mlx5_ib7:1)',
    [['ucx', 'rdma', 'rc_mlx5']],
  ],
  'openucx/ucx#9839: UCX over TCP': [
    '[1713927611.038973] [promote:39009:0]      ucp_worker.c:1887 UCX  INFO    perftest inter-node cfg#0 ' +
      'am(tcp/enp7s0 tcp/enp8s0)',
    [['ucx', 'tcp', 'tcp']],
  ],
  'parthenon-hpc-lab/parthenon#1260: UCX within a node': [
    '[1750940426.960564] [jpbo-007-24:516901:0]      ucp_worker.c:1903 UCX  INFO    ucp_context_0 intra-node cfg#4 ' +
      'tag(sysv/memory cma/memory rc_mlx5/mlx5_3:1 cuda_ipc/cuda)',
    [],
  ],
  'openucx/ucx#9560: an older UCX, which does not say whether the peer is on another node': [
    'ucp_worker.c:1783 UCX INFO ep_cfg[3]: tag(tcp/ib1 tcp/ib0)',
    [],
  ],
  'sgl-project/sglang#21842: Mooncake over RoCE': [
    'I0401 19:40:09.461735 59598 rdma_context.cpp:140] RDMA device: mlx5_bond_1, LID: 0, GID: (GID_Index 3) 00:00\n' +
      'I0401 19:40:09.466835 59598 rdma_context.cpp:140] RDMA device: mlx5_bond_2, LID: 0, GID: (GID_Index 3) 00:00',
    [['mooncake', 'rdma', 'mlx5_bond_1 mlx5_bond_2']],
  ],
  'kvcache-ai/Mooncake#1169: Mooncake over TCP': [
    'I20251205 03:33:21.826097  2021 tcp_transport.cpp:343] TcpTransport: listen on port 15439',
    [['mooncake', 'tcp', 'tcp']],
  ],
  'LMCache/LMCache#605: NIXL, whose backend says the rest': [
    'Backend UCX was instantiated\nInitialized NIXL agent: NixlRole.SENDER',
    [['nixl', 'unknown', 'UCX']],
  ],
};

function found(text: string) {
  return transportsOf([{ role: 'decode', replica: 0, rank: 0, file: 'logs/decode-0-0.log', text }]);
}

it.each(Object.entries(RECORDED))('reads %s', (_, [log, expected]) => {
  expect(found(log).map(({ library, kind, name }) => [library, kind, name])).toEqual(expected);
});

it('knows Libfabric by its provider, and NVLink between nodes', () => {
  // NVIDIA/nccl#1597, and a connection as NVIDIA/nccl#24's.
  const overEfa =
    '8h200-3:6310:6318 [0] NCCL INFO NET/OFI Selected Provider is efa (found 16 nics)\n' +
    '8h200-3:6310:6318 [0] NCCL INFO Channel 00/0 : 7[7] -> 8[0] [send] via NET/Libfabric/0/GDRDMA';
  expect(found(overEfa)).toMatchObject([{ kind: 'rdma', name: 'Libfabric' }]);
  // As p2p.cc of NVIDIA/nccl prints it; with it, the network that was chosen carries nothing.
  const overNvlink =
    'n1:1:2 [0] NCCL INFO Using network Socket\n' +
    'n1:1:2 [0] NCCL INFO Channel 00/0 : 0[0] -> 4[0] via P2P/MNNVL\n' +
    'n1:1:2 [0] NCCL INFO comm 0x1 rank 0 nRanks 8 nNodes 2 localRanks 4 localRank 0 MNNVL 1';
  expect(found(overNvlink)).toMatchObject([{ kind: 'nvlink', name: 'MNNVL' }]);
});

it('says each thing once per process, and nothing of a log that could not be read', () => {
  const line = 'h:1:2 [0] NCCL INFO Channel 07/0 : 0[0] -> 2[0] [receive] via NET/IB/3/GDRDMA\n';
  expect(found(line.repeat(64))).toHaveLength(1);
  const unread = { role: 'decode', replica: 0, rank: 0, file: 'f', problem: 'gone' };
  expect(transportsOf([unread])).toEqual([]);
});

const used = (kind: string) => [{ file: 'logs/decode-0-0.log', library: 'nccl', kind, name: 'N' }];

it('makes TCP invalid where RDMA was meant, whatever the others used', () => {
  expect(transportMarks(true, true, [...used('rdma'), ...used('tcp')])).toEqual([
    {
      code: 'tcp-for-rdma',
      severity: 'invalid',
      message: "the cluster's entry means RDMA between nodes, and nccl used N (logs/decode-0-0.log)",
    },
  ]);
  expect(transportMarks(false, true, used('tcp'))).toEqual([]);
  expect(transportMarks(undefined, true, used('tcp'))).toEqual([]);
});

it('leaves unknown what no log says, with a note where there are several nodes', () => {
  const unknown = [{ code: 'transport-unknown', severity: 'note' }];
  expect(transportMarks(true, true, [])).toMatchObject(unknown);
  expect(transportMarks(true, true, used('unknown'))).toMatchObject(unknown);
  expect(transportMarks(true, false, [])).toEqual([]);
  expect(transportMarks(true, true, used('nvlink'))).toEqual([]);
});
