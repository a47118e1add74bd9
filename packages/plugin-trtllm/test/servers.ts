import type { Server } from './plans.js';

export const batches = (servers: readonly Server[]) =>
  servers.map(({ config }) => config.cuda_graph_config.max_batch_size);
export const backends = (servers: readonly Server[]) =>
  servers.map(({ config }) => config.moe_config.backend);
export const fractions = (servers: readonly Server[]) =>
  servers.map(({ config }) => config.kv_cache_config.free_gpu_memory_fraction);
export const flagsOf = (name: string, servers: readonly Server[]) =>
  servers.map(({ flags }) => Number(flags[name]));
export const tokens = (servers: readonly Server[]) => flagsOf('max_num_tokens', servers);
export const captured = ({ config }: Server) => config.torch_compile_config?.capture_num_tokens;
export const piecewise = (servers: readonly Server[]) =>
  servers.map((server) => captured(server) !== undefined);

export const BALANCED = { batching_wait_iters: 0, enable_balance: true, timeout_iters: 60 };
export const POWERS = [1, 2, 4, 8, 16, 32, 64, 128];
export const upTo = (last: number) =>
  Array.from({ length: Math.floor(last / 256) }, (_, index) => 256 * (index + 1));
