import { DISCLAIMER } from './disclaimer.js';
import { missingList, reasonLists, runFacts, withheldList } from './html/facts.js';
import { html } from './html/markup.js';
import { page } from './html/page.js';
import { plots } from './html/plots.js';
import { type Defined, definitionTable, markTable, metricTables, resultTables } from './html/tables.js';
import { countsOf, missingOf, noticesOf } from './notices.js';
import { begunPoints, completedPoints, pointsOf, withoutResult } from './point.js';
import type { Renderer } from './report.js';
import { runsNote, summarised } from './runs.js';
import { SINGLE_NODE_COLUMNS } from './summary.js';

/** One self-contained page: no network, no script. */
export const renderHtml: Renderer = (input) => {
  const { run, results } = input;
  const points = pointsOf(results);
  const shown = summarised(begunPoints(points), run);
  const note = runsNote(shown);
  const missing = { ...missingOf(input), neverBegun: withoutResult(missingOf(input), points) };
  return page(
    `Sweepline report ${run.id}`,
    html`<h1>Sweepline report</h1>
      <p class="lead">${run.id}, ${run.startedAt.slice(0, 10)}: ${countsOf(input)}</p>
      ${noticesOf(input).map((notice) => html`<p class="notice" role="note">${notice}</p>`)}
      <p class="disclaimer" role="note">${DISCLAIMER}</p>
      <section>
        <h2>Run</h2>
        ${runFacts(input)}
      </section>
      ${plots(completedPoints(shown))}
      <section>
        <h2>Results</h2>
        ${resultTables(shown)} ${note === undefined ? undefined : html`<p class="hint">${note}</p>`}
        ${markTable(points)}
      </section>
      ${withheldList(points)} ${reasonLists(points)} ${missingList(missing, run)}
      <section>
        <h2>All metrics</h2>
        ${metricTables(points, run.outputs)}
      </section>
      <section>
        <details>
          <summary>Definitions</summary>
          ${definitionTable([...rowDefinitions(), ...run.outputs])}
        </details>
      </section>`,
  );
};

function rowDefinitions(): Defined[] {
  return SINGLE_NODE_COLUMNS.flatMap(({ header, definition }) =>
    definition === undefined ? [] : [{ key: header, definition }],
  );
}
