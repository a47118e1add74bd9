import { loadTokenizer } from '../../tokenizer/load-tokenizer.js';
import { TextMaker, type MadeTexts, type TextJob } from './text-job.js';

/** What a thread gets to do. */
export interface PromptThreadTask {
  /** Of the tokenizer. */
  readonly file: string;
  readonly job: TextJob;
}

/** What a thread that makes prompts is started for. */
export interface PromptsWork {
  readonly does: 'prompts';
  readonly task: PromptThreadTask;
}

/** Makes the texts of a job with a tokenizer of its own. */
export async function makeTexts({ file, job }: PromptThreadTask): Promise<MadeTexts> {
  const maker = new TextMaker(job, await loadTokenizer(file, {}));
  while (maker.step());
  return maker.made();
}
