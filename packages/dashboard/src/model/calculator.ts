import { frontOf, verticesOf, type Better } from './front.js';
import { interpolated, neighboursOf } from './interpolate.js';

/** A measured point, as the calculator takes it. */
export interface CalculatorPoint {
  readonly row: number;
  /** What the target is set for. */
  readonly x: number;
  /** Input and output tokens/s per device. */
  readonly y: number;
  /** J per token, from readings of the devices. */
  readonly measuredJ: number | undefined;
  readonly usdPerHour: number | undefined;
  readonly watts: number | undefined;
  /** Devices of its server, and tokens of a request. */
  readonly devices: number | undefined;
  readonly tokensPerRequest: number | undefined;
}

export interface Load {
  readonly amount: number;
  readonly unit: 'tokens/s' | 'requests/s';
}

/** What an option gives at the target. What can't be computed is missing. */
export interface Reached {
  /** Input and output tokens/s per device: on the curve between both points, an estimate. */
  readonly throughput: number;
  /** That of the measured point which keeps the target: no estimate. */
  readonly sure: number;
  /** The measured points that it lies between; the same one where it was measured. */
  readonly between: readonly [CalculatorPoint, CalculatorPoint];
  readonly usdPerMillion: number | undefined;
  /** All-in W per device / tokens/s per device. */
  readonly provisionedJ: number | undefined;
  /** Between those of both points, which both have it. */
  readonly measuredJ: number | undefined;
  readonly needed: Needed | undefined;
}

export interface Needed {
  /** The load as it was given. */
  readonly amount: number;
  /** Tokens/s of the load. */
  readonly tokensPerSecond: number;
  /** Whole ones. */
  readonly devices: number;
  /** In whole servers, where both points have equally large ones. */
  readonly inServers: { readonly devices: number; readonly servers: number } | undefined;
  /** kW, all-in. */
  readonly kilowatts: number | undefined;
  readonly usdPerHour: number | undefined;
}

/** Of a throughput: numbers that follow from it. */
export interface Costs {
  readonly usdPerMillion: number | undefined;
  readonly provisionedJ: number | undefined;
  /** Whole ones for the load. */
  readonly devices: number | undefined;
}

/** What the point costs that keeps the target. */
export function sureCosts({ sure, between: [point], needed }: Reached): Costs {
  return {
    ...costsOf(point, sure),
    devices: needed && wholeDevices(needed.tokensPerSecond / sure),
  };
}

/** Ends of a front that the target is not between: what the option was measured at. */
export interface Unreached {
  readonly from: CalculatorPoint;
  readonly to: CalculatorPoint;
}

export type Answer =
  | { readonly kind: 'reached'; readonly reached: Reached }
  | { readonly kind: 'not measured there'; readonly unreached: Unreached }
  | { readonly kind: 'no numbers' };

/**
 * What an option gives at a target: on the front of its points, between its vertices by Steffen's monotone interpolation. Never beyond them.
 * @param better which way the target's quantity is better
 */
export function answerAt(
  points: readonly CalculatorPoint[],
  target: number,
  better: Better,
  load: Load | undefined,
): Answer {
  const front = verticesOf(frontOf(points, { x: better, y: 'higher' }));
  const [from, to] = [front[0], front.at(-1)];
  if (from === undefined || to === undefined) return { kind: 'no numbers' };
  const [between, throughput] = [neighboursOf(front, target), interpolated(front, target)];
  if (between === undefined || throughput === undefined || !(throughput > 0))
    return { kind: 'not measured there', unreached: { from, to } };
  // What a point reaches, it reaches at every worse x.
  const sure = better === 'higher' ? between[1].y : between[0].y;
  return { kind: 'reached', reached: { ...reachedAt(between, target, throughput, load), sure } };
}

function reachedAt(
  between: Reached['between'],
  target: number,
  throughput: number,
  load: Load | undefined,
): Omit<Reached, 'sure'> {
  return {
    ...{ throughput, between, ...costsOf(between[0], throughput) },
    measuredJ: measuredAt(between, target),
    needed: load && neededFor(load, between, throughput),
  };
}

function costsOf({ usdPerHour, watts }: CalculatorPoint, throughput: number): Omit<Costs, 'devices'> {
  return {
    usdPerMillion: usdPerHour === undefined ? undefined : (usdPerHour / (throughput * 3600)) * 1e6,
    provisionedJ: watts === undefined ? undefined : watts / throughput,
  };
}

/** Straight between the two points. */
function measuredAt([a, b]: Reached['between'], x: number): number | undefined {
  if (a.measuredJ === undefined || b.measuredJ === undefined) return undefined;
  const share = b.x === a.x ? 0 : (x - a.x) / (b.x - a.x);
  return a.measuredJ + share * (b.measuredJ - a.measuredJ);
}

/** Rounding must not ask for one device more. */
const TINY = 1e-9;

function wholeDevices(exact: number): number {
  return Math.ceil(exact * (1 - TINY));
}

function neededFor(
  { amount, unit }: Load,
  [a, b]: Reached['between'],
  throughput: number,
): Needed | undefined {
  const perRequest = a.tokensPerRequest === b.tokensPerRequest ? a.tokensPerRequest : undefined;
  const tokensPerSecond =
    unit === 'tokens/s' ? amount : perRequest === undefined ? undefined : amount * perRequest;
  if (tokensPerSecond === undefined || !(tokensPerSecond > 0)) return undefined;
  const exact = tokensPerSecond / throughput;
  const devices = wholeDevices(exact);
  const size = a.devices === b.devices ? a.devices : undefined;
  const servers = size === undefined ? undefined : wholeDevices(exact / size);
  const inServers =
    size === undefined || servers === undefined ? undefined : { devices: servers * size, servers };
  const bought = inServers?.devices ?? devices;
  return {
    ...{ amount, tokensPerSecond, devices, inServers },
    kilowatts: a.watts === undefined ? undefined : (bought * a.watts) / 1000,
    usdPerHour: a.usdPerHour === undefined ? undefined : bought * a.usdPerHour,
  };
}

/** A target within the measured range of as many options as possible: of such ones that in the middle. Undefined without points. */
export function usualTarget(
  options: readonly (readonly CalculatorPoint[])[],
  better: Better,
): number | undefined {
  const fronts = options
    .map((points) => verticesOf(frontOf(points, { x: better, y: 'higher' })))
    .filter(({ length }) => length > 0);
  const reach = (x: number): number => fronts.filter((front) => neighboursOf(front, x) !== undefined).length;
  const xs = [...new Set(fronts.flatMap((front) => front.map(({ x }) => x)))].sort((a, b) => a - b);
  const most = Math.max(0, ...xs.map(reach));
  const widest = xs.filter((x) => reach(x) === most);
  const middle = widest[Math.floor(widest.length / 2)];
  if (middle === undefined) return undefined;
  // A short number is read better, if it reaches as many.
  const near = [...widest].sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
  const short = near.map((x) => Number(x.toPrecision(2))).find((x) => reach(x) === most);
  return short ?? middle;
}
