/** What was found out about a node: driver, cores, load; names are the hardware plugin's. */
export type NodeFacts = Readonly<Record<string, string | number | boolean>>;

export interface NodeInfo {
  readonly name: string;
  /** Address under which other nodes, and a client on this one, reach it. */
  readonly host: string;
  /** True where it is the machine that Sweepline itself runs on, files included: its own programs can be started there as they are. */
  readonly isHere?: boolean;
  /** Where Sweepline's own programs lie on it, and which these are: their bundle's digest. */
  readonly bundle?: { readonly folder: string; readonly digest: string };
}

/** A process to run on a node. Arguments are an array; no shell reads them. */
export interface ProcessSpec {
  readonly argv: readonly string[];
  /** Added to the node's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Variables of the node's own environment that it is not given. */
  readonly withoutEnv?: readonly string[];
  /** By default the node's `workDir`. */
  readonly cwd?: string;
  /** File on the node to which stdout and stderr are appended together; without it stdout is read by `lines`. */
  readonly log?: string;
  /** Runs in a container of this image, or in that of a running process of this name; an executor without containers refuses it. */
  readonly container?: { readonly image: string; readonly name?: string } | { readonly sameAs: string };
}

/** Processes that a launcher of its own (mpirun, srun) starts together, one per rank. */
export interface GroupSpec extends ProcessSpec {
  /** Numbers of its nodes among the lease's. */
  readonly nodes: readonly number[];
  readonly ranksPerNode: number;
  /**
   * One file per rank, relative to the `workDir` of the rank's node: `{rank}` in it stands for the number. Ranks are counted node
   * by node.
   */
  readonly log: string;
}

export interface Exit {
  readonly code: number | undefined;
  readonly signal: string | undefined;
  /** The kernel killed it for lack of memory; only set by launchers that learn of this. */
  readonly outOfMemory?: true;
}

/** A running process and all that it starts. */
export interface ProcessHandle {
  readonly name: string;
  /** Settles once it has ended, however; never rejects. */
  readonly exited: Promise<Exit>;
  /** Lines of stdout, for specs without `log`; can be read once. */
  lines(): AsyncIterable<string>;
  /** The end of stderr, for specs without `log`, as far as it was read. */
  errorTail(): string;
  /** Asks it to end, and after `graceMs` makes it; resolves when nothing of it is left. */
  stop(graceMs: number): Promise<Exit>;
}

export interface Output {
  readonly exit: Exit;
  readonly stdout: string;
  readonly stderr: string;
}

/** A part of a file, in bytes. */
export interface ByteRange {
  /** The first byte; below 0 it is counted from the file's end. */
  readonly from: number;
  /** How many at most: fewer come where the file ends before. */
  readonly length: number;
}

/** A request that is sent from a node. */
export interface NodeHttpRequest {
  readonly method?: 'GET' | 'POST';
  readonly url: string;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** What a server answered. */
export interface NodeAnswer {
  readonly status: number;
  /** Its first MiB. */
  readonly body: string;
}

/** Runs processes, moves files and asks servers on one node. Paths are the node's own. */
export interface Executor {
  readonly node: NodeInfo;
  /** Absolute path of a folder on the node that is the lease's alone; gone when the lease has ended. */
  readonly workDir: string;
  spawn(spec: ProcessSpec, signal: AbortSignal): Promise<ProcessHandle>;
  run(spec: ProcessSpec, signal: AbortSignal): Promise<Output>;
  /** Writes a file of any size, and the folders above it. `mode`: its permissions, by default those that new files get. */
  copyIn(content: AsyncIterable<Uint8Array>, path: string, mode?: number): Promise<void>;
  /** A file's content, of any size, as it is read. */
  copyOut(path: string): AsyncIterable<Uint8Array>;
  /** A part of a file, which may be growing and of any size. */
  read(path: string, range: ByteRange): Promise<Uint8Array>;
  /** A growing file from its beginning on, as it is written; ends when the signal is aborted. Waits for a file that isn't there yet. */
  follow(path: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** A TCP port on the node that nothing listens on at the moment. */
  freePort(): Promise<number>;
  /** Whether something listens on a TCP port of the node. */
  portInUse(port: number): Promise<boolean>;
  /** Asks a server from the node: compute nodes are often out of reach of where Sweepline runs. Rejects when there is no answer. */
  http(request: NodeHttpRequest, signal: AbortSignal): Promise<NodeAnswer>;
  /**
   * Whether what listens on a port of the node was started by this lease; undefined where the node doesn't let one tell. What
   * others listen with would be measured under our server's name.
   */
  isOurs?(port: number): Promise<boolean | undefined>;
}
