import { once } from 'node:events';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseLoadEvent, type LoadEvent } from '../../src/load/records/progress.js';
import type { RunRecord } from '../../src/load/records/record.js';
import { decodeRunRecord } from '../../src/load/records/read-records.js';
import type { LoadSpec } from '../../src/load/spec/spec.js';
import type { FakeServer } from '../../src/testing/index.js';
import { specFor } from './specs.js';

/** The built load process, as threads need files to start from. */
export const worker = join(import.meta.dirname, '../../dist/load/load-process.js');
const main = `import { runLoadWorker } from ${JSON.stringify(worker)}; process.exitCode = await runLoadWorker(process.argv[1]);`;

export interface Ended {
  readonly code: number | null;
  readonly events: readonly LoadEvent[];
  readonly output: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** A folder for load processes and their files; disposing it ends processes that still run. */
export class LoadFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'sweepline-load-'));
  private readonly children: ChildProcess[] = [];

  start(spec: unknown, stdin: 'pipe' | 'ignore' = 'ignore', env: NodeJS.ProcessEnv = {}): Started {
    const specFile = join(this.path, 'SPEC.json');
    writeFileSync(specFile, JSON.stringify(spec));
    const child = spawn(process.execPath, ['--input-type=module', '-e', main, specFile], {
      stdio: [stdin, 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    this.children.push(child);
    let output = '';
    child.stdout?.on('data', (data) => (output += String(data)));
    child.stderr?.on('data', (data) => (output += String(data)));
    const ended = once(child, 'close').then(([code]) => {
      const events = output.split('\n').flatMap((line) => parseLoadEvent(line) ?? []);
      return { code: code as number | null, events, output };
    });
    return { child, ended };
  }

  /** A spec whose records go to this folder. */
  spec(server: FakeServer, changes: Parameters<typeof specFor>[1] = {}): LoadSpec {
    const recordsFile = join(this.path, 'records.jsonl');
    return specFor(server, { ...changes, output: { ...changes.output, recordsFile } });
  }

  recorded(): RunRecord {
    return decodeRunRecord(readFileSync(join(this.path, 'records.jsonl')));
  }

  [Symbol.dispose](): void {
    for (const child of this.children) child.kill('SIGKILL');
    rmSync(this.path, { recursive: true });
  }
}
