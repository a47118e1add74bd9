import { CLIENT_LIMITS, type ClientLimits } from '../load/spec/client-limits.js';
import type { LoadProgress } from '../load/records/progress.js';
import type { TimeLeft } from '../schedule/eta.js';

interface Part {
  readonly text: string;
  /** A part of the line. If there is no room for all parts, those with the least weight are left out. */
  readonly weight: number;
}

/** Weight of parts that are never left out. */
const ALWAYS = Infinity;

/** Describes the progress of a load in at most `room` columns, provided that its most important parts fit. */
export function loadLine(
  progress: LoadProgress,
  room = Infinity,
  limits: ClientLimits = CLIENT_LIMITS,
): string {
  let parts = partsOf(progress, limits);
  for (;;) {
    const line = parts.map(({ text }) => text).join(', ');
    const least = Math.min(...parts.map(({ weight }) => weight));
    if (line.length <= room || least === ALWAYS) return line;
    parts = parts.filter(({ weight }) => weight !== least);
  }
}

function partsOf(progress: LoadProgress, limits: ClientLimits): Part[] {
  const { phase, done, total, failed, inFlight, tokensPerS, ttftMs, itlMs, etaS } = progress;
  const client = clientPart(progress, limits);
  const isBehind = client && client.weight === ALWAYS;
  const parts: (Part | false)[] = [
    { text: `${phase} ${done}/${total}`, weight: ALWAYS },
    failed > 0 && { text: `${failed} failed`, weight: ALWAYS },
    inFlight > 0 && { text: `${inFlight} in flight`, weight: 3 },
    { text: `${Math.round(tokensPerS)} tok/s`, weight: ALWAYS },
    ttftMs !== undefined && { text: `TTFT ${milliseconds(ttftMs)}`, weight: 5 },
    itlMs !== undefined && { text: `ITL ${milliseconds(itlMs)}`, weight: 4 },
    client,
    etaS !== undefined && done < total && { text: `ETA ${duration(etaS)}`, weight: isBehind ? 6 : ALWAYS },
  ];
  return parts.filter((part) => part !== false);
}

/** Shows how late the client is; nothing matters more once that distorts the result. */
function clientPart({ lagMs, cpuShare, ttftMs = 0 }: LoadProgress, limits: ClientLimits): Part | false {
  const shown = [
    ...(lagMs === undefined ? [] : [`lag ${milliseconds(lagMs)}`]),
    ...(cpuShare === undefined ? [] : [`CPU ${Math.round(cpuShare * 100)} %`]),
  ];
  if (shown.length === 0) return false;
  const mostLagMs = Math.max(limits.lagFloorMs, limits.p99LagShareOfTtft * ttftMs);
  const isBehind = (lagMs ?? 0) > mostLagMs || (cpuShare ?? 0) > limits.cpuShare;
  return isBehind
    ? { text: `client late: ${shown.join(' ')}`, weight: ALWAYS }
    : { text: `client ${shown.join(' ')}`, weight: 1 };
}

/** Three digits: a running mean is not more precise. */
function milliseconds(value: number): string {
  if (value >= 10_000) return `${(value / 1000).toFixed(1)} s`;
  return `${value >= 100 ? Math.round(value) : Number(value.toPrecision(3))} ms`;
}

/** `5 min ± 40 s left` */
export function timeLeft({ seconds, errorS }: TimeLeft): string {
  return `${duration(seconds)}${errorS === undefined ? '' : ` ± ${duration(errorS)}`} left`;
}

/** In seconds, minutes or hours, whichever takes few digits. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole <= 120) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  return minutes < 120 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
