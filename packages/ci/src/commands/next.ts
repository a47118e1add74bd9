import { EXIT } from '@sweepline/core';
import { createApi } from '../actions/api.js';
import { required } from '../actions/environment.js';
import { readEvent } from '../actions/event.js';
import type { Subcommand } from './command.js';

/** Starts the run that measures what this one has left. */
export const next: Subcommand = {
  summary: 'start the run that goes on with what this one has left for later',
  async run({ signal, logger }, _, env) {
    const run = required(env, 'GITHUB_RUN_ID');
    const branch = (await readEvent(env)).repository?.default_branch ?? 'main';
    const body = { ref: branch, inputs: { continues: run, ref: required(env, 'SWEEPLINE_REF') } };
    await createApi(env, signal).send('POST', '/actions/workflows/nightly.yml/dispatches', body);
    logger.info(`what is left of run ${run} goes on in a run of its own`);
    return EXIT.ok;
  },
};
