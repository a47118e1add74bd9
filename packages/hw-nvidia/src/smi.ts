import type { Executor } from '@sweepline/core';

const SHELL_NOT_FOUND = 127;
const MIB_PER_GIB = 1024;

/** What nvidia-smi reports about one GPU; fields without a value are left out. */
export type Row<Field extends string> = Readonly<Partial<Record<Field, string>>>;

/** The command that prints these fields, one line per GPU. */
export function queryArgv(fields: readonly string[]): readonly string[] {
  return ['nvidia-smi', `--query-gpu=${fields.join(',')}`, '--format=csv,noheader,nounits'];
}

/** These fields of every GPU of the node; empty if nvidia-smi isn't installed. */
export async function queryGpus<Field extends string>(
  executor: Executor,
  fields: readonly Field[],
  signal: AbortSignal,
): Promise<readonly Row<Field>[]> {
  return (await queryGpusIfAny(executor, fields, signal)) ?? [];
}

/** The same, but undefined if nvidia-smi isn't installed. */
export async function queryGpusIfAny<Field extends string>(
  executor: Executor,
  fields: readonly Field[],
  signal: AbortSignal,
): Promise<readonly Row<Field>[] | undefined> {
  const printed = await nvidiaSmi(executor, queryArgv(fields), signal);
  return printed?.split('\n').flatMap((line) => parseRow(line, fields) ?? []);
}

/** Whether the node has NVIDIA's driver, for nodes without nvidia-smi; undefined if unknown. */
export async function hasDriver(executor: Executor, signal: AbortSignal): Promise<boolean | undefined> {
  const argv = ['test', '-e', '/proc/driver/nvidia/version'];
  const code = await executor.run({ argv }, signal).then(
    ({ exit }) => exit.code,
    () => undefined,
  );
  return code === 0 ? true : code === 1 ? false : undefined;
}

/** Ids of processes that compute on the node's GPUs, as far as the caller may see them. */
export async function queryComputeProcesses(executor: Executor, signal: AbortSignal): Promise<number[]> {
  const argv = ['nvidia-smi', '--query-compute-apps=pid', '--format=csv,noheader'];
  const printed = (await nvidiaSmi(executor, argv, signal)) ?? '';
  return printed.split('\n').flatMap((line) => numberOf(line.trim()) ?? []);
}

/** One line as fields; undefined if it is a message or was cut off. */
export function parseRow<Field extends string>(
  line: string,
  fields: readonly Field[],
): Row<Field> | undefined {
  const values = line.split(',').map((value) => value.trim());
  if (values.length !== fields.length) return undefined;
  const cells = fields.map((field, index) => [field, values[index] ?? ''] as const);
  const present = cells.filter(([, value]) => hasValue(value));
  return present.length === 0 ? undefined : (Object.fromEntries(present) as Row<Field>);
}

/** `[N/A]`, `[Not Supported]`, `[Unknown Error]` and similar texts mean that there is no value. */
function hasValue(value: string): boolean {
  return value !== '' && value !== 'N/A' && !value.startsWith('[');
}

export function numberOf(value: string | undefined): number | undefined {
  return value === undefined || !/^\d+(\.\d+)?$/.test(value) ? undefined : Number(value);
}

/** GiB from nvidia-smi's MiB. */
export function gibOf(value: string | undefined): number | undefined {
  const mib = numberOf(value);
  return mib === undefined ? undefined : Math.round((mib / MIB_PER_GIB) * 100) / 100;
}

/** A share from 0 to 1 from nvidia-smi's percent. */
export function shareOf(value: string | undefined): number | undefined {
  const percent = numberOf(value);
  return percent === undefined ? undefined : percent / 100;
}

/** Its output; undefined if it isn't installed. */
async function nvidiaSmi(
  executor: Executor,
  argv: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const output = await executor.run({ argv }, signal).catch(unlessMissing);
  if (output === undefined || output.exit.code === SHELL_NOT_FOUND) return undefined;
  if (output.exit.code === 0) return output.stdout;
  const message = output.stderr.trim() || output.stdout.trim();
  if (message.startsWith('No devices were found')) return '';
  throw new Error(`can't read the GPUs of ${executor.node.name}: ${message}`);
}

function unlessMissing(error: unknown): undefined {
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: { readonly code?: unknown } };
  if (code !== 'ENOENT' && cause?.code !== 'ENOENT') throw error;
}
