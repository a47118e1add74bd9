import type { RequestRecord } from '../records/record.js';

type Times = Pick<RequestRecord, 'scheduledMs' | 'sentMs' | 'doneMs' | 'state'>;

/** When requests were due, sent and done. Kept in memory for every request, even if its record is lost. NaN: did not happen. */
export interface TimelineColumns {
  readonly scheduledMs: Float64Array<ArrayBuffer>;
  readonly sentMs: Float64Array<ArrayBuffer>;
  readonly doneMs: Float64Array<ArrayBuffer>;
  readonly completed: number;
  readonly cancelled: number;
}

const FIRST_CAPACITY = 512;

/** Collects columns. */
export class Timeline {
  private times = new Float64Array(3 * FIRST_CAPACITY);
  private count = 0;
  private completed = 0;
  private cancelled = 0;
  /** Requests that were sent. */
  sent = 0;

  add({ scheduledMs, sentMs, doneMs, state }: Times): void {
    const at = 3 * this.count++;
    if (at === this.times.length) {
      const larger = new Float64Array(2 * at);
      larger.set(this.times);
      this.times = larger;
    }
    this.times[at] = scheduledMs;
    this.times[at + 1] = sentMs ?? NaN;
    this.times[at + 2] = doneMs ?? NaN;
    if (sentMs !== undefined) this.sent++;
    if (state === 'completed') this.completed++;
    if (state === 'cancelled') this.cancelled++;
  }

  columns(): TimelineColumns {
    const { times, count, completed, cancelled } = this;
    const column = (offset: number) => Float64Array.from({ length: count }, (_, i) => times[3 * i + offset]!);
    return { scheduledMs: column(0), sentMs: column(1), doneMs: column(2), completed, cancelled };
  }
}

/** Joins columns, one part after the other. */
export function joinTimelines(parts: readonly TimelineColumns[]): TimelineColumns {
  const joined = (of: (part: TimelineColumns) => Float64Array): Float64Array<ArrayBuffer> => {
    const columns = parts.map(of);
    const all = new Float64Array(columns.reduce((length, column) => length + column.length, 0));
    let at = 0;
    for (const column of columns) {
      all.set(column, at);
      at += column.length;
    }
    return all;
  };
  const total = (of: (part: TimelineColumns) => number) => parts.reduce((sum, part) => sum + of(part), 0);
  return {
    scheduledMs: joined((part) => part.scheduledMs),
    sentMs: joined((part) => part.sentMs),
    doneMs: joined((part) => part.doneMs),
    completed: total((part) => part.completed),
    cancelled: total((part) => part.cancelled),
  };
}

/** The columns of records. */
export function timelineOf(requests: readonly Times[]): TimelineColumns {
  const timeline = new Timeline();
  for (const request of requests) timeline.add(request);
  return timeline.columns();
}
