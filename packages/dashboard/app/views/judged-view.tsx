import type { ComponentChildren } from 'preact';
import { useSite } from '../data/site.js';
import { useJudged, type Judged } from '../data/use-judged.js';
import { Filters } from '../parts/filters.js';
import type { Place } from '../state/url.js';
import { useFound, type FoundPoints } from './fronts/use-fronts.js';

/** A page of differences that are judged by the noise that the site knows, of the points that pass the filters. */
export function JudgedView({ place, name, title, cannot, children }: JudgedViewProps) {
  const { index } = useSite();
  const foundPoints = useFound(place);
  return (
    <section class={name}>
      <h2>{title}</h2>
      {index.files.includes('noise') ? (
        <>
          <Filters place={place} {...foundPoints} />
          <WithNoise {...{ place, foundPoints, cannot, children }} />
        </>
      ) : (
        <p class="empty">This site knows nothing of noise, so that no difference can be judged.</p>
      )}
    </section>
  );
}

function WithNoise({ place, foundPoints, cannot, children }: WithNoiseProps) {
  const judged = useJudged(place.params['metric']);
  if (judged.state === 'loading') return <p role="status">Loading numbers …</p>;
  if (judged.state === 'failed')
    return (
      <p role="alert">
        {cannot}: {judged.message}.
      </p>
    );
  return <>{children({ foundPoints, judged: judged.value })}</>;
}

interface JudgedViewProps {
  readonly place: Place;
  /** Class of its styles. */
  readonly name: string;
  readonly title: string;
  /** What is said where the noise can't be loaded. */
  readonly cannot: string;
  readonly children: (props: {
    readonly foundPoints: FoundPoints;
    readonly judged: Judged;
  }) => ComponentChildren;
}

interface WithNoiseProps extends Pick<JudgedViewProps, 'place' | 'cannot' | 'children'> {
  readonly foundPoints: FoundPoints;
}
