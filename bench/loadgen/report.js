// @ts-check
/** The table of results. */
import { median } from '../matrix/statistics.js';

/**
 * @typedef {import('./rows.js').Row} Row
 * @typedef {import('./rows.js').Run} Run
 * @typedef {import('./cells.js').Client} Client
 * @typedef {Readonly<Record<string, Readonly<Partial<Record<Client, readonly Run[]>>>>>} Measured By cell and client.
 *
 * @typedef {{ median: number, min: number, max: number, runs: number, missing: number }} Figure
 * @typedef {object} Line
 * @property {string} name
 * @property {string} title
 * @property {string} unit
 * @property {number} digits
 * @property {Figure} [sweepline]
 * @property {Figure} [inferencex]
 * @property {number} [ratio]
 * @property {string} target
 * @property {boolean} [met]
 * @property {number} noisy Runs during which others used the machine, of both clients.
 */

/** @param {string} name @param {Row} row @param {Measured} measured @returns {Line} */
export function lineOf(name, row, measured) {
  const runs = measured[row.cell] ?? {};
  const base = row.base === undefined ? undefined : (measured[row.base] ?? {});
  /** @param {Client} client */
  const figure = (client) => figureOf(row, runs[client] ?? [], base && (base[client] ?? []));
  const [sweepline, inferencex] = [figure('sweepline'), figure('inferencex')];
  const met = isMet(row, sweepline, inferencex, runs.sweepline ?? []);
  return {
    ...{ name, title: row.title, unit: row.unit, digits: row.digits, target: row.target.text },
    ...(sweepline && { sweepline }),
    ...(inferencex && { inferencex }),
    ...(sweepline && inferencex && { ratio: sweepline.median / inferencex.median }),
    ...(met !== undefined && { met }),
    noisy: [...(runs.sweepline ?? []), ...(runs.inferencex ?? [])].filter((run) => run['noisy']).length,
  };
}

/** @param {Row} row @param {Figure | undefined} ours @param {Figure | undefined} theirs @param {readonly Run[]} runs */
function isMet({ target }, ours, theirs, runs) {
  if (runs.length === 0) return undefined;
  // A run without a figure has failed.
  if (ours === undefined || ours.missing > 0) return false;
  return target.isMet(ours.median, theirs?.median, runs);
}

/** @param {Row} row @param {readonly Run[]} runs @param {readonly Run[] | undefined} bases @returns {Figure | undefined} */
function figureOf({ value }, runs, bases) {
  const all = runs.map((run, i) => {
    const own = value(run);
    if (bases === undefined || own === undefined) return own;
    const base = bases[i] && value(bases[i]);
    return base === undefined ? undefined : 100 * (own / base - 1);
  });
  const values = all.filter((one) => one !== undefined);
  if (values.length === 0) return undefined;
  return {
    ...{ median: median(values), min: Math.min(...values), max: Math.max(...values) },
    ...{ runs: values.length, missing: all.length - values.length },
  };
}

/** @param {readonly Line[]} lines */
export function markdown(lines) {
  const rows = lines.map((line) => [
    line.title,
    shown(line.sweepline, line),
    shown(line.inferencex, line),
    line.ratio === undefined || line.unit === '%' || line.unit === '' ? '' : `${line.ratio.toFixed(2)} ×`,
    line.target,
    (line.met === undefined ? '' : line.met ? 'yes' : 'no') +
      (line.noisy > 0 ? ` (${line.noisy} noisy)` : ''),
  ]);
  return table([['', 'Sweepline', "InferenceX's client", 'ratio', 'target', 'met'], ...rows]);
}

/** @param {Figure | undefined} figure @param {Line} line */
function shown(figure, { unit, digits }) {
  if (figure === undefined) return '–';
  const [middle, least, most] = [figure.median, figure.min, figure.max].map((n) => n.toFixed(digits));
  const failed = figure.missing > 0 ? `, ${figure.missing} without` : '';
  return `${middle} ${unit} [${least}..${most}${failed}]`;
}

/** @param {readonly (readonly string[])[]} rows The first is the head. */
export function table([head = [], ...rows]) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
