import { EXIT } from '@sweepline/core';
import { createApi } from '../actions/api.js';
import { writeOutputs } from '../actions/environment.js';
import { inputOf, readEvent } from '../actions/event.js';
import { earlierRuns } from '../actions/earlier-runs.js';
import type { Subcommand } from './command.js';

/** Says which earlier runs of the workflow this one reads from. All that GitHub is asked is asked here. */
export const source: Subcommand = {
  summary: 'find the runs whose history, plan or results this run may read',
  async run({ terminal, logger, signal }, _, env) {
    const event = await readEvent(env);
    const runs = earlierRuns(createApi(env, signal), env, event);
    const history = await runs.history();
    const continues = inputOf(event, 'continues');
    const reuse = event.name === 'push' ? await runs.ofMergedPullRequest() : undefined;
    if (typeof reuse === 'string') logger.info(`no results are taken from a pull request: ${reuse}`);
    const outputs = {
      ...{ history: String(history.id ?? ''), swept: history.swept ?? '' },
      continues: continues === undefined ? '' : String(await runs.toContinue(continues)),
      reuse: typeof reuse === 'object' ? String(reuse.id) : '',
      'reuse-url': typeof reuse === 'object' ? reuse.url : '',
    };
    await writeOutputs(env, outputs, terminal.stdout);
    return EXIT.ok;
  },
};
