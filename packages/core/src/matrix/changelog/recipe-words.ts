import { isMultiNode, type Job } from '../job.js';
import { recipeOf } from './row.js';

/** A recipe in words, with what distinguishes recipes for people. */
export function nameOf(job: Job): string {
  const layout = isMultiNode(job)
    ? (['prefill', 'decode'] as const).map(
        (role) => `${role} ${job[role]['num-worker']} × tp ${job[role].tp}`,
      )
    : [`tp ${job.tp}`, `ep ${job.ep}`];
  return `${job['exp-name']} on ${job.runner} (${layout.join(', ')})`;
}

/** What happened to a recipe that is gone: how it differs from the nearest existing one, if they are similar. */
export function lossOf(gone: Job, there: readonly Job[]): string {
  const [nearest] = there
    .map((other) => differences(gone, other))
    .sort((one, other) => one.length - other.length);
  if (nearest === undefined || nearest.length > NEAR) return `removes the recipe ${nameOf(gone)}`;
  return `changes ${nearest.join(' and ')} in the recipe ${nameOf(gone)}`;
}

/** Number of fields in which a recipe may differ from another and still count as the same one, changed. */
const NEAR = 2;

function differences(before: Job, after: Job): readonly string[] {
  const [old, now] = [fieldsOf(before), fieldsOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((field) => old.get(field) !== now.get(field))
    .map((field) => `${field} from ${old.get(field) ?? 'nothing'} to ${now.get(field) ?? 'nothing'}`);
}

function fieldsOf(job: Job): ReadonlyMap<string, string> {
  const recipe = JSON.parse(recipeOf(job)) as Readonly<Record<string, unknown>>;
  return new Map(Object.entries(recipe).map(([field, value]) => [field, JSON.stringify(value)]));
}
