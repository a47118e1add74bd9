/** A number that two sides are compared by. */
export interface ComparedMetric {
  /** Column of `results`. */
  readonly key: string;
  readonly label: string;
  readonly better: 'higher' | 'lower';
  /** The relative change that matters. */
  readonly effect: number;
  /** Whether a stall of the server moves it beyond use; medians over requests stay as they are. */
  readonly movedByStalls: boolean;
  /** Whether the verdict on a run rests on it; others are shown. */
  readonly decides: boolean;
}

/**
 * What is compared unless other metrics are asked for: rows have the first two or, of an endpoint, the third. Effects are what one run
 * against one can see on real hardware: there repeats of throughput differ by a percent or two, those of the time to first token by ten
 * times as much, so that it decides nothing unless it is asked for.
 */
export const METRICS: readonly ComparedMetric[] = [
  {
    ...{ key: 'tput_per_gpu', label: 'throughput per GPU', better: 'higher', effect: 0.05 },
    ...{ movedByStalls: true, decides: true },
  },
  {
    ...{ key: 'median_intvty', label: 'median interactivity', better: 'higher', effect: 0.05 },
    ...{ movedByStalls: false, decides: true },
  },
  {
    ...{ key: 'total_token_throughput', label: 'total throughput', better: 'higher', effect: 0.05 },
    ...{ movedByStalls: true, decides: true },
  },
  {
    ...{ key: 'median_ttft', label: 'median TTFT', better: 'lower', effect: 0.3 },
    ...{ movedByStalls: false, decides: false },
  },
];
