import { STATISTICS } from '../../../src/model/quantities/latency.js';
import { numberText } from '../../../src/model/number-text.js';
import { Menu } from '../../parts/menu.js';
import { NumberField } from '../../parts/number-field.js';
import { OfferMenu } from '../../parts/offer-menu.js';
import { changed, goTo, type Change, type Place } from '../../state/url.js';
import { LOAD_UNITS, SHOWN, TARGETS, type CalculatorSettings } from './settings.js';

/** The target, the load, and what bars show. */
export function CalculatorControls({ place, settings, usual }: ControlsProps) {
  const set = (change: Change): void => goTo(changed(place, change));
  const { target, statistic, x, shown, isNewest, loadUnit } = settings;
  return (
    <div class="controls">
      <Menu
        label="Target:"
        names={TARGETS}
        value={target.key}
        // A number in another unit would be a target that nobody asked for.
        onChange={(key) => set({ target: key === TARGETS[0].key ? undefined : key, at: undefined })}
      />
      <label>
        <span class="visually-hidden">Target in {x.unit}</span>
        <NumberField
          value={place.params['at']}
          placeholder={usual === undefined ? 'any' : numberText(usual)}
          onSet={(at) => set({ at })}
        />{' '}
        {x.unit}
      </label>
      <Menu
        label="Statistic"
        names={STATISTICS.map((key) => ({ key, label: key }))}
        value={statistic}
        onChange={(key) => set({ stat: key === 'median' ? undefined : key })}
      />
      <label>
        Load <NumberField value={place.params['load']} placeholder="none" onSet={(load) => set({ load })} />
      </label>
      <Menu
        label="in"
        names={LOAD_UNITS.map((key) => ({ key, label: key }))}
        value={loadUnit}
        onChange={(key) => set({ unit: key === LOAD_UNITS[0] ? undefined : key })}
      />
      <OfferMenu place={place} />
      <Menu
        label="Bars"
        names={SHOWN}
        value={shown.key}
        onChange={(key) => set({ bars: key === SHOWN[0].key ? undefined : key })}
      />
      <label class="switch">
        <input
          type="checkbox"
          checked={isNewest}
          onChange={() => set({ newest: isNewest ? undefined : '1' })}
        />{' '}
        Newest run only
      </label>
    </div>
  );
}

interface ControlsProps {
  readonly place: Place;
  readonly settings: CalculatorSettings;
  /** The target that is taken where the address says none. */
  readonly usual: number | undefined;
}
