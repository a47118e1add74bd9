import './evals.css';
import { useMemo } from 'preact/hooks';
import {
  evalLines,
  evalScores,
  SCORE_KINDS,
  SCORE_WORDS,
  type EvalScore,
} from '../../../src/model/eval-scores.js';
import { specWords } from '../../../src/model/point-words.js';
import { numberText } from '../../../src/model/number-text.js';
import type { TableData } from '../../../src/site/table.js';
import { useSite } from '../../data/site.js';
import { useData } from '../../data/use-data.js';
import { Choice } from '../../parts/choice.js';
import { DataTable, type TableColumn } from '../../parts/data-table.js';
import { Time } from '../../parts/time.js';
import { runLink } from '../../state/links.js';
import { changed, goTo, type Place } from '../../state/url.js';
import type { View } from '../view.js';
import { ScorePlot } from './score-plot.js';

export const evals: View = { name: 'evals', label: 'Evals', Page: Evals };

/** Scores of accuracy tasks. */
function Evals({ place }: { readonly place: Place }) {
  const { index } = useSite();
  return (
    <section>
      <h2>Evals</h2>
      {index.files.includes('evals') ? (
        <LoadedEvals place={place} />
      ) : (
        <p class="empty">This site has no scores of evals.</p>
      )}
    </section>
  );
}

function LoadedEvals({ place }: { readonly place: Place }) {
  const table = useData<TableData>('evals');
  const scores = useMemo(() => (table.state === 'loaded' ? evalScores(table.value) : []), [table]);
  if (table.state === 'loading') return <p role="status">Loading scores …</p>;
  if (table.state === 'failed') return <p role="alert">Scores can't be shown: {table.message}.</p>;
  if (scores.length === 0) return <p class="empty">No row of the evals has a score.</p>;
  return <Scores place={place} scores={scores} />;
}

function Scores({ place, scores }: { readonly place: Place; readonly scores: readonly EvalScore[] }) {
  const { models, tasks } = useMemo(
    () => ({ models: namesOf(scores, 'model'), tasks: namesOf(scores, 'task') }),
    [scores],
  );
  const model = chosen(models, place.params['model']);
  const task = chosen(tasks, place.params['task']);
  const shown = useMemo(
    () => scores.filter((score) => score.model === model && score.task === task),
    [scores, model, task],
  );
  const kinds = SCORE_KINDS.filter((kind) => shown.some((score) => score.kind === kind));
  const set = (name: string) => (value: string) => goTo(changed(place, { [name]: value, page: undefined }));
  return (
    <>
      <p class="table-tools">
        <Choice label="Model" names={models} value={model} onChange={set('model')} />
        <Choice label="Task" names={tasks} value={task} onChange={set('task')} />
      </p>
      {shown.length === 0 ? (
        <p class="empty">
          {model} has no score of {task} on this site.
        </p>
      ) : (
        <>
          <ScorePlot title={`${task} of ${model}`} lines={evalLines(shown)} />
          <p class="empty">
            Shown is {kinds.map((kind) => SCORE_WORDS[kind]).join(', or ')}, as a fraction. Bars are 95 %
            intervals, 1.96 standard errors either way: how much the score depends on which samples the task
            has, not how much it changes from run to run. The newest score of a line is filled.
          </p>
          <DataTable
            caption={`Scores of ${model} in ${task}`}
            columns={COLUMNS}
            rows={shown}
            place={place}
            sorted="-date"
          />
        </>
      )}
    </>
  );
}

function namesOf(scores: readonly EvalScore[], key: 'model' | 'task'): readonly string[] {
  return [...new Set(scores.map((score) => score[key]))].sort();
}

function chosen(names: readonly string[], wanted: string | undefined): string {
  return wanted ?? names[0] ?? '';
}

const COLUMNS: readonly TableColumn<EvalScore>[] = [
  { key: 'sku', label: 'Hardware', value: ({ sku }) => sku },
  {
    key: 'framework',
    label: 'Framework',
    value: ({ framework }) => framework,
    cell: ({ framework }) => <span class="whole">{framework}</span>,
  },
  { key: 'precision', label: 'Precision', value: ({ precision }) => precision },
  {
    key: 'spec',
    label: 'Speculative',
    value: ({ spec }) => spec,
    cell: ({ spec }) => specWords(spec) ?? (spec === '' ? '–' : spec),
  },
  { key: 'disagg', label: 'Disaggregated', value: ({ isDisagg }) => isDisagg },
  { key: 'parallelism', label: 'Parallelism', value: ({ parallelism }) => parallelism },
  { key: 'lengths', label: 'Lengths', value: ({ lengths }) => lengths },
  { key: 'conc', label: 'Concurrency', isNumber: true, value: ({ conc }) => conc },
  { key: 'score', label: 'Score', isNumber: true, value: ({ score }) => score },
  {
    key: 'interval',
    label: '95 % interval',
    isNumber: true,
    value: ({ low, high }) =>
      low === undefined || high === undefined ? undefined : `${numberText(low)} to ${numberText(high)}`,
  },
  {
    key: 'kind',
    label: 'Kind',
    value: ({ kind }) => SCORE_WORDS[kind],
    cell: ({ kind }) => <span class="whole">{SCORE_WORDS[kind]}</span>,
  },
  { key: 'samples', label: 'Samples', isNumber: true, value: ({ samples }) => samples },
  {
    key: 'date',
    label: 'Date',
    value: ({ date }) => date,
    cell: ({ date }) => <Time value={date} />,
  },
  {
    key: 'run',
    label: 'Run',
    value: ({ run }) => run,
    cell: ({ run }) =>
      run === '' ? (
        '–'
      ) : (
        <a class="whole" href={runLink(run)}>
          {run}
        </a>
      ),
  },
];
