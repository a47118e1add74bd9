import type { Forecast } from '../schedule/forecast.js';
import { textTable } from '../text-table.js';
import { count } from './count.js';

/** A forecast for people. */
export function forecastText({ points, sessions, hours, nodeHours, estimates, queues }: Forecast): string {
  const table = textTable(
    [
      ['queue', 'nodes', 'sessions', 'points', 'hours'],
      ...queues.map((queue) => [
        queue.name,
        ...[queue.nodes, queue.sessions, queue.points].map(String),
        queue.hours === undefined ? '' : hoursText(queue.hours),
      ]),
    ],
    'right',
  );
  const what = `${count(points, 'point')} in ${count(sessions, 'session')}`;
  if (hours === undefined || nodeHours === undefined)
    return `${table}\n${what}; no earlier result says how long they take\n`;
  const by = [
    `${estimates.point} measured before`,
    `${estimates.curve} by others of their curve`,
    `${estimates.model} by others of their model and framework`,
    `${estimates.mean} by the mean of the others`,
  ].filter((text) => !text.startsWith('0 '));
  return `${table}\n${what}: about ${hoursText(hours)} h, ${hoursText(nodeHours)} node hours (${by.join(', ')})\n`;
}

function hoursText(hours: number): string {
  return hours >= 10 ? hours.toFixed(0) : hours.toPrecision(2);
}
