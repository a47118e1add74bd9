import { loadTokenizer } from '../../tokenizer/load-tokenizer.js';
import { TextMaker, type MadeTexts, type TextJob } from './text-job.js';

/** Task of a prompt thread. */
export interface PromptThreadTask {
  /** Path of the tokenizer. */
  readonly file: string;
  readonly job: TextJob;
}

/** What starts a thread that makes prompts. */
export interface PromptsWork {
  readonly does: 'prompts';
  readonly task: PromptThreadTask;
}

/** Makes the texts of a job with its own tokenizer. */
export async function makeTexts({ file, job }: PromptThreadTask): Promise<MadeTexts> {
  const maker = new TextMaker(job, await loadTokenizer(file, {}));
  while (maker.step());
  return maker.made();
}
