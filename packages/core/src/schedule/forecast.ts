import { mean } from '../metrics/statistics.js';
import type { Basis, Estimate, Estimator } from './estimate.js';
import { createScheduler } from './scheduler.js';
import { simulate } from './simulate.js';
import type { SessionTask } from './tasks.js';

/** What a sweep would do, and how long it would take. */
export interface Forecast {
  readonly points: number;
  readonly sessions: number;
  /** Hours from the beginning to the end, and of all nodes together; missing where no earlier result says anything. */
  readonly hours?: number;
  readonly nodeHours?: number;
  /** Numbers of points by what their estimates are taken from; `mean`: the mean of the others. */
  readonly estimates: Readonly<Record<Basis | 'mean', number>>;
  readonly queues: readonly QueueForecast[];
}

interface QueueForecast {
  readonly name: string;
  readonly nodes: number;
  readonly sessions: number;
  readonly points: number;
  readonly hours?: number;
}

const SECONDS_PER_HOUR = 3600;

/** Runs the schedule on virtual time. */
export function forecast(tasks: readonly SessionTask[], estimate: Estimator, failFast: boolean): Forecast {
  const measured = tasks.filter(({ points: [first] }) => first?.state === 'planned');
  const points = measured.flatMap((task) => task.points);
  const found = points.map(estimate).filter((one) => one !== undefined);
  const queues = [...new Map(measured.map(({ queue }) => [queue.name, queue])).values()];
  const ofQueue = (name: string): readonly SessionTask[] =>
    measured.filter(({ queue }) => queue.name === name);
  const times = (of: readonly SessionTask[]) => timesOf(of, estimate, found, failFast);
  return {
    points: points.length,
    sessions: measured.length,
    ...times(measured),
    estimates: {
      point: found.filter(({ basis }) => basis === 'point').length,
      curve: found.filter(({ basis }) => basis === 'curve').length,
      model: found.filter(({ basis }) => basis === 'model').length,
      mean: points.length - found.length,
    },
    queues: queues.map(({ name, nodes }) => {
      const { hours } = times(ofQueue(name));
      const own = {
        sessions: ofQueue(name).length,
        points: ofQueue(name).flatMap((task) => task.points).length,
      };
      return { name, nodes, ...own, ...(hours !== undefined && { hours }) };
    }),
  };
}

function timesOf(
  tasks: readonly SessionTask[],
  estimate: Estimator,
  found: readonly Estimate[],
  failFast: boolean,
): Pick<Forecast, 'hours' | 'nodeHours'> {
  const usual = mean(found.map(({ seconds }) => seconds));
  if (usual === undefined) return {};
  const secondsOf = ({ points }: SessionTask): number =>
    points.reduce((sum, planned) => sum + (estimate(planned)?.seconds ?? usual), 0);
  const { seconds, nodeSeconds } = simulate(createScheduler(tasks, { failFast }), secondsOf);
  return { hours: seconds / SECONDS_PER_HOUR, nodeHours: nodeSeconds / SECONDS_PER_HOUR };
}
