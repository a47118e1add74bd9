import type { PlannedPoint } from '../../plan/plan.js';
import { ifThere, ok, warning, type Check } from '../diagnosis.js';

/** Whether servers can listen on this machine, including the ports that configs fix. */
export const ports: Check = {
  name: 'ports',
  async run(context) {
    const free = await context.executor.freePort();
    const planned = (await ifThere(context.points())) ?? [];
    const fixed = [...new Set(planned.flatMap(fixedPorts))];
    const taken: number[] = [];
    for (const port of fixed) if (await context.executor.portInUse(port)) taken.push(port);
    return [
      ok(`servers can listen, for example on port ${free}`),
      ...taken.map((port) =>
        warning(
          `port ${port}, which a config fixes, is in use`,
          'Stop the program that uses it, or choose another port.',
        ),
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
