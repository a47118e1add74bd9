import { Command } from 'commander';
import { createAsker } from '../../bench/asker.js';
import { accessOf } from '../../bench/headers.js';
import type { BenchArguments } from '../../bench/options.js';
import { pointsOf } from '../../bench/points.js';
import { waitUntilReady } from '../../bench/ready.js';
import { checkResultFile, savesResult } from '../../bench/result.js';
import { firstModel } from '../../bench/server-model.js';
import { baseUrlOf } from '../../bench/spec.js';
import { onOneLine } from '../../printable.js';
import type { App } from '../app.js';
import { checkArguments } from '../argparse.js';
import { findMaximum } from '../bench/find-max.js';
import { searchOf } from '../bench/find-options.js';
import { addBenchOptions } from '../bench/options.js';
import { runOne } from '../bench/run-one.js';
import { runSeveral } from '../bench/run-several.js';
import { exitWith } from '../exit.js';
import { examples } from '../help.js';

export function benchCommand(app: App): Command {
  const command = new Command('bench');
  return addBenchOptions(command)
    .addHelpText(
      'after',
      examples(
        'sweepline bench --base-url http://127.0.0.1:8000 --model M --random-input-len 128 --random-output-len 32 \\',
        '  --max-concurrency 4 --num-prompts 40 --save-result --result-dir D --result-filename F.json',
        'sweepline bench --model M --max-concurrency 1,2,4,8 --duration 60',
        'sweepline bench --model M --find-max-rate --slo ttft:500,tpot:50',
        'sweepline bench --model M --dataset-name mooncake --dataset-path trace.jsonl --replay-speed 2',
      ),
    )
    .addHelpText('after', '\nA key in the environment variable OPENAI_API_KEY is sent as a bearer token.')
    .action(async (args: BenchArguments) => {
      checkArguments(command, app.args);
      exitWith(await runBench(app, args));
    });
}

async function runBench(app: App, args: BenchArguments): Promise<number> {
  const { logger, signal } = app;
  await checkFiles(app, args);
  const asker = createAsker(baseUrlOf(args), accessOf(args, app.env), args);
  if (args.insecure && asker.baseUrl.startsWith('https:'))
    logger.warn('--insecure: any certificate is accepted, also that of an attacker in between');
  if (args.readyCheckTimeoutSec > 0)
    await waitUntilReady({ asker, logger, signal }, args.readyCheckTimeoutSec);
  const model = args.model ?? (await firstModel(asker, signal));
  if (args.model === undefined)
    logger.info(`model: ${onOneLine(model)}, the first one that the server lists`);
  const points = pointsOf(args, model);
  const search = searchOf(args, points);
  if (search !== undefined) return findMaximum(app, args, search);
  const [first] = points;
  return first !== undefined && points.length === 1 && args.resultsDir === undefined
    ? runOne(app, args, first)
    : runSeveral(app, args, points);
}

/** Checked before hours of measuring, not after. */
async function checkFiles(app: App, args: BenchArguments): Promise<void> {
  if (savesResult(args)) await checkResultFile(app, args);
}
