import { fileURLToPath } from 'node:url';
import { planJobs, type PlannedJob } from '@sweepline/core/testing';

const packageFolder = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

const PACKAGES = {
  '@sweepline/plugin-sglang': packageFolder('plugin-sglang'),
  '@sweepline/hw-nvidia': packageFolder('hw-nvidia'),
  '@sweepline/hw-amd': packageFolder('hw-amd'),
};

/** A cluster that has all that submitting takes. */
const CLUSTERS = `
mi355x-acme:
  sku: mi355x
  runners: [mi355x-disagg]
  launcher: local
  settings:
    sglang-disagg:
      repository: https://example.com/disagg.git
      partition: gpus
      job-name: disagg.job
      time-limit: '08:00:00'
      model-path: /models
`;

/** A plan that could be made, with a client. */
export type Printed = Required<Pick<PlannedJob, 'prepare' | 'processes' | 'client'>> &
  Pick<PlannedJob, 'rejected' | 'warnings'>;

/** What `sweepline plan --json` prints for jobs. */
export async function plans(
  jobs: readonly object[],
  args: readonly string[] = [],
  clusters = CLUSTERS,
): Promise<readonly Printed[]> {
  return (await planJobs(PACKAGES, jobs, args, { 'configs/clusters.yaml': clusters })) as readonly Printed[];
}

export const STRICT = ['--compat', 'strict'];

const COMMON = {
  image: 'lmsysorg/sglang:v0.5.6-cu129-amd64',
  model: 'deepseek-ai/DeepSeek-R1-0528',
  'model-prefix': 'dsr1',
  precision: 'fp8',
  isl: 1024,
  osl: 1024,
  'max-model-len': 2248,
  'spec-decoding': 'none',
  'exp-name': 'dsr1_1k1k',
  disagg: false,
};

/** A job on one node: DeepSeek R1 in FP8 on B200 unless it says otherwise. */
export function job(changes: object = {}): object {
  const size = { tp: 8, ep: 1, 'dp-attn': false, conc: 16 };
  return { ...COMMON, ...size, framework: 'sglang', runner: 'b200', ...changes };
}

const worker = (role: string, nodes: number, changes: object): object => ({
  'num-worker': 1,
  tp: 8,
  ep: 1,
  'dp-attn': false,
  'additional-settings': [`${role}_NODES=${nodes}`],
  ...changes,
});

/** A job of one prefill and two decode workers on MI355X. */
export function disaggJob(changes: object = {}, prefill: object = {}, decode: object = {}): object {
  return {
    ...COMMON,
    image: 'rocm/sgl-dev:sglang-0.5.8-rocm700-mi35x',
    framework: 'sglang-disagg',
    runner: 'mi355x-disagg',
    disagg: true,
    conc: [8, 64],
    prefill: worker('PREFILL', 1, prefill),
    decode: worker('DECODE', 2, { 'num-worker': 2, ...decode }),
    ...changes,
  };
}

/** Flags of a command by name, whichever way they are written; the last of several. */
export function flags(argv: readonly string[]): Readonly<Record<string, string>> {
  const text = argv.map((arg) => (arg.startsWith('--') ? `\n${arg.slice(2).replace('=', ' ')}` : ` ${arg}`));
  return Object.fromEntries(
    text
      .join('')
      .split('\n')
      .slice(1)
      .map((line) => /^(\S+) ?(.*)$/s.exec(line)?.slice(1) as [string, string]),
  );
}
