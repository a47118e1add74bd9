import { findLines } from '../find-lines.js';
import type { AuditFile, AuditRule } from '../rule.js';

/** Where images have their engines. */
const ENGINE_PATH = String.raw`(?:(?:site|dist)-packages\/(?:vllm|sglang|tensorrt_llm|aiter|nixl|torch)\b|\/sgl-workspace\/)`;
/** Only what is run in the engine's container: launchers patch tools of their own. */
const IN_CONTAINER = /(?:^|\/)(?:benchmarks|recipes)\/.*\.(?:sh|bash)$/;

/** The image has to run as it was published. */
export const enginePatches: AuditRule = {
  id: 'engine-patches',
  protects: 'A number can be had again from the published image.',
  source: 'InferenceX, docs/PR_REVIEW_CHECKLIST.md: no engine patches without a waiver',
  severity: 'red',
  check(file) {
    if (!IN_CONTAINER.test(file.path) && !/^[^/]+\.(?:sh|bash)$/.test(file.path)) return [];
    const variables = pathVariables(file);
    return [
      ...findLines(file, /\bgit apply\b|\bpatch\s+(?:--\S+\s+)*-p\d/, () => ({
        message: 'applies a patch in the container',
      })),
      ...findLines(file, /\bsed\s+(?:-\S+\s+)*-i\b|\bsed\s+-i\S*/, (_, line) =>
        new RegExp(ENGINE_PATH).test(line) ||
        variables.some((name) => new RegExp(String.raw`\$\{?${name}\b`).test(line))
          ? { message: 'edits a file of the engine in place' }
          : undefined,
      ),
    ];
  },
};

/** Names of variables that hold a path of the engine. */
function pathVariables({ lines }: AuditFile): readonly string[] {
  const assigned = new RegExp(String.raw`^\s*(?:export\s+|local\s+)?([A-Za-z_]\w*)=.*${ENGINE_PATH}`);
  return lines.flatMap((line) => assigned.exec(line)?.[1] ?? []).filter((name) => !/PATH$/.test(name));
}
