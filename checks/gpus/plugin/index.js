// @ts-check
import { fileURLToPath } from 'node:url';

/** @typedef {import('@sweepline/core').FrameworkPlugin} FrameworkPlugin @typedef {import('@sweepline/core').Role} Role */

const SERVER = fileURLToPath(new URL('server.js', import.meta.url));
/** Of a request with 64 output tokens: it takes three seconds. */
const TOKEN_MS = 50;
const REQUESTS = 4;

/**
 * A server for each role of a job. Only the one that decodes is loaded.
 * @type {FrameworkPlugin}
 */
const gpus = {
  kind: 'framework',
  name: 'gpus',
  apiVersion: 2,
  frameworks: ['gpus'],
  plan({ job }) {
    if (!('prefill' in job)) throw new Error('it takes jobs with workers for prefill and decode');
    const roles = [role('prefill', job.image, job.prefill.tp), role('decode', job.image, job.decode.tp)];
    return {
      kind: 'serve',
      roles,
      endpoint: { ref: 'port', role: 'decode' },
      ready: roles.map(({ name }) => ({ role: name, when: { http: '/health' }, timeoutS: 60 })),
      client: {
        ...{ api: 'completions', model: job.model, numPrompts: REQUESTS, numWarmups: 0, rangeRatio: 1 },
        ...{ ignoreEos: true, chatTemplate: false, promptForm: 'token-ids' },
      },
    };
  },
};

export default [gpus];

/** @param {string} name @param {string} image @param {number} devicesPerRank @returns {Role} */
function role(name, image, devicesPerRank) {
  /** @param {'host' | 'port'} ref @returns {import('@sweepline/core').Text} */
  const own = (ref) => [{ ref, role: name }];
  return {
    name,
    replicas: 1,
    runtime: image === 'host' ? { kind: 'host' } : { kind: 'container', image },
    argv: [
      ...['node', SERVER, '--token-ms', String(TOKEN_MS)],
      ...['--host', own('host'), '--port', own('port')],
    ],
    env: { GPUS_CHECK_ROLE: name },
    files: {},
    ports: [{ name: 'http' }],
    place: { nodes: 1, ranksPerNode: 1, devicesPerRank, wireUp: 'none' },
  };
}
