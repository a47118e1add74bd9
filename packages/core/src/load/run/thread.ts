import type { MessagePort } from 'node:worker_threads';
import { messageOf } from '../../errors.js';
import { RecordsFile } from '../records/records-file.js';
import { rehearse } from './rehearsal.js';
import { createShard, type Shard, type ShardPhase, type ShardTask } from './shard.js';
import type { LoadSpec } from '../spec/spec.js';

/*
 * One thread that sends requests: a shard controlled by messages. It writes its own records to the records file, so only numbers
 * are sent back.
 */

export type ThreadRequest =
  | {
      readonly id: number;
      readonly call: 'connect';
      readonly phase: ShardPhase;
      readonly mode: LoadSpec['connections'];
    }
  | { readonly id: number; readonly call: 'run'; readonly phase: ShardPhase; readonly startMs: number }
  | { readonly id: number; readonly call: 'close' }
  | { readonly call: 'stop' };

export type ThreadReply =
  | { readonly ready: true }
  | { readonly id: number; readonly result: unknown }
  | { readonly id?: number; readonly error: string };

/** Runs a shard's task as the messages of a port request. */
export async function serveShard(task: ShardTask, port: MessagePort): Promise<void> {
  const reply = (reply: ThreadReply): void => port.postMessage(reply);
  const stop = new AbortController();
  const records = await RecordsFile.append(task.spec.output.recordsFile, (error) =>
    reply({ error: messageOf(error) }),
  );
  await rehearse(task);
  const shard = await createShard(task, {
    signal: stop.signal,
    onRecord: (record) => records.add(record),
  });
  port.on('message', (request: ThreadRequest) => {
    if (request.call === 'stop') {
      stop.abort();
      return;
    }
    const { id } = request;
    answer(request, shard, records).then(
      (result) => reply({ id, result }),
      (error: unknown) => reply({ id, error: messageOf(error) }),
    );
  });
  reply({ ready: true });
}

function answer(
  request: Exclude<ThreadRequest, { call: 'stop' }>,
  shard: Shard,
  records: RecordsFile,
): Promise<unknown> {
  if (request.call === 'connect') return shard.connect(request.phase, request.mode);
  if (request.call === 'run') return shard.run(request.phase, request.startMs);
  return shard.close().then(() => records.close());
}
