import { EXIT, ERROR_CODES } from '../errors.js';
import { clock } from './checks/clock.js';
import { cores } from './checks/cores.js';
import { disk } from './checks/disk.js';
import { hardware } from './checks/hardware.js';
import { launchers } from './checks/launchers.js';
import { limits } from './checks/limits.js';
import { models } from './checks/models.js';
import { node } from './checks/node.js';
import { peers } from './checks/peers.js';
import { plugins } from './checks/plugins.js';
import { points } from './checks/points.js';
import { ports } from './checks/ports.js';
import { programs } from './checks/programs.js';
import { workspace } from './checks/workspace.js';
import { problemsOf, type Check, type Diagnosis, type DoctorContext } from './diagnosis.js';

/** In the order in which a sweep would hit the problems. */
const CHECKS: readonly Check[] = [
  node,
  workspace,
  plugins,
  peers,
  points,
  programs,
  hardware,
  launchers,
  models,
  cores,
  limits,
  clock,
  ports,
  disk,
];

export type NamedDiagnosis = Diagnosis & { readonly check: string };

/**
 * Checks whether this machine and this workspace can run a sweep. It changes nothing, and starts only programs that print their version or
 * devices.
 */
export async function diagnose(context: DoctorContext): Promise<readonly NamedDiagnosis[]> {
  const all: NamedDiagnosis[] = [];
  for (const check of CHECKS) {
    context.signal.throwIfAborted();
    const found = await check.run(context).catch(problemsOf);
    all.push(...found.map((one) => ({ check: check.name, ...one })));
  }
  return all;
}

/** The error of the first problem, as a command would report it. */
export function exitCodeOf(all: readonly Diagnosis[]): number {
  const first = all.find(({ state }) => state === 'problem');
  return first === undefined ? EXIT.ok : ERROR_CODES[first.code ?? 'INTERNAL'];
}
