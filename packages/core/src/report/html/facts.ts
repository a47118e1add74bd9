import { reasonOf } from '../../results/reason.js';
import type { FailedResult, Result } from '../../results/schema.js';
import { countsOf, neverBegunWord, type Missing } from '../notices.js';
import { HELD_BACK, inState, type ReportPoint, withheldLines } from '../point.js';
import type { ReportInput } from '../report.js';
import { html, type Markup } from './markup.js';

/** When and where the run was made, and with which software, if known. */
export function runFacts(input: ReportInput): Markup {
  const { run, results } = input;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Run', `${run.id} (${run.state})`],
    ['Started', run.startedAt],
    ['Finished', run.finishedAt ?? '–'],
    ['Results', countsOf(input)],
    ['Sweepline', run.sweepline],
    ['Client', distinct(results.map(({ provenance }) => provenance.client))],
    ['Prompts', distinct(results.map(({ provenance }) => promptsText(provenance.prompts)))],
    ['Client placement', distinct(results.map(({ provenance }) => placementText(provenance.placement)))],
    [
      'Endpoint',
      distinct(results.map(({ endpoint }) => endpoint && `${endpoint.baseUrl} (${endpoint.api})`)),
    ],
    ['Frameworks', distinct(results.map(({ provenance }) => pluginText(provenance.framework)))],
    ['Hardware', distinct(results.map(({ provenance }) => hardwareText(provenance.hardware)))],
    [
      'Images',
      distinct(results.map(({ job }) => (typeof job['image'] === 'string' ? job['image'] : undefined))),
    ],
    ['Config files', distinct(run.configFiles)],
  ];
  return html`<dl class="facts">
    ${facts.flatMap(([term, value]) =>
      value === undefined
        ? []
        : html`<div>
            <dt>${term}</dt>
            <dd>${value}</dd>
          </div> `,
    )}
  </dl>`;
}

/** Completed results whose rows are not exported, with the reasons. */
export function withheldList(points: readonly ReportPoint[]): Markup | undefined {
  const lines = withheldLines(points);
  if (lines.length === 0) return undefined;
  return html`<section>
    <h2>${HELD_BACK}</h2>
    <ul>
      ${lines.map((line) => html`<li>${line}</li>`)}
    </ul>
  </section>`;
}

/** Results without numbers, with code, reason and the end of the server's log: failures apart from what was refused and what was skipped. */
export function reasonLists(points: readonly ReportPoint[]): readonly Markup[] {
  return [
    reasonList('Not completed', inState(points, ['failed', 'interrupted'])),
    reasonList('Rejected', inState(points, ['rejected'])),
    reasonList('Skipped', inState(points, ['skipped'])),
  ].filter((list) => list !== undefined);
}

function reasonList(title: string, points: readonly ReportPoint[]): Markup | undefined {
  if (points.length === 0) return undefined;
  return html`<section>
    <h2>${title}</h2>
    <ul class="failures">
      ${points.map(({ result }) => reasonItem(result))}
    </ul>
  </section>`;
}

/** Points of the run that have no result. */
export function missingList({ begun, neverBegun }: Missing, run: ReportInput['run']): Markup | undefined {
  if (begun.length + neverBegun.length === 0) return undefined;
  return html`<section>
    <h2>Without a result</h2>
    <ul class="failures">
      ${begun.map((name) => html`<li><strong>${name}</strong> begun</li>`)}
      ${neverBegun.map((name) => html`<li><strong>${name}</strong> ${neverBegunWord(run).toLowerCase()}</li>`)}
    </ul>
  </section>`;
}

function reasonItem(result: Result): Markup {
  const reason = reasonOf(result);
  if (reason === undefined) return html`<li><strong>${result.name}</strong> ${result.state}</li>`;
  const { code, message } = reason;
  const { where, hint, logTail } = 'error' in result ? result.error : ({} as Partial<FailedResult['error']>);
  return html`<li>
    <strong>${result.name}</strong>
    <span class="badge ${result.state === 'failed' ? 'failed' : 'note'}">${code}</span>
    <p>${message}${where === undefined ? '' : ` (${where})`}</p>
    ${hint === undefined ? undefined : html`<p class="hint">${hint}</p>`}
    ${
      logTail === undefined
        ? undefined
        : html`<details>
            <summary>End of the server’s log</summary>
            <pre>${logTail}</pre>
          </details>`
    }
  </li>`;
}

function distinct(values: readonly (string | undefined)[]): string | undefined {
  const known = [...new Set(values)].filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.join('; ');
}

function promptsText(prompts: Result['provenance']['prompts']): string | undefined {
  if (prompts?.tokenizer === undefined) return prompts?.form.replace('-', ' ');
  return `text of ${prompts.tokenizer}${prompts.chatTemplate === true ? ', in its chat template' : ''}`;
}

function placementText(placement: Result['provenance']['placement']): string | undefined {
  return placement && `${placement.place} over ${placement.path}`;
}

function pluginText(framework: Result['provenance']['framework']): string | undefined {
  return framework && `${framework.plugin} (${framework.package} ${framework.version})`;
}

function hardwareText(hardware: Result['provenance']['hardware']): string | undefined {
  return hardware === undefined ? undefined : `${hardware.sku} on ${hardware.node}`;
}
