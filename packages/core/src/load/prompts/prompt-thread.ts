import { parentPort, workerData } from 'node:worker_threads';
import { loadTokenizer } from '../../tokenizer/load-tokenizer.js';
import { TextMaker, type TextJob } from './text-job.js';

/** What a thread gets to do. */
export interface PromptThreadTask {
  /** Of the tokenizer. */
  readonly file: string;
  readonly job: TextJob;
}

const { file, job } = workerData as PromptThreadTask;
const maker = new TextMaker(job, await loadTokenizer(file, {}));
while (maker.step());
parentPort?.postMessage(maker.made());
