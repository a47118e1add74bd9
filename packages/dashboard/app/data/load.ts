import type { SiteIndex } from '../../src/site/site-data.js';
import type { SiteReader } from '../../src/site/site-reader.js';
import type { TableData } from '../../src/site/table.js';

declare global {
  /** Called by scripts of the folder `data`: the name of a file, and its JSON. */
  var sweeplineData: (name: string, json: string) => void;
}

const arrived = new Map<string, string>();
const loading = new Map<string, Promise<unknown>>();

/** Before any script of data runs. */
export function receiveData(): void {
  globalThis.sweeplineData = (name, json) => void arrived.set(name, json);
}

/** The site that this page belongs to. @throws {Error} if it can't be read */
export async function ownSite(): Promise<SiteReader> {
  const [index, points] = await Promise.all([loadData('index'), loadData('points')]);
  return { index: index as SiteIndex, points: points as TableData, load: loadData };
}

/**
 * A file of the site's data, by its name without extension: out of the page where the site is a single file, else by a script, as pages
 * that were opened from `file://` may not read files. It is kept.
 * @throws {Error} if there is none, or it can't be read
 */
function loadData(name: string): Promise<unknown> {
  const known = loading.get(name);
  if (known !== undefined) return known;
  const promise = readData(name);
  loading.set(name, promise);
  // Another try is made when it is asked for again.
  promise.catch(() => loading.delete(name));
  return promise;
}

async function readData(name: string): Promise<unknown> {
  const inPage = document.querySelector(`script[type="application/json"][data-name="${CSS.escape(name)}"]`);
  if (inPage !== null) return JSON.parse(inPage.textContent);
  await runScript(`data/${name}.js`);
  const json = arrived.get(name);
  if (json === undefined) throw new Error(`data/${name}.js holds no ${name}`);
  arrived.delete(name);
  return JSON.parse(json);
}

function runScript(src: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = src;
    script.onload = () => {
      script.remove();
      resolve();
    };
    script.onerror = () => {
      script.remove();
      reject(new Error(`${src} can't be read`));
    };
    document.head.append(script);
  });
}
