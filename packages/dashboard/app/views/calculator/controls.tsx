import { OFFERS } from '../../../src/model/prices.js';
import { STATISTICS } from '../../../src/model/quantities/latency.js';
import { numberText } from '../../../src/model/number-text.js';
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
      <Menu
        label="Price of"
        names={OFFERS}
        value={place.params['offer'] ?? OFFERS[0].key}
        onChange={(key) => set({ offer: key === OFFERS[0].key ? undefined : key })}
      />
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

function Menu({ label, names, value, onChange }: MenuProps) {
  return (
    <label>
      {label}{' '}
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {names.map((one) => (
          <option key={one.key} value={one.key}>
            {one.label}
          </option>
        ))}
      </select>
    </label>
  );
}

interface MenuProps {
  readonly label: string;
  readonly names: readonly { readonly key: string; readonly label: string }[];
  readonly value: string;
  readonly onChange: (key: string) => void;
}

/** It is set when the field is left, or at Enter. */
function NumberField({ value, placeholder, onSet }: NumberFieldProps) {
  return (
    <input
      type="number"
      min="0"
      step="any"
      inputMode="decimal"
      class="limit"
      value={value ?? ''}
      placeholder={placeholder}
      onChange={({ currentTarget }) => onSet(currentTarget.value)}
    />
  );
}

interface NumberFieldProps {
  readonly value: string | undefined;
  readonly placeholder: string;
  readonly onSet: (value: string) => void;
}
