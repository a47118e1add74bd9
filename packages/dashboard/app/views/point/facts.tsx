import type { ComponentChildren } from 'preact';
import { numberAt, textAt } from '../../../src/model/cells.js';
import { numberText, timeText } from '../../../src/model/number-text.js';
import { parallelismWords } from '../../../src/model/point-words.js';
import { readFrom } from '../../../src/model/read-from.js';
import { useSite } from '../../data/site.js';
import { WebLink } from '../../parts/web-link.js';
import { runLink } from '../../state/links.js';
import { changed, formatPlace, type Place } from '../../state/url.js';

/** Where and with what it was measured, in a few lines. */
export function Facts({ place, row, namesakes }: FactsProps) {
  const { index, points } = useSite();
  const text = (name: string): string | undefined => textAt(points, name, row);
  const run = text('run') ?? '';
  const url = index.runs.find(({ run: name }) => name === run)?.url;
  const devices = numberAt(points, 'devices', row);
  const [begin, end] = [text('started_at'), text('finished_at')];
  return (
    <>
      <dl class="facts">
        <Fact name="Run">
          <a href={runLink(run)}>{run}</a>
        </Fact>
        <Fact name="Published">{url === undefined ? undefined : <WebLink address={url} />}</Fact>
        <Fact name="Read from">{readFrom(points, row)}</Fact>
        <Fact name="Point">{text('point')}</Fact>
        <Fact name="Definitions of">{text('origin')}</Fact>
        <Fact name="Model">{text('model')}</Fact>
        <Fact name="Image">{text('image')}</Fact>
        <Fact name="Engine">{text('engine_version')}</Fact>
        <Fact name="Client">{text('client')}</Fact>
        <Fact name="Node">{text('node')}</Fact>
        <Fact name="Hardware as its file has it">{text('hw') === text('sku') ? undefined : text('hw')}</Fact>
        <Fact name="Parallelism">{parallelismWords(points, row)}</Fact>
        <Fact name="Devices">{devices === undefined ? undefined : numberText(devices)}</Fact>
        <Fact name="Begin">{begin === undefined ? undefined : timeText(begin)}</Fact>
        <Fact name={begin === undefined ? 'Date' : 'End'}>
          {end === undefined ? undefined : timeText(end)}
        </Fact>
      </dl>
      {namesakes > 1 && (
        <p>
          Its run has {namesakes} points of this name, this is one of them:{' '}
          {Array.from({ length: namesakes }, (_, index) => (
            <a key={index} class="number" href={formatPlace(changed(place, { row: String(index + 1) }))}>
              {index + 1}
            </a>
          ))}
        </p>
      )}
    </>
  );
}

interface FactsProps {
  readonly place: Place;
  readonly row: number;
  readonly namesakes: number;
}

/** Nothing where it isn't known. */
function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  if (children === undefined || children === '') return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
