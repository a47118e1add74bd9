import '../fronts/fronts.css';
import { useMemo } from 'preact/hooks';
import { historiesOf, type History } from '../../../src/model/histories.js';
import type { Judged } from '../../data/use-judged.js';
import { NothingFound } from '../../parts/filters.js';
import { Menu } from '../../parts/menu.js';
import { changed, goTo, type Place } from '../../state/url.js';
import type { FoundPoints } from '../fronts/use-fronts.js';
import { JudgedView } from '../judged-view.js';
import type { View } from '../view.js';
import { HistoriesTable } from './histories-table.js';
import { OneHistory } from './one-history.js';
import { RegressionsTable } from './regressions-table.js';

export const history: View = { name: 'history', label: 'History', Page: HistoryPage };

/** A job's numbers over its runs, and which of them became worse. */
function HistoryPage({ place }: { readonly place: Place }) {
  return (
    <JudgedView place={place} name="history" title="History" cannot="No history can be shown">
      {(props) => <Histories place={place} {...props} />}
    </JudgedView>
  );
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
        <Menu
          label="Metric"
          names={judged.all.map((one) => one.metric)}
          value={metric.key}
          onChange={(key) =>
            goTo(changed(place, { metric: key === judged.all[0]?.metric.key ? undefined : key }))
          }
        />
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
