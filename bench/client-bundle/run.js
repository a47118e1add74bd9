// @ts-check
/**
 * Compares the load process of the client bundle with the ordinary one, in turn, on a golden server that answers as fast as it can: CPU of
 * its sending threads per token, CPU and time from its start to its end. It runs the code in dist, so build first.
 *
 * node bench/client-bundle/run.js [--pairs 9] [--streams 64] [--requests 640] [--tokens 400]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { median } from '../matrix/statistics.js';

const BIN = join(import.meta.dirname, '../../packages/core/bin/sweepline.js');
const SEMI_SPACE = '--max-semi-space-size=2';
/** Prints the CPU seconds of the program that it runs, with all descendants, on the last line of stderr. */
const TIMED =
  'import os,sys,subprocess;r=subprocess.call(sys.argv[1:],stdout=subprocess.DEVNULL);t=os.times();print(t[2]+t[3],file=sys.stderr);sys.exit(r)';

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '9' },
    streams: { type: 'string', default: '64' },
    requests: { type: 'string', default: '640' },
    tokens: { type: 'string', default: '400' },
  },
});

/** @typedef {{ readonly usPerToken: number, readonly cpuS: number, readonly wallS: number }} Run */

const folder = mkdtempSync(join(tmpdir(), 'sweepline-client-bundle-'));
process.once('SIGTERM', () => process.exit(143));
process.once('SIGINT', () => process.exit(130));
process.once('exit', () => rmSync(folder, { recursive: true }));

const bundle = spawn(process.execPath, [BIN, 'client', 'bundle', join(folder, 'client')], {
  stdio: 'inherit',
});
if ((await once(bundle, 'exit'))[0] !== 0) throw new Error('there is no bundle to measure');
const server = spawn(process.execPath, [BIN, 'golden-server', '--port', '0'], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const { url } = JSON.parse(String((await once(server.stdout, 'data'))[0]));

const COMMANDS = {
  ordinary: [process.execPath, SEMI_SPACE, BIN, 'load'],
  bundle: [join(folder, 'client/node'), SEMI_SPACE, join(folder, 'client/load-client.mjs')],
};
/** @type {Record<keyof typeof COMMANDS, Run[]>} */
const runs = { ordinary: [], bundle: [] };
for (let pair = 0; pair < Number(values.pairs); pair += 1) {
  /** @type {(keyof typeof COMMANDS)[]} */
  const order = pair % 2 === 0 ? ['ordinary', 'bundle'] : ['bundle', 'ordinary'];
  for (const name of order) runs[name].push(await load(COMMANDS[name]));
}
// As if its parent had died.
server.stdin.end();

for (const [what, digits] of /** @type {const} */ ([
  ['usPerToken', 3],
  ['cpuS', 2],
  ['wallS', 2],
])) {
  const [ordinary, bundled] = [runs.ordinary, runs.bundle].map((all) => all.map((run) => run[what]));
  const ratios = (bundled ?? []).map((value, i) => value / (ordinary?.[i] ?? Number.NaN));
  const shown = [median(ordinary ?? []), median(bundled ?? [])].map((value) => value.toFixed(digits));
  const spread = `${Math.min(...ratios).toFixed(3)}..${Math.max(...ratios).toFixed(3)}`;
  console.log(
    `${what}: ordinary ${shown[0]}, bundle ${shown[1]}, ratio ${median(ratios).toFixed(3)} [${spread}]`,
  );
}

/** @param {readonly string[]} command @returns {Promise<Run>} */
async function load(command) {
  const [specFile, recordsFile] = [join(folder, 'spec.json'), join(folder, 'records.jsonl')];
  writeFileSync(specFile, JSON.stringify(specWith(recordsFile)));
  const begun = performance.now();
  const child = spawn('python3', ['-c', TIMED, ...command, specFile], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (data) => (said += String(data)));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`a load process ended with ${code}: ${said}`);
  const wallS = (performance.now() - begun) / 1000;
  const footer = JSON.parse(readFileSync(recordsFile, 'utf8').trimEnd().split('\n').at(-1) ?? '');
  const sendS = footer.client.workers.reduce(
    (/** @type {number} */ sum, /** @type {{ cpuS: number }} */ { cpuS }) => sum + cpuS,
    0,
  );
  const tokens = Number(values.requests) * Number(values.tokens);
  return { usPerToken: (1e6 * sendS) / tokens, cpuS: Number(said.trimEnd().split('\n').at(-1)), wallS };
}

/** @param {string} recordsFile */
function specWith(recordsFile) {
  return {
    schema: 'sweepline.load/1',
    endpoint: { baseUrl: url, api: 'completions' },
    model: 'golden',
    prompts: {
      ...{
        kind: 'random',
        form: 'token-ids',
        inputLen: 64,
        outputLen: Number(values.tokens),
        rangeRatio: 1,
        seed: 0,
      },
      vocabulary: { first: 0, end: 32_000 },
    },
    arrival: { pattern: 'closed-loop', concurrency: Number(values.streams) },
    ...{ numPrompts: Number(values.requests), numWarmups: 0, ignoreEos: true, temperature: 0 },
    connections: 'per-slot',
    timeouts: { connectS: 30, requestS: 600 },
    serverMetrics: false,
    workers: 1,
    output: { recordsFile },
  };
}
