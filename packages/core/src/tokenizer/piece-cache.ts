/** The most characters of cached pieces; above that the cache is emptied. */
const MOST = 2 ** 23;
/** Pieces of at least this length are stored as copies: V8 would keep the whole text that such a substring was cut from. */
const SLICED = 13;

/** Cached ids of pieces of text; most pieces of random prompts repeat. */
export class PieceCache {
  private readonly known = new Map<string, number | readonly number[]>();
  private chars = 0;

  constructor(private readonly encode: (piece: string) => readonly number[]) {}

  /** Appends the ids of a piece. */
  addTo(ids: number[], piece: string): void {
    const known = this.known.get(piece) ?? this.learn(piece);
    if (typeof known === 'number') ids.push(known);
    else for (const id of known) ids.push(id);
  }

  private learn(piece: string): readonly number[] {
    const ids = this.encode(piece);
    this.chars += piece.length;
    if (this.chars > MOST) {
      this.known.clear();
      this.chars = piece.length;
    }
    const [only] = ids;
    this.known.set(
      piece.length < SLICED ? piece : copyOf(piece),
      ids.length === 1 && only !== undefined ? only : ids,
    );
    return ids;
  }
}

function copyOf(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}
