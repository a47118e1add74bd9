import { join } from 'node:path';
import { EXIT } from '@sweepline/core';
import { required, writeOutputs, writeSummary } from '../actions/environment.js';
import { restRows, rowOutputs } from '../plan/matrices.js';
import { canaryStates, partsIn } from '../plan/parts.js';
import { PLAN_FOLDER, readPlan } from '../plan/plan.js';
import { canariesText } from '../report/setup-text.js';
import type { Subcommand } from './command.js';

/** Where jobs find the artifacts of the matrix. */
export const PARTS = 'parts';

/** After the canaries: the matrices of all other points, without the configs whose canary has failed. */
export const select: Subcommand = {
  summary: 'write the matrices of the configs whose canary has passed',
  async run({ root, runs, terminal }, _, env) {
    const plan = await readPlan(join(root, PLAN_FOLDER), required(env, 'SWEEPLINE_PLAN_DIGEST'));
    const parts = await partsIn(join(root, PARTS));
    const states = await canaryStates(plan, parts, runs);
    const passed = plan.configs.filter(({ id }) => states.get(id) === 'passed');
    await writeSummary(env, canariesText(plan, states, parts.refused));
    await writeOutputs(env, rowOutputs(restRows(passed)), terminal.stdout);
    return EXIT.ok;
  },
};
