import './dropped-files.css';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { formatValues } from '../../src/model/filters.js';
import { numberText } from '../../src/model/number-text.js';
import { Disclosure } from '../parts/disclosure.js';
import { runLink } from '../state/links.js';
import { formatPlace } from '../state/url.js';
import { droppedFiles, pickedFiles } from './collect-files.js';
import type { DroppedFiles as Files } from './use-dropped.js';

/** Problems that are listed. */
const MOST_LISTED = 50;

/** Adds results of files or folders to the site: they are dropped anywhere on the page, or picked. */
export function DroppedFiles({ dropped }: { readonly dropped: Files }) {
  const isOver = useDrops(dropped);
  const { runs, problems, isReading, clear } = dropped;
  return (
    <section class={isOver ? 'dropped is-over' : 'dropped'} aria-label="Files of yours">
      <p>
        Add results of yours, by dropping them here or: <Picker label="Add files" dropped={dropped} />{' '}
        <Picker label="Add a folder" isFolder dropped={dropped} />
        {runs.length > 0 && (
          <>
            {' '}
            <button type="button" onClick={clear}>
              Remove all
            </button>
          </>
        )}
      </p>
      <p role="status">{isReading ? 'Reading files …' : summaryOf(dropped)}</p>
      {runs.length > 0 && <Runs dropped={dropped} />}
      {problems.length > 0 && !isReading && <Problems dropped={dropped} />}
    </section>
  );
}

function summaryOf({ runs, problems }: Files): string {
  const points = runs.reduce((sum, run) => sum + run.points, 0);
  const parts = [
    ...(runs.length > 0
      ? [`${count(points, 'point')} of ${count(runs.length, 'run')} of files of yours`]
      : []),
    ...(problems.length > 0 ? [`${count(problems.length, 'file')} not read, or not all of it`] : []),
  ];
  if (parts.length === 0) return '';
  return `${parts.join('; ')}. They are read in this browser alone, and forgotten when the page is closed.`;
}

function count(number: number, of: string): string {
  return `${numberText(number)} ${of}${number === 1 ? '' : 's'}`;
}

function Runs({ dropped: { runs, remove } }: { readonly dropped: Files }) {
  return (
    <ul>
      {runs.map(({ run, points }) => (
        <li key={run}>
          <a href={runLink(run)}>{run}</a>, {count(points, 'point')}{' '}
          <a
            href={formatPlace({
              view: 'fronts',
              params: { run: formatValues([run]), model: '*', lengths: '*' },
            })}
          >
            on fronts
          </a>{' '}
          <button type="button" aria-label={`Remove ${run}`} onClick={() => remove(run)}>
            Remove
          </button>
        </li>
      ))}
    </ul>
  );
}

function Problems({ dropped: { problems } }: { readonly dropped: Files }) {
  return (
    <Disclosure summary="What was not read" isOpen={problems.length <= 5}>
      <ul>
        {problems.slice(0, MOST_LISTED).map(({ file, reason }, at) => (
          <li key={at}>
            <b>{file}</b>: {reason}
          </li>
        ))}
        {problems.length > MOST_LISTED && <li>{numberText(problems.length - MOST_LISTED)} more</li>}
      </ul>
    </Disclosure>
  );
}

function Picker({ label, isFolder = false, dropped }: PickerProps) {
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    if (input.current !== null) input.current.webkitdirectory = isFolder;
  }, [isFolder]);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={label}
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])];
          // The same may be picked again.
          currentTarget.value = '';
          if (files.length > 0) dropped.add(asPromise(() => pickedFiles(files)));
        }}
      />
      <button type="button" onClick={() => input.current?.click()}>
        {label}
      </button>
    </>
  );
}

interface PickerProps {
  readonly label: string;
  readonly isFolder?: boolean;
  readonly dropped: Files;
}

async function asPromise<T>(value: () => T): Promise<T> {
  return Promise.resolve().then(value);
}

/** Takes files that are dropped anywhere; whether some are over the page. */
function useDrops({ add }: Files): boolean {
  const [isOver, setOver] = useState(false);
  const latest = useRef(add);
  latest.current = add;
  useEffect(() => {
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
    const over = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      // Else the browser would open the file in the place of this page.
      event.preventDefault();
      setOver(true);
    };
    const leave = ({ relatedTarget }: DragEvent): void => {
      if (relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      if (!hasFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      setOver(false);
      latest.current(droppedFiles(event.dataTransfer));
    };
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, []);
  return isOver;
}
