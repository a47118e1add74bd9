interface Limit {
  readonly what: string;
  readonly hint: string;
}

const MEMORY: Limit = {
  what: 'this process can get no more memory',
  hint: 'Give it more: `ulimit -v`, the limit of the container or of the batch job, or free some.',
};

/** Limits of the system by the code of the call that met them. */
const LIMITS: Readonly<Record<string, Limit>> = {
  EMFILE: {
    what: 'this process may not open more files and connections',
    hint: 'Raise the limit: `ulimit -n` shows it, `ulimit -n 65536` sets it.',
  },
  ENFILE: { what: 'this machine has too many files open', hint: 'End something, or raise fs.file-max.' },
  EAGAIN: { what: 'no more processes can be started', hint: 'Raise the limit: `ulimit -u` shows it.' },
  ENOMEM: MEMORY,
};

/** Which limit of the system something that was thrown comes from: no defect, and no bad input. */
export function limitOf(thrown: unknown): Limit | undefined {
  const { code } = thrown as { readonly code?: unknown };
  if (typeof code === 'string' && Object.hasOwn(LIMITS, code)) return LIMITS[code];
  const isMemory = thrown instanceof RangeError && /out of memory|allocat/i.test(thrown.message);
  return isMemory ? MEMORY : undefined;
}
