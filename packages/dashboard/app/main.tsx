import './style.css';
import { render } from 'preact';
import { loadData, loadIndex, receiveData } from './data/load.js';
import { SiteContext, type Site } from './data/site.js';
import type { TableData } from '../src/site/table.js';
import { Frame } from './frame.js';
import { usePlace } from './state/url.js';
import { VIEWS } from './views/views.js';

receiveData();
const root = document.getElementById('app');
if (root !== null) void begin(root);

async function begin(at: HTMLElement): Promise<void> {
  try {
    const [index, points] = await Promise.all([loadIndex(), loadData<TableData>('points')]);
    at.replaceChildren();
    render(<App site={{ index, points }} />, at);
  } catch (error) {
    at.replaceChildren();
    render(
      <p role="alert">The results can't be shown: {error instanceof Error ? error.message : 'unknown'}.</p>,
      at,
    );
  }
}

function App({ site }: { readonly site: Site }) {
  const place = usePlace();
  const view = VIEWS.find(({ name }) => name === place.view);
  return (
    <SiteContext.Provider value={site}>
      <Frame title={site.index.title} place={place}>
        {view === undefined ? (
          <p role="alert">There is no page “{place.view}”.</p>
        ) : (
          <view.Page place={place} />
        )}
      </Frame>
    </SiteContext.Provider>
  );
}
