import { EXIT } from '../errors.js';

/** The examples section of a command's help. */
export function examples(...lines: readonly string[]): string {
  return ['', 'Examples:', ...lines.map((line) => `  ${line}`)].join('\n');
}

/** The exit codes section of the program's help. */
export const exitCodes = [
  '',
  'Exit codes:',
  `  ${EXIT.ok}    everything was done`,
  `  ${EXIT.jobFailed}    a job failed or was rejected; the table says which and why`,
  `  ${EXIT.usage}    unknown command or option, or a wrong value`,
  `  ${EXIT.config}    a config file is missing or has problems, or there is nothing to run`,
  `  ${EXIT.plugin}    a plugin is missing, is broken, threw, or blocked the process`,
  `  ${EXIT.environment}    environment error: results can't be written or read, the endpoint is unreachable`,
  `  ${EXIT.resultInvalid}    a result is invalid, and nothing worse happened; 0 with --allow-invalid`,
  `  ${EXIT.red}    the answer is no: no load meets the objectives, a run is worse, a gate is closed`,
  `  ${EXIT.undecided}    undecided: the given limits, or the known repeats, are too few for an answer`,
  `  ${EXIT.internal}   a defect in Sweepline`,
  `  ${EXIT.interrupted}  interrupted; finished points are kept`,
].join('\n');
