import './style.css';
import { render } from 'preact';
import type { SiteReader } from '../src/site/site-reader.js';
import { ownSite, receiveData } from './data/load.js';
import { SiteContext } from './data/site.js';
import { useDropped } from './dropped/use-dropped.js';
import { Frame } from './frame.js';
import { usePlace } from './state/url.js';
import { VIEWS } from './views/views.js';

receiveData();
const root = document.getElementById('app');
if (root !== null) void begin(root);

async function begin(at: HTMLElement): Promise<void> {
  try {
    const site = await ownSite();
    at.replaceChildren();
    render(<App own={site} />, at);
  } catch (error) {
    at.replaceChildren();
    render(
      <p role="alert">The results can't be shown: {error instanceof Error ? error.message : 'unknown'}.</p>,
      at,
    );
  }
}

function App({ own }: { readonly own: SiteReader }) {
  const { site, dropped } = useDropped(own);
  const place = usePlace();
  const view = VIEWS.find(({ name }) => name === place.view);
  return (
    <SiteContext.Provider value={site}>
      <Frame title={site.index.title} place={place} dropped={dropped}>
        {view === undefined ? (
          <p role="alert">There is no page “{place.view}”.</p>
        ) : (
          <view.Page place={place} />
        )}
      </Frame>
    </SiteContext.Provider>
  );
}
