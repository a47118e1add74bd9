import { number, object, text } from '@sweepline/store/json';
import { listOf, textsOf } from './json-values.js';

/** A process of a plan. */
export interface LaunchedProcess {
  readonly role: string | undefined;
  /** Number of its node, from 0. */
  readonly node: number | undefined;
  readonly devices: readonly number[];
  readonly image: string | undefined;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
}

export interface Launched {
  readonly image: string | undefined;
  /** Run to their end first: downloads, conversions. */
  readonly prepare: readonly LaunchedProcess[];
  readonly processes: readonly LaunchedProcess[];
}

/** What was launched, of a plan.json. */
export function launchedOf(plan: unknown): Launched {
  const { image, prepare, processes } = object(plan);
  return {
    image: text(image),
    prepare: listOf(prepare).map(processOf),
    processes: listOf(processes).map(processOf),
  };
}

function processOf(value: unknown): LaunchedProcess {
  const { role, node, devices, container, image, argv, env, files } = object(value);
  return {
    role: text(role),
    node: number(node),
    devices: listOf(devices).flatMap((device) => number(device) ?? []),
    image: text(image) ?? text(object(container)['image']),
    argv: listOf(argv).flatMap((argument) => text(argument) ?? []),
    env: textsOf(env),
    files: textsOf(files),
  };
}
