import type { Socket } from 'node:net';
import { Mt19937 } from '../../load/prompts/mt19937.js';
import type { AnswerOptions } from './options.js';

/** Writes to a socket, whole or in pieces. */
export class Outlet {
  constructor(private readonly socket: Socket) {}

  /** Writes all of it and calls `next` when the socket accepts more: at once, unless the client reads slowly or the write is split. */
  write(bytes: Buffer, next: () => void, split?: AnswerOptions['split'], seed = 0): void {
    if (split === undefined) this.whole(bytes, next);
    else this.pieces(cut(bytes, split, seed), next);
  }

  /** Calls `next` when the system has everything that was written. */
  flushed(next: () => void): void {
    if (this.socket.writableLength === 0) next();
    else this.socket.write('', next);
  }

  end(): void {
    this.socket.end();
  }

  /** The other end sees a reset, if the connection supports that. */
  reset(): void {
    if ('encrypted' in this.socket) this.socket.destroy();
    else this.socket.resetAndDestroy();
  }

  private whole(bytes: Buffer, next: () => void): void {
    if (this.socket.write(bytes)) next();
    else this.socket.once('drain', next);
  }

  /** One piece per turn of the event loop: a client that reads in other turns gets them one by one. */
  private pieces(pieces: readonly Buffer[], next: () => void, at = 0): void {
    const piece = pieces[at];
    if (piece === undefined || this.socket.destroyed) next();
    else if (at === pieces.length - 1) this.whole(piece, next);
    else this.whole(piece, () => setImmediate(() => this.pieces(pieces, next, at + 1)));
  }
}

function cut(
  bytes: Buffer,
  { longest, random }: NonNullable<AnswerOptions['split']>,
  seed: number,
): Buffer[] {
  const dice = random ? new Mt19937(seed) : undefined;
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + (dice?.integer(1, longest + 1) ?? longest);
    pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return pieces;
}
