import { useMemo, useRef, useState } from 'preact/hooks';
import { droppedSite } from '../../src/dropped/dropped-site.js';
import { GivenFiles, type GivenFile } from '../../src/dropped/given-files.js';
import { joinedSite } from '../../src/dropped/joined-site.js';
import { readDropped, type Dropped, type DroppedRun } from '../../src/dropped/read-dropped.js';
import type { SiteReader } from '../../src/site/site-reader.js';

const NONE: Dropped = { runs: [], problems: [] };

/** Files that were added to the page: they stay in it until it is closed, and go nowhere. */
export interface DroppedFiles extends Dropped {
  readonly isReading: boolean;
  readonly add: (files: Promise<readonly GivenFile[]>) => void;
  readonly remove: (run: string) => void;
  readonly clear: () => void;
}

interface State extends Dropped {
  /** With what was added. */
  readonly site: SiteReader;
}

/** A site with what is added to it. */
export function useDropped(own: SiteReader): { readonly site: SiteReader; readonly dropped: DroppedFiles } {
  const [state, setState] = useState<State>({ ...NONE, site: own });
  const [reading, setReading] = useState(0);
  const tree = useMemo(() => new GivenFiles(), []);
  // Changes one after another, each of what the one before has left.
  const last = useRef(Promise.resolve(state));
  const change = (by: (state: State) => Promise<Dropped>): void => {
    setReading((count) => count + 1);
    last.current = last.current.then(async (before) => {
      const after = await changedState(own, tree, before, by);
      setState(after);
      setReading((count) => count - 1);
      return after;
    });
  };
  const kept = (isKept: (run: DroppedRun) => boolean): void =>
    change(({ runs }) => Promise.resolve({ runs: runs.filter(isKept), problems: [] }));
  const add = (files: Promise<readonly GivenFile[]>): void =>
    change(async ({ runs, site }) => {
      const folder = tree.addDrop(await files);
      const found = await readDropped(tree, folder, new Set(site.index.runs.map(({ run }) => run)));
      return { runs: [...runs, ...found.runs], problems: found.problems };
    });
  return {
    site: state.site,
    dropped: {
      ...{ runs: state.runs, problems: state.problems, isReading: reading > 0, add },
      remove: (run) => kept((one) => one.run !== run),
      clear: () => kept(() => false),
    },
  };
}

/** What can't be read or joined leaves the site as it was. */
async function changedState(
  own: SiteReader,
  tree: GivenFiles,
  before: State,
  by: (state: State) => Promise<Dropped>,
): Promise<State> {
  try {
    const { runs, problems } = await by(before);
    const rows = runs.flatMap((run) => run.rows);
    const site = rows.length === 0 ? own : await joinedSite(own, await droppedSite(rows, tree));
    return { runs, problems, site };
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'they cannot be read';
    return { ...before, problems: [{ file: 'These files', reason }] };
  }
}
