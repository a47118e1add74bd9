import { SweeplineError } from '../errors.js';
import type { Ref, Role, Text } from '../plugin/launch-plan.js';

/** Where one replica of a role is. */
export interface ReplicaAddress {
  /** Name other nodes know the node by. */
  readonly host: string;
  readonly ip: string;
  /** Port numbers by name. */
  readonly ports: Readonly<Record<string, number>>;
}

/** Replicas of each role, by role name. */
export type Addresses = Readonly<Record<string, readonly ReplicaAddress[]>>;

/** How references become text: real addresses once nodes are held, placeholders when a plan is printed. */
export type RefResolver = (ref: Ref) => string;

/** `YYYYMMDD`. */
const DATE_PLACEHOLDER = '{YYYYMMDD}';

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

export function resolveRole(role: Role, resolve: RefResolver): ResolvedRole {
  return {
    argv: role.argv.map((text) => resolveText(text, resolve)),
    env: resolveValues(role.env, resolve),
    files: resolveValues(role.files, resolve),
  };
}

function resolveValues(
  texts: Readonly<Record<string, Text>>,
  resolve: RefResolver,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, resolveText(text, resolve)]));
}

/** Resolves against real addresses. @throws {SweeplineError} PLAN_INVALID for a reference to nothing. */
export function addressResolver(addresses: Addresses, date: Date): RefResolver {
  return (ref) => {
    if (ref.ref === 'date') return date.toISOString().slice(0, 10).replaceAll('-', '');
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

/** Placeholders such as `{host:prefill:0}`; ports are known: fixed ones, or the one given. */
export function placeholderResolver(roles: readonly Role[], port: number): RefResolver {
  return (ref) => {
    if (ref.ref === 'date') return DATE_PLACEHOLDER;
    if (ref.ref !== 'port') return `{${ref.ref}:${ref.role}:${ref.index ?? 0}}`;
    const ports = roles.find((role) => role.name === ref.role)?.ports ?? [];
    const named = ref.name === undefined ? ports[0] : ports.find((candidate) => candidate.name === ref.name);
    return String(named?.fixed ?? port);
  };
}
