import { DIMENSIONS } from '../../../src/model/compared.js';
import { formatValues } from '../../../src/model/filters.js';
import { numberText } from '../../../src/model/number-text.js';
import type { JudgedMetric } from '../../../src/model/noises.js';
import { Menu } from '../../parts/menu.js';
import { changed, goTo, type Change, type Place } from '../../state/url.js';
import type { Sides } from './use-comparison.js';

/** What sides differ by, which they are, and the metric. */
export function CompareControls({ place, sides, metrics, metric, isPerDollar }: CompareControlsProps) {
  const set = (change: Change): void => goTo(changed(place, change));
  const { dimension, all, a, b } = sides;
  const names = [...new Set([...all.keys(), ...(a === undefined ? [] : [a]), ...b])];
  return (
    <div class="controls">
      <Menu
        label="Compare by"
        names={DIMENSIONS}
        value={dimension.key}
        onChange={(by) => set({ by, a: undefined, b: undefined })}
      />
      <Menu
        label="A"
        names={[
          ...(a === undefined ? [{ key: '', label: 'none' }] : []),
          ...names.map((name) => ({ key: name, label: name })),
        ]}
        value={a ?? ''}
        onChange={(name) =>
          set({ by: dimension.key, a: name, b: formatValues(b.filter((one) => one !== name)) })
        }
      />
      <SidesMenu {...{ names, a, b, all }} onChoose={(chosen) => set({ by: dimension.key, a, b: chosen })} />
      <Menu
        label="Metric"
        names={metrics.map((one) => one.metric)}
        value={metric.key}
        onChange={(key) =>
          set({ metric: key === metrics[0]?.metric.key ? undefined : key, perusd: undefined })
        }
      />
      {metric.key === PER_DOLLAR && (
        <label class="switch">
          <input
            type="checkbox"
            checked={isPerDollar}
            onChange={() => set({ perusd: isPerDollar ? undefined : '1' })}
          />{' '}
          Per dollar
        </label>
      )}
    </div>
  );
}

/** Several of the sides. */
function SidesMenu({ names, a, b, all, onChoose }: SidesMenuProps) {
  return (
    <details class="facet">
      <summary>
        <span class="facet-label">B</span>{' '}
        <span class="facet-chosen">{b.length > 2 ? `${b.length} chosen` : b.join(', ') || 'none'}</span>
      </summary>
      <fieldset>
        <legend class="visually-hidden">B: what is compared with A</legend>
        {names
          .filter((name) => name !== a)
          .map((name) => (
            <label key={name} class="facet-option">
              <input
                type="checkbox"
                checked={b.includes(name)}
                onChange={() => {
                  const other = b.includes(name) ? b.filter((one) => one !== name) : [...b, name];
                  onChoose(other.length === 0 ? undefined : formatValues(other));
                }}
              />
              <span class="facet-value">{name}</span>
              <span class="facet-count">{numberText(all.get(name)?.length ?? 0)}</span>
            </label>
          ))}
      </fieldset>
    </details>
  );
}

interface SidesMenuProps extends Pick<Sides, 'a' | 'b' | 'all'> {
  readonly names: readonly string[];
  /** As text of the address; undefined for none. */
  readonly onChoose: (chosen: string | undefined) => void;
}

/** The metric that a price of a device-hour divides. */
export const PER_DOLLAR = 'tput_per_gpu';

interface CompareControlsProps {
  readonly place: Place;
  readonly sides: Sides;
  readonly metrics: readonly JudgedMetric[];
  readonly metric: JudgedMetric['metric'];
  readonly isPerDollar: boolean;
}
