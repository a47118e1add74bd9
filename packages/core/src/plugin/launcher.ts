import type { Cluster } from './cluster.js';
import type { Diagnosis, LauncherSubject } from './diagnosis.js';
import type { ContainerSettings, Sku } from './hardware.js';
import type { Launch, LaunchCommand } from './launch-commands.js';
import type { Executor, GroupSpec, ProcessHandle } from './node.js';
import type { PluginBase } from './base.js';

/** Nodes asked for, for one session: a server and the points that are measured against it. */
export interface NodeRequest {
  /**
   * 32 hex digits, of this request alone and saved before it is made: a launcher names with them what it gets (jobs, containers,
   * processes), so that what a crash leaves is found by nothing else.
   */
  readonly token: string;
  /** For people: the run, and the session's first point. */
  readonly name: string;
  /** The job's runner label or node name. */
  readonly runner: string;
  readonly sku: Sku;
  readonly nodes: number;
  /** Devices that are used of each node; 0 for servers without. */
  readonly devicesPerNode: number;
  /** What the workspace says of the runner's cluster; absent outside of clusters. */
  readonly cluster?: Cluster;
  /** What a container is given to reach the devices. */
  readonly container: ContainerSettings;
  /** Images that will be run: what can be fetched beforehand. */
  readonly images: readonly string[];
  /** Seconds for which the nodes are needed at most, where the workspace says so. */
  readonly timeLimitS?: number;
  /** A folder on this machine, for what a launcher has to keep here; gone when the lease has ended. */
  readonly localDir: string;
  /** To be called with the lease's handle as soon as it is known, before nodes are waited for. */
  readonly onHandle: (handle: string) => void;
  /** Tells people what is waited for, and what of earlier sessions was found and removed; a line each. */
  readonly onNote?: (line: string) => void;
  /**
   * To be called with a sentence for people when something that was got may be left: what, and how it is found. The session then stays
   * open, and the next sweep ends it by `endLeft`. A lease whose disposal fails needs no such call.
   */
  readonly onLeft?: (what: string) => void;
  /** Names of nodes, as leases had them, that have failed in this sweep or have measured the same point: not to be given, where the launcher can choose. */
  readonly avoid?: readonly string[];
  /** Names of the job, by which a cluster's entry may have rules. */
  readonly job?: { readonly model: string; readonly framework: string };
}

/** An image as it is run. */
export interface ImageFacts {
  /** The image itself, whatever it is called: the digest of its config; missing of files made from one. */
  readonly id?: string;
  /** Digest of its manifest in its registry; missing of an image that came from none. */
  readonly digest?: string;
  /** Operating system, architecture and, where it has one, variant: `linux/arm64/v8`. */
  readonly platform: string;
}

/** A session that may have left something, as it was saved: its Sweepline was killed, or could not give its nodes back. */
export interface LeftSession extends Pick<NodeRequest, 'token' | 'runner' | 'cluster'> {
  /** Missing where it was killed before it was known. */
  readonly handle?: string;
}

/** What a plan asks of a launcher. */
export interface LaunchNeeds {
  readonly runner: string;
  readonly nodes: number;
  /** Images of the containers that it runs in. */
  readonly images: readonly string[];
  /** Names of its roles that are groups of processes over nodes. */
  readonly groups: readonly string[];
}

/** Nodes that were taken away. */
export interface Loss {
  /** For people: a time limit, a preemption, a node that failed. */
  readonly reason: string;
  /** The node that failed, where one did. */
  readonly node?: string;
  /** False where another try would end in the same way, such as at a time limit. Default: true. */
  readonly again?: boolean;
}

/** The name of the machine that Sweepline runs on, as a launcher's site. */
export const THIS_MACHINE = 'this machine';

/** Where a launcher's sessions run: on one machine, or on nodes that a scheduler such as Slurm's gives them. */
export type Site =
  | { readonly machine: string }
  | {
      readonly scheduler: string;
      /** That it has, where the launcher knows it. */
      readonly nodes?: number;
    };

/** Nodes held; disposing ends what runs on them and gives them back. */
export interface NodeLease extends AsyncDisposable {
  /** What names the nodes to whoever gave them: the number of a Slurm job. It is saved with the session. */
  readonly handle: string;
  /** One per node, in the order in which plans number them; never fewer than were asked for. */
  readonly executors: readonly Executor[];
  /** The images that were asked for, by name, as the nodes have them. */
  readonly images?: Readonly<Record<string, ImageFacts>>;
  /**
   * Resolves with the reason when nodes are taken away. It comes before the ends of the processes that this ends, or a server is said to
   * have died.
   */
  readonly lost?: Promise<string | Loss>;
  /** Starts one process per rank over several nodes (mpirun, srun); plans that need it are refused by launchers without it. */
  group?(spec: GroupSpec, signal: AbortSignal): Promise<ProcessHandle>;
}

/** Gets nodes and runs processes on them: local, docker, slurm. */
export interface NodeLauncher extends PluginBase {
  readonly kind: 'launcher';
  /**
   * The commands with which it gets nodes and runs a plan on them, for `sweepline plan --node`. Pure.
   * @throws {SweeplineError} PLAN_UNSUPPORTED for plans that it can't run.
   */
  commands?(launch: Launch): readonly LaunchCommand[];
  /** Why it can't run a plan that needs this, or undefined; asked by `validate`, and before nodes are. Pure. */
  refuses?(needs: LaunchNeeds): string | undefined;
  /**
   * Where the sessions of a cluster run: those on one machine take turns, a scheduler is asked for several at once. Launchers without
   * this member run them on Sweepline's own machine.
   */
  site?(cluster: Cluster | undefined, signal: AbortSignal): Promise<Site>;
  /** What of its own tools is there on this machine, and what the runner's configs lack; for `sweepline doctor`. Changes nothing. */
  diagnose?(subject: LauncherSubject, signal: AbortSignal): Promise<readonly Diagnosis[]>;
  /** @throws {SweeplineError} PLAN_UNSUPPORTED for what it can't give, before anything is asked of anybody. */
  acquire(request: NodeRequest, signal: AbortSignal): Promise<NodeLease>;
  /**
   * Ends what is left of a session whose Sweepline has ended, found by its exact token and nothing else, and says what that was: a
   * line for people each.
   */
  endLeft?(left: LeftSession, signal: AbortSignal): Promise<readonly string[]>;
}
