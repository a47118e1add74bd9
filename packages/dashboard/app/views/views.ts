import { calculator } from './calculator/calculator.js';
import { compare } from './compare/compare.js';
import { definitions } from './definitions/definitions.js';
import { evals } from './evals/evals.js';
import { fronts } from './fronts/fronts.js';
import { hardware } from './hardware/hardware.js';
import { history } from './history/history.js';
import { point } from './point/point.js';
import { prices } from './prices/prices.js';
import { reliability } from './reliability/reliability.js';
import { runs } from './runs/runs.js';
import type { View } from './view.js';

/** In the order of the navigation. */
export const VIEWS: readonly View[] = [
  fronts,
  compare,
  calculator,
  history,
  evals,
  reliability,
  runs,
  hardware,
  prices,
  definitions,
  point,
];
