import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { DISCLAIMER } from '../src/site/disclaimer.js';
import { DroppedFiles } from './dropped/dropped-files.js';
import type { DroppedFiles as Files } from './dropped/use-dropped.js';
import { FirstVisit } from './parts/first-visit.js';
import { ThemeSwitch } from './parts/theme-switch.js';
import { formatPlace, type Place } from './state/url.js';
import { VIEWS } from './views/views.js';

/** What all pages have: a heading, the navigation, and whose results these are. A page that is embedded in another has the last alone. */
export function Frame({ title, place, dropped, children }: FrameProps) {
  const main = useRef<HTMLElement>(null);
  const isEmbedded = place.params['embed'] === '1';
  return (
    <>
      {!isEmbedded && (
        <>
          <a
            class="skip"
            href="#main"
            onClick={(event) => {
              // The address after # says what is shown: it must not become `main`.
              event.preventDefault();
              main.current?.focus();
            }}
          >
            Skip to content
          </a>
          <Header title={title} view={place.view} dropped={dropped} />
        </>
      )}
      <main id="main" ref={main} tabIndex={-1}>
        {!isEmbedded && <FirstVisit />}
        {children}
      </main>
      <footer>
        <p role="note">{DISCLAIMER}</p>
      </footer>
    </>
  );
}

interface FrameProps {
  readonly title: string;
  readonly place: Place;
  readonly dropped: Files;
  readonly children: ComponentChildren;
}

function Header({ title, view, dropped }: HeaderProps) {
  return (
    <header>
      <div class="title-line">
        <h1>{title}</h1>
        <ThemeSwitch />
      </div>
      <nav aria-label="Pages">
        {VIEWS.filter(({ label }) => label !== undefined).map(({ name, label }) => (
          <a
            key={name}
            href={formatPlace({ view: name, params: {} })}
            aria-current={name === view ? 'page' : undefined}
          >
            {label}
          </a>
        ))}
      </nav>
      <DroppedFiles dropped={dropped} />
    </header>
  );
}

interface HeaderProps {
  readonly title: string;
  readonly view: string;
  readonly dropped: Files;
}
