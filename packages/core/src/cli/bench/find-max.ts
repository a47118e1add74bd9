import { join, resolve } from 'node:path';
import { datasetOf } from '../../bench/load.js';
import { openSearchFolder, REPORT_FILE, stored } from '../../bench/find-max-rate/files.js';
import { findMax, type FindContext, type Found, type Load } from '../../bench/find-max-rate/find.js';
import { foundText } from '../../bench/find-max-rate/report.js';
import type { BenchArguments, BenchOptions } from '../../bench/options.js';
import { seedsOf } from '../../bench/points.js';
import { baseUrlOf, specOf } from '../../bench/spec.js';
import { EXIT, SweeplineError } from '../../errors.js';
import { WORKLOADS } from '../../load/workloads/index.js';
import { POINT_FILES } from '../../results/point-files.js';
import type { App } from '../app.js';
import { timestamp } from '../run-folder.js';
import type { SearchArguments } from './find-options.js';
import { runBenchLoad } from './load.js';
import { warnOfRepeats } from './repeats.js';

/** The most requests of a probe, unless an option sets it. */
const PROBE_REQUESTS = 6000;

/** `sweepline bench --find-max-rate`, or --find-max-concurrency. */
export async function findMaximum(
  app: App,
  { json }: Pick<BenchArguments, 'json'>,
  search: SearchArguments,
): Promise<number> {
  const { options } = search;
  const probeRequests = options.numPrompts ?? (await requestsOf(app, options));
  const folder = await openSearchFolder(
    resolve(app.cwd, options.resultDir ?? '.'),
    `max-${search.quantity}-${timestamp(new Date())}`,
  );
  const about = {
    ...{ sweepline: app.version, startedAt: new Date().toISOString() },
    ...{ model: options.model, baseUrl: baseUrlOf(options) },
  };
  warnOfRepeats(app, options, 'probes');
  let ended = 0;
  const context: FindContext = {
    run: (spec, onProgress, signal) =>
      runBenchLoad(app, options, spec, join(spec.output.recordsFile, '..'), { onProgress, signal }),
    ...{ signal: app.signal, logger: app.logger },
    openProbe: (name) => folder.openProbe(name),
    now: () => performance.now() / 1000,
    specOf: (load) => specOf(app, optionsAt(search, load), join(load.folder, POINT_FILES.records)),
    async save(path, probe, probed, soFar) {
      await folder.saveProbe(path, probe, probed, options.model);
      await folder.saveFound(stored(soFar, about));
      ended = soFar.probes.length;
    },
  };
  try {
    const found = await findMax(findOptionsOf(search, probeRequests), context);
    const whole = stored(found, about);
    await folder.saveFound(whole);
    app.terminal.stdout(json ? `${JSON.stringify(whole)}\n` : foundText(found, app.terminal.columns));
    app.logger.info(`probes: ${folder.folder}`);
    app.logger.info(`report: ${join(folder.folder, REPORT_FILE)}`);
    return exitCodeOf(found);
  } catch (error) {
    if (!(error instanceof SweeplineError) || error.code !== 'INTERRUPTED') {
      if (ended > 0) app.logger.info(`finished probes: ${folder.folder}`);
      throw error;
    }
    throw new SweeplineError('INTERRUPTED', error.message, {
      hint: `Finished probes: ${ended}, in ${folder.folder}`,
      cause: error,
    });
  }
}

function findOptionsOf(
  { quantity, objectives, options, precision, probeLimit, searchLimit }: SearchArguments,
  probeRequests: number,
): Parameters<typeof findMax>[0] {
  const first = quantity === 'rate' ? options.requestRate : options.maxConcurrency;
  return {
    ...{ quantity, objectives, precision, probeRequests },
    ...(first !== undefined && first !== Infinity && { first }),
    probeLimitS: probeLimit,
    searchLimitS: searchLimit,
    allowInvalid: options.allowInvalid === true,
  };
}

/** A data set may have fewer prompts than a probe could use. */
async function requestsOf(app: App, options: BenchOptions): Promise<number> {
  const workload = WORKLOADS.find(({ name }) => name === options.datasetName);
  if (workload?.facts === undefined) return PROBE_REQUESTS;
  return Math.min(PROBE_REQUESTS, (await datasetOf(options, app)).numPrompts);
}

/** The options of a bench that sends one load of a search. */
function optionsAt({ options, quantity, objectives }: SearchArguments, load: Load): BenchOptions {
  const { arrival, maxConcurrency: limit, ...others } = options;
  const isRate = quantity === 'rate' && load.value !== Infinity;
  const concurrency = quantity === 'concurrency' ? load.value : limit;
  return {
    ...others,
    ...(isRate && arrival !== undefined && { arrival }),
    requestRate: isRate ? load.value : Infinity,
    ...(concurrency !== undefined && { maxConcurrency: concurrency }),
    numPrompts: load.requests,
    // The answer comes when the server has worked off what the probe before left in its queue.
    numWarmups: Math.max(1, options.numWarmups),
    ...seedsOf(options, load.number),
    ...(options.goodput === undefined && { goodput: objectives[0]?.limits }),
  };
}

function exitCodeOf({ bracket: { holds, fails }, how }: Found): number {
  if (holds !== undefined && fails !== undefined) return EXIT.ok;
  if (how === 'invalid') return EXIT.resultInvalid;
  return how === 'none' ? EXIT.red : EXIT.undecided;
}
