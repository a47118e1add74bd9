import { SweeplineError } from '../errors.js';
import type { Ref, Role, Text } from '../plugin/launch-plan.js';

/** Address of one replica of a role. */
export interface ReplicaAddress {
  /** Name by which other nodes reach the node. */
  readonly host: string;
  /** Its IP address where a plan asks for one, else the same as `host`. */
  readonly ip: string;
  /** Port numbers by name. */
  readonly ports: Readonly<Record<string, number>>;
}

/** Replicas of each role, by role name. */
export type Addresses = Readonly<Record<string, readonly ReplicaAddress[]>>;

/** All references in a plan, or in a part of one. */
export function refsIn(value: unknown): readonly Ref[] {
  if (Array.isArray(value)) return value.flatMap(refsIn);
  if (typeof value !== 'object' || value === null) return [];
  return 'ref' in value ? [value as unknown as Ref] : Object.values(value).flatMap(refsIn);
}

/** How references become text: real addresses once nodes are held, placeholders in a printed plan. */
export type RefResolver = (ref: Ref) => string;

export function resolveText(text: Text, resolve: RefResolver): string {
  if (typeof text === 'string') return text;
  return text.map((part) => (typeof part === 'string' ? part : resolve(part))).join('');
}

/** A role with all its texts resolved: what is run. */
export interface ResolvedRole {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
}

/** A role's references to itself mean the current replica, unless they name another. */
export function resolveRole(role: Role, resolve: RefResolver, replica: number): ResolvedRole {
  const own: RefResolver = (ref) =>
    resolve('role' in ref && ref.role === role.name ? { index: replica, ...ref } : ref);
  return {
    argv: role.argv.map((text) => resolveText(text, own)),
    env: resolveValues(role.env, own),
    files: resolveValues(role.files, own),
  };
}

export function resolveValues(
  texts: Readonly<Record<string, Text>>,
  resolve: RefResolver,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, resolveText(text, resolve)]));
}

/** Values of references other than addresses. */
export interface Circumstances {
  readonly date: string;
  readonly workspace: string;
  readonly user: string;
}

export const PLACEHOLDERS: Circumstances = { date: '{YYYYMMDD}', workspace: '{workspace}', user: '{user}' };

/** The date in the form that references use. */
export function dateText(date: Date): string {
  return date.toISOString().slice(0, 10).replaceAll('-', '');
}

/** Resolves references to real addresses. @throws {SweeplineError} PLAN_INVALID for a reference to nothing. */
export function addressResolver(
  addresses: Addresses,
  circumstances: Circumstances,
  rank: number,
): RefResolver {
  return (ref) => {
    if (!('role' in ref)) return ref.ref === 'rank' ? String(rank) : circumstances[ref.ref];
    const replica = addresses[ref.role]?.[ref.index ?? 0];
    if (replica === undefined) throw dangling(ref, 'no such replica');
    if (ref.ref === 'host') return replica.host;
    if (ref.ref === 'ip') return replica.ip;
    const port = ref.name === undefined ? Object.values(replica.ports)[0] : replica.ports[ref.name];
    if (port === undefined) throw dangling(ref, 'no such port');
    return String(port);
  };
}

function dangling(ref: Ref, problem: string): SweeplineError {
  return new SweeplineError('PLAN_INVALID', `the launch plan refers to ${JSON.stringify(ref)}: ${problem}`, {
    hint: 'Report this to the authors of the framework plugin.',
  });
}

/**
 * Placeholders such as `{host:prefill:0}`. Ports are numbers: fixed ones as they are, others counted up from the given one so
 * that no two ports of a plan are equal.
 */
export function placeholderResolver(
  roles: readonly Role[],
  firstPort: number,
  rank = 0,
  circumstances: Circumstances = PLACEHOLDERS,
): RefResolver {
  const numbers = portNumbers(roles, firstPort);
  return (ref) => {
    if (!('role' in ref)) return ref.ref === 'rank' ? String(rank) : circumstances[ref.ref];
    if (ref.ref !== 'port') return `{${ref.ref}:${ref.role}:${ref.index ?? 0}}`;
    const ports = numbers.get(`${ref.role}:${ref.index ?? 0}`) ?? {};
    return String((ref.name === undefined ? Object.values(ports)[0] : ports[ref.name]) ?? firstPort);
  };
}

function portNumbers(
  roles: readonly Role[],
  firstPort: number,
): ReadonlyMap<string, Readonly<Record<string, number>>> {
  let next = firstPort;
  return new Map(
    roles.flatMap((role) =>
      Array.from({ length: role.replicas }, (_, index) => {
        const ports = role.ports.map(({ name, fixed }) => [name, fixed ?? next++] as const);
        return [`${role.name}:${index}`, Object.fromEntries(ports)] as const;
      }),
    ),
  );
}
