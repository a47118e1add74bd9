import type { Job } from '../matrix/job.js';
import type { Trace } from '../matrix/walk.js';
import { count } from './count.js';

/** Collects how jobs are derived, entry by entry. */
export function createExplanation(): {
  readonly trace: Trace;
  readonly render: (jobs: readonly Job[]) => string;
} {
  const notes = new Map<string, string[]>();
  return {
    trace(key, place, what) {
      const ofEntry = notes.get(key) ?? [];
      ofEntry.push(place === '' ? `  ${what()}` : `  ${place}: ${what()}`);
      notes.set(key, ofEntry);
    },
    render(jobs) {
      const entries = [...notes].map(([key, lines]) => [key, ...lines].join('\n'));
      return [...entries, ...evalLines(jobs), count(jobs.length, 'job')].join('\n');
    },
  };
}

function evalLines(jobs: readonly Job[]): readonly string[] {
  const marked = jobs.filter((job) => job['run-eval']);
  if (marked.length === 0) return [];
  const lines = marked.map(
    (job) => `  ${job['exp-name']} ${job.framework} on ${job.runner}, conc ${String(job.conc)}`,
  );
  return ['marked for accuracy runs', ...lines];
}
