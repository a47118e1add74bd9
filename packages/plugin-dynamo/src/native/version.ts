import type { Context } from '../jobs.js';

/** The version whose flags are known; others are assumed to be like it. */
export const KNOWN_VERSION = '1.4.2';

/** Version of Dynamo if known: from the options, otherwise from the tag of one of Dynamo's own images. */
export function dynamoVersion({ options, job }: Context): string | undefined {
  return options.version ?? /ai-dynamo\/[\w-]+-runtime:(\d+\.\d+[.\d]*)/.exec(job.image)?.[1];
}

/**
 * Whether it is older than 1.0.0, which renamed flags and variables.
 * Source: dynamo/frontend/main.py and dynamo/{vllm,mocker}/args.py of ai-dynamo 0.8.1.post3, 0.9.1, 1.0.2 and 1.4.2.
 */
export function isBefore1(context: Context): boolean {
  return /^0\./.test(dynamoVersion(context) ?? KNOWN_VERSION);
}
