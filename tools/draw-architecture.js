// @ts-check
/** Draws docs/architecture.svg: the stages from a config to a report, and the kinds of plugins that they call. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const FILE = process.argv[2] ?? fileURLToPath(new URL('../docs/architecture.svg', import.meta.url));

const STAGES = [
  ['config', 'YAML → entries'],
  ['matrix', 'entries → jobs'],
  ['plan', 'job → launch plan'],
  ['launch', 'plan → running server'],
  ['measure', 'server → one point'],
  ['metrics', 'records → numbers'],
  ['results', 'numbers → files'],
  ['report', 'files → Markdown, tables'],
];
/** Kinds of plugins, and the stages that call them. @type {readonly (readonly [string, readonly string[]])[]} */
const PLUGINS = [
  ['framework, recipes', ['plan']],
  ['hardware', ['plan', 'launch', 'measure']],
  ['launcher', ['launch']],
  ['metric', ['metrics']],
  ['report', ['report']],
];

const BOX = { width: 190, height: 46, gap: 22, left: 230, top: 20 };
const PLUGIN = { width: 170, height: 40, left: 20 };
const OTHER = { width: 200, height: 46, left: 490 };

/** @param {number} row */
const topOf = (row) => BOX.top + row * (BOX.height + BOX.gap);
/** @param {string} stage */
const rowOf = (stage) => STAGES.findIndex(([name]) => name === stage);
/** @param {string} stage */
const middleOf = (stage) => topOf(rowOf(stage)) + BOX.height / 2;

const HEIGHT = topOf(STAGES.length) + 10;

const stages = STAGES.flatMap(([name = '', what = ''], row) => [
  box('stage', BOX.left, topOf(row), BOX, name, what),
  ...(row === 0
    ? []
    : [arrow(BOX.left + BOX.width / 2, topOf(row) - BOX.gap, BOX.left + BOX.width / 2, topOf(row))]),
]);

const plugins = PLUGINS.flatMap(([name, asked], index) => {
  const y = topOf(2) + index * ((topOf(7) - topOf(2)) / (PLUGINS.length - 1));
  const middle = y + PLUGIN.height / 2;
  return [
    box('plugin', PLUGIN.left, y, PLUGIN, name),
    ...asked.map((stage) => arrow(PLUGIN.left + PLUGIN.width, middle, BOX.left, middleOf(stage))),
  ];
});

const measure = middleOf('measure');
const others = [
  box('other', OTHER.left, topOf(rowOf('launch')), OTHER, 'server under test', 'on nodes of a launcher'),
  box('other', OTHER.left, topOf(rowOf('measure')), OTHER, 'load process', 'requests out, records in'),
  box('other', OTHER.left, topOf(rowOf('results')), OTHER, 'run folder', 'result.json, records.jsonl, …'),
  arrow(BOX.left + BOX.width, middleOf('launch'), OTHER.left, middleOf('launch')),
  arrow(BOX.left + BOX.width, measure, OTHER.left, measure),
  arrow(
    OTHER.left + OTHER.width / 2,
    topOf(rowOf('measure')),
    OTHER.left + OTHER.width / 2,
    topOf(rowOf('launch')) + OTHER.height,
  ),
  arrow(OTHER.left, topOf(rowOf('measure')) + OTHER.height, BOX.left + BOX.width, middleOf('metrics')),
  arrow(BOX.left + BOX.width, middleOf('results'), OTHER.left, middleOf('results')),
];

const style = `
  text { font: 14px system-ui, sans-serif; fill: #1a1a1a; text-anchor: middle }
  .what { font-size: 12px; fill: #555 }
  rect { rx: 6px; stroke-width: 1.5px }
  .stage rect { fill: #e8f0fe; stroke: #3b6fd4 }
  .plugin rect { fill: #fdf1dc; stroke: #c07f1b }
  .other rect { fill: #e9f6ec; stroke: #3c8d50 }
  path { stroke: #666; stroke-width: 1.5px; fill: none; marker-end: url(#head) }`;

await writeFile(
  FILE,
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 710 ${HEIGHT}" width="710" height="${HEIGHT}" role="img">
<title>Stages of Sweepline, from a config to a report, and the plugins that they ask</title>
<style>${style}
</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" style="fill:#666;stroke:none"/></marker></defs>
<rect width="710" height="${HEIGHT}" fill="#fff" stroke="none"/>
${[...stages, ...plugins, ...others].join('\n')}
</svg>
`,
);

/** @param {string} kind @param {number} x @param {number} y @param {{ width: number, height: number }} size @param {string} name @param {string} [what] */
function box(kind, x, y, { width, height }, name, what) {
  const middle = x + width / 2;
  const label = what === undefined ? y + height / 2 + 5 : y + 19;
  const second = what === undefined ? '' : `<text class="what" x="${middle}" y="${y + 36}">${what}</text>`;
  return `<g class="${kind}"><rect x="${x}" y="${y}" width="${width}" height="${height}"/><text x="${middle}" y="${label}">${name}</text>${second}</g>`;
}

/** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
function arrow(x1, y1, x2, y2) {
  return `<path d="M${x1} ${y1}L${x2} ${y2}"/>`;
}
