import './prices.css';
import { useMemo } from 'preact/hooks';
import { textAt, rowsOf } from '../../../src/model/cells.js';
import {
  assumptionsOf,
  DEFAULT_OFFER,
  formatEdits,
  isEdited,
  OFFERS,
  positive,
  priceOf,
  wattsOf,
  withEdit,
  type Assumptions,
  type SkuAssumption,
} from '../../../src/model/prices.js';
import { useSite } from '../../data/site.js';
import { WebLink } from '../../parts/web-link.js';
import { changed, formatPlace, goTo, type Place } from '../../state/url.js';
import type { View } from '../view.js';

export const prices: View = { name: 'prices', label: 'Prices and power', Page: Prices };

/** What costs, tokens per MW and provisioned energy are computed from. Changes are in the address alone. */
function Prices({ place }: { readonly place: Place }) {
  const { index, points } = useSite();
  const assumptions = assumptionsOf(index.hardware, place.params);
  const rows = useMemo(() => {
    const used = new Set(rowsOf(points).map((row) => textAt(points, 'sku', row)));
    const all = [...assumptionsOf(index.hardware, {}).skus.values()];
    return all.sort((a, b) => Number(used.has(b.sku)) - Number(used.has(a.sku)));
  }, [index, points]);
  const { offer, prices: edits } = place.params;
  const carried = {
    ...(offer === undefined ? {} : { offer }),
    ...(edits === undefined ? {} : { prices: edits }),
  };
  return (
    <section class="prices">
      <h2>Prices and power</h2>
      <p class="lead">
        Costs, tokens per MW and provisioned energy are computed from these assumptions. None of them was
        measured by Sweepline. A change is in the address of this page, and in that of pages that are opened
        from here.
      </p>
      <p class="controls">
        <label>
          Price of{' '}
          <select
            value={assumptions.offer}
            onChange={({ currentTarget: { value } }) =>
              goTo(changed(place, { offer: value === DEFAULT_OFFER ? undefined : value }))
            }
          >
            {OFFERS.map(({ key, label }) => (
              <option key={key} value={key}>
                {label}
              </option>
            ))}
          </select>
        </label>{' '}
        <button
          type="button"
          disabled={!isEdited(assumptions)}
          onClick={() => goTo(changed(place, { offer: undefined, prices: undefined }))}
        >
          Reset
        </button>{' '}
        <a href={formatPlace({ view: 'fronts', params: { ...carried, y: 'usd_per_m_total' } })}>
          Fronts with these prices
        </a>{' '}
        · <a href={formatPlace({ view: 'calculator', params: carried })}>Calculator</a> ·{' '}
        <a href={formatPlace({ view: 'compare', params: { ...carried, perusd: '1' } })}>Compare per dollar</a>
      </p>
      <div class="scroll" role="region" aria-label="Assumptions per device" tabIndex={0}>
        <table>
          <caption>Assumptions per device</caption>
          <Head />
          <tbody>
            {rows.map((row) => (
              <AssumptionRow key={row.sku} row={row} place={place} assumptions={assumptions} />
            ))}
          </tbody>
        </table>
      </div>
      <p class="lead">
        All-in power has a device's share of host, network and cooling. A price that was set stands for every
        kind of offer.
      </p>
    </section>
  );
}

function Head() {
  return (
    <thead>
      <tr>
        <th scope="col">SKU</th>
        <th scope="col" class="number">
          USD per device-hour
        </th>
        <th scope="col" class="number">
          All-in power (W)
        </th>
        <th scope="col" class="number">
          TDP (W)
        </th>
        <th scope="col">As of</th>
        <th scope="col">Source</th>
      </tr>
    </thead>
  );
}

interface AssumptionRowProps {
  readonly row: SkuAssumption;
  readonly place: Place;
  readonly assumptions: Assumptions;
}

function AssumptionRow({ row, place, assumptions }: AssumptionRowProps) {
  const { sku, tdpW, date, source, url, isPlaceholder } = row;
  const edit = assumptions.edits.get(sku);
  const set = (change: {
    readonly usdPerHour?: number | undefined;
    readonly watts?: number | undefined;
  }): void => {
    const whole = { usdPerHour: edit?.usdPerHour, watts: edit?.watts, ...change };
    goTo(changed(place, { prices: formatEdits(withEdit(assumptions.edits, sku, whole)) }));
  };
  return (
    <tr>
      <th scope="row">{sku}</th>
      <NumberCell
        label={`USD per device-hour of ${sku}`}
        value={priceOf(assumptions, sku)}
        isEdited={edit?.usdPerHour !== undefined}
        onSet={(usdPerHour) => set({ usdPerHour })}
      />
      <NumberCell
        label={`All-in W of ${sku}`}
        value={wattsOf(assumptions, sku)}
        isEdited={edit?.watts !== undefined}
        onSet={(watts) => set({ watts })}
      />
      <td class="number">{tdpW ?? '–'}</td>
      <td>{date === '' ? '–' : date}</td>
      <td class="source">
        {isPlaceholder && <strong>Placeholder, scaled from an older generation. </strong>}
        {source} {url !== undefined && <WebLink address={url} />}
      </td>
    </tr>
  );
}

interface NumberCellProps {
  readonly label: string;
  readonly value: number | undefined;
  readonly isEdited: boolean;
  /** Undefined goes back to the default. */
  readonly onSet: (value: number | undefined) => void;
}

/** It is set when the field is left, or at Enter; what isn't a positive number, and an empty field, go back to the default. */
function NumberCell({ label, value, isEdited: isOwn, onSet }: NumberCellProps) {
  return (
    <td class="number">
      <input
        type="number"
        min="0"
        step="any"
        inputMode="decimal"
        aria-label={label}
        class={isOwn ? 'is-edited' : undefined}
        value={value ?? ''}
        placeholder="unknown"
        onChange={({ currentTarget }) => {
          const given = positive(currentTarget.value);
          if (given === undefined) currentTarget.value = String(value ?? '');
          onSet(given);
        }}
      />
    </td>
  );
}
