import { messageOf } from '../errors.js';
import { note, type Mark } from '../metrics/marks/mark.js';
import { differencesOf, settingsMarks } from '../metrics/marks/settings.js';
import type { Job } from '../matrix/job.js';
import type { FrameworkPlugin } from '../plugin/framework.js';
import type { ServePlan } from '../plugin/launch-plan.js';
import {
  answerOf,
  jsonObject,
  type EffectiveSetting,
  type EngineOutput,
  type IntendedSetting,
} from '../plugin/settings.js';
import type { Measurement } from './measurement.js';

/** Where servers of OpenAI's API list what they serve. */
export const MODELS_PATH = '/v1/models';
/** The model's name in requests, as the server lists it. */
const SERVED_MODEL = 'served-model';
/** Other models that are named, and characters of each. */
const MOST_MODELS = 8;
const LONGEST_MODEL = 200;

/** What a plan asks of an engine, what the engine says it runs with, and what of the two doesn't agree. */
export interface EngineClaims {
  readonly marks: readonly Mark[];
  /** By name, and by role before that where roles have settings of their own. */
  readonly intended?: Readonly<Record<string, string>>;
  readonly engine?: Readonly<Record<string, string>>;
}

/** What was planned, held against what the engine says; nothing of a point that was never planned. */
export function claimsOf({ planned, logs, answers }: Measurement): EngineClaims {
  if (planned.state !== 'planned' || planned.plan.kind !== 'serve') return { marks: [] };
  const readable = logs.flatMap(({ text, ...log }) => (text === undefined ? [] : [{ ...log, text }]));
  const said = { logs: readable, http: answers };
  return engineClaims(planned.framework.plugin, planned.plan, planned.point.job, said);
}

/** Paths of the endpoint that are asked for what `effective` and the check of the model read. */
export function pathsToAsk({ answers = [] }: FrameworkPlugin): readonly string[] {
  return [...new Set([MODELS_PATH, ...answers])];
}

/** Holds what was planned against what the engine says. A plugin that stumbles over a log must not cost the result. */
export function engineClaims(
  plugin: FrameworkPlugin,
  plan: ServePlan,
  job: Job,
  said: EngineOutput,
): EngineClaims {
  const intended = attempt('intended', () => plugin.intended?.(plan, job) ?? []);
  const effective = attempt('effective', () => plugin.effective?.(said) ?? []);
  const model = plan.client.model;
  const wanted = [...intended.settings, { name: SERVED_MODEL, value: model }];
  const found = [...effective.settings, ...servedModel(said, model)];
  return {
    marks: [
      ...settingsMarks(differencesOf(wanted, found)),
      ...(plugin.effective === undefined ? [] : silence(intended.settings, effective)),
      ...intended.marks,
      ...effective.marks,
    ],
    ...(intended.settings.length === 0 ? {} : { intended: flat(intended.settings) }),
    ...(found.length === 0 ? {} : { engine: flat(found) }),
  };
}

/** Settings as text: what untyped plugins give may be anything. */
function attempt<T extends IntendedSetting | EffectiveSetting>(member: string, call: () => readonly T[]) {
  try {
    return { settings: call().map((setting) => ({ ...setting, value: textOf(setting.value) })), marks: [] };
  } catch (thrown) {
    const message = `settings were not compared: ${member} of the framework's plugin threw: ${messageOf(thrown)}`;
    return { settings: [], marks: [note('settings-unchecked', message)] };
  }
}

/** An engine that says nothing of what its plan asks for is not one that agrees: newer versions print otherwise. */
function silence(
  wanted: readonly IntendedSetting[],
  { settings, marks }: { readonly settings: readonly EffectiveSetting[]; readonly marks: readonly Mark[] },
): readonly Mark[] {
  const names = new Set(settings.map(({ name }) => name));
  if (wanted.length === 0 || marks.length > 0 || wanted.some(({ name }) => names.has(name))) return [];
  const message =
    `the engine says nothing of the ${wanted.length} settings that its plan asks for, so that none was compared: ` +
    'its logs are turned off, or its version prints them otherwise';
  return [note('settings-unchecked', message)];
}

/** All objects are the same to String(). */
function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

/** What each list of models says, before the load and after it: a server may have changed its model. */
function servedModel({ http }: EngineOutput, model: string): readonly EffectiveSetting[] {
  return http.flatMap((answer) => modelIn(answerOf([answer], MODELS_PATH), model));
}

/** The name itself where it is among those that the server lists, otherwise those. Nothing where there is no such list. */
function modelIn(body: string | undefined, model: string): readonly EffectiveSetting[] {
  const { data } = jsonObject(body);
  const names = (Array.isArray(data) ? data : []).flatMap((entry: unknown) => {
    const { id } = (entry ?? {}) as { readonly id?: unknown };
    return typeof id === 'string' ? [id] : [];
  });
  if (names.length === 0) return [];
  return [{ name: SERVED_MODEL, value: names.includes(model) ? model : listed(names), from: MODELS_PATH }];
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_MODELS).map((name) => name.slice(0, LONGEST_MODEL));
  const more = names.length - shown.length;
  return `${shown.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}

/** Replicas that don't agree have all their values. */
function flat(settings: readonly (IntendedSetting | EffectiveSetting)[]): Readonly<Record<string, string>> {
  const values = new Map<string, Set<string>>();
  const roles = new Set(settings.flatMap(({ role }) => role ?? []));
  for (const { name, value, role } of settings) {
    const key = role === undefined || roles.size === 1 ? name : `${role}.${name}`;
    values.set(key, (values.get(key) ?? new Set()).add(value));
  }
  return Object.fromEntries([...values].map(([key, all]) => [key, [...all].join(' | ')]));
}
