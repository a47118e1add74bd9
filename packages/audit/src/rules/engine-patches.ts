import { findLines } from '../find-lines.js';
import type { AuditFile, AuditRule, Finding } from '../rule.js';

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
    return [
      ...findLines(file, /\bgit apply\b|\bpatch\s+(?:--\S+\s+)*-p\d/, () => ({
        message: 'applies a patch in the container',
      })),
      ...inPlaceEdits(file),
      ...rewrites(file),
    ];
  },
};

/** sed's script may have many lines, after which the file is named. */
function inPlaceEdits(file: AuditFile): readonly Finding[] {
  const variables = pathVariables(file);
  return file.lines.flatMap((line, index) => {
    const evidence = /\bsed\s+(?:-\S+\s+)*-i\S*/.exec(line)?.[0];
    if (evidence === undefined) return [];
    const command = commandFrom(file.lines, index);
    const isOfEngine =
      new RegExp(ENGINE_PATH).test(command) ||
      variables.some((name) => new RegExp(String.raw`\$\{?${name}\b`).test(command));
    return isOfEngine ? [{ line: index + 1, evidence, message: 'edits a file of the engine in place' }] : [];
  });
}

/** Lines that a script in single quotes goes over. */
const MOST_LINES = 40;

function commandFrom(lines: readonly string[], start: number): string {
  let command = '';
  for (const line of lines.slice(start, start + MOST_LINES)) {
    command += `${line}\n`;
    if (command.split("'").length % 2 === 1 && !line.endsWith('\\')) break;
  }
  return command;
}

/** Python that looks for an installed engine and then writes a file. */
function rewrites(file: AuditFile): readonly Finding[] {
  const last = file.lines.findLastIndex((line) => /\.write_text\(|\bopen\([^)]*["']w["']/.test(line));
  return findLines(file, /find_spec\(["'](?:vllm|sglang|tensorrt_llm)\b[^)]*\)/, () => ({
    message: 'looks for the installed engine and rewrites a file',
  })).filter(({ line }) => line <= last);
}

/** Names of variables that hold a path of the engine. */
function pathVariables({ lines }: AuditFile): readonly string[] {
  const assigned = new RegExp(String.raw`^\s*(?:export\s+|local\s+)?([A-Za-z_]\w*)=.*${ENGINE_PATH}`);
  return lines.flatMap((line) => assigned.exec(line)?.[1] ?? []).filter((name) => !/PATH$/.test(name));
}
