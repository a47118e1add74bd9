import { EXIT, SweeplineError, z } from '@sweepline/core';
import { createApi } from '../actions/api.js';
import { required, writeOutputs } from '../actions/environment.js';
import { inputOf, readEvent } from '../actions/event.js';
import type { Subcommand } from './command.js';

const pullSchema = z.object({
  state: z.string(),
  draft: z.boolean(),
  head: z.object({ sha: z.string(), repo: z.object({ full_name: z.string() }).nullable() }),
});

/** Says whether the commit that a maintainer has named may run: it has to be a fork's, and still the newest of its pull request. */
export const approve: Subcommand = {
  summary: "check the commit of a fork's pull request that a maintainer has approved",
  async run({ signal, terminal }, _, env) {
    const event = await readEvent(env);
    const [number = '', sha = ''] = [inputOf(event, 'pull-request'), inputOf(event, 'sha')];
    if (!/^[1-9]\d{0,9}$/.test(number)) throw refused(`${number} is no number of a pull request`);
    if (!/^[0-9a-f]{40}$/.test(sha)) throw refused('a commit is approved by its 40 digits');
    const pull = await createApi(env, signal).get(`/pulls/${number}`, pullSchema);
    const from = pull.head.repo?.full_name;
    if (pull.state !== 'open' || pull.draft) throw refused(`#${number} is not open, or is a draft`);
    if (from === undefined) throw refused(`the repository of #${number} is gone`);
    if (from === required(env, 'GITHUB_REPOSITORY'))
      throw refused(`#${number} comes from this repository: it needs no approval`);
    if (pull.head.sha !== sha)
      throw refused(`#${number} is at ${pull.head.sha}, and ${sha} was approved: look at it again`);
    await writeOutputs(env, { sha }, terminal.stdout);
    return EXIT.ok;
  },
};

function refused(why: string): SweeplineError {
  return new SweeplineError('USAGE', `not approved: ${why}`);
}
