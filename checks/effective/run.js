// @ts-check
/**
 * Plants differences between intended and effective settings into real engines, and reports which of them a sweep finds; on honest runs it
 * must find none.
 *
 * node checks/effective/run.js [--only own|llama-server|vllm]
 *
 * It runs the code in dist, so build first. An engine that isn't available is skipped with the reason.
 */
import { parseArgs } from 'node:util';
import { llamaServerEngine, ownEngine, vllmEngine } from './engines.js';
import { Unavailable } from '../python.js';
import { checkEngine } from './sweep.js';

/** @type {Record<string, () => import('./sweep.js').Engine>} */
const ENGINES = { own: ownEngine, 'llama-server': llamaServerEngine, vllm: vllmEngine };

const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true, default: Object.keys(ENGINES) } },
});

/** @type {string[]} */
const problems = [];
let planted = 0;
let honest = 0;
for (const name of values.only) {
  try {
    const engine = ENGINES[name]?.();
    if (engine === undefined)
      throw new Error(`there is no engine ${name}; engines: ${Object.keys(ENGINES).join(', ')}`);
    planted += engine.plants.flatMap(({ names }) => names).length;
    honest += engine.plants.filter(({ names }) => names.length === 0).length;
    problems.push(...(await checkEngine(engine)));
  } catch (thrown) {
    if (!(thrown instanceof Unavailable)) throw thrown;
    console.log(`${name} skipped: ${thrown.message}`);
  }
}
for (const problem of problems) console.log(`problem: ${problem}`);
console.log(`${planted} settings planted, ${honest} honest runs, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
