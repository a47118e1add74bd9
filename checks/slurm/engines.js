// @ts-check
/**
 * Sweeps of real engines over the cluster: llama-server, and Dynamo with mockers, whose roles lie over nodes.
 *
 * @typedef {import('./scenarios.js').Scenario} Scenario
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { ANSWER_IN_LETTERS, findLlamaServer, servedByLlamaServer } from '../llama-server.js';
import { PROGRAMS } from '../gpus/sweep.js';
import { findDynamo } from '../real-dynamo/environment.js';
import { MODEL } from '../real-dynamo/make-model.js';
import { checkPoint } from '../real-dynamo/sweep.js';
import { nodeOfProcess } from './cluster.js';
import { IMAGE } from './lease.js';
import { processes } from './process-table.js';
import { assertCounted, makeWorkspace, runOf, startSweep, until } from './workspace.js';

const ETCD = '/usr/bin/etcd';

/** Dynamo's roles by their command lines. @type {Readonly<Record<string, RegExp>>} */
const ROLES = {
  etcd: /^etcd\0--data-dir\0/,
  prefill: /\0dynamo\.mocker\0.*\0--disaggregation-mode\0prefill\0/,
  decode: /\0dynamo\.mocker\0.*\0--disaggregation-mode\0decode\0/,
  frontend: /\0dynamo\.frontend\0/,
};

/** @type {readonly Scenario[]} */
export const ENGINES = [
  {
    title: 'real llama-server on the host: records are what it counted',
    kind: 'long',
    run: () => llamaServer('host'),
  },
  {
    title: 'real llama-server in a container: records are what it counted',
    kind: 'long',
    run: () => llamaServer(IMAGE),
  },
  {
    title: 'real Dynamo, four roles over two nodes: records are what its processes counted',
    kind: 'long',
    run: () => dynamo(2),
  },
  {
    title: 'real Dynamo, four roles over four nodes: records are what its processes counted',
    kind: 'long',
    run: () => dynamo(4),
  },
  {
    title: 'real Dynamo, four roles in containers over two nodes: records are what its processes counted',
    kind: 'long',
    run: () => dynamo(2, IMAGE),
  },
  ...Object.keys(ROLES).map((role) => ({
    title: `${role} of real Dynamo killed under load: it and its node are named`,
    kind: /** @type {const} */ ('long'),
    run: () => roleKilled(role),
  })),
];

/** @param {string} image */
async function llamaServer(image) {
  const found = findLlamaServer();
  if (found === undefined) return 'skipped: llama-server could not be installed before';
  const { program, model } = found;
  const mounts = Object.fromEntries([program, model].map((file) => [dirname(file), dirname(file)]));
  const options = { server: program, model, 'extra-args': ANSWER_IN_LETTERS };
  const lengths = [{ isl: 48, osl: 12, 'search-space': [{ tp: 1, 'conc-list': [1, 4] }] }];
  const entry = { model: 'smollm2', 'model-prefix': 'smollm2', 'seq-len-configs': lengths };
  const { run, results } = await sweep(makeWorkspace({ image, cluster: { mounts }, options, entry }));
  for (const { name, state } of results) {
    assert.equal(state, 'completed');
    assertCounted(run, name, servedByLlamaServer);
  }
  assert.equal(results.length, 2);
  return `${results.length} points, each record as in the server's log`;
}

/** @param {number} nodes @param {string} [image] */
async function dynamo(nodes, image) {
  const options = dynamoOptions();
  if (typeof options === 'string') return options;
  const folder = dynamoWorkspace(nodes, { ...options, 'speedup-ratio': 4 }, [1, 8], image);
  /** @type {Set<string>} */
  const places = new Set();
  const { run, results } = await sweep(folder, () =>
    placed().forEach((one) => places.add(`${one.role} on ${one.node}`)),
  );
  assert.equal(results.length, 2);
  assert.deepEqual(
    results.flatMap((one) => checkPoint(one, `${run}/points/${one.name}`)),
    [],
  );
  const used = new Set([...places].map((place) => place.split(' ').at(-1)));
  assert.equal(used.size, nodes, [...places].join());
  return [...places].sort().join(', ');
}

/** @param {string} role */
async function roleKilled(role) {
  const options = dynamoOptions();
  if (typeof options === 'string') return options;
  const folder = dynamoWorkspace(4, options, [8]);
  const { loading, ended, said } = start(folder);
  await loading;
  const victim = placed().find((one) => one.role === role);
  assert(victim, said());
  process.kill(Number(victim.pid), 'SIGKILL');
  assert.equal(await ended, 1, said());
  const [point] = (await runOf(folder)).results;
  assert(point !== undefined && 'error' in point && point.error !== undefined, said());
  const { code, message, where } = point.error;
  assert.equal(code, 'SERVER_DIED');
  assert.match(message, new RegExp(`^${role}( [01])? was killed by SIGKILL`));
  assert(where?.includes(victim.node), `${where}, not ${victim.node}`);
  return `${code}: ${message} (${where})`;
}

/** What Dynamo's processes need here, or why they can't be had. */
function dynamoOptions() {
  const found = findDynamo();
  if (found === undefined) return 'skipped: Dynamo could not be installed before';
  if (!existsSync(ETCD)) return "skipped: it needs Debian's package etcd-server";
  return { python: found.python, env: found.env, vocabulary: { first: 257, end: 4096 } };
}

/**
 * Two prefill and two decode workers, which take all GPUs of the nodes. @param {number} nodes @param {Record<string, unknown>} options
 * @param {readonly number[]} conc @param {string} [image]
 */
function dynamoWorkspace(nodes, options, conc, image = 'host') {
  const mounts = Object.fromEntries((findDynamo()?.folders() ?? []).map((path) => [path, path]));
  const worker = { 'num-worker': 2, tp: nodes * 2, ep: 1, 'dp-attn': false };
  const space = { 'conc-list': conc, prefill: worker, decode: worker };
  const entry = {
    ...{ model: MODEL, 'model-prefix': 'mocked', precision: 'bf16', framework: 'dynamo-mocker' },
    ...{ multinode: true, disagg: true, 'seq-len-configs': [{ isl: 256, osl: 64, 'search-space': [space] }] },
  };
  return makeWorkspace({
    plugins: ['plugin-dynamo', 'hw-nvidia'],
    cluster: { sku: 'h200', mounts },
    image,
    options,
    entry,
  });
}

/** Dynamo's processes that run: what they do, and where. */
function placed() {
  return processes().flatMap(({ pid, commandLine }) => {
    const [role] = Object.entries(ROLES).find(([, pattern]) => pattern.test(commandLine)) ?? [];
    const node = role === undefined ? undefined : nodeOfProcess(pid);
    return role === undefined || node === undefined ? [] : [{ pid, role, node }];
  });
}

/** @param {string} folder */
function start(folder) {
  const { ended, said } = startSweep(folder, { ...process.env, PATH: `${PROGRAMS}:${process.env['PATH']}` });
  const isLoading = until(() => said().includes('loading'), said);
  const loading = Promise.race([
    isLoading,
    ended.then((code) => assert.fail(`it ended with ${code}: ${said()}`)),
  ]);
  return { loading, ended, said };
}

/** A sweep to its end. @param {string} folder @param {() => void} [underLoad] */
async function sweep(folder, underLoad = () => {}) {
  const { loading, ended, said } = start(folder);
  await loading;
  underLoad();
  assert.equal(await ended, 0, said());
  return runOf(folder);
}
