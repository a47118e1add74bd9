import { imagesOf } from '../../plan/launcher-refusal.js';
import type { PlannedPoint } from '../../plan/plan.js';
import { ifThere, ok, problemsOf, type Check, type Diagnosis, type DoctorContext } from '../diagnosis.js';

/** What the launchers of the default configs have to say of this machine: daemons, images, batch systems, caches. */
export const launchers: Check = {
  name: 'launchers',
  async run(context) {
    const planned = (await ifThere(context.points())) ?? [];
    const labels = [...new Set(planned.map(({ runner }) => runner.label))];
    const found = await Promise.all(
      labels.map((label) =>
        ofRunner(
          planned.filter(({ runner }) => runner.label === label),
          context,
        ),
      ),
    );
    return found.flat();
  },
};

async function ofRunner(
  points: readonly PlannedPoint[],
  { signal }: DoctorContext,
): Promise<readonly Diagnosis[]> {
  const [first] = points;
  if (first === undefined) return [];
  const { label, launcherName, cluster } = first.runner;
  try {
    const { plugin } = first.runner.launcher();
    if (plugin.diagnose === undefined) {
      const isLocal = launcherName === 'local';
      return [
        ok(
          `runner ${label}: launcher ${launcherName}${isLocal ? '' : ', which reports nothing of its tools'}`,
        ),
      ];
    }
    const images = [...new Set(points.flatMap(imagesIn))];
    const options = cluster === undefined ? {} : { options: cluster.options };
    return named(label, await plugin.diagnose({ runner: label, images, ...options }, signal));
  } catch (thrown) {
    return named(label, problemsOf(thrown));
  }
}

function named(label: string, found: readonly Diagnosis[]): readonly Diagnosis[] {
  return found.map((one) => ({ ...one, message: `runner ${label}: ${one.message}` }));
}

function imagesIn(planned: PlannedPoint): readonly string[] {
  return planned.state === 'planned' && planned.plan.kind === 'serve' ? imagesOf(planned.plan.roles) : [];
}
