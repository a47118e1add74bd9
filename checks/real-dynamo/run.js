// @ts-check
/**
 * Sweeps real Dynamo, a frontend before mockers, aggregated and with prefill and decode apart, as plugin-dynamo starts it
 * natively with discovery by files.
 *
 *   node checks/real-dynamo/run.js
 *
 * It runs what is in dist, so build first. Without Python or PyPI it says so and ends with 0.
 */
import { prepareEnvironment, Unavailable } from './environment.js';
import { checkSweep } from './sweep.js';

try {
  const problems = await checkSweep(prepareEnvironment());
  for (const problem of problems) console.log(`problem: ${problem}`);
  console.log(problems.length === 0 ? 'all as expected' : `${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
} catch (thrown) {
  if (!(thrown instanceof Unavailable)) throw thrown;
  console.log(`skipped: ${thrown.message}`);
}
