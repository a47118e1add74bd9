import { DISCLAIMER } from '../../report/disclaimer.js';
import { html, type Markup } from './html/markup.js';
import { page } from './html/page.js';
import { heading, table } from './html/table.js';
import { searchChart } from './chart.js';
import type { Verdict } from './decide.js';
import { describe, type JudgedProbe } from './find.js';
import { byValue, conclusion, foundTable, objectiveLines, reasonsOf, verdictText } from './report.js';
import type { StoredSearch } from './search-schema.js';

const TITLES = { rate: 'Highest request rate', concurrency: 'Most requests in flight' } as const;

/** One page that needs nothing else: no network, no script. */
export function searchPage(search: StoredSearch): string {
  const { model, baseUrl, startedAt, how, probes, objectives, sweepline } = search;
  const title = `${TITLES[search.quantity]} of ${model}`;
  const charts = objectives.map((_, i) => searchChart(search, i)).filter((chart) => chart !== undefined);
  return page(
    title,
    html`<h1>${title}</h1>
      <p class="lead">
        ${baseUrl}, ${startedAt.slice(0, 16).replace('T', ' ')} UTC, ${probes.length} probes, Sweepline
        ${sweepline}
      </p>
      ${how === 'unfinished' ? html`<p class="notice" role="note">${UNFINISHED}</p>` : undefined}
      <p class="disclaimer" role="note">${DISCLAIMER}</p>
      <section>
        <h2>${bracketText(search)}</h2>
        <ul>
          ${objectiveLines(search).map((line) => html`<li>${line}</li>`)}
        </ul>
        ${how === 'unfinished' ? undefined : html`<p>${conclusion(search)}</p>`}
      </section>
      ${charts.length === 0 ? undefined : html`<section><div class="figures">${charts}</div></section>`}
      <section>
        <h2>Probes</h2>
        ${probeTable(search)}
        <p class="hint">Each probe has a folder of its name in probes/, with its records.</p>
        ${reasonsOf(search).map((line) => html`<p class="hint">${line}</p>`)}
      </section>`,
  );
}

const UNFINISHED = 'The search goes on, or was stopped: this is what it had found until then.';

function bracketText({ bracket: { holds, fails }, quantity }: StoredSearch): string {
  const ends = [
    ...(holds === undefined ? [] : [`holds at ${describe(holds, quantity)}`]),
    ...(fails === undefined ? [] : [`fails at ${describe(fails, quantity)}`]),
  ].join(', ');
  return ends === '' ? 'Nothing is decided' : ends.charAt(0).toUpperCase() + ends.slice(1);
}

function probeTable(search: StoredSearch): Markup {
  const { heads, rows } = foundTable(search);
  const probes = byValue(search.probes);
  return table(
    'By value',
    ['Probe', ...heads.map((head) => heading(head, head !== 'verdict'))],
    rows.map((row, i) => [
      html`<th scope="row">${probes[i]?.name}</th>`,
      ...row.slice(0, -1).map((cell) => html`<td class="number">${cell}</td>`),
      html`<td>${probes[i] && badgeOf(probes[i])}</td>`,
    ]),
  );
}

function badgeOf(probe: JudgedProbe): Markup {
  const kind = probe.invalid === undefined ? BADGES[probe.verdict] : 'invalid';
  return html`<span class="badge ${kind}">${verdictText(probe)}</span>`;
}

const BADGES: Readonly<Record<Verdict, string>> = { holds: 'ok', fails: 'failed', open: 'note' };
