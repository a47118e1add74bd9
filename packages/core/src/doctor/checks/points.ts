import type { PlannedPoint } from '../../plan/plan.js';
import { ifThere, ok, problemsOf, warning, type Check, type Diagnosis } from '../diagnosis.js';

/** Whether the default configs can be planned. */
export const points: Check = {
  name: 'configs',
  async run(context) {
    const workspace = await ifThere(context.workspace());
    const registry = await ifThere(context.registry());
    if (workspace === undefined || registry === undefined) return [];
    if (workspace.config['default-configs'].length === 0) {
      return [warning('no default-configs', 'List configs there, or name them for each command.')];
    }
    const planned = await context.points();
    const able = planned.filter(({ state }) => state === 'planned').length;
    return [ok(`${able} of ${planned.length} points can run`), ...planned.flatMap(problem)];
  },
};

function problem(planned: PlannedPoint): readonly Diagnosis[] {
  if (planned.state === 'failed') return problemsOf(planned.error);
  if (planned.state === 'planned') return [];
  return [
    warning(`${planned.name} is rejected: ${planned.rejection.reason}`, 'Change its entry, or remove it.'),
  ];
}
