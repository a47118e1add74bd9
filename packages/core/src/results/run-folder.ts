/* Names in a run's folder. */

export const RUN_FILE = 'run.json';
export const POINTS = 'points';
export const RESULT_FILE = 'result.json';
/** Prefix of a point's folder while the point is measured. */
export const RUNNING = '.running-';
/** Prefix, before a number, of the folder of a result that a later one of the same point has replaced. */
export const REPLACED = '.replaced-';
/** One line per point. */
export const LINES_FILE = 'results.ndjson';
export const SESSIONS = 'sessions';
/** Folder of a joined run with what is known of its parts: `<name>/run.json` and `journal.ndjson`. */
export const PARTS = 'parts';
