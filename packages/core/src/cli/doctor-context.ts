import type { DoctorContext } from '../doctor/diagnosis.js';
import { createLocalExecutor } from '../launch/local-executor.js';
import type { PlannedPoint } from '../plan/plan.js';
import type { App } from './app.js';
import { conditionsOf } from './conditions.js';
import { commandsOfPackages } from './package-commands.js';
import { planSelection } from './planning.js';
import { selectJobs } from './selection.js';

/** What checks of this machine look at; with a runner, of the points only those that it serves. */
export function doctorContext(app: App, runner?: string, configFiles: readonly string[] = []): DoctorContext {
  let points: ReturnType<DoctorContext['points']> | undefined;
  const isServed = (planned: PlannedPoint): boolean =>
    runner === undefined || [planned.runner.label, planned.runner.cluster?.name].includes(runner);
  return {
    nodeVersion: process.versions.node,
    env: app.env,
    executor: createLocalExecutor(),
    signal: app.signal,
    workspace: () => app.workspace(),
    registry: () => app.registry(),
    commands: () => commandsOfPackages(app),
    points: () => (points ??= planned(app, configFiles).then((all) => all.filter(isServed))),
  };
}

async function planned(app: App, configFiles: readonly string[]): Promise<readonly PlannedPoint[]> {
  const selection = await selectJobs(app, configFiles, { stepSize: 2 });
  return (await planSelection(app, selection, conditionsOf({}, app))).points;
}
