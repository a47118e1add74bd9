import { useSite } from '../../data/site.js';
import type { Place } from '../../state/url.js';
import type { View } from '../view.js';
import { ImportedJobs } from './imported-jobs.js';
import { OwnPoints } from './own-points.js';

export const reliability: View = { name: 'reliability', label: 'Reliability', Page: Reliability };

/** How often it works: per hardware, over time, and what failed. */
function Reliability({ place }: { readonly place: Place }) {
  const { index } = useSite();
  return (
    <section>
      <h2>Reliability</h2>
      <h3>Points that Sweepline measured</h3>
      <OwnPoints place={place} />
      <h3>Jobs of imported runs</h3>
      {index.files.includes('success') ? (
        <ImportedJobs place={place} />
      ) : (
        <p class="empty">No count of jobs was imported.</p>
      )}
    </section>
  );
}
