// @ts-check
import { fileURLToPath } from 'node:url';

/** @typedef {import('@sweepline/core').FrameworkPlugin} FrameworkPlugin @typedef {import('@sweepline/core').HardwarePlugin} HardwarePlugin */

const SERVER = fileURLToPath(
  new URL('../../../packages/core/dist/testing/fake-server-main.js', import.meta.url),
);
/** Between two tokens, by the tag of the image: a tag can be slower than another one. So long that a busy machine hardly matters. */
const TOKEN_MS = 250;
const SLOWDOWN = { slow: 1.1 };

/** @type {FrameworkPlugin} */
const mock = {
  kind: 'framework',
  name: 'mock',
  apiVersion: 2,
  frameworks: ['mock'],
  plan({ job, concurrency }) {
    const tag = job.image.split(':')[1] ?? '';
    const tokenMs = TOKEN_MS * (tag === 'slow' ? SLOWDOWN.slow : 1);
    /** @type {import('@sweepline/core').Role} */
    const server = {
      name: 'server',
      replicas: 1,
      runtime: { kind: 'host' },
      argv: [
        'node',
        SERVER,
        '--model',
        job.model,
        '--token-ms',
        String(tokenMs),
        '--port',
        [{ ref: 'port', role: 'server' }],
      ],
      env: {},
      files: {},
      ports: [{ name: 'http' }],
      place: { nodes: 1, ranksPerNode: 1, devicesPerRank: 1, wireUp: 'none' },
    };
    return {
      kind: 'serve',
      roles: [server],
      endpoint: { ref: 'port', role: 'server' },
      ready: [{ role: 'server', when: { http: '/health' }, timeoutS: 60 }],
      client: {
        ...{
          api: 'completions',
          model: job.model,
          numPrompts: 4 * concurrency,
          numWarmups: 0,
          rangeRatio: 1,
        },
        ...{ ignoreEos: true, chatTemplate: false, promptForm: 'token-ids' },
      },
    };
  },
};

const x1 = {
  name: 'h200',
  vendor: 'mock',
  device: /** @type {const} */ ('gpu'),
  devicesPerNode: 1,
  sources: [],
};

/** @type {HardwarePlugin} */
const hardware = {
  kind: 'hardware',
  name: 'h200',
  apiVersion: 2,
  skus: [x1],
  preflight: async () => ({}),
  detect: async () => [x1],
};

export default [mock, hardware];
