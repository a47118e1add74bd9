/** What was found out about a node: driver, cores, load; names are the hardware plugin's. */
export type NodeFacts = Readonly<Record<string, string | number | boolean>>;

export interface NodeInfo {
  readonly name: string;
  /** Address under which other nodes, and a client on this one, reach it. */
  readonly host: string;
}

/** A process to run on a node. Arguments are an array; no shell reads them. */
export interface ProcessSpec {
  readonly argv: readonly string[];
  /** Added to the node's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Variables of the node's own environment that it is not given. */
  readonly withoutEnv?: readonly string[];
  readonly cwd?: string;
  /** File on the node to which stdout and stderr are appended together; without it stdout is read by `lines`. */
  readonly log?: string;
  /** Runs in a container of this image, or in the container of a running role. */
  readonly container?: { readonly image: string } | { readonly sameAs: string };
}

export interface Exit {
  readonly code: number | undefined;
  readonly signal: string | undefined;
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

/** Runs processes and moves files on one node. */
export interface Executor {
  readonly node: NodeInfo;
  spawn(spec: ProcessSpec, signal: AbortSignal): Promise<ProcessHandle>;
  run(spec: ProcessSpec, signal: AbortSignal): Promise<Output>;
  put(path: string, content: Uint8Array): Promise<void>;
  get(path: string): Promise<Uint8Array>;
  /** A part of a file, which may be growing and of any size. */
  read(path: string, range: ByteRange): Promise<Uint8Array>;
  /** A TCP port on the node that nothing listens on at the moment. */
  freePort(): Promise<number>;
  /** Whether something accepts connections on a TCP port of the node. */
  portInUse(port: number): Promise<boolean>;
}
