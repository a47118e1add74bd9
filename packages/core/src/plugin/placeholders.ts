import { SweeplineError } from '../errors.js';
import { text } from '../config/schema/common.js';

/** What texts of a cluster may leave open until a job and its node are known. */
const CLUSTER_PLACEHOLDERS: readonly string[] = [
  'workspace',
  'user',
  'user-suffix',
  'uid',
  'hostname',
  'node',
  'node-suffix',
  'job-id',
  'image-name',
  'image-plus',
  'port',
  'hf-cache',
];

const SLOT = /\{([^{}]*)\}/g;

/** Text with placeholders; others than there are are refused. */
export const template = text.refine(
  (value) => [...value.matchAll(SLOT)].every(([, name = '']) => CLUSTER_PLACEHOLDERS.includes(name)),
  { error: `expected no placeholders but ${CLUSTER_PLACEHOLDERS.map((name) => `{${name}}`).join(', ')}` },
);

/** What placeholders stand for. */
export interface Facts {
  readonly workspace: string;
  readonly user: string;
  readonly node: string;
  readonly image?: string;
  readonly port: number;
  /** What only the node says; missing of plans that are printed elsewhere. */
  readonly hostname?: string;
  readonly uid?: number;
}

type Values = Readonly<Record<string, string>>;

/**
 * A launcher's options with facts in the place of placeholders, in keys and values. What only the node knows (its host name, the
 * user's id there, the allocation) stays a placeholder unless it is among the facts.
 * @throws {SweeplineError} CONFIG_INVALID when two keys of a map become the same.
 */
export function fillPlaceholders<T extends object>(options: T, facts: Facts): T {
  const values = valuesOf(facts);
  const cache = 'hf-cache' in options && typeof options['hf-cache'] === 'string' ? options['hf-cache'] : '';
  return filled(options, { ...values, 'hf-cache': put(cache, values) }) as T;
}

function valuesOf({ workspace, user, node, image = '', port, hostname, uid }: Facts): Values {
  const userSuffix = lastOf(user);
  return {
    workspace,
    user,
    ...(userSuffix === undefined ? {} : { 'user-suffix': userSuffix }),
    node,
    'node-suffix': node.slice(-1),
    'image-name': image.replaceAll(/[/:@#]/g, '_'),
    // As srt-slurm's users name the files that they make by hand.
    'image-plus': image.replace('nvcr.io/', '').replaceAll(/[/:@#]/g, '+'),
    port: String(port),
    ...(hostname === undefined ? {} : { hostname }),
    ...(uid === undefined ? {} : { uid: String(uid) }),
  };
}

/** A name's last character; nothing where the name is a placeholder itself. */
function lastOf(name: string): string | undefined {
  return name.startsWith('{') ? undefined : name.slice(-1);
}

function filled(value: unknown, values: Values): unknown {
  if (typeof value === 'string') return put(value, values);
  if (Array.isArray(value)) return value.map((item) => filled(item, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    distinct(Object.entries(value).map(([key, inner]) => [put(key, values), filled(inner, values)] as const)),
  );
}

/** Of two folders that turn out to be the same one, the first would not be mounted. */
function distinct<E extends readonly [key: string, value: unknown]>(entries: readonly E[]): readonly E[] {
  const keys = entries.map(([key]) => key);
  const repeated = keys.find((key, index) => keys.indexOf(key) < index);
  if (repeated === undefined) return entries;
  throw new SweeplineError(
    'CONFIG_INVALID',
    `two keys of a map in the cluster's entry are both ${repeated} once their placeholders are filled`,
    { hint: 'Keep one of them.' },
  );
}

function put(value: string, values: Values): string {
  return value.replaceAll(SLOT, (slot, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? slot) : slot,
  );
}
