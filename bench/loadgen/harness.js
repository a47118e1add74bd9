// @ts-check
/** The harness: programs of another project, copied to a scratch folder, built there and run. They are not part of this project. */
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { LOAD_NODE_ARGS } from '@sweepline/core/load';

const HERE = import.meta.dirname;
const PYTHON = '/usr/bin/python3';
const PEER_FILE = 'utils/bench_serving/benchmark_serving.py';

/**
 * @typedef {import('./cells.js').Cell} Cell
 * @typedef {import('./cells.js').Client} Client
 * @typedef {import('./rows.js').Run} Run
 *
 * Watches a run: gets the beginning of its files' names, and returns what to add to its figures.
 * @typedef {(stem: string) => { stop: () => void, result: () => Run }} Observe
 *
 * @typedef {object} Quiet
 * @property {number} waitS Longest wait for a quiet machine before each run.
 * @property {number} retries Repetitions of runs during which others used the machine.
 */

/** Number of characters shown of a failed client's output. */
const LOG_TAIL = 2000;

/** Why nothing can be measured here. */
export class Unavailable extends Error {}

export class Harness {
  /** Why the other client is left out, if it is. */
  peerMissing;

  /** @param {string} folder @param {string | undefined} peer A checkout of InferenceX. @param {Quiet} quiet */
  constructor(folder, peer, quiet) {
    this.folder = folder;
    this.peer = peer;
    this.quiet = quiet;
    this.peerMissing = whyNoPeer(peer);
  }

  /** @param {string | undefined} source @param {string | undefined} peer @param {Quiet} quiet @throws {Unavailable} */
  static prepare(source, peer, quiet) {
    const missing = whyNotHere(source);
    if (source === undefined || missing !== undefined) throw new Unavailable(missing);
    const folder = mkdtempSync(join(tmpdir(), 'sweepline-bench-loadgen-'));
    cpSync(source, folder, { recursive: true });
    writable(folder);
    return new Harness(folder, peer, quiet);
  }

  /** @param {Client} client @param {Cell} cell @param {Observe} [observe] @returns {Promise<Run>} */
  runClient(client, cell, observe) {
    if (client === 'inferencex') return this.run('python', cell, observe);
    return this.runCheckout('sweepline', HERE, cell, observe);
  }

  /**
   * Runs Sweepline's client of any checkout.
   * @param {string} label Tells checkouts apart. @param {string} folder The checkout's bench/loadgen. @param {Cell} cell @param {Observe} [observe]
   */
  runCheckout(label, folder, cell, observe) {
    const file = cell.script ?? 'client.js';
    const name = `${label}-${basename(file, '.js')}`;
    const argv = [process.execPath, ...LOAD_NODE_ARGS, join(folder, file)];
    this.addScript(name, `exec ${argv.map(quoted).join(' ')}`);
    return this.run(name, cell, observe);
  }

  /** @param {Client} client */
  has(client) {
    return client === 'sweepline' || this.peerMissing === undefined;
  }

  /** Adds a client that the harness can run. @param {string} name @param {string} shell */
  addScript(name, shell) {
    writeFileSync(join(this.folder, 'clients', `${name}.sh`), `${shell}\n`);
  }

  /**
   * @param {string} script @param {Pick<Cell, 'concurrency' | 'mode' | 'options'>} cell
   * @param {Observe} [observe]
   * @returns {Promise<Run>}
   */
  async run(script, { concurrency, mode, options }, observe) {
    const out = join(this.folder, 'run.jsonl');
    rmSync(out, { force: true });
    const args = [
      ...[script, concurrency, mode, '--out', out, '--port', await freePort(), ...options],
      ...['--quiet-wait', this.quiet.waitS, '--retries', this.quiet.retries],
    ];
    const child = started(join(this.folder, 'run_bench.sh'), args.map(String), {
      ...process.env,
      PEER_DIR: this.peer,
    });
    const stem = join(this.folder, 'work', `${script}-${mode}-${concurrency}-${child.pid}`);
    const observed = observe?.(stem);
    try {
      await child.ended;
    } finally {
      observed?.stop();
    }
    const run = JSON.parse(readFileSync(out, 'utf8'));
    if (run.error !== undefined) console.error(readFileSync(`${stem}.client.log`, 'utf8').slice(-LOG_TAIL));
    return {
      ...run,
      ...clientResult(`${stem}.result.json`),
      ...promptsOf(`${stem}.srv.req.bin`),
      ...observed?.result(),
    };
  }

  close() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** @param {string | undefined} source */
function whyNotHere(source) {
  if (source === undefined || !existsSync(join(source, 'run_bench.sh'))) {
    return 'no harness: name its folder with SWEEPLINE_LOADBENCH or --harness';
  }
  if (process.platform !== 'linux') return 'the harness reads clocks and counters of Linux';
  if (availableParallelism() < 2) return 'server and client need a core each';
  if (!runs('gcc', ['--version'])) return 'no gcc for the server';
  if (!runs('taskset', ['--version'])) return 'no taskset to keep server and client apart';
  if (!runs(PYTHON, ['-c', 'import numpy'])) return `${PYTHON} has no numpy, which the harness needs`;
  return undefined;
}

/** @param {string | undefined} peer */
function whyNoPeer(peer) {
  if (peer === undefined) return 'no checkout of InferenceX: name it with SWEEPLINE_INFERENCEX or --original';
  if (!existsSync(join(peer, PEER_FILE))) return `no ${PEER_FILE} in ${peer}`;
  if (!runs(PYTHON, ['-c', 'import aiohttp, numpy, tqdm'])) {
    return `${PYTHON} has no aiohttp, numpy or tqdm (python3-aiohttp python3-numpy python3-tqdm)`;
  }
  return undefined;
}

/** @param {string} command @param {readonly string[]} args */
function runs(command, args) {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** @param {string} folder The source may be read-only, and a copy keeps that. */
function writable(folder) {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) writable(path);
    else chmodSync(path, 0o755);
  }
}

/** The parts of a client's own result that the harness leaves out. @param {string} file */
function clientResult(file) {
  if (!existsSync(file)) return {};
  const { total_output_tokens: client_tokens, repeated } = JSON.parse(readFileSync(file, 'utf8'));
  return { client_tokens, repeated };
}

/** The server's log of requests: number of bytes per request, and the position of a hash of its prompt. */
const LOGGED = { bytes: 104, promptHash: 88 };

/** A number that is the same for the same prompts in any order, for runs whose log was kept. @param {string} file */
function promptsOf(file) {
  if (!existsSync(file)) return {};
  const log = readFileSync(file);
  let sum = 0n;
  for (let at = LOGGED.promptHash; at < log.length; at += LOGGED.bytes) sum += log.readBigUInt64LE(at);
  return { prompts: Number(BigInt.asUintN(32, sum)) };
}

/** @param {string} command @param {readonly string[]} args @param {NodeJS.ProcessEnv} env */
function started(command, args, env) {
  const child = spawn(command, args, { env, stdio: ['ignore', 2, 2] });
  const stop = () => void child.kill('SIGTERM');
  process.once('exit', stop);
  /** @type {Promise<void>} */
  const ended = new Promise((settle, fail) => {
    child.once('error', fail).once('close', (code) => {
      process.off('exit', stop);
      if (code === 0) settle();
      else fail(new Error(`${basename(command)} ${args.join(' ')} ended with ${code}`));
    });
  });
  return { pid: child.pid, ended };
}

/** @param {string} text */
export const quoted = (text) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((settle, fail) => {
    const server = createServer().once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => settle(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
