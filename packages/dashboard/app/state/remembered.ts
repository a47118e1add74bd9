/** Text that this browser keeps for the site; where storage is not allowed, it is kept until the page is closed. */
export interface Remembered {
  readonly get: () => string | undefined;
  /** Undefined forgets it. */
  readonly set: (text: string | undefined) => void;
}

const inPage = new Map<string, string>();

export function remembered(name: string): Remembered {
  const key = `sweepline.${name}`;
  return {
    get: () => {
      try {
        return localStorage.getItem(key) ?? inPage.get(key);
      } catch {
        return inPage.get(key);
      }
    },
    set: (text) => {
      if (text === undefined) inPage.delete(key);
      else inPage.set(key, text);
      try {
        if (text === undefined) localStorage.removeItem(key);
        else localStorage.setItem(key, text);
      } catch {
        // Browsers forbid it in private windows, and for some pages from the file system.
      }
    },
  };
}
