import { useSite } from '../data/site.js';
import type { View } from './view.js';

export const runs: View = { name: 'runs', label: 'Runs', Page: Runs };

/** The runs that the site was made of. */
function Runs() {
  const { index } = useSite();
  return (
    <section>
      <h2>Runs</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">Definitions of</th>
            <th scope="col">State</th>
            <th scope="col">Begin</th>
            <th scope="col" class="number">
              Points
            </th>
          </tr>
        </thead>
        <tbody>
          {index.runs.map(({ run, origin, state, startedAt, points }) => (
            <tr key={run}>
              <td>{run}</td>
              <td>{origin}</td>
              <td>{state ?? '–'}</td>
              <td>{startedAt ?? '–'}</td>
              <td class="number">{points}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
