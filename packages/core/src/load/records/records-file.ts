import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { WriteStream } from 'node:fs';
import { messageOf, SweeplineError } from '../../errors.js';
import type { RequestRecord } from './record.js';
import { encodeRequest } from './records.js';

/** Records that are serialised in one turn of the event loop: thousands that end together must not delay the streams. */
const RECORDS_A_TURN = 8;

const { O_WRONLY, O_CREAT, O_TRUNC, O_APPEND } = constants;

/** A file of lines that is written during the load. Each write appends whole lines, so several threads can write to one file. */
export class RecordsFile {
  private error: Error | undefined;
  private queue: RequestRecord[] = [];
  private armed = false;
  private drained: (() => void) | undefined;

  private constructor(
    private readonly path: string,
    private readonly stream: WriteStream,
    onError: (error: Error) => void,
  ) {
    stream.on('error', (error) => {
      if (this.error === undefined) onError(error);
      this.error ??= error;
    });
  }

  /**
   * Creates a file. Called before anything is sent, so that a path that can't be written doesn't waste a load.
   * @throws {SweeplineError} RESULT_WRITE_FAILED
   */
  static create(path: string, onError: (error: Error) => void): Promise<RecordsFile> {
    return RecordsFile.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, onError);
  }

  /** Opens an existing file. */
  static append(path: string, onError: (error: Error) => void): Promise<RecordsFile> {
    return RecordsFile.open(path, O_WRONLY | O_APPEND, onError);
  }

  private static async open(
    path: string,
    flags: number,
    onError: (error: Error) => void,
  ): Promise<RecordsFile> {
    try {
      const file = await open(path, flags, 0o666);
      return new RecordsFile(path, file.createWriteStream(), onError);
    } catch (cause) {
      throw recordsNotWritten(path, cause);
    }
  }

  /** Resolves when the line has been written, or has failed. */
  async write(line: string): Promise<void> {
    if (this.error !== undefined) return;
    await new Promise<void>((resolve) => this.stream.write(line, () => resolve()));
  }

  /** Queues a record to be written soon. */
  add(record: RequestRecord): void {
    this.queue.push(record);
    this.arm();
  }

  /** Resolves when all records so far have been passed to the file: later writes come after them. */
  async settled(): Promise<void> {
    if (this.queue.length > 0) await new Promise<void>((resolve) => (this.drained = resolve));
  }

  /** @throws {SweeplineError} RESULT_WRITE_FAILED when not everything was written. */
  async close(): Promise<void> {
    await this.settled();
    if (!this.stream.closed) {
      const closed = new Promise<void>((resolve) => this.stream.once('close', resolve));
      this.stream.end();
      await closed;
    }
    if (this.error !== undefined) throw recordsNotWritten(this.path, this.error);
  }

  private arm(): void {
    if (this.armed) return;
    this.armed = true;
    setImmediate(() => this.drain());
  }

  private drain(): void {
    this.armed = false;
    const now = this.queue.splice(0, RECORDS_A_TURN);
    if (this.error === undefined) this.stream.write(now.map(encodeRequest).join(''));
    if (this.queue.length > 0) this.arm();
    else this.drained?.();
  }
}

/** The error for records that can't be written. */
export function recordsNotWritten(path: string, cause: unknown): SweeplineError {
  return new SweeplineError('RESULT_WRITE_FAILED', `can't write the records: ${messageOf(cause)}`, {
    where: { file: path },
    hint: 'Check that the folder of output.recordsFile exists, can be written and has space left',
    cause,
  });
}
