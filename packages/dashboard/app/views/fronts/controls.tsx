import { useMemo } from 'preact/hooks';
import { quantitiesWith, quantityOf, type Quantity } from '../../../src/model/quantities.js';
import { STATISTICS } from '../../../src/model/quantities/latency.js';
import { useSite } from '../../data/site.js';
import { Menu } from '../../parts/menu.js';
import { NumberField } from '../../parts/number-field.js';
import { OfferMenu } from '../../parts/offer-menu.js';
import { changed, goTo, type Change, type Place } from '../../state/url.js';
import { FIRST_Y, X_AXES, type Settings } from './settings.js';

/** What is on the axes, how fronts are drawn, and the limits that points must keep. */
export function Controls({ place, settings }: { readonly place: Place; readonly settings: Settings }) {
  const set = (change: Change): void => goTo(changed(place, change));
  const { x, y, statistic } = settings;
  const { ys, xs, statistics } = useMenus(settings);
  const isOne = X_AXES.some((axis) => axis.key === settings.xAxis && 'isOne' in axis);
  return (
    <div class="controls">
      <label>
        Vertical{' '}
        <select
          value={y.key}
          onChange={({ currentTarget: { value } }) => set({ y: value === FIRST_Y ? undefined : value })}
        >
          {GROUPS.map((group) => (
            <optgroup key={group} label={group}>
              {ys
                .filter((one) => one.group === group)
                .map(({ key, label, unit }) => (
                  <option key={key} value={key}>
                    {label} ({unit})
                  </option>
                ))}
            </optgroup>
          ))}
        </select>
      </label>
      <Menu
        label="Horizontal"
        names={xs}
        value={settings.xAxis}
        onChange={(key) => set({ x: key === X_AXES[0].key ? undefined : key })}
      />
      <Menu
        label="Statistic"
        names={statistics.map((key) => ({ key, label: key }))}
        value={statistic}
        isDisabled={isOne}
        onChange={(key) => set({ stat: key === 'median' ? undefined : key })}
      />
      {(y.assumes === 'price' || x.assumes === 'price') && <OfferMenu place={place} />}
      <Limit name="ttft" label={`TTFT, ${statistic} ≤`} value={place.params['ttft']} place={place} />
      <Limit name="tpot" label={`TPOT, ${statistic} ≤`} value={place.params['tpot']} place={place} />
      <Switch name="logx" label="Log x" isOn={settings.isLogX} set={set} />
      <Switch name="logy" label="Log y" isOn={settings.isLogY} set={set} />
      <Switch
        name="between"
        on="straight"
        label="Straight lines"
        isOn={settings.shape === 'straight'}
        set={set}
      />
      <Switch name="best" label="Hide dominated" isOn={settings.hidesDominated} set={set} />
      <Switch
        name="intervals"
        on={undefined}
        off="0"
        label="Intervals"
        isOn={settings.hasIntervals}
        set={set}
      />
      <Switch name="labels" label="Labels" isOn={settings.hasLabels} set={set} />
      <Switch name="byrun" label="A series per run" isOn={settings.isByRun} set={set} />
      <Switch name="newest" label="Newest run only" isOn={settings.isNewest} set={set} />
    </div>
  );
}

const GROUPS: readonly Quantity['group'][] = ['throughput', 'cost', 'energy'];

/** Only what some point of the site may have, and what the address asks for. */
function useMenus({ xAxis, y, statistic }: Settings) {
  const { index } = useSite();
  return useMemo(() => {
    const known = new Set(index.metrics.map(({ key }) => key));
    const has = (key: string): boolean =>
      quantityOf(key)?.metrics.some((metric) => known.has(metric)) === true;
    const axis = X_AXES.find(({ key }) => key === xAxis);
    return {
      ys: quantitiesWith(known).filter(({ group, key }) => group !== 'latency' || key === y.key),
      xs: X_AXES.filter(
        ({ key }) => key === axis?.key || has(key) || STATISTICS.some((one) => has(`${one}_${key}`)),
      ),
      statistics: STATISTICS.filter((one) => one === statistic || has(`${one}_${xAxis}`)),
    };
  }, [index, xAxis, y, statistic]);
}

/** A limit in ms. */
function Limit({ name, label, value, place }: LimitProps) {
  return (
    <label>
      {label}{' '}
      <NumberField
        value={value}
        placeholder="any"
        onSet={(limit) => goTo(changed(place, { [name]: limit }))}
      />{' '}
      ms
    </label>
  );
}

interface LimitProps {
  readonly name: string;
  readonly label: string;
  readonly value: string | undefined;
  readonly place: Place;
}

function Switch({ name, label, isOn, set, on = '1', off }: SwitchProps) {
  return (
    <label class="switch">
      <input
        type="checkbox"
        checked={isOn}
        onChange={() => set({ [name]: isOn ? off : off === undefined ? on : undefined })}
      />{' '}
      {label}
    </label>
  );
}

interface SwitchProps {
  readonly name: string;
  readonly label: string;
  readonly isOn: boolean;
  readonly set: (change: Change) => void;
  /** What the address says where it is on, or off; nothing by default. */
  readonly on?: string | undefined;
  readonly off?: string;
}
