import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../dist/server/main.js', import.meta.url));
/** Shared by all runs: the generator is deterministic and its writes are atomic. */
const CACHE_DIR = join(tmpdir(), 'sweepline-llamacpp-test-models');

/** A server that a test started, with what it printed so far. */
export class ServerProcess implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly lines: string[] = [];
  readonly exit: Promise<number | null>;
  stderr = '';
  readonly #waiting = new Set<() => void>();

  constructor(flags: readonly string[]) {
    this.child = spawn(process.execPath, [MAIN, ...flags], { stdio: 'pipe' });
    this.exit = once(this.child, 'close').then(([code]) => code as number | null);
    this.child.stderr?.on('data', (data) => (this.stderr += String(data)));
    createInterface({ input: this.child.stdout! }).on('line', (line) => {
      this.lines.push(line);
      for (const check of this.#waiting) check();
    });
  }

  /** The first line that matches, now or later; rejects if the server exits without it. */
  line(pattern: RegExp): Promise<string> {
    const match = new Promise<string>((resolve) => {
      const check = () => {
        const line = this.lines.find((candidate) => pattern.test(candidate));
        if (line === undefined) return;
        this.#waiting.delete(check);
        resolve(line);
      };
      this.#waiting.add(check);
      check();
    });
    const exited = this.exit.then((code) => {
      throw new Error(`exit ${code} without a line ${pattern}: ${this.stderr}`);
    });
    return Promise.race([match, exited]);
  }

  /** The base URL, once the socket is open. */
  async url(): Promise<string> {
    const line = await this.line(/^listening /);
    return line.replace('listening url=', '');
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    return this.exit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null) await this.stop('SIGKILL');
  }
}

/** A server of the tiny model, called `tiny`, on a free port. */
export function spawnTiny(...flags: readonly string[]): ServerProcess {
  const tiny = ['--model', 'synthetic:tiny', '--alias', 'tiny', '--port', '0', '--cache-dir', CACHE_DIR];
  return new ServerProcess([...tiny, ...flags]);
}

/** The same, once it's ready. */
export async function startTiny(
  ...flags: readonly string[]
): Promise<ServerProcess & { readonly base: string }> {
  const server = spawnTiny(...flags);
  await server.line(/^settings /);
  return Object.assign(server, { base: await server.url() });
}
