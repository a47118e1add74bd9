import './fronts.css';
import { useCallback, useMemo, useState } from 'preact/hooks';
import { textAt } from '../../../src/model/cells.js';
import { numberText, withUnit } from '../../../src/model/number-text.js';
import { formatValues } from '../../../src/model/filters.js';
import { Chart } from '../../chart/chart.js';
import { Legend } from '../../chart/legend.js';
import { useSite } from '../../data/site.js';
import { choiceWords, Filters, NothingFound } from '../../parts/filters.js';
import { PricesBadge } from '../../parts/prices-badge.js';
import { pointLink } from '../../state/links.js';
import { changed, formatPlace, goTo, type Place } from '../../state/url.js';
import type { View } from '../view.js';
import { chartOf } from './chart-of.js';
import { Controls } from './controls.js';
import { csvOf } from './csv-of.js';
import { ExportButtons } from './export-buttons.js';
import { LeftOut } from './left-out.js';
import { PointDetails } from './point-details.js';
import { Scores } from './scores.js';
import { settingsOf, type Settings } from './settings.js';
import { ShownNotes } from './shown-notes.js';
import { useFound, useFronts, type FoundPoints, type ShownFronts } from './use-fronts.js';
import { WinnersStrip } from './winners-strip.js';

export const fronts: View = { name: 'fronts', label: 'Fronts', Page: FrontsPage };

/** Throughput, cost or energy against interactivity or latency, with the Pareto front of each series. */
function FrontsPage({ place }: { readonly place: Place }) {
  const settings = useMemo(() => settingsOf(place), [place]);
  const foundPoints = useFound(place);
  const shown = useFronts(foundPoints, settings, place);
  if (settings.isEmbedded) return <Content {...{ place, settings, foundPoints, shown }} />;
  return (
    <section class="fronts">
      <h2>
        {settings.y.label} against {settings.x.label}
      </h2>
      <Filters place={place} {...foundPoints} />
      <Controls place={place} settings={settings} />
      <Content {...{ place, settings, foundPoints, shown }} />
    </section>
  );
}

interface ContentProps {
  readonly place: Place;
  readonly settings: Settings;
  readonly foundPoints: FoundPoints;
  readonly shown: ReturnType<typeof useFronts>;
}

function Content({ shown, ...props }: ContentProps) {
  if (shown === undefined) return <p role="status">Loading numbers …</p>;
  if ('failed' in shown) return <p role="alert">The numbers can't be shown: {shown.failed}.</p>;
  if (props.foundPoints.found.rows.length === 0 && !props.settings.isEmbedded)
    return <NothingLeft {...props} shown={shown} />;
  return <Shown {...props} shown={shown} />;
}

interface ShownProps extends Omit<ContentProps, 'shown'> {
  readonly shown: ShownFronts;
}

function NothingLeft({ place, foundPoints, shown }: ShownProps) {
  return (
    <>
      <NothingFound place={place} {...foundPoints} />
      <LeftOut
        points={foundPoints.points}
        rows={foundPoints.found.ofAnyOutcome}
        lacking={shown.fronts.lacking}
        place={place}
      />
    </>
  );
}

function Shown({ place, settings, foundPoints, shown }: ShownProps) {
  const { points, facets, choice, found } = foundPoints;
  const { index } = useSite();
  const [raised, setRaised] = useState<string>();
  const subtitle = choiceWords(facets, choice, place.params['q']);
  const { fronts: computed, series } = shown;
  const chart = useMemo(
    () => chartOf(shown, settings, { points, subtitle }),
    [shown, settings, points, subtitle],
  );
  const linkOf = useCallback(
    (row: number) => pointLink(textAt(points, 'run', row) ?? '', textAt(points, 'point', row) ?? ''),
    [points],
  );
  const detailsOf = useCallback(
    (row: number) => <PointDetails {...{ points, row, shown }} />,
    [points, shown],
  );
  const source = `${index.title}, ${originsText(points, found.rows)}, built ${index.builtAt.slice(0, 10)}`;
  if (settings.isEmbedded)
    return (
      <section class="fronts">
        <h2>{chart.title}</h2>
        <p class="lead">{subtitle}</p>
        <Chart {...{ data: chart, linkOf, detailsOf, raised }} isAlone />
        <SeriesLegend {...{ place, settings, shown, setRaised }} />
        <p class="lead">
          Unofficial · {source} ·{' '}
          <a href={formatPlace(changed(place, { embed: undefined }))}>Open the whole page</a>{' '}
          <AssumedIn {...{ place, settings }} />
        </p>
      </section>
    );
  const single = computed.series.filter(({ front }) => front.length === 1).map(({ key }) => key);
  return (
    <>
      <ShownNotes {...{ settings, shown, found }} />
      <AssumedIn {...{ place, settings }} />
      <div class="fronts-body">
        <Chart {...{ data: chart, linkOf, detailsOf, raised }} />
        <SeriesLegend {...{ place, settings, shown, setRaised }} />
      </div>
      <WinnersStrip {...{ wins: computed.wins, series, settings, single }} />
      {computed.corners !== undefined && (
        <Scores parts={computed.series} series={series} corners={computed.corners} settings={settings} />
      )}
      <LeftOut points={points} rows={found.ofAnyOutcome} lacking={computed.lacking} place={place} />
      <ExportButtons chart={chart} csv={() => csvOf(shown, settings, points)} name="fronts" source={source} />
      <p class="lead">
        <a href={formatPlace(changed(place, { embed: '1' }))}>This chart alone</a>, to embed it.{' '}
        {settings.y.label}: {settings.y.definition} {settings.x.label}: {settings.x.definition}
      </p>
    </>
  );
}

function AssumedIn({ place, settings: { y } }: Pick<ContentProps, 'place' | 'settings'>) {
  return y.assumes === undefined ? null : <PricesBadge place={place} assumes={y.assumes} />;
}

function SeriesLegend({ place, settings, shown, setRaised }: SeriesLegendProps) {
  const { solo, hidden } = settings;
  const entries = shown.series.map(({ key, name, look }) => {
    const score = shown.fronts.series.find((one) => one.key === key)?.score;
    return {
      ...{ key, name, look, isSolo: solo === key },
      isShown: solo === undefined ? !hidden.has(key) : solo === key,
      ...(score === undefined ? {} : { note: withUnit(Math.round(score * 1000) / 10, '%') }),
    };
  });
  const onHide = (key: string): void => {
    const isShown = entries.some((entry) => entry.key === key && entry.isShown);
    const others = entries.filter((entry) => !entry.isShown && entry.key !== key).map((entry) => entry.key);
    goTo(changed(place, { solo: undefined, hide: formatValues(isShown ? [...others, key] : others) }));
  };
  return (
    <div class="fronts-legend">
      <p class="lead">
        {numberText(entries.length)} series. A name shows it alone. Percent: score of its front.
      </p>
      <Legend
        entries={entries}
        onSolo={(key) => goTo(changed(place, { solo: solo === key ? undefined : key }))}
        onHide={onHide}
        onRaise={setRaised}
      />
    </div>
  );
}

interface SeriesLegendProps {
  readonly place: Place;
  readonly settings: Settings;
  readonly shown: ShownFronts;
  readonly setRaised: (key: string | undefined) => void;
}

function originsText(points: FoundPoints['points'], rows: readonly number[]): string {
  const origins = [...new Set(rows.map((row) => textAt(points, 'origin', row) ?? 'unknown'))].sort();
  return `numbers by the definitions of ${origins.join(' and ')}`;
}
