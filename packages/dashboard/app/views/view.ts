import type { ComponentType } from 'preact';
import type { Place } from '../state/url.js';

/** A page of the site. Another is added by a file in this folder, and its name in views.ts. */
export interface View {
  /** In the address: `#/fronts`. */
  readonly name: string;
  /** In the navigation; views without one are reached by links. */
  readonly label?: string;
  readonly Page: ComponentType<{ readonly place: Place }>;
}
