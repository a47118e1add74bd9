import type { Devices } from '../matrix/devices.js';
import type { ApiName } from '../load/client/codecs/names.js';
import type { MetricNames } from '../load/server-metrics/quantities.js';
import type { ProcessSpec } from './node.js';

export { API_NAMES, type ApiName } from '../load/client/codecs/names.js';

/** Something known only once nodes are held, or on the day; core puts it in, so that plans stay pure and printable. */
export type Ref =
  | {
      readonly ref: 'host' | 'ip' | 'port';
      readonly role: string;
      /** Replica of the role; by default the one it stands in, 0 in other roles. */
      readonly index?: number;
      /** Which of the role's `ports`; its first by default. */
      readonly name?: string;
    }
  /** Today, YYYYMMDD. */
  | { readonly ref: 'date' }
  /** Number of this process among those of its replica, one a node; 0 for replicas on one node. */
  | { readonly ref: 'rank' }
  /** Absolute path of the folder that the job is run in. */
  | { readonly ref: 'workspace' }
  /** Name of the user who runs it. */
  | { readonly ref: 'user' };

/** Text that may contain references. */
export type Text = string | readonly (string | Ref)[];

/** How the processes of one replica of a role lie over nodes. */
export interface Place {
  /** Nodes of one replica, each with a process of its own unless `wireUp` is `pmix`. */
  readonly nodes: number;
  readonly ranksPerNode: number;
  /** 0 for processes that need none, which share the first node with others. */
  readonly devicesPerRank: number;
  /** `env`: each process finds the others by what argv and env say; `pmix`: a launcher (mpirun, srun) starts them together. */
  readonly wireUp: 'none' | 'pmix' | 'env';
}

export type Runtime =
  | { readonly kind: 'container'; readonly image: string }
  /** On the node itself, with the programs that are on its PATH. */
  | { readonly kind: 'host' };

/** A kind of process of a launch: the server, a frontend, prefill and decode workers. */
export interface Role {
  /** Where prefill and decode are split, `decode` for the workers that decode: rows count their devices apart. */
  readonly name: string;
  readonly replicas: number;
  readonly runtime: Runtime;
  readonly argv: readonly Text[];
  readonly env: Readonly<Record<string, Text>>;
  /** Files written into the job's folder on the node first, by relative path. */
  readonly files: Readonly<Record<string, Text>>;
  /** Run to their end, in order, before the role is started (downloads, conversions). */
  readonly setup?: readonly ProcessSpec[];
  /** Roles that must be ready before this one is started. */
  readonly after?: readonly string[];
  /** Ports it listens on: a name, and a fixed number where the config asks for one. */
  readonly ports: readonly Port[];
  readonly place: Place;
}

export interface Port {
  readonly name: string;
  /** A port that must be this one; otherwise a free one is taken. */
  readonly fixed?: number;
  /** The free port must be smaller: programs that read it as a signed number of 16 bits take none from 32768 on. */
  readonly below?: number;
}

export type ReadyWhen =
  /** GET answers 2xx and, with `expect`, its body contains that text. */
  | { readonly http: string; readonly expect?: string }
  /** The role's log contains this text. */
  | { readonly log: string }
  /** This port of the role accepts connections. */
  | { readonly tcp: string }
  /** The command exits with 0. */
  | { readonly exec: readonly string[] };

export interface Readiness {
  readonly role: string;
  readonly when: ReadyWhen;
  /** Seconds from the start of the role. */
  readonly timeoutS: number;
}

/** An HTTP request to the endpoint. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
}

/** Where a server tells of itself, as text in Prometheus' format, and how. */
export interface ServerMetricsSettings {
  /** Path on the endpoint; by default where engines have them. */
  readonly path?: string;
  readonly names?: MetricNames;
}

/** What the engine has to say about how it should be loaded. */
export interface ClientSettings {
  /** API the client speaks. */
  readonly api: ApiName;
  /** Address of a module that speaks to the server instead; by default the plugin's `codec`. */
  readonly codec?: string;
  /** By default the plugin's. */
  readonly serverMetrics?: ServerMetricsSettings;
  /** InferenceX's name for the client's way of asking, shown in plans; default: `openai`. */
  readonly backend?: string;
  /** The served model's name, as requests give it. */
  readonly model: string;
  readonly numPrompts: number;
  readonly numWarmups: number;
  /** Prompt and output lengths are drawn uniformly from [ratio × len, len]. */
  readonly rangeRatio: number;
  readonly ignoreEos: boolean;
  readonly chatTemplate: boolean;
  /** How prompts are given to this engine when there is no tokenizer. */
  readonly promptForm: 'auto' | 'token-ids' | 'text';
  /** Token ids that make plain prompts: [first, end). */
  readonly vocabulary?: { readonly first: number; readonly end: number };
  readonly requestTimeoutS?: number;
  /** Most output tokens of a chunk: what the answers' chunks are held against. `tokensPerChunk` reads it from a server's arguments. */
  readonly tokensPerChunk?: { readonly max: number };
}

/** A server that core starts, waits for, loads and stops. */
export interface ServePlan {
  readonly kind: 'serve';
  readonly roles: readonly Role[];
  /** Where the API is: a port of a role. */
  readonly endpoint: Extract<Ref, { role: string }>;
  readonly ready: readonly Readiness[];
  /** Clears the engine's caches between points that share a server. */
  readonly reset?: HttpRequest;
  readonly client: ClientSettings;
  /** What people should know of it: flags left out for the engine's version, choices made for them. */
  readonly notes?: readonly string[];
}

/** A process that other programs' addresses and today's date may go into. */
export interface SubmitSpec {
  readonly argv: readonly Text[];
  /** Added to the job's own environment. */
  readonly env: Readonly<Record<string, Text>>;
  readonly cwd?: Text;
}

/** Where a program's jobs leave what they measured: one file of benchmark_serving.py per concurrency. */
export interface DelegateResults {
  /** Folder below the workspace that is looked through; `{job}` in it stands for a job's id. */
  readonly folder: string;
  /** What measured, in which version: whose definitions the numbers have. */
  readonly client: string;
}

/** A program that allocates, loads and reports by itself; its results carry an aggregate and no records. */
export interface DelegatePlan {
  readonly kind: 'delegate';
  /** Image that the program will start; for people. */
  readonly image?: string;
  /** Run to their end, in order, first. */
  readonly setup?: readonly SubmitSpec[];
  /** Files written before `submit`, by path relative to the workspace. */
  readonly files?: Readonly<Record<string, Text>>;
  /** Hands jobs to Slurm by sbatch, under the name in SBATCH_JOB_NAME, by which they are followed and cancelled. */
  readonly submit: SubmitSpec;
  /** Without them a plan can be printed and not run: nothing could be said of what the program measured. */
  readonly results?: DelegateResults;
  /** Devices that the program takes, where they are not those of the job's sizes. */
  readonly devices?: Devices;
  readonly notes?: readonly string[];
}

/** What to launch for a point: pure data. */
export type LaunchPlan = ServePlan | DelegatePlan;
