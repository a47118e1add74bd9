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
}

type Values = Readonly<Record<string, string>>;

/**
 * A launcher's options with facts in the place of placeholders, in keys and values. What only the node knows (its host name, the
 * user's id there, the allocation) stays a placeholder.
 */
export function fillPlaceholders<T extends { readonly 'hf-cache'?: string | undefined }>(
  options: T,
  facts: Facts,
): T {
  const values = valuesOf(facts);
  const cache = put(options['hf-cache'] ?? '', values);
  return filled(options, { ...values, 'hf-cache': cache }) as T;
}

function valuesOf({ workspace, user, node, image = '', port }: Facts): Values {
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
    Object.entries(value).map(([key, inner]) => [put(key, values), filled(inner, values)]),
  );
}

function put(value: string, values: Values): string {
  return value.replaceAll(SLOT, (slot, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? slot) : slot,
  );
}
