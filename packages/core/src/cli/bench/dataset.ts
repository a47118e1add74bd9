import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { SweeplineError } from '../../errors.js';
import type { LoadSpec } from '../../load/spec/spec.js';
import { traceFacts, type TraceFacts } from '../../load/workloads/mooncake.js';
import { promptsIn } from '../../load/workloads/multi-turn.js';
import { DEFAULT_PROMPTS, type DatasetOptions } from './dataset-options.js';

type Prompts = LoadSpec['prompts'];

/** What a data set comes to: its part of the load spec, how many requests, and when a trace had them. */
export interface Dataset extends Pick<TraceFacts, 'timesMs'> {
  readonly prompts: Prompts;
  readonly numPrompts: number;
}

/** @throws {SweeplineError} USAGE; WORKLOAD_INVALID for a trace that can't be read. */
export async function datasetOf(options: DatasetOptions, cwd: string): Promise<Dataset> {
  checkFit(options);
  const prompts = promptsOf(options, cwd);
  const { numPrompts, numConversations } = options;
  if (prompts.kind === 'mooncake') {
    const { count, timesMs } = await traceFacts(prompts, numPrompts);
    return { prompts, numPrompts: count, ...(timesMs && { timesMs }) };
  }
  if (prompts.kind === 'multi-turn' && numConversations !== undefined) {
    return { prompts, numPrompts: promptsIn(prompts, numConversations) };
  }
  return { prompts, numPrompts: numPrompts ?? DEFAULT_PROMPTS };
}

/** Options that only one kind of prompts has. */
const OF_ONE_KIND = {
  useChatTemplate: 'random',
  numConversations: 'multi-turn',
  nextInputLen: 'multi-turn',
  wholeConversations: 'sharegpt',
  sharegptOutputLen: 'sharegpt',
} as const satisfies Partial<Record<keyof DatasetOptions, DatasetOptions['datasetName']>>;

/** An option that would change nothing is a misunderstanding. */
function checkFit(options: DatasetOptions): void {
  for (const [name, kind] of Object.entries(OF_ONE_KIND)) {
    if (options[name as keyof typeof OF_ONE_KIND] === undefined || options.datasetName === kind) continue;
    const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw usage(`${flag} is of --dataset-name ${kind}`);
  }
}

function promptsOf(options: DatasetOptions, cwd: string): Prompts {
  const { datasetName, promptForm: form, seed, randomPrefixLen: prefixLen } = options;
  const shared = { seed, ...bustCacheOf(options) };
  const lengths = { outputLen: options.randomOutputLen, rangeRatio: options.randomRangeRatio };
  switch (datasetName) {
    case 'random':
      return {
        kind: 'random',
        form,
        inputLen: options.randomInputLen,
        ...lengths,
        ...(prefixLen > 0 && { prefixLen }),
        ...(options.useChatTemplate && { useChatTemplate: true }),
        ...shared,
      };
    case 'shared-prefix':
      if (prefixLen === 0) throw usage('shared-prefix needs --random-prefix-len');
      return {
        kind: 'shared-prefix',
        form,
        prefixes: options.numPrefixes,
        prefixLen,
        suffixLen: options.randomInputLen,
        ...lengths,
        ...shared,
      };
    case 'multi-turn':
      return {
        kind: 'multi-turn',
        turns: options.turns,
        firstLen: options.randomInputLen,
        nextLen: options.nextInputLen ?? options.randomInputLen,
        think: options.thinkMs,
        ...lengths,
        ...shared,
      };
    case 'mooncake':
      return {
        kind: 'mooncake',
        form,
        path: pathOf(options, cwd),
        blockTokens: options.blockTokens,
        ...(options.maxTotalTokens !== undefined && { maxTokens: options.maxTotalTokens }),
        ...shared,
      };
    case 'sharegpt':
      return {
        kind: 'sharegpt',
        path: pathOf(options, cwd),
        conversations: options.wholeConversations ?? false,
        think: options.thinkMs,
        minTokens: options.minTokens,
        maxPromptTokens: options.maxPromptTokens,
        maxTotalTokens: options.maxTotalTokens ?? 2048,
        ...(options.sharegptOutputLen !== undefined && { outputLen: options.sharegptOutputLen }),
        ...shared,
      };
  }
}

/** A run that isn't told which it is gets a number that no other one is likely to have. */
function bustCacheOf({ bustCache }: DatasetOptions): { readonly bustCache?: number } {
  if (bustCache === undefined) return {};
  return { bustCache: bustCache === true ? randomInt(2 ** 32) : bustCache };
}

function pathOf({ datasetName, datasetPath }: DatasetOptions, cwd: string): string {
  if (datasetPath !== undefined) return resolve(cwd, datasetPath);
  throw usage(`${datasetName} needs --dataset-path`);
}

function usage(message: string): SweeplineError {
  return new SweeplineError('USAGE', message);
}
