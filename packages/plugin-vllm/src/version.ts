import type { Flags, Job } from '@sweepline/core';
import type { VllmOptions } from './options.js';

/** Flags that vLLM has dropped, and the first version without them. */
const REMOVED: Readonly<Record<string, string>> = {
  // vllm-project/vllm pull request 25543. Asked the parsers of 0.10.2, which has it, and of 0.11.1, which doesn't.
  'max-seq-len-to-capture': '0.11.0',
  // Deprecated by vllm-project/vllm pull request 21739; requests are not logged by default since. Asked the parsers of
  // 0.16.0, which has it, and of 0.17.0, which doesn't.
  'disable-log-requests': '0.17.0',
};

/** In `vllm/vllm-openai:v0.13.0`, `vllm/vllm-openai-rocm:v0.14.0` and `rocm/7.0:rocm7.0_ubuntu_22.04_vllm_0.10.1_…`. */
const IN_IMAGE = /vllm(?:-openai(?:-rocm)?)?[:_-]v?(\d+\.\d+\.\d+)/;

/** The engine's version as far as it is known: what the options say, or the image's tag. */
export function engineVersion(job: Job, options: VllmOptions): string | undefined {
  return options['engine-version'] ?? IN_IMAGE.exec(job.image)?.[1];
}

/** Flags without those that the version has dropped, and what people should know of that. An unknown version has them all. */
export function withoutRemoved(
  flags: Flags,
  version: string | undefined,
): { readonly flags: Flags; readonly notes: readonly string[] } {
  if (version === undefined) return { flags, notes: [] };
  const gone = Object.keys(flags).filter((name) => isAtLeast(version, REMOVED[name]));
  return {
    flags: Object.fromEntries(Object.entries(flags).filter(([name]) => !gone.includes(name))),
    notes: gone.map(
      (name) => `--${name} is left out: vLLM ${version} no longer has it (gone in ${REMOVED[name]})`,
    ),
  };
}

function isAtLeast(version: string, removedIn: string | undefined): boolean {
  if (removedIn === undefined) return false;
  const [ours, theirs] = [version, removedIn].map((text) =>
    text.split('.').map((part) => Number.parseInt(part, 10)),
  );
  for (const [index, part] of (theirs ?? []).entries()) {
    const own = ours?.[index] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}
