import { userInfo } from 'node:os';
import { fillPlaceholders, type NodeRequest } from '@sweepline/core';
import { portOf } from '@sweepline/core/launch';
import { slurmOptions, type SlurmOptions } from './options.js';
import { ownSettings, type Settings } from './settings.js';
import { squashOf, type Squash } from './squash.js';

/** Without a cluster's entry there is nothing that names it. */
const NO_PORT = 0;

/** The launcher's options with what a request and an image fill in. */
export function optionsOf({ cluster, runner, localDir }: NodeRequest, image?: string): SlurmOptions {
  const { username: user } = userInfo();
  const port = cluster === undefined ? NO_PORT : portOf(cluster, { node: runner, user });
  const facts = { workspace: localDir, user, node: runner, port, ...(image !== undefined && { image }) };
  return fillPlaceholders(slurmOptions.parse(cluster?.options ?? {}), facts);
}

export function settingsFor(request: NodeRequest, image?: string): Settings {
  const { runner: node, nodes, devicesPerNode: devices, job = {} } = request;
  const asked = { node, nodes, devices, job, prepare: [], ...(image !== undefined && { image }) };
  return ownSettings(optionsOf(request, image), asked);
}

/** Undefined where pyxis gets the image by itself. */
export function squashFor(request: NodeRequest, image: string): Squash | undefined {
  return squashOf(optionsOf(request, image), { image, job: request.job ?? {} });
}

/** Minutes that nodes are asked for: what the cluster says, or less where less is needed. */
export function minutesFor(
  { timeLimitS }: NodeRequest,
  { 'time-limit': most }: Settings,
): number | undefined {
  const needed = timeLimitS === undefined ? undefined : Math.ceil(timeLimitS / 60);
  return needed === undefined || most === undefined ? (needed ?? most) : Math.min(needed, most);
}
