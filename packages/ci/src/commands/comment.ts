import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, SweeplineError, z } from '@sweepline/core';
import { createApi } from '../actions/api.js';
import { required } from '../actions/environment.js';
import { inputOf, readEvent } from '../actions/event.js';
import { digestOf } from '../plan/plan.js';
import { REPORT_FOLDER } from '../report/collected.js';
import { MARKER } from '../report/comment-text.js';
import type { Subcommand } from './command.js';

const comments = z.array(
  z.object({
    id: z.number().int(),
    body: z.string().nullish(),
    user: z.object({ type: z.string() }).nullable(),
  }),
);
const PER_PAGE = 100;

/** Writes the comment into the pull request, in place of the one of an earlier sweep. */
export const comment: Subcommand = {
  summary: "write the report into the pull request, in place of an earlier sweep's",
  async run({ root, signal, logger }, _, env) {
    const event = await readEvent(env);
    const number = event.pull_request?.number ?? Number(inputOf(event, 'pull-request') ?? NaN);
    if (!Number.isSafeInteger(number) || number <= 0)
      throw new SweeplineError('USAGE', 'the event names no pull request');
    const body = await readFile(join(root, REPORT_FOLDER, 'comment.md'), 'utf8');
    if (digestOf(body) !== required(env, 'SWEEPLINE_REPORT_DIGEST'))
      throw new SweeplineError('USAGE', 'the report is not the one that was written: it was replaced');
    const api = createApi(env, signal);
    for (let page = 1; ; page += 1) {
      const found = await api.get(`/issues/${number}/comments?per_page=${PER_PAGE}&page=${page}`, comments);
      const own = found.find(
        ({ body: text, user }) => user?.type === 'Bot' && text?.startsWith(MARKER) === true,
      );
      if (own !== undefined) {
        await api.send('PATCH', `/issues/comments/${own.id}`, { body });
        return EXIT.ok;
      }
      if (found.length < PER_PAGE) break;
    }
    await api.send('POST', `/issues/${number}/comments`, { body });
    logger.info(`commented on #${number}`);
    return EXIT.ok;
  },
};
