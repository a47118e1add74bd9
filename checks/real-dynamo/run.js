// @ts-check
/**
 * Sweeps real Dynamo: a frontend with mockers, aggregated and with separate prefill and decode, started natively by plugin-dynamo, with
 * discovery by files.
 *
 * node checks/real-dynamo/run.js
 *
 * It runs the code in dist, so build first. Without Python or PyPI it says so and exits with 0.
 */
import { dirname } from 'node:path';
import { installDynamo, Unavailable } from './environment.js';
import { checkSweep } from './sweep.js';

try {
  const { python, env } = installDynamo();
  const path = `${dirname(python)}:${process.env['PATH'] ?? ''}`;
  const problems = await checkSweep({ ...process.env, ...env, PATH: path });
  for (const problem of problems) console.log(`problem: ${problem}`);
  console.log(problems.length === 0 ? 'all as expected' : `${problems.length} problems`);
  process.exitCode = problems.length === 0 ? 0 : 1;
} catch (thrown) {
  if (!(thrown instanceof Unavailable)) throw thrown;
  console.log(`skipped: ${thrown.message}`);
}
