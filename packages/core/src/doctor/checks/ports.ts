import type { PlannedPoint } from '../../plan/plan.js';
import { ifThere, ok, warning, type Check } from '../diagnosis.js';

/** Whether servers can listen on this machine, on the ports that configs fix as well. */
export const ports: Check = {
  name: 'ports',
  async run(context) {
    const free = await context.executor.freePort();
    const planned = (await ifThere(context.points())) ?? [];
    const fixed = [...new Set(planned.flatMap(fixedPorts))];
    const taken: number[] = [];
    for (const port of fixed) if (await context.executor.portInUse(port)) taken.push(port);
    return [
      ok(`servers can listen, for one on port ${free}`),
      ...taken.map((port) =>
        warning(`something listens on port ${port}, which a config fixes`, 'End it, or choose another port.'),
      ),
    ];
  },
};

function fixedPorts(planned: PlannedPoint): readonly number[] {
  if (planned.state !== 'planned' || planned.plan.kind !== 'serve') return [];
  if (planned.runner.launcherName !== 'local') return [];
  return planned.plan.roles.flatMap((role) =>
    role.ports.flatMap(({ fixed }) => (fixed === undefined ? [] : [fixed])),
  );
}
