/** What may be said of a text that was generated so far. */
export interface Said {
  readonly text: string;
  /** A stop text has come: nothing after it is said, and it isn't either. */
  readonly stopped: boolean;
}

/** Keeps a stream of text from its first stop text on, and for a while what may be the beginning of one. */
export class StopFilter {
  readonly #stops: readonly string[];
  #held = '';

  /** @param stops none of them empty */
  constructor(stops: readonly string[]) {
    this.#stops = stops;
  }

  /** @param last whether no text follows */
  push(text: string, last: boolean): Said {
    const whole = this.#held + text;
    const places = this.#stops.map((stop) => whole.indexOf(stop)).filter((place) => place >= 0);
    if (places.length > 0) return { text: whole.slice(0, Math.min(...places)), stopped: true };
    const kept = last ? 0 : Math.max(0, ...this.#stops.map((stop) => beginningAtEnd(whole, stop)));
    this.#held = whole.slice(whole.length - kept);
    return { text: whole.slice(0, whole.length - kept), stopped: false };
  }
}

/** Characters at the end of a text that a stop text begins with. */
function beginningAtEnd(text: string, stop: string): number {
  for (let length = Math.min(stop.length - 1, text.length); length > 0; length--)
    if (text.endsWith(stop.slice(0, length))) return length;
  return 0;
}
