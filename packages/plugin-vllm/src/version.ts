import type { Flags, Job } from '@sweepline/core';
import type { VllmOptions } from './options.js';

/** A flag that vLLM has dropped, and the first version without it. */
interface RemovedFlag {
  readonly flag: string;
  readonly removedIn: string;
  readonly source: string;
}

const REMOVED: readonly RemovedFlag[] = [
  {
    flag: 'disable-log-requests',
    removedIn: '0.17.0',
    // Announced for 0.12.0, which still has it. Requests are not logged by default since 0.10.1, pull request 21739.
    source:
      'vllm-project/vllm/engine/arg_utils.py of 0.16.0 has it, that of 0.17.0 does not; llm-d/llm-d-benchmark pull request 781',
  },
  {
    flag: 'max-seq-len-to-capture',
    removedIn: '0.11.0',
    source:
      'vllm-project/vllm pull request 25543; vllm/engine/arg_utils.py of 0.10.2 has it, that of 0.11.0 does not',
  },
];

/** A version without any of these flags. */
export const NEWEST = '999.0.0';

/** In `vllm/vllm-openai:v0.13.0`, `vllm/vllm-openai-rocm:v0.14.0` and `rocm/7.0:rocm7.0_ubuntu_22.04_vllm_0.10.1_…`. */
const IN_IMAGE = /vllm(?:-openai(?:-rocm)?)?[:_-]v?(\d+\.\d+\.\d+)/;

/** The engine's version if known: from the options, or from the image's tag. */
export function engineVersion(job: Job, options: VllmOptions): string | undefined {
  return options['engine-version'] ?? IN_IMAGE.exec(job.image)?.[1];
}

/** Flags without those that the version has dropped, and notes about them. An unknown version gets all flags. */
export function withoutRemoved(
  flags: Flags,
  version: string | undefined,
): { readonly flags: Flags; readonly notes: readonly string[] } {
  if (version === undefined) return { flags, notes: [] };
  const gone = REMOVED.filter(({ flag, removedIn }) => flag in flags && isAtLeast(version, removedIn));
  return {
    flags: Object.fromEntries(
      Object.entries(flags).filter(([name]) => !gone.some(({ flag }) => flag === name)),
    ),
    notes: gone.map(
      ({ flag, removedIn }) =>
        `--${flag} is left out: vLLM ${version} no longer has it (gone in ${removedIn})`,
    ),
  };
}

function isAtLeast(version: string, removedIn: string): boolean {
  const [ours, theirs] = [version, removedIn].map((text) =>
    text.split('.').map((part) => Number.parseInt(part, 10)),
  );
  for (const [index, part] of (theirs ?? []).entries()) {
    const own = ours?.[index] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}
