import { type MultiNodeJob, type Sku } from '@sweepline/core';

/** One of InferenceX's scripts that pass a job to an external repository. */
export interface Script {
  readonly source: string;
  /** Commit of the external repository. */
  readonly commit: string;
  /** The model's folder, by which the external script selects its settings. */
  readonly modelName: string;
  /** Whether it always enables expert parallelism, even of size 1. */
  readonly alwaysExperts: boolean;
}

/** By model prefix and precision; all are for MI355X. */
const SCRIPTS: Readonly<Record<string, Script>> = {
  'dsr1 fp8': {
    source: 'InferenceX benchmarks/dsr1_fp8_mi355x_sglang-disagg.sh at 7ee5be7',
    commit: '14606ff7c8a91bad1df816bb92a1d595b05ac541',
    modelName: 'DeepSeek-R1',
    alwaysExperts: false,
  },
  'dsr1 fp4': {
    source: 'InferenceX benchmarks/dsr1_fp4_mi355x_sglang-disagg.sh at 7ee5be7',
    commit: '21c60a1f979f78e0459913bc37dd88a19344cea8',
    modelName: 'DeepSeek-R1-0528-MXFP4-Preview',
    alwaysExperts: true,
  },
};

export function scriptFor(job: MultiNodeJob, sku: Sku): Script | undefined {
  return sku.name === 'mi355x' ? SCRIPTS[`${job['model-prefix']} ${job.precision}`] : undefined;
}
