import type { Job, Place, Sku, Text, Worker, WorkerSettings } from '@sweepline/core';
import type { Context, WorkerRole } from '../jobs.js';

/** A worker to be started. */
export interface WorkerStart {
  readonly context: Context;
  readonly role: WorkerRole;
  readonly worker: Worker;
  /** Where the model is. */
  readonly model: string;
  readonly place: Place;
  readonly settings: WorkerSettings;
}

export interface WorkerCommand {
  readonly argv: readonly Text[];
  readonly env: Readonly<Record<string, Text>>;
  readonly files?: Readonly<Record<string, Text>>;
  /** Ports besides that for its health. */
  readonly ports: readonly string[];
}

/** How one engine's workers are started under Dynamo. */
export interface Backend {
  /** Framework whose settings workers have; none for mockers. */
  readonly framework?: string;
  /** Whether a worker can be on several nodes. */
  readonly spansNodes: boolean;
  place(worker: Worker, sku: Sku, job: Job): Place;
  command(start: WorkerStart): WorkerCommand;
}
