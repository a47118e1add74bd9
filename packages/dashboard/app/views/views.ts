import { fronts } from './fronts/fronts.js';
import { point } from './point/point.js';
import { runs } from './runs/runs.js';
import type { View } from './view.js';

/** In the order of the navigation. */
export const VIEWS: readonly View[] = [fronts, runs, point];
