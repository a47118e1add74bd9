// @ts-check
/**
 * Times `full-sweep --single-node` as whole processes, Sweepline's and InferenceX's in turn, and then only Sweepline's expansion.
 * InferenceX is not part of this project: the path of its generator is an argument.
 *
 * node bench/matrix/run.js --original ../InferenceX/utils/matrix_logic/generate_sweep_configs.py
 *
 * It runs the code in dist, so build first.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { measureExpansion } from './expansion.js';
import { fastest, median, spread } from './statistics.js';

const ROOT = resolve(import.meta.dirname, '../..');
const BIN = join(ROOT, 'packages/core/bin/sweepline.js');
/** The project's targets: our share of the original's wall time, and jobs per second. */
const TARGETS = { ratio: 0.6, jobsPerSecond: 1e6 };

const { values } = parseArgs({
  options: {
    original: { type: 'string' },
    python: { type: 'string', default: 'python3' },
    configs: { type: 'string', multiple: true, default: ['configs/nvidia', 'configs/amd'] },
    'runner-config': { type: 'string', default: 'configs/runners.yaml' },
    rounds: { type: 'string', default: '15' },
  },
});

const rounds = Number(values.rounds);
const runnerConfig = resolve(ROOT, values['runner-config']);
const files = values.configs.flatMap((path) => yamlFilesIn(resolve(ROOT, path)));

console.log(`${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} cores, Node ${process.version}`);
if (values.original === undefined) console.log('whole process: skipped, no --original given');
else compareProcesses(values.python, resolve(values.original));
report('expansion alone', await measureExpansion(files, runnerConfig, rounds));

/** @param {string} path @returns {string[]} The file itself, or the YAML files in a folder. */
function yamlFilesIn(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

/** @param {string} python @param {string} original */
function compareProcesses(python, original) {
  const args = ['full-sweep', '--single-node', '--config-files', ...files, '--runner-config', runnerConfig];
  const ours = () => timed(process.execPath, [BIN, 'matrix', ...args]);
  const theirs = () => timed(python, [original, ...args]);
  const [one, other] = [ours(), theirs()];
  if (!isDeepStrictEqual(JSON.parse(one.stdout), JSON.parse(other.stdout))) {
    throw new Error("the two print different matrices, so their times can't be compared");
  }
  /** @type {[number[], number[]]} */
  const [sweepline, inferencex] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    sweepline.push(ours().ms);
    inferencex.push(theirs().ms);
  }
  const ratio = median(sweepline) / median(inferencex);
  console.log(
    `${files.length} config files, ${JSON.parse(one.stdout).length} jobs, ${rounds} rounds in turn`,
  );
  console.log(`whole process, Sweepline:  ${spread(sweepline, 'ms')}`);
  console.log(`whole process, InferenceX: ${spread(inferencex, 'ms')}`);
  console.log(`ratio of the medians: ${ratio.toFixed(3)} (target: at most ${TARGETS.ratio})`);
}

/** @param {string} command @param {string[]} args */
function timed(command, args) {
  const begin = performance.now();
  const stdout = execFileSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  return { stdout, ms: performance.now() - begin };
}

/** @param {string} name @param {{ jobs: number, perSecond: number[] }} measured */
function report(name, { jobs, perSecond }) {
  console.log(
    `${name}: ${spread(perSecond, 'jobs/s')} over ${jobs} jobs each time, at best ${fastest(perSecond)}`,
  );
  console.log(`target: at least ${TARGETS.jobsPerSecond} jobs/s`);
}
