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
    const asked = inputOf(event, 'continues');
    const continues = asked === undefined ? undefined : await runs.toContinue(asked);
    const { id, swept = '' } = await runs.history();
    const reuse = event.name === 'push' ? await runs.ofMergedPullRequest() : undefined;
    if (typeof reuse === 'string') logger.info(`no results are taken from a pull request: ${reuse}`);
    const outputs = {
      // What goes on with a run has that one's results in its history.
      ...{ history: String(continues ?? id ?? ''), continues: String(continues ?? ''), swept },
      reuse: typeof reuse === 'object' ? String(reuse.id) : '',
      'reuse-url': typeof reuse === 'object' ? reuse.url : '',
    };
    await writeOutputs(env, outputs, terminal.stdout);
    return EXIT.ok;
  },
};
