import type { Worker } from 'node:worker_threads';
import { messageOf, SweeplineError } from '../../errors.js';
import { newThread } from '../new-thread.js';
import type { Shard, ShardReport, ShardTask, SendingWork } from './shard.js';
import type { ThreadReply, ThreadRequest } from './thread.js';
import { SENDING_MB, sizeYoungGeneration } from './young-generation.js';

type Call<T> = T extends { readonly id: number } ? Omit<T, 'id'> : never;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Starts a thread for a task; `signal` stops it, and `onBroken` is called when it can't write its records. */
export async function startThread(
  task: ShardTask,
  signal: AbortSignal,
  onBroken: (message: string) => void,
): Promise<Shard> {
  sizeYoungGeneration(SENDING_MB);
  const worker = newThread({ does: 'send', task } satisfies SendingWork);
  const thread = new Thread(worker, onBroken);
  await thread.ready;
  const stop = (): void => worker.postMessage({ call: 'stop' } satisfies ThreadRequest);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  return {
    async connect(phase, mode) {
      await thread.call({ call: 'connect', phase, mode });
    },
    run: async (phase, startMs) => (await thread.call({ call: 'run', phase, startMs })) as ShardReport,
    async close() {
      signal.removeEventListener('abort', stop);
      await thread.call({ call: 'close' }).finally(() => worker.terminate());
    },
  };
}

/** Calls to a thread, and its responses. */
class Thread {
  readonly ready: Promise<void>;
  private readonly waiting = new Map<number, Waiting>();
  private calls = 0;
  private dead: Error | undefined;

  constructor(
    private readonly worker: Worker,
    private readonly onBroken: (message: string) => void,
  ) {
    this.ready = new Promise((resolve, reject) => this.waiting.set(-1, { resolve: () => resolve(), reject }));
    worker
      .on('message', (reply: ThreadReply) => this.answered(reply))
      .on('error', (error: unknown) => this.ended(messageOf(error)))
      .on('exit', (code) => this.ended(`it ended with code ${code}`));
  }

  call(request: Call<ThreadRequest>): Promise<unknown> {
    if (this.dead !== undefined) return Promise.reject(this.dead);
    const id = this.calls++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ ...request, id });
    });
  }

  private answered(reply: ThreadReply): void {
    if ('ready' in reply) this.take(-1)?.resolve(undefined);
    else if ('result' in reply) this.take(reply.id)?.resolve(reply.result);
    else if (reply.id === undefined) this.onBroken(reply.error);
    else this.take(reply.id)?.reject(failed(reply.error));
  }

  private ended(why: string): void {
    this.dead ??= failed(why);
    for (const { reject } of this.waiting.values()) reject(this.dead);
    this.waiting.clear();
  }

  private take(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    return waiting;
  }
}

function failed(why: string): SweeplineError {
  return new SweeplineError('LOAD_FAILED', `a thread of the load generator failed: ${why}`, {
    hint: 'Records of requests that had ended are kept. Include this message when you report it.',
  });
}
