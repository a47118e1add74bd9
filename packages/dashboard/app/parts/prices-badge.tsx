import './prices-badge.css';
import { assumptionsOf, isEdited, OFFERS } from '../../src/model/prices.js';
import { useSite } from '../data/site.js';
import { formatPlace, type Place } from '../state/url.js';

export type Assumed = 'price' | 'power' | 'price and power';

/** Stands wherever a chart or a table has numbers that rest on assumptions: which, and a link to where they are and can be changed. */
export function PricesBadge({ place, assumes }: { readonly place: Place; readonly assumes: Assumed }) {
  const { index } = useSite();
  const assumptions = assumptionsOf(index.hardware, place.params);
  const offer = OFFERS.find(({ key }) => key === assumptions.offer)?.label ?? assumptions.offer;
  const words = [
    ...(assumes === 'power' ? ['Assumed power: all-in'] : [`Assumed prices: ${offer}`]),
    ...(assumes === 'price and power' ? ['and all-in power'] : []),
    ...(isEdited(assumptions) && assumptions.edits.size > 0 ? ['(changed in this link)'] : []),
  ].join(' ');
  const { offer: given, prices } = place.params;
  const params = {
    ...(given === undefined ? {} : { offer: given }),
    ...(prices === undefined ? {} : { prices }),
  };
  return (
    <a class="prices-badge" href={formatPlace({ view: 'prices', params })}>
      {words} · sources
    </a>
  );
}
