// @ts-check
/** For how many points of the shipped configs plans are equal, so that they may share a server: `node checks/reuse/count.js`. */
import { join } from 'node:path';
import { createApp } from '../../packages/core/dist/cli/container.js';
import { planSelection } from '../../packages/core/dist/cli/planning.js';
import { selectJobs } from '../../packages/core/dist/cli/selection.js';
import { silentLogger } from '../../packages/core/dist/logger.js';
import { curveOf } from '../../packages/core/dist/matrix/curve.js';
import { sessionsOf } from '../../packages/core/dist/plan/sessions.js';

const ROOT = join(import.meta.dirname, '../..');
const app = createApp({
  ...{ cwd: ROOT, args: [], env: process.env, execPath: process.execPath, logger: silentLogger },
  terminal: { stdout: () => {}, stderr: () => {}, interactive: false, columns: 80, statusColumns: 80 },
  signal: new AbortController().signal,
});
for (const configs of [['configs/nvidia'], ['configs/amd'], ['configs/local.yaml']]) {
  const selection = await selectJobs(app, configs, { stepSize: 2 });
  const { points } = await planSelection(app, selection, { strict: false, env: {} });
  const served = points.filter((planned) => planned.state === 'planned' && planned.plan.kind === 'serve');
  const sessions = sessionsOf(served, { reuse: true });
  const curves = new Map();
  for (const session of sessions) {
    for (const { point } of session)
      curves.set(curveOf(point), curves.get(curveOf(point)) || session.length > 1);
  }
  const whole = sessions.filter((session) => new Set(session.map(({ point }) => curveOf(point))).size === 1);
  const shared = [...curves.values()].filter(Boolean).length;
  console.log(
    `${configs.join(' ')}: ${served.length} points with a server of ${points.length}, ${sessions.length} servers if reused; ` +
      `${shared} of ${curves.size} curves share some, ${whole.filter((session) => session.length > 1).length} servers within one curve`,
  );
}
