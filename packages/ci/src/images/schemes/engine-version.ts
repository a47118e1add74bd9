import { withoutDates } from './dates.js';
import type { TagScheme } from './scheme.js';
import { VERSION, versionOrder } from './version.js';

/** An engine's name, where its version isn't what the tag begins with. */
const ENGINES = 'sglang|vllm|atom|trtllm|tensorrtllm';
const TAG = new RegExp(String.raw`^(v?|(?:.*?[-_])?(?:${ENGINES})[-_]?v?)(${VERSION})((?:[-_].*)?)$`);

/**
 * The version of an engine, first in the tag or after its name: SGLang's `v0.5.8-cu130`, vLLM's `v0.13.0`, TensorRT-LLM's
 * `1.1.0rc2.post2`, ROCm's `v0.5.16-rocm720-mi35x-20260730` and `rocm7.2.0-ubuntu24.04-pytorch2.9-atom0.1.1`. Versions of anything else
 * belong to the flavour.
 */
export const engineVersion: TagScheme = {
  name: 'engine-version',
  read(tag) {
    const [, before, version, after] = TAG.exec(tag) ?? [];
    if (before === undefined || version === undefined || after === undefined) return undefined;
    const { order, isPrerelease } = versionOrder(version);
    const dated = withoutDates(after);
    return { flavour: `${before}<version>${dated.flavour}`, order: [...order, ...dated.order], isPrerelease };
  },
};
