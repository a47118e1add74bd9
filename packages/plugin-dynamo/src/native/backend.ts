import type { Job, Place, Sku, Text, Worker, WorkerSettings } from '@sweepline/core';
import type { Context, WorkerRole } from '../jobs.js';

/** A worker to start. */
export interface WorkerStart {
  readonly context: Context;
  readonly role: WorkerRole;
  readonly worker: Worker;
  /** Location of the model. */
  readonly model: string;
  readonly place: Place;
  readonly settings: WorkerSettings;
}

export interface WorkerCommand {
  readonly argv: readonly Text[];
  readonly env: Readonly<Record<string, Text>>;
  readonly files?: Readonly<Record<string, Text>>;
  /** Ports other than the one for health checks. */
  readonly ports: readonly string[];
}

/** How the workers of one engine are started under Dynamo. */
export interface Backend {
  /** Framework whose settings workers have; undefined for mockers. */
  readonly framework?: string;
  /** Whether a worker can span several nodes. */
  readonly spansNodes: boolean;
  place(worker: Worker, sku: Sku, job: Job): Place;
  command(start: WorkerStart): WorkerCommand;
}
