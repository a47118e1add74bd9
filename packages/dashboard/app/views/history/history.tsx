import '../fronts/fronts.css';
import { useMemo } from 'preact/hooks';
import { historiesOf, type History } from '../../../src/model/histories.js';
import { useSite } from '../../data/site.js';
import { useJudged, type Judged } from '../../data/use-judged.js';
import { Filters, NothingFound } from '../../parts/filters.js';
import { changed, goTo, type Place } from '../../state/url.js';
import { useFound, type FoundPoints } from '../fronts/use-fronts.js';
import type { View } from '../view.js';
import { HistoriesTable } from './histories-table.js';
import { OneHistory } from './one-history.js';
import { RegressionsTable } from './regressions-table.js';

export const history: View = { name: 'history', label: 'History', Page: HistoryPage };

/** A job's numbers over its runs, and which of them became worse. */
function HistoryPage({ place }: { readonly place: Place }) {
  const { index } = useSite();
  const foundPoints = useFound(place);
  return (
    <section class="history">
      <h2>History</h2>
      {index.files.includes('noise') ? (
        <>
          <Filters place={place} {...foundPoints} />
          <Loaded place={place} foundPoints={foundPoints} />
        </>
      ) : (
        <p class="empty">This site knows nothing of noise, so that no change can be judged.</p>
      )}
    </section>
  );
}

interface LoadedProps {
  readonly place: Place;
  readonly foundPoints: FoundPoints;
}

function Loaded({ place, foundPoints }: LoadedProps) {
  const judged = useJudged(place.params['metric']);
  if (judged.state === 'loading') return <p role="status">Loading numbers …</p>;
  if (judged.state === 'failed') return <p role="alert">No history can be shown: {judged.message}.</p>;
  return <Histories {...{ place, foundPoints }} judged={judged.value} />;
}

/** What all parts of the page get. */
export interface HistoryPartProps {
  readonly place: Place;
  readonly foundPoints: FoundPoints;
  readonly judged: Judged;
  readonly histories: readonly History[];
}

function Histories({ place, foundPoints, judged }: Omit<HistoryPartProps, 'histories'>) {
  const { points, found } = foundPoints;
  const histories = useMemo(
    () => historiesOf({ points, rows: found.rows, judged: judged.judged, valueOf: judged.valueOf }),
    [points, found, judged],
  );
  const { metric } = judged.judged;
  const chosen = histories.find(({ key }) => key === place.params['job']);
  const shown = chosen ?? (place.params['job'] === undefined ? histories[0] : undefined);
  const props = { place, foundPoints, judged, histories };
  return (
    <>
      <p class="controls">
        <label>
          Metric{' '}
          <select
            value={metric.key}
            onChange={({ currentTarget: { value } }) =>
              goTo(changed(place, { metric: value === judged.all[0]?.metric.key ? undefined : value }))
            }
          >
            {judged.all.map((one) => (
              <option key={one.metric.key} value={one.metric.key}>
                {one.metric.label}
              </option>
            ))}
          </select>
        </label>
      </p>
      {found.rows.length === 0 ? (
        <NothingFound place={place} {...foundPoints} />
      ) : histories.length === 0 ? (
        <p class="empty">
          No job among the points that pass the filters was measured validly in two runs with this metric.
        </p>
      ) : (
        <>
          {shown === undefined ? (
            <p class="empty">
              The job of this link was not measured in two runs among the points that pass the filters. Choose
              another below.
            </p>
          ) : (
            <OneHistory {...props} history={shown} />
          )}
          <RegressionsTable {...props} />
          <HistoriesTable {...props} />
        </>
      )}
    </>
  );
}
