import { checkModelCache } from '../../launch/fitness/model-cache.js';
import type { PlannedPoint } from '../../plan/plan.js';
import { cacheFolder } from '../../tokenizer/hugging-face-cache.js';
import { ifThere, ok, problemsOf, type Check, type Diagnosis, type DoctorContext } from '../diagnosis.js';

/** The models that servers on this machine take from Hugging Face's cache: there, whole, or to be downloaded. */
export const models: Check = {
  name: 'models',
  async run(context) {
    const planned = (await ifThere(context.points())) ?? [];
    const names = [...new Set(planned.flatMap(modelOf))];
    return Promise.all(names.map((model) => look(model, context)));
  },
};

/** `org/name`: others are paths, or names that an engine knows. */
function modelOf({ state, point: { job }, runner }: PlannedPoint): readonly string[] {
  const isHere = state === 'planned' && runner.launcherName === 'local';
  return isHere && /^[\w.-]+\/[\w.-]+$/.test(job.model) ? [job.model] : [];
}

async function look(model: string, { env, executor, signal }: DoctorContext): Promise<Diagnosis> {
  const folder = cacheFolder(env);
  try {
    const found = await checkModelCache(executor, { folder, model, downloads: false }, signal);
    if (found.state === 'complete') return ok(`${model} is in ${folder}, revision ${found.revision}`);
    const what = found.state === 'absent' ? 'is not there and will be downloaded' : 'can not be looked at';
    return ok(`${model} ${what}: ${folder}`);
  } catch (thrown) {
    return problemsOf(thrown)[0]!;
  }
}
