import './point.css';
import { useMemo } from 'preact/hooks';
import { findPoints } from '../../../src/model/find-point.js';
import { pointWords } from '../../../src/model/point-words.js';
import { DETAILS_PER_FILE, type PointDetail } from '../../../src/site/site-data.js';
import { useSite } from '../../data/site.js';
import { useData } from '../../data/use-data.js';
import type { Place } from '../../state/url.js';
import type { View } from '../view.js';
import { DeliveredLoad } from './delivered-load.js';
import { Facts } from './facts.js';
import { Logs } from './logs.js';
import { Metrics } from './metrics.js';
import { Outcome } from './outcome.js';
import { Plan } from './plan.js';
import { RawParts } from './raw-parts.js';
import { RelatedPoints } from './related-points.js';
import { Reproduce } from './reproduce.js';
import { RequestPlots } from './request-plots.js';
import { RooflineShare } from './roofline.js';
import { SamplePlots } from './sample-plots.js';
import { Settings } from './settings.js';

export const point: View = { name: 'point', Page: Point };

/** All that is known of one point: `#/point?run=…&point=…`. */
function Point({ place }: { readonly place: Place }) {
  const { points } = useSite();
  const { run = '', point: name = '', row: wanted } = place.params;
  const rows = useMemo(() => findPoints(points, run, name), [points, run, name]);
  // Points of the same name in a run are kept apart by their order.
  const row = rows[Math.max(0, Math.floor(Number(wanted ?? 1)) || 1) - 1] ?? rows[0];
  if (row === undefined)
    return (
      <section>
        <h2>No such point</h2>
        <p role="alert">
          This site has no point “{name}” in the run “{run}”.
        </p>
        <p>
          <a href="#/runs">All runs</a>
        </p>
      </section>
    );
  return <PointOf key={row} place={place} row={row} namesakes={rows.length} />;
}

function PointOf({ place, row, namesakes }: PointOfProps) {
  const { points } = useSite();
  const details = useData<readonly PointDetail[]>(`details/${Math.floor(row / DETAILS_PER_FILE)}`);
  const detail = details.state === 'loaded' ? details.value.find(({ row: of }) => of === row) : undefined;
  return (
    <article class="point">
      <h2>{pointWords(points, row)}</h2>
      <Facts place={place} row={row} namesakes={namesakes} />
      {details.state === 'loading' && <p role="status">Loading its details …</p>}
      {details.state === 'failed' && <p role="alert">Its details can't be shown: {details.message}.</p>}
      {details.state === 'loaded' && detail === undefined && <p>This site has no more on it.</p>}
      {detail !== undefined && <Details place={place} row={row} detail={detail} />}
    </article>
  );
}

interface PointOfProps {
  readonly place: Place;
  readonly row: number;
  /** Points of this name in its run, with this one. */
  readonly namesakes: number;
}

/** What every part of the page gets. */
export interface PartProps {
  readonly place: Place;
  /** Of `points`. */
  readonly row: number;
  readonly detail: PointDetail;
}

function Details(props: PartProps) {
  return (
    <>
      <Outcome {...props} />
      <DeliveredLoad {...props} />
      <Metrics {...props} />
      <RooflineShare {...props} />
      <RequestPlots {...props} />
      <SamplePlots {...props} />
      <Reproduce {...props} />
      <Plan {...props} />
      <Settings {...props} />
      <RelatedPoints {...props} />
      <Logs {...props} />
      <RawParts {...props} />
    </>
  );
}
