import { readFileSync } from 'node:fs';

/** Resources that the calling thread has used since it started; what the platform doesn't report is absent. */
export interface ThreadUsage {
  /** CPU seconds, user + system. */
  readonly cpuS?: number;
  /** Seconds that it was ready to run but had no CPU. */
  readonly waitS?: number;
  /** Page faults that needed the disk. */
  readonly majorFaults?: number;
}

/** Fields of /proc/thread-self/stat after the name, which may contain spaces and brackets (proc_pid_stat(5): majflt is 12). */
const MAJOR_FAULTS = 12 - 3;

/** Only Linux reports these per thread; elsewhere the result is empty. */
export function threadUsage(): ThreadUsage {
  const [ran, waited] = read('/proc/thread-self/schedstat')?.split(' ') ?? [];
  const stat = read('/proc/thread-self/stat');
  const faults = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[MAJOR_FAULTS];
  return {
    ...(ran !== undefined && { cpuS: Number(ran) / 1e9 }),
    ...(waited !== undefined && { waitS: Number(waited) / 1e9 }),
    ...(faults !== undefined && { majorFaults: Number(faults) }),
  };
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
