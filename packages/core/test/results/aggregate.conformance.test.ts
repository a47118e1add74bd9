import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aggregate, type RowIdentity } from '../../src/results/aggregate.js';
import { describeRecorded, recordings } from '../recordings.js';

const ROOT = recordings('results');

type Env = Readonly<Record<string, string | undefined>>;

interface Case {
  readonly id: string;
  readonly version: string;
  readonly group: string;
  readonly caseDir: string;
  readonly env: Env;
  readonly expect: 'ok' | 'error';
  readonly aggFile?: string;
}

const json = (path: string): unknown => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));

/** An integer as Python's `int()` parses it. */
function int(text: string | undefined): number {
  return /^\s*[+-]?\d+(_\d+)*\s*$/.test(text ?? '') ? Number(text!.replaceAll('_', '')) : NaN;
}

/** The versions with recorded rows; their keys differ. */
type Version = 'seed' | 'upstream';

/** The original takes a row's identity from environment variables. */
function identityFrom(env: Env, version: Version): RowIdentity {
  const isAugust = version === 'upstream';
  const fields = {
    hw: env['RUNNER_TYPE'],
    image: env['IMAGE'],
    infmax_model_prefix: env['MODEL_PREFIX'],
    framework: env['FRAMEWORK'],
    precision: env['PRECISION'],
    spec_decoding: env['SPEC_DECODING'],
    disagg: env['DISAGG']?.toLowerCase() === 'true',
    ...(isAugust ? { recipe_fingerprint: env['RECIPE_FINGERPRINT'] ?? '' } : {}),
    isl: int(env['ISL']),
    osl: int(env['OSL']),
    ...routerFrom(env['ROUTER_METADATA']),
    ...(env['KV_P2P_TRANSFER'] ? { kv_p2p_transfer: env['KV_P2P_TRANSFER'] } : {}),
    parallelism:
      env['IS_MULTINODE']?.toLowerCase() === 'true' ? multiNode(env, isAugust) : singleNode(env, isAugust),
  };
  return fields as RowIdentity;
}

function routerFrom(metadata = ''): object {
  return metadata === '' || metadata === 'null' ? {} : { router: JSON.parse(metadata) as unknown };
}

/** Sizes that August's rows add: 1 if the environment has none. */
function furtherSizes(env: Env, isAugust: boolean, of = '') {
  if (!isAugust) return {};
  const size = (name: string): number => int(env[`${of}${name}`] ?? '1');
  const key = of.toLowerCase();
  return {
    [`${key}pp`]: size('PP_SIZE'),
    [`${key}dcp_size`]: size('DCP_SIZE'),
    [`${key}pcp_size`]: size('PCP_SIZE'),
  };
}

function singleNode(env: Env, isAugust: boolean) {
  const { TP, EP_SIZE, DP_ATTENTION } = env;
  return {
    is_multinode: false,
    tp: int(TP),
    ...furtherSizes(env, isAugust),
    ep: int(EP_SIZE),
    dp_attention: DP_ATTENTION,
  };
}

function multiNode(env: Env, isAugust: boolean) {
  return {
    is_multinode: true,
    prefill_tp: int(env['PREFILL_TP']),
    ...furtherSizes(env, isAugust, 'PREFILL_'),
    prefill_ep: int(env['PREFILL_EP']),
    prefill_dp_attention: env['PREFILL_DP_ATTN'],
    prefill_num_workers: int(env['PREFILL_NUM_WORKERS']),
    decode_tp: int(env['DECODE_TP']),
    ...furtherSizes(env, isAugust, 'DECODE_'),
    decode_ep: int(env['DECODE_EP']),
    decode_dp_attention: env['DECODE_DP_ATTN'],
    decode_num_workers: int(env['DECODE_NUM_WORKERS']),
    num_prefill_gpu: int(env['PREFILL_GPUS']),
    num_decode_gpu: int(env['DECODE_GPUS']),
    ...(env['PREFILL_HARDWARE'] ? { prefill_hw: env['PREFILL_HARDWARE'] } : {}),
    ...(env['DECODE_HARDWARE'] ? { decode_hw: env['DECODE_HARDWARE'] } : {}),
  };
}

const present = existsSync(ROOT);
const recorded = present ? (json('cases.json') as Case[]).filter(({ group }) => group === 'result') : [];
const hasInput = ({ caseDir }: Case): boolean => existsSync(join(ROOT, caseDir));

/** August's rows say what power was measured; Sweepline measures none, and says nothing of it. */
function withoutPower(row: object): object {
  return Object.fromEntries(Object.entries(row).filter(([key]) => !key.startsWith('power_')));
}

describe.each([
  ['February', 'seed'],
  ['August', 'upstream'],
] as const)('in %s', (_, version) => {
  const cases = recorded.filter((one) => one.version === version);

  describeRecorded(ROOT, 'rows as InferenceX makes them', () => {
    const rowOf = ({ caseDir, env }: Case) =>
      aggregate(
        json(`${caseDir}/${env['RESULT_FILENAME']}.json`) as Record<string, unknown>,
        identityFrom(env, version),
      );

    it('have their inputs', () => {
      expect(cases.length).toBeGreaterThan(0);
      expect(cases.filter((one) => !hasInput(one)).map(({ id }) => id)).toEqual([]);
    });

    it.each(cases.filter((one) => one.expect === 'ok'))('$id', (one) => {
      const row = rowOf(one);
      const golden = withoutPower(json(`golden/${one.aggFile}`) as object);
      expect(row).toEqual(golden);
      expect(Object.keys(row)).toEqual(Object.keys(golden));
    });

    it.each(cases.filter((one) => one.expect === 'error'))('$id is refused', (one) => {
      expect(() => rowOf(one)).toThrow(/this result can't be converted to a row|ENOENT|JSON/);
    });
  });
});
