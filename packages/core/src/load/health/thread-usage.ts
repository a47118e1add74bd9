import { readFileSync } from 'node:fs';

/** What the calling thread has used since it began; what the platform doesn't tell is left out. */
export interface ThreadUsage {
  /** CPU seconds, user + system. */
  readonly cpuS?: number;
  /** Seconds that it was ready to run and had no CPU. */
  readonly waitS?: number;
  /** Page faults that needed the disk. */
  readonly majorFaults?: number;
}

/** Fields of /proc/thread-self/stat behind the name, which may itself have spaces and brackets (proc_pid_stat(5): majflt is 12). */
const MAJOR_FAULTS = 12 - 3;

/** Linux tells threads apart; elsewhere there is nothing. */
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
