import { OFFERS } from '../../src/model/prices.js';
import { changed, goTo, type Place } from '../state/url.js';
import { Menu } from './menu.js';

/** Whose prices costs are computed with. */
export function OfferMenu({ place }: { readonly place: Place }) {
  return (
    <Menu
      label="Price of"
      names={OFFERS}
      value={place.params['offer'] ?? OFFERS[0].key}
      onChange={(key) => goTo(changed(place, { offer: key === OFFERS[0].key ? undefined : key }))}
    />
  );
}
