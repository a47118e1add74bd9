// @ts-check
/** A load process like `sweepline load`, and the content of its records. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeRunRecord, parseLoadEvent } from '@sweepline/core/load';
import { builtinMetrics, caveatsOf, computeMetrics, marksOf } from '@sweepline/core/metrics';

/**
 * @typedef {import('@sweepline/core').LoadSpec} LoadSpec
 * @typedef {import('@sweepline/core').Mark} Mark
 *
 * @typedef {object} Outcome
 * @property {readonly Mark[]} marks
 * @property {readonly { code: string }[]} [caveats] Caveats of a result.
 * @property {Readonly<Record<string, number>>} values Metrics by key.
 * @property {number} [taken] Share of the machine's CPU time that other processes and its host used during the run.
 * @property {string} [failed] Code of the error that ended the run without a result.
 * @property {string} [message] Message of that error.
 *
 * @typedef {object} Load
 * @property {import('node:child_process').ChildProcess} child
 * @property {Promise<Outcome>} ended
 */

const MAIN = `
  import { runLoadWorker } from ${JSON.stringify(import.meta.resolve('@sweepline/core/load'))};
  process.exitCode = await runLoadWorker(process.argv[1]);`;

/**
 * @param {LoadSpec} spec Its records go to a temporary file unless it names one. @param {{ prefix?: readonly string[] }} [options] Argv of
 * a program that starts the process. @returns {Load}
 */
export function startLoad(spec, { prefix = [] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'sweepline-faults-'));
  const specFile = join(folder, 'SPEC.json');
  const recordsFile = spec.output.recordsFile || join(folder, 'records.jsonl');
  writeFileSync(specFile, JSON.stringify({ ...spec, output: { ...spec.output, recordsFile } }));
  const [command = '', ...args] = [...prefix, process.execPath, '--input-type=module', '-e', MAIN, specFile];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  const ended = once(child, 'close').then(([code, signal]) => {
    try {
      const error = output
        .split('\n')
        .map((line) => parseLoadEvent(line))
        .find((event) => event?.type === 'error');
      if (error !== undefined) return { marks: [], values: {}, failed: error.code, message: error.message };
      if (code !== 0)
        return { marks: [], values: {}, failed: `exit ${signal ?? code}`, message: output.slice(-400) };
      return readOutcome(readFileSync(recordsFile));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  return { child, ended };
}

/** @param {Uint8Array} records @returns {Outcome} */
export function readOutcome(records) {
  try {
    const run = decodeRunRecord(records);
    const { values } = computeMetrics(run, builtinMetrics);
    return { marks: marksOf(run), caveats: caveatsOf(run), values, ...takenOf(run.client.machine) };
  } catch (/** @type {any} */ error) {
    return { marks: [], values: {}, failed: error.code ?? 'unreadable', message: error.message };
  }
}

/** @param {import('@sweepline/core').ClientHealth['machine']} machine @returns {{ taken?: number }} */
function takenOf(machine) {
  if (machine?.cpus === undefined || machine.othersCpuS === undefined) return {};
  return { taken: (machine.othersCpuS + (machine.stolenCpuS ?? 0)) / (machine.cpus * machine.seconds) };
}
