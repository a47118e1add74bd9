import './filters.css';
import { useEffect, useRef } from 'preact/hooks';
import {
  ALL,
  formatValues,
  loosening,
  type Choice,
  type FacetCodes,
  type Found,
  type Option,
} from '../../src/model/filters.js';
import { numberText } from '../../src/model/number-text.js';
import { changed, goTo, type Change, type Place } from '../state/url.js';

export interface FiltersProps {
  readonly place: Place;
  readonly facets: readonly FacetCodes[];
  readonly choice: Choice;
  readonly found: Found;
}

/** What points are chosen by, with how many each option has. All is in the address. */
export function Filters({ place, facets, choice, found }: FiltersProps) {
  const set = (change: Change): void => goTo(changed(place, change));
  const section = useRef<HTMLElement>(null);
  useClosedMenus(section);
  const isFiltered =
    facets.some(({ facet }) => place.params[facet.key] !== undefined) || place.params['q'] !== undefined;
  return (
    <section ref={section} class="filters" aria-label="Filters">
      <label class="filter-search">
        Search{' '}
        <input
          type="search"
          value={place.params['q'] ?? ''}
          onInput={({ currentTarget: { value } }) => goTo(changed(place, { q: value }), { replace: true })}
        />
      </label>
      {facets
        .filter(({ facet, names }) => names.length > 1 || choice.has(facet.key))
        .map(({ facet }) => (
          <FacetMenu
            key={facet.key}
            label={facet.label}
            name={facet.key}
            hasFirst={facet.first !== undefined || ['model', 'lengths'].includes(facet.key)}
            options={found.options.get(facet.key) ?? []}
            set={set}
          />
        ))}
      <button
        type="button"
        disabled={!isFiltered}
        onClick={() =>
          set(
            Object.fromEntries([
              ...facets.map(({ facet }) => [facet.key, undefined] as const),
              ['q', undefined],
            ]),
          )
        }
      >
        Reset filters
      </button>
    </section>
  );
}

/** Menus close at Escape, and when something else is clicked. */
function useClosedMenus(section: { readonly current: HTMLElement | null }): void {
  useEffect(() => {
    const close = (event: Event): void => {
      for (const menu of section.current?.querySelectorAll('details[open]') ?? []) {
        const isInside = event.target instanceof Node && menu.contains(event.target);
        if (event instanceof KeyboardEvent) {
          if (event.key !== 'Escape') continue;
          if (isInside) menu.querySelector('summary')?.focus();
        } else if (isInside) continue;
        menu.removeAttribute('open');
      }
    };
    addEventListener('pointerdown', close);
    addEventListener('keydown', close);
    return () => {
      removeEventListener('pointerdown', close);
      removeEventListener('keydown', close);
    };
  }, [section]);
}

function FacetMenu({ label, name, hasFirst, options, set }: FacetMenuProps) {
  const chosen = options.filter(({ isChosen }) => isChosen).map(({ value }) => value);
  const choose = (values: readonly string[]): void => {
    // Nothing in the address is what is chosen at first, which may be less than all.
    const none = hasFirst ? ALL : undefined;
    set({ [name]: values.length === 0 ? none : formatValues(values) });
  };
  const summary =
    chosen.length === 0 ? 'all' : chosen.length > 2 ? `${chosen.length} chosen` : chosen.join(', ');
  return (
    <details class="facet" name="facet">
      <summary>
        <span class="facet-label">{label}</span> <span class="facet-chosen">{summary}</span>
      </summary>
      <fieldset>
        <legend class="visually-hidden">{label}</legend>
        <button type="button" class="link" disabled={chosen.length === 0} onClick={() => choose([])}>
          All
        </button>
        {options.map(({ value, count, isChosen }) => (
          <label key={value} class={count === 0 ? 'facet-option empty-option' : 'facet-option'}>
            <input
              type="checkbox"
              checked={isChosen}
              onChange={() => choose(isChosen ? chosen.filter((one) => one !== value) : [...chosen, value])}
            />
            <span class="facet-value">{value}</span>
            <span class="facet-count">{numberText(count)}</span>
          </label>
        ))}
      </fieldset>
    </details>
  );
}

interface FacetMenuProps {
  readonly label: string;
  readonly name: string;
  /** Whether less than all is chosen at first. */
  readonly hasFirst: boolean;
  readonly options: readonly Option[];
  readonly set: (change: Change) => void;
}

/** Says which filter to loosen where nothing is left. */
export function NothingFound({ place, facets, choice, found }: FiltersProps) {
  const ways = loosening(found, choice);
  const labelOf = (key: string): string => facets.find(({ facet }) => facet.key === key)?.facet.label ?? key;
  return (
    <div class="nothing" role="status">
      <p>
        No point passes all filters
        {place.params['q'] === undefined ? '' : ` and the search “${place.params['q']}”`}.
      </p>
      {ways.length === 0 && place.params['q'] === undefined && (
        <p>Reset the filters: no single one of them is the cause.</p>
      )}
      <ul>
        {ways.map(({ key, count }) => (
          <li key={key}>
            <button type="button" onClick={() => goTo(changed(place, { [key]: ALL }))}>
              Any {labelOf(key).toLowerCase()}
            </button>{' '}
            shows {numberText(count)} {count === 1 ? 'point' : 'points'}
          </li>
        ))}
        {place.params['q'] !== undefined && (
          <li>
            <button type="button" onClick={() => goTo(changed(place, { q: undefined }))}>
              Search for nothing
            </button>
          </li>
        )}
      </ul>
    </div>
  );
}

/** The choice in words, for the title of a picture. */
export function choiceWords(
  facets: readonly FacetCodes[],
  choice: Choice,
  search: string | undefined,
): string {
  const parts = facets.flatMap(({ facet }) => {
    const values = choice.get(facet.key);
    if (values === undefined || (facet.key === 'copies' && values.has('no'))) return [];
    return [`${facet.label}: ${[...values].join(', ')}`];
  });
  return [...parts, ...(search === undefined ? [] : [`Search: ${search}`])].join(' · ');
}
