import type { Sku } from './hardware.js';
import type { Launch, LaunchCommand } from './launch-commands.js';
import type { Place } from './launch-plan.js';
import type { Executor, ProcessHandle, ProcessSpec } from './node.js';
import type { PluginBase } from './plugin.js';

/** Nodes asked for. */
export interface NodeRequest {
  /** The job's runner label or node name. */
  readonly runner: string;
  readonly sku: Sku;
  readonly nodes: number;
  /** Folder for this job on the nodes, made by the launcher. */
  readonly workDir: string;
}

/** Nodes held; disposing gives them back. */
export interface NodeLease extends AsyncDisposable {
  /** With it `recover` finds the nodes again after a crash. */
  readonly handle: string;
  readonly executors: readonly Executor[];
  /** Starts one process a rank over several nodes (mpirun, srun); launchers without it start single processes only. */
  spawnGroup?(spec: ProcessSpec, place: Place, signal: AbortSignal): Promise<ProcessHandle>;
}

/** Gets nodes and runs processes on them: local, docker, slurm. */
export interface NodeLauncher extends PluginBase {
  readonly kind: 'launcher';
  /**
   * The commands with which it gets nodes and runs a plan on them, for `sweepline plan --node`. Pure.
   * @throws {SweeplineError} PLAN_UNSUPPORTED for plans that it can't run.
   */
  commands?(launch: Launch): readonly LaunchCommand[];
  acquire(request: NodeRequest, signal: AbortSignal): Promise<NodeLease>;
  recover?(handle: string): Promise<NodeLease | undefined>;
}
