import { parse } from 'yaml';
import { isDeepStrictEqual } from 'node:util';
import { meaningOf } from './arguments.js';
import type { Plan } from './plans.js';
import type { Command, Row } from './recordings.js';

/** One difference, identified by name: `flag --x: planned …, recorded …`. */
export type Difference = string;

/** Differences between a plan and what the original did for its job; empty if there are none. */
export function differences(plan: Plan, row: Row): readonly Difference[] {
  const { server, client } = row;
  if (server === undefined || server === null) return refusalDifferences(plan, row);
  if (plan.rejected !== undefined) return [`rejected: ${plan.rejected.reason}`];
  const [process, ...others] = plan.processes ?? [];
  if (process === undefined || others.length > 0) return [`${others.length + 1} processes`];
  return [
    ...byName('flag --', meaningOf(process.argv), meaningOf(server.argv)),
    ...byName('env ', process.env, server.env),
    ...byName('file ', parsed(process.files), parsed(row.files)),
    ...(client === undefined || client === null
      ? []
      : byName('client ', clientOf(plan), recordedClient(client))),
    ...(row.pre === undefined ? [] : byName('prepare ', prepared(plan.prepare ?? []), prepared(row.pre))),
  ];
}

function refusalDifferences({ rejected }: Plan, { exit, error = '' }: Row): readonly Difference[] {
  if (rejected === undefined) return [`planned, and the original refused it with ${exit}: ${error}`];
  return rejected.reason.includes(error) ? [] : [`reason: planned ${rejected.reason}, recorded ${error}`];
}

/** Differences between two records, by key; nested ones by path. */
export function byName(prefix: string, planned: object, recorded: object): readonly Difference[] {
  const [one, other] = [new Map(Object.entries(planned)), new Map(Object.entries(recorded))];
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((name) => {
    const [mine, theirs] = [one.get(name) as unknown, other.get(name) as unknown];
    if (isDeepStrictEqual(mine, theirs)) return [];
    if (isRecord(mine) && isRecord(theirs)) return byName(`${prefix}${name}: `, mine, theirs);
    return [`${prefix}${name}: planned ${shown(mine)}, recorded ${shown(theirs)}`];
  });
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

/** Config files by content, not by text. */
export function parsed(files: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [
      path,
      /\.ya?ml$/.test(path) ? (parse(text) as unknown) : text,
    ]),
  );
}

function clientOf({ client = {}, endpoint }: Plan): object {
  return { ...client, port: new URL(endpoint?.baseUrl.replace(/\{[^}]*\}/, 'host') ?? 'http://none').port };
}

/** The client's settings under the names that plans use. */
function recordedClient({ argv }: Command): object {
  const flags = meaningOf(argv);
  const value = (name: string): string => flags[name]?.[0] ?? '';
  const number = (name: string): number => Number(flags[name]?.[0]);
  return {
    backend: value('backend'),
    numPrompts: number('num-prompts'),
    numWarmups: number('num-warmups'),
    concurrency: number('max-concurrency'),
    inputLen: number('random-input-len'),
    outputLen: number('random-output-len'),
    rangeRatio: number('random-range-ratio'),
    ignoreEos: 'ignore-eos' in flags,
    chatTemplate: 'use-chat-template' in flags,
    port: new URL(value('base-url')).port,
  };
}

/** Commands of Sweepline alone: it inspects nodes and installs what it needs. */
const OWN_BUSINESS = new Set(['nvidia-smi', 'rocm-smi', 'ps', 'pip', 'pip3', 'sleep']);

function prepared(commands: readonly Command[]): Readonly<Record<string, string>> {
  const own = commands.filter(({ argv }) => !OWN_BUSINESS.has(argv[0] ?? ''));
  return Object.fromEntries(own.map(({ argv }) => [argv.join(' '), 'is run']));
}

/** A report for people: how many rows differ, with the first differences of the first few rows. */
export function report(
  found: readonly (readonly [label: string, differences: readonly Difference[]])[],
): string {
  const bad = found.filter(([, list]) => list.length > 0);
  if (bad.length === 0) return '';
  const shownRows = bad.slice(0, 5).map(
    ([label, list]) =>
      `  ${label}\n${list
        .slice(0, 8)
        .map((one) => `    ${one}`)
        .join('\n')}`,
  );
  return [`${bad.length} of ${found.length} differ:`, ...shownRows].join('\n');
}

export function labelOf({ id, job, variant, script }: Row): string {
  const { tp, ep, conc, isl, osl } = job;
  const dp = job['dp-attn'];
  const point = `tp ${String(tp)} ep ${String(ep)} dp-attn ${String(dp)} conc ${String(conc)} ${String(isl)}/${String(osl)}`;
  return [`${id ?? 'probe'}`, script, point, variant].filter((part) => part !== undefined).join(' ');
}
