import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
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

/** An integer as Python's `int()` reads it. */
function int(text: string | undefined): number {
  return /^\s*[+-]?\d+(_\d+)*\s*$/.test(text ?? '') ? Number(text!.replaceAll('_', '')) : NaN;
}

/** The original takes a row's identity from environment variables. */
function identityFrom(env: Env): RowIdentity {
  const fields = {
    hw: env['RUNNER_TYPE'],
    image: env['IMAGE'],
    infmax_model_prefix: env['MODEL_PREFIX'],
    framework: env['FRAMEWORK'],
    precision: env['PRECISION'],
    spec_decoding: env['SPEC_DECODING'],
    disagg: env['DISAGG']?.toLowerCase() === 'true',
    isl: int(env['ISL']),
    osl: int(env['OSL']),
    parallelism: env['IS_MULTINODE']?.toLowerCase() === 'true' ? multiNode(env) : singleNode(env),
  };
  return fields as RowIdentity;
}

function singleNode(env: Env) {
  const { TP, EP_SIZE, DP_ATTENTION } = env;
  return { is_multinode: false, tp: int(TP), ep: int(EP_SIZE), dp_attention: DP_ATTENTION };
}

function multiNode(env: Env) {
  return {
    is_multinode: true,
    prefill_tp: int(env['PREFILL_TP']),
    prefill_ep: int(env['PREFILL_EP']),
    prefill_dp_attention: env['PREFILL_DP_ATTN'],
    prefill_num_workers: int(env['PREFILL_NUM_WORKERS']),
    decode_tp: int(env['DECODE_TP']),
    decode_ep: int(env['DECODE_EP']),
    decode_dp_attention: env['DECODE_DP_ATTN'],
    decode_num_workers: int(env['DECODE_NUM_WORKERS']),
    num_prefill_gpu: int(env['PREFILL_GPUS']),
    num_decode_gpu: int(env['DECODE_GPUS']),
  };
}

const present = existsSync(ROOT);
const cases = present
  ? (json('cases.json') as Case[]).filter(({ version, group }) => version === 'seed' && group === 'result')
  : [];

describeRecorded(ROOT, 'rows as InferenceX makes them', () => {
  const rowOf = ({ caseDir, env }: Case) =>
    aggregate(
      json(`${caseDir}/${env['RESULT_FILENAME']}.json`) as Record<string, unknown>,
      identityFrom(env),
    );

  it.each(cases.filter((one) => one.expect === 'ok'))('$id', (one) => {
    const row = rowOf(one);
    const golden = json(`golden/${one.aggFile}`) as object;
    expect(row).toEqual(golden);
    expect(Object.keys(row)).toEqual(Object.keys(golden));
  });

  it.each(cases.filter((one) => one.expect === 'error'))('$id is refused', (one) => {
    expect(() => rowOf(one)).toThrow(/no row can be made of this result|ENOENT/);
  });
});
