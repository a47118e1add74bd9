import type { ComponentChildren } from 'preact';
import { formatPlace, type Place } from './state/url.js';
import { VIEWS } from './views/views.js';

/** What all pages have: a heading, the navigation, and whose results these are. */
export function Frame({ title, place, children }: FrameProps) {
  return (
    <>
      <a class="skip" href="#main">
        Skip to content
      </a>
      <header>
        <h1>{title}</h1>
        <nav aria-label="Pages">
          {VIEWS.filter(({ label }) => label !== undefined).map(({ name, label }) => (
            <a
              key={name}
              href={formatPlace({ view: name, params: {} })}
              aria-current={name === place.view ? 'page' : undefined}
            >
              {label}
            </a>
          ))}
        </nav>
      </header>
      <main id="main">{children}</main>
      <footer>
        <p role="note">{DISCLAIMER}</p>
      </footer>
    </>
  );
}

interface FrameProps {
  readonly title: string;
  readonly place: Place;
  readonly children: ComponentChildren;
}

/** As in every report of Sweepline. */
const DISCLAIMER =
  'Sweepline is an unofficial reimplementation and not affiliated with SemiAnalysis. Only the SemiAnalysisAI/InferenceX repository contains the Official InferenceX™ result; all other results are Unofficial. Setups and machine quality may differ.';
