// @ts-check
import { loadMasterConfigs, loadRunnerConfig } from '@sweepline/core/config';
import { fullSweep } from '@sweepline/core/matrix';

/** The least number of jobs per measurement: enough to be long compared with the clock's resolution and noise. */
const LEAST_JOBS = 1_000_000;

/**
 * Full sweeps over entries that were read before.
 * @param {readonly string[]} files
 * @param {string} runnerConfig
 * @param {number} rounds
 */
export async function measureExpansion(files, runnerConfig, rounds) {
  const entries = await loadMasterConfigs(files, process.cwd());
  const runners = await loadRunnerConfig(runnerConfig);
  const expand = () => fullSweep(entries, runners, { stepSize: 2, singleNode: true, multiNode: true }).length;
  const jobs = expand();
  const times = Math.ceil(LEAST_JOBS / jobs);
  const measure = () => {
    const begin = performance.now();
    for (let time = 0; time < times; time += 1) expand();
    return (jobs * times) / ((performance.now() - begin) / 1000);
  };
  measure(); // compiled by the first round, so that the others are alike
  return { jobs: jobs * times, perSecond: Array.from({ length: rounds }, measure) };
}
